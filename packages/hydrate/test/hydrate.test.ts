import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputFile, type Message } from "balekit";
import { describe, expect, onTestFinished, test } from "vitest";
import { deletions, hydrate, type HydratedMessage } from "../src/index.js";
import { stage } from "./stage.js";

describe("a received message", () => {
  test("replies with a quote, sends to its chat without one, and its author gets what is sent in private", async () => {
    const { bot, bale, ali, errors } = stage();
    const group = bale.group({ title: "گروه", members: [ali] });
    await ali.sends("/start");
    bot.extend(hydrate()).on("message:text", async (ctx) => {
      await ctx.message.reply("quoted");
      await ctx.message.chat.send("plain");
      await ctx.from?.send("private");
    });
    const sent = await ali.sends("سلام", { chat: group });
    const [quoted, plain] = ali.inboxOf(group).all;
    expect(errors).toEqual([]);
    expect([quoted?.text, quoted?.reply_to_message?.message_id]).toEqual(["quoted", sent.message_id]);
    expect([plain?.text, plain?.reply_to_message]).toEqual(["plain", undefined]);
    expect(ali.inbox.last.text).toBe("private");
  });

  test("is forwarded, copied, pinned, unpinned and deleted by itself", async () => {
    const { bot, bale, ali, errors } = stage();
    const group = bale.group({ title: "g", members: [ali] });
    await ali.sends("/start");
    bot.extend(hydrate()).on("message:text", async (ctx) => {
      await ctx.message.forward(ali.id);
      await ctx.message.copy(ali.id);
      await ctx.message.pin();
      await ctx.message.unpin();
      await ctx.message.delete();
    });
    await ali.sends("هم", { chat: group });
    expect(errors).toEqual([]);
    const asked = bale.calls
      .all()
      .map(({ method }) => method)
      .filter((method) => method !== "getMe");
    expect(asked).toEqual([
      "forwardMessage",
      "copyMessage",
      "pinChatMessage",
      "unPinChatMessage",
      "deleteMessage",
    ]);
    expect(ali.inbox.all.map(({ text }) => text)).toEqual(["هم", "هم"]);
  });

  test("answers with every kind of content, and each one quotes it", async () => {
    const { bot, ali, bale, errors } = stage();
    const file = (name: string) => new InputFile(new Uint8Array([1, 2, 3]), { name });
    const sent: HydratedMessage[] = [];
    bot.extend(hydrate()).on("message:text", async ({ message }) => {
      sent.push(await message.replyWithPhoto(file("a.png"), { caption: "c" }));
      sent.push(await message.replyWithDocument(file("a.txt")));
      sent.push(await message.replyWithAudio(file("a.mp3")));
      sent.push(await message.replyWithVoice(file("a.ogg")));
      sent.push(await message.replyWithVideo(file("a.mp4")));
      sent.push(await message.replyWithAnimation(file("a.gif")));
      sent.push(await message.replyWithSticker(file("a.webp")));
      sent.push(await message.replyWithLocation(35.7, 51.4));
      sent.push(await message.replyWithContact({ phone_number: "09120000000", first_name: "Ali" }));
      sent.push(
        await message.replyWithInvoice({
          title: "t",
          description: "d",
          payload: "p",
          provider_token: "WALLET-TEST-1111111111111111",
          prices: [{ label: "l", amount: 1000 }],
        }),
      );
      sent.push(
        ...(await message.replyWithMediaGroup([
          { type: "photo", media: file("1.png") },
          { type: "photo", media: file("2.png") },
        ])),
      );
    });
    const asked = await ali.sends("همه");
    expect(errors).toEqual([]);
    expect(sent).toHaveLength(12);
    const kinds = [
      "photo",
      "document",
      "audio",
      "voice",
      "video",
      "animation",
      "sticker",
      "location",
      "contact",
      "invoice",
    ];
    kinds.forEach((kind, at) => expect(Object.keys(sent[at] ?? {})).toContain(kind));
    const calls = bale.calls.all().filter(({ method }) => method.startsWith("send"));
    for (const { params } of calls) expect(Number(params["reply_to_message_id"])).toBe(asked.message_id);
    for (const message of sent) expect(typeof message.edit).toBe("function");
  });

  test("tells its author, chat, content, file and date", async () => {
    const { bot, ali, errors } = stage();
    const seen: unknown[] = [];
    bot.extend(hydrate()).on("message:photo", ({ message }) => {
      seen.push(message.author?.mention, message.chatId, message.content, message.sentAt);
      seen.push(message.attachment === message.photo.at(-1));
    });
    const sent = await ali.sendsPhoto({ caption: "عکس" });
    expect([errors, seen]).toEqual([[], ["@ali", ali.id, "عکس", new Date(sent.date * 1000), true]]);
  });

  test("stays what Bale sent for JSON, for spreading, for loops and for comparing", async () => {
    const { bot, ali, errors } = stage();
    let met: Message | undefined;
    bot.extend(hydrate()).on("message", (ctx) => {
      met = ctx.message;
    });
    const sent = await ali.sends("سلام");
    expect(errors).toEqual([]);
    const raw = JSON.parse(JSON.stringify(sent)) as Message;
    expect(JSON.stringify(met)).toBe(JSON.stringify(raw));
    expect(met).toStrictEqual(raw);
    expect({ ...met }).toStrictEqual(raw);
    const keys: string[] = [];
    for (const key in met) keys.push(key);
    expect(keys).toEqual(Object.keys(raw));
    expect(structuredClone(met)).toStrictEqual(raw);
  });

  test("cannot act through a copy, and says so", async () => {
    const { bot, ali, errors } = stage();
    bot.extend(hydrate()).on("message", async (ctx) => {
      const { reply } = ctx.message;
      await reply.call({ ...ctx.message }, "x");
    });
    await ali.sends("سلام");
    expect(errors).toMatchObject([{ code: "ERR_BALE_HYDRATE" }]);
  });
});

