import { type Emulator, emulator, type EmulatedUser, type Listening } from "@balekit/emulator";
import { Markup, Telegraf } from "telegraf";
import { message } from "telegraf/filters";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let bale: Emulator;
let server: Listening;
let bot: Telegraf;
let ali: EmulatedUser;
let running: Promise<void>;

beforeEach(async () => {
  bale = emulator({ token: "1000:secret" });
  server = await bale.listen();
  ali = bale.user({ first_name: "Ali" });
  bot = new Telegraf("1000:secret", { telegram: { apiRoot: server.url } });
});

afterEach(async () => {
  bot.stop();
  await running.catch(() => undefined);
  await bale.close();
});

async function start(): Promise<void> {
  await new Promise<void>((resolve) => {
    running = bot.launch(() => resolve());
  });
}

describe("Telegraf on the emulator", () => {
  it("echoes over long polling", async () => {
    bot.start((ctx) => ctx.reply(`سلام ${ctx.from.first_name}`));
    bot.on(message("text"), (ctx) => ctx.reply(ctx.message.text));
    await start();
    await ali.sends("/start");
    expect((await ali.inbox.next({ timeoutMs: 30_000 })).text).toBe("سلام Ali");
    await ali.sends("*as it is*");
    expect((await ali.inbox.next({ timeoutMs: 30_000 })).text).toBe("*as it is*");
  });

  it("answers callbacks", async () => {
    bot.command("shop", (ctx) =>
      ctx.reply("Tea?", Markup.inlineKeyboard([Markup.button.callback("Buy", "buy:tea")])),
    );
    bot.action("buy:tea", async (ctx) => {
      await ctx.answerCbQuery("Bought");
      await ctx.reply("Here is your tea.");
    });
    await start();
    await ali.sends("/shop");
    await ali.inbox.next({ timeoutMs: 30_000 });
    const press = await ali.presses("Buy");
    expect((await ali.inbox.next({ timeoutMs: 30_000 })).text).toBe("Here is your tea.");
    expect([press.text, press.spinning]).toEqual(["Bought", false]);
  });

  it("uploads a file by its parameter's name, and downloads one", async () => {
    const received: string[] = [];
    bot.on(message("document"), async (ctx) => {
      const link = await ctx.telegram.getFileLink(ctx.message.document.file_id);
      received.push(await (await fetch(link)).text());
      await ctx.replyWithDocument(
        { source: Buffer.from("پاسخ"), filename: "answer.txt" },
        { caption: "for you" },
      );
    });
    await start();
    await ali.sendsDocument({ name: "question.txt", bytes: Buffer.from("پرسش") });
    const answer = await ali.inbox.next({ timeoutMs: 30_000 });
    expect(received).toEqual(["پرسش"]);
    expect(answer).toMatchObject({
      caption: "for you",
      document: { file_name: "answer.txt", file_size: Buffer.byteLength("پاسخ") },
    });
    await expect.poll(() => bale.calls.last("sendDocument")?.encoding).toBe("multipart");
    expect(bale.calls.last("sendDocument")?.warnings.join()).not.toContain("attach://");
  });
});
