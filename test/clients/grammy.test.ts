import { type Emulator, emulator, type EmulatedUser, type Listening } from "@balekit/emulator";
import { Bot, GrammyError, InlineKeyboard, InputFile } from "grammy";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let bale: Emulator;
let server: Listening;
let bot: Bot;
let ali: EmulatedUser;
let running: Promise<void>;

beforeEach(async () => {
  bale = emulator({ token: "1000:secret" });
  server = await bale.listen();
  ali = bale.user({ first_name: "Ali" });
  bot = new Bot("1000:secret", { client: { apiRoot: server.url } });
});

afterEach(async () => {
  await bot.stop();
  await running;
  await bale.close();
});

async function start(): Promise<void> {
  await new Promise<void>((resolve) => {
    running = bot.start({ onStart: () => resolve() });
  });
}

describe("grammY on the emulator", () => {
  it("echoes over long polling", async () => {
    bot.command("start", (ctx) => ctx.reply(`سلام ${ctx.from?.first_name}`));
    bot.on("message:text", (ctx) => ctx.reply(ctx.message.text));
    await start();
    await ali.sends("/start");
    expect((await ali.inbox.next({ timeoutMs: 30_000 })).text).toBe("سلام Ali");
    await ali.sends("*as it is*");
    expect((await ali.inbox.next({ timeoutMs: 30_000 })).text).toBe("*as it is*");
  });

  it("answers callbacks and edits, though the edit's answer is a stub", async () => {
    const edited: number[] = [];
    bot.command("shop", (ctx) =>
      ctx.reply("Tea?", { reply_markup: new InlineKeyboard().text("Buy", "buy:tea") }),
    );
    bot.callbackQuery("buy:tea", async (ctx) => {
      await ctx.answerCallbackQuery({ text: "Bought", show_alert: true });
      const message = await ctx.editMessageText("Here is your tea.");
      if (message !== true) edited.push(message.message_id);
    });
    await start();
    await ali.sends("/shop");
    await ali.inbox.next({ timeoutMs: 30_000 });
    const changed = new Promise<void>((resolve) => {
      bale.onEvent(({ type }) => {
        if (type === "edited_message") resolve();
      });
    });
    const press = await ali.presses("Buy");
    await changed;
    expect([press.text, press.alert, press.spinning]).toEqual(["Bought", true, false]);
    expect(ali.inbox.last.text).toBe("Here is your tea.");
    await expect.poll(() => edited).toEqual([0]);
  });

  it("uploads a file, which it does with attach://, and downloads one", async () => {
    const received: string[] = [];
    bot.on("message:document", async (ctx) => {
      const file = await ctx.getFile();
      const response = await fetch(`${server.url}/file/bot1000:secret/${file.file_path}`);
      received.push(await response.text());
      await ctx.replyWithDocument(new InputFile(Buffer.from("پاسخ"), "answer.txt"), { caption: "for you" });
      await ctx.replyWithMediaGroup([
        { type: "photo", media: new InputFile(Buffer.from("one"), "1.jpg") },
        { type: "photo", media: new InputFile(Buffer.from("two"), "2.jpg") },
      ]);
    });
    await start();
    await ali.sendsDocument({ name: "question.txt", bytes: Buffer.from("پرسش") });
    const answer = await ali.inbox.next({ timeoutMs: 30_000 });
    expect(received).toEqual(["پرسش"]);
    expect(answer).toMatchObject({
      caption: "for you",
      document: { file_name: "answer.txt", file_size: Buffer.byteLength("پاسخ") },
    });
    await expect.poll(() => bale.calls.last("sendDocument")?.warnings.join()).toContain("attach://");
    const sent = await fetch(
      `${server.url}/file/bot1000:secret/${encodeURIComponent(answer.document?.file_id ?? "")}`,
    );
    expect(await sent.text()).toBe("پاسخ");
    expect((await ali.inbox.next({ timeoutMs: 30_000 })).media_group_id).toBe(
      (await ali.inbox.next({ timeoutMs: 30_000 })).media_group_id,
    );
  });

  it("meets Bale's refusals as GrammyError", async () => {
    await start();
    const refused = bot.api.sendMessage(5, "hi");
    await expect(refused).rejects.toBeInstanceOf(GrammyError);
    await expect(refused).rejects.toMatchObject({ error_code: 404, description: "no such group or user" });
  });
});