describe("a sent message", () => {
  test("is edited and deleted by itself, and an edit keeps its ids though Bale leaves them out", async () => {
    const { bot, ali, bale, errors } = stage();
    const ids: unknown[] = [];
    bot.extend(hydrate()).on("message:text", async (ctx) => {
      const sent = await ctx.message.reply("یک");
      const edited = await sent.edit("دو");
      const again = await edited.edit("سه", {
        reply_markup: { inline_keyboard: [[{ text: "x", callback_data: "x" }]] },
      });
      const bare = await again.editMarkup();
      ids.push([sent, edited, again, bare].map(({ message_id, chat }) => [message_id, chat.id]));
    });
    await ali.sends("سلام");
    const { message_id } = ali.inbox.last;
    expect(errors).toEqual([]);
    expect(ids).toEqual([Array.from({ length: 4 }, () => [message_id, ali.id])]);
    expect(ali.inbox.last.text).toBe("سه");
    expect(bale.calls.all().filter(({ method }) => method === "editMessageText")).toHaveLength(2);
  });

  test("has its methods whichever way it was sent", async () => {
    const { bot, ali, errors } = stage();
    const hydrated = bot.extend(hydrate());
    hydrated.on("message:text", async (ctx) => {
      const sent = await ctx.reply("a");
      await sent.edit("b");
      const other = await hydrated.api.sendMessage({ chat_id: ali.id, text: "c" });
      await other.delete();
      const third = await ctx.api.sendMessage({ chat_id: ali.id, text: "d" });
      await third.delete();
      const copy = ctx.hydrated(JSON.parse(JSON.stringify(sent)) as Message);
      await copy.edit("e");
    });
    await ali.sends("سلام");
    expect([errors, ali.inbox.all.map(({ text }) => text)]).toEqual([[], ["e"]]);
  });

  test("keeps its methods when ctx.edit changes it", async () => {
    const { bot, ali, errors } = stage();
    const hydrated = bot.extend(hydrate());
    hydrated.command("start", (ctx) =>
      ctx.reply("a", { reply_markup: { inline_keyboard: [[{ text: "x", callback_data: "x" }]] } }),
    );
    hydrated.callback("x", async (ctx) => {
      const edited = await ctx.edit("b");
      await edited.edit("c");
      await ctx.callbackQuery.answer("بله", { show_alert: true });
      await ctx.callbackQuery.message?.chat.send("d");
    });
    await ali.sends("/start");
    const press = await ali.presses("x");
    expect([errors, press.text, ali.inbox.all.map(({ text }) => text)]).toEqual([[], "بله", ["c", "d"]]);
  });

  test("is deleted later by deletions(), which it asks for where they are missing", async () => {
    const { bot, ali, errors, bale } = stage();
    bot.extend(hydrate()).on("message:text", async (ctx) => {
      await (await ctx.message.reply("a")).deleteAfter(1000);
    });
    await ali.sends("سلام");
    expect(errors).toMatchObject([{ code: "ERR_BALE_DELETION" }]);
    bot.extend(deletions()).use((_ctx, next) => next());
    await ali.sends("سلام");
    await bale.clock.advance(1000);
    await expect.poll(() => ali.inbox.all.length).toBe(1);
  });
});

