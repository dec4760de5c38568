import { describe, expect, onTestFinished, test } from "vitest";
import { businessApi } from "../src/business.js";
import { ForbiddenError, InvalidTokenError, LimitError } from "../src/errors.js";
import { InputFile } from "../src/input-file.js";
import { retry } from "../src/retry.js";
import { envelope, loopback, refuse, rejection, TOKEN } from "./loopback.js";

describe("the business api", () => {
  test("has its seven methods and posts them under /business", async () => {
    const bale = await loopback(() => envelope({ message_id: 1 }));
    const business = businessApi({ token: TOKEN, apiRoot: bale.url });
    onTestFinished(() => business.close());
    await business.getMe();
    await business.sendMessage({ chat_id: 5, text: "سلام" });
    await business.forwardMessage({ chat_id: 5, from_chat_id: 6, message_id: 7 });
    await business.sendPhoto({ chat_id: 5, photo: "1:2:3" });
    await business.sendVideo({ chat_id: 5, video: "1:2:3" });
    await business.sendAudio({ chat_id: 5, audio: "1:2:3" });
    await business.sendDocument({ chat_id: 5, document: "1:2:3" });
    expect(bale.arrived.map(({ path }) => path.replace(`/business/bot${TOKEN}/`, ""))).toEqual([
      "getMe",
      "sendMessage",
      "forwardMessage",
      "sendPhoto",
      "sendVideo",
      "sendAudio",
      "sendDocument",
    ]);
    expect(bale.arrived[3]?.json).toEqual({ chat_id: 5, photo: "1:2:3" });
  });

  test("refuses an upload before it is sent, and says what to do", async () => {
    const bale = await loopback();
    const business = businessApi({ token: TOKEN, apiRoot: bale.url });
    onTestFinished(() => business.close());
    const params = { chat_id: 5, photo: new InputFile(new Uint8Array(1)) };
    const error = await rejection(business.sendPhoto(params as never));
    expect(error).toMatchObject({
      name: "TypeError",
      code: "ERR_BALE_PARAMS",
      message: expect.stringContaining("file_id"),
    });
    expect(bale.arrived).toHaveLength(0);
  });

  test("has typed errors, limits, transformers and stacks of the user's like the bot's api", async () => {
    const bale = await loopback((_, response) =>
      bale.arrived.length === 1
        ? refuse(response, 429, "slow", { parameters: { retry_after: 0 } })
        : refuse(response, 403, "Forbidden"),
    );
    const business = businessApi({ token: TOKEN, apiRoot: bale.url });
    onTestFinished(() => business.close());
    expect(business.use(retry({ random: () => 0 }))).toBe(business);
    async function campaign(): Promise<void> {
      await business.sendMessage({ chat_id: 5, text: "x" });
    }
    const error = (await rejection(campaign())) as Error;
    expect(error).toBeInstanceOf(ForbiddenError);
    expect(error.stack).toMatch(/^.*\n.*campaign.*business\.test\.ts/);
    expect(bale.arrived).toHaveLength(2);
    expect(await rejection(business.sendMessage({ chat_id: 5, text: "" }))).toBeInstanceOf(LimitError);
  });

  test("without a token says so", async () => {
    expect(await rejection(businessApi().getMe())).toBeInstanceOf(InvalidTokenError);
  });
});
