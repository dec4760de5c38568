import { describe, expect, test } from "vitest";
import { createApi } from "../src/api.js";
import type { Call, Transport } from "../src/call.js";
import { LimitError } from "../src/errors.js";
import { valuesAt } from "../src/limit-path.js";

const PATH = "reply_markup.inline_keyboard.*.*.callback_data";

describe("valuesAt", () => {
  test("finds each value and says where it is", () => {
    const inline_keyboard = [[{ callback_data: "a" }, { url: "b" }], [], [{ callback_data: "c" }]];
    expect(valuesAt(PATH, { reply_markup: { inline_keyboard } })).toEqual([
      { where: "reply_markup.inline_keyboard[0][0].callback_data", value: "a" },
      { where: "reply_markup.inline_keyboard[2][0].callback_data", value: "c" },
    ]);
  });

  test.each([
    [{}],
    [{ reply_markup: null }],
    [{ reply_markup: '{"inline_keyboard":[]}' }],
    [{ reply_markup: { keyboard: [["a"]] } }],
    [{ reply_markup: { inline_keyboard: {} } }],
    [{ reply_markup: { inline_keyboard: [null, [null, "a"]] } }],
  ])("finds nothing in %j", (params) => {
    expect(valuesAt(PATH, params)).toEqual([]);
  });
});

describe("a limit inside a parameter", () => {
  function api(): { api: ReturnType<typeof createApi>; calls: Call[] } {
    const calls: Call[] = [];
    const transport: Transport = {
      send: async (call) => {
        calls.push(call);
        return { ok: true, result: true };
      },
      download: () => Promise.reject(new Error("not here")),
      close: async () => {},
    };
    return { api: createApi({ transport }), calls };
  }

  test("refuses a button whose data is too long, and names the button", async () => {
    const { api: bale, calls } = api();
    const rows = (data: string): object[][] => [
      [{ text: "a", url: "https://a" }],
      [{ text: "b", callback_data: data }],
    ];
    const send = (data: string): Promise<unknown> =>
      bale.call("sendMessage", { chat_id: 1, text: "x", reply_markup: { inline_keyboard: rows(data) } });

    await expect(send("ب".repeat(33))).rejects.toThrow(
      "sendMessage: reply_markup.inline_keyboard[1][0].callback_data has 66 bytes, Bale takes 1 to 64.",
    );
    await expect(send("")).rejects.toBeInstanceOf(LimitError);
    expect(calls).toHaveLength(0);
    await send("ب".repeat(32));
    expect(calls).toHaveLength(1);
  });

  test("refuses an album's caption beyond 1024 characters, where a photo alone may have 4096", async () => {
    const { api: bale, calls } = api();
    const caption = "x".repeat(1025);
    const photo = { type: "photo", media: "id" } as const;
    await expect(bale.sendMediaGroup({ chat_id: 1, media: [photo, { ...photo, caption }] })).rejects.toThrow(
      "sendMediaGroup: media[1].caption has 1025 characters, Bale takes at most 1024.",
    );
    await bale.sendPhoto({ chat_id: 1, photo: "id", caption });
    expect(calls.map(({ method }) => method)).toEqual(["sendPhoto"]);
  });
});