describe("a chat", () => {
  test("does all that administrators do", async () => {
    const { bot, bale, ali, errors } = stage();
    const sara = bale.user({ first_name: "Sara" });
    const reza = bale.user({ first_name: "Reza" });
    const group = bale.group({ title: "old", members: [ali, sara], admins: [ali] });
    const seen: unknown[] = [];
    bot.extend(hydrate()).command("do", async (ctx) => {
      const { chat } = ctx;
      if (chat === undefined) return;
      await chat.setTitle("new");
      await chat.setDescription("about");
      await chat.addUser(reza);
      seen.push(await chat.membersCount());
      seen.push(
        (await chat.administrators()).map((member) => [
          member.user.first_name,
          member.isAdmin,
          member.isOwner,
        ]),
      );
      await chat.promoteMember(sara, { can_delete_messages: true });
      await chat.promoteMember(sara, { can_invite_users: true });
      const raised = await chat.member(sara);
      seen.push(
        raised.status === "administrator" && [
          raised.can_delete_messages,
          raised.can_invite_users,
          raised.can_change_info,
        ],
      );
      await chat.demoteMember(sara);
      await chat.banMember(sara.user);
      await chat.unbanMember(sara.id, { only_if_banned: true });
      const note = await chat.send("note");
      await chat.pin(note);
      await chat.unpin(note.message_id);
      await chat.unpinAll();
      const { invite_link } = await chat.createInviteLink();
      await chat.revokeInviteLink(invite_link);
      seen.push(typeof (await chat.exportInviteLink()));
      await chat.setPhoto(new InputFile(new Uint8Array([1]), { name: "p.png" }));
      await chat.deletePhoto();
      await chat.typing();
      const full = await chat.load();
      seen.push([full.title, full.description]);
      await chat.leave();
    });
    await ali.sends("/do", { chat: group });
    expect(errors).toEqual([]);
    expect(seen).toEqual([
      expect.any(Number),
      expect.arrayContaining([["Ali", true, true]]),
      [true, true, false],
      "string",
      ["new", "about"],
    ]);
  });

  test("a user is sent everything in private and asked for a review", async () => {
    const { bot, bale, ali, errors } = stage();
    const file = (name: string) => new InputFile(new Uint8Array([1]), { name });
    bot.extend(hydrate()).on("message:text", async ({ message: { from } }) => {
      if (from === undefined) return;
      await from.sendPhoto(file("a.png"));
      await from.sendDocument(file("a.txt"));
      await from.sendAudio(file("a.mp3"));
      await from.sendVoice(file("a.ogg"));
      await from.sendVideo(file("a.mp4"));
      await from.sendAnimation(file("a.gif"));
      await from.sendSticker(file("a.webp"));
      await from.sendLocation(35.7, 51.4);
      await from.sendContact({ phone_number: "0912", first_name: "A" });
      await from.sendInvoice({
        title: "t",
        description: "d",
        payload: "p",
        provider_token: "WALLET-TEST-1111111111111111",
        prices: [{ label: "l", amount: 1 }],
      });
      await from.sendMediaGroup([{ type: "document", media: file("1.txt") }]);
      await from.askReview(5);
    });
    await ali.sends("x");
    expect(errors).toEqual([]);
    expect(ali.inbox.all).toHaveLength(11);
    expect(bale.calls.all().at(-1)).toMatchObject({ method: "askReview" });
  });
});

describe("files, places and payments", () => {
  test("a file is downloaded by itself: into memory, to disk, as a stream", async () => {
    const { bot, ali, errors } = stage();
    const folder = await mkdtemp(join(tmpdir(), "hydrate-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const bytes = new Uint8Array([9, 8, 7]);
    const read: unknown[] = [];
    bot.extend(hydrate()).on("message:document", async ({ message: { document } }) => {
      read.push([...(await document.download())]);
      await document.downloadTo(join(folder, "f"));
      read.push([...(await readFile(join(folder, "f")))]);
      const parts: number[] = [];
      for await (const part of await document.downloadStream()) parts.push(...part);
      read.push(parts);
    });
    await ali.sendsDocument({ bytes });
    expect([errors, read]).toEqual([
      [],
      [
        [9, 8, 7],
        [9, 8, 7],
        [9, 8, 7],
      ],
    ]);
  });

  test("a location knows its link, with the latitude first", async () => {
    const { bot, ali } = stage();
    let link: string | undefined;
    bot.extend(hydrate()).on("message:location", (ctx) => {
      link = ctx.message.location.link;
    });
    await ali.sendsLocation({ latitude: 35.7, longitude: 51.4 });
    expect(link).toBe("https://maps.google.com/maps?q=loc:35.7,51.4");
  });

  test("a payment is confirmed by its own query", async () => {
    const { bot, bale, ali, errors } = stage();
    const hydrated = bot.extend(hydrate());
    hydrated.command("buy", (ctx) =>
      ctx.from?.sendInvoice({
        title: "t",
        description: "d",
        payload: "p",
        provider_token: "WALLET-TEST-1111111111111111",
        prices: [{ label: "l", amount: 1000 }],
      }),
    );
    hydrated.on("pre_checkout_query", (ctx) => ctx.preCheckoutQuery.answer(true));
    await ali.sends("/buy");
    const payment = await ali.pays(ali.inbox.last);
    expect([
      errors,
      payment.status,
      bale.calls.all().some(({ method }) => method === "answerPreCheckoutQuery"),
    ]).toEqual([[], "paid", true]);
  });

  test("what is none of Bale's objects is refused with its fields", async () => {
    const { bot, ali, errors } = stage();
    bot.extend(hydrate()).on("message", (ctx) => void ctx.hydrated({ strange: 1 } as never));
    await ali.sends("x");
    expect(errors).toMatchObject([{ code: "ERR_BALE_HYDRATE", message: expect.stringContaining("strange") }]);
  });

  test("frozen objects and objects of a class stay as they are", async () => {
    const { bot, ali, errors } = stage();
    class Mine {
      message_id = 1;
      chat = { id: ali.id };
    }
    bot.extend(hydrate()).on("message", (ctx) => {
      const frozen = Object.freeze({
        message_id: 1,
        chat: { id: ali.id, type: "private" as const },
        date: 0,
      });
      expect(Object.getPrototypeOf(ctx.hydrated(frozen))).toBe(Object.prototype);
      expect(Object.getPrototypeOf(ctx.hydrated(new Mine() as never))).toBe(Mine.prototype);
    });
    await ali.sends("x");
    expect(errors).toEqual([]);
  });
});
