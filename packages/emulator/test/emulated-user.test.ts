import type { Call, Reply, Transport, Update } from "@balekit/api";
import { describe, expect, it } from "vitest";

import { type AttachableBot, type Emulator, emulator, EmulatorError } from "../src/index.js";
import { refusal, result } from "./calling.js";

/** The smallest bot that can be attached: one function, told each update. */
class PlainBot implements AttachableBot {
  readonly updates: Update[] = [];
  #transport: Transport | undefined;
  readonly #react: ((bot: PlainBot, update: Update) => Promise<unknown>) | undefined;

  constructor(react?: (bot: PlainBot, update: Update) => Promise<unknown>) {
    this.#react = react;
  }

  connect({ transport }: { readonly transport: Transport }): void {
    this.#transport = transport;
  }

  async handle(update: Update): Promise<void> {
    this.updates.push(update);
    await this.#react?.(this, update);
  }

  async call(method: string, params: object): Promise<Reply | undefined> {
    return this.#transport?.send({ method, params, options: {} } as Call);
  }
}

async function polled(bale: Emulator): Promise<Update[]> {
  return result<Update[]>(bale, "getUpdates");
}

describe("a person", () => {
  it("writes in private, and is answered before sends() resolves", async () => {
    const bale = emulator();
    const bot = new PlainBot((self, { message }) =>
      self.call("sendMessage", { chat_id: message?.chat.id, text: `echo: ${message?.text}` }),
    );
    bale.attach(bot);
    const ali = bale.user({ first_name: "Ali" });
    await ali.sends("hello");
    expect(ali.inbox.last.text).toBe("echo: hello");
    expect(ali.inbox.texts).toEqual(["echo: hello"]);
    expect(ali.chat.messages.map(({ text }) => text)).toEqual(["hello", "echo: hello"]);
  });

  it("has an inbox that says when it is empty, and waits for what comes", async () => {
    const bale = emulator();
    const ali = bale.user({ first_name: "Ali" });
    expect(() => ali.inbox.last).toThrow("Reading Ali's inbox: it is empty");
    await ali.sends("hi");
    const next = ali.inbox.next();
    await result(bale, "sendMessage", { chat_id: ali.id, text: "first" });
    await result(bale, "sendMessage", { chat_id: ali.id, text: "second" });
    expect((await next).text).toBe("first");
    expect((await ali.inbox.next()).text).toBe("second");
    await expect(ali.inbox.next({ timeoutMs: 5 })).rejects.toThrow("none came within 5 ms");
  });

  it("passes over what people write while it waits for the bot, and what was deleted", async () => {
    const bale = emulator();
    const ali = bale.user();
    await ali.sends("one");
    const next = ali.inbox.next();
    await ali.sends("two");
    const gone = await result(bale, "sendMessage", { chat_id: ali.id, text: "first" });
    expect((await next).text).toBe("first");
    await result(bale, "sendMessage", { chat_id: ali.id, text: "second" });
    ali.deletes(gone);
    expect((await ali.inbox.next()).text).toBe("second");
    expect(ali.inbox.last.text).toBe("second");
    expect(ali.chat.last.text).toBe("second");
    const last = await ali.sends("three");
    expect(ali.chat.last.text).toBe("three");
    expect(ali.inbox.last.text).toBe("second");
    ali.deletes(last);
    expect(ali.chat.last.text).toBe("second");
  });

  it("deletes in a group only what it wrote itself", async () => {
    const bale = emulator();
    const [ali, sara] = [bale.user(), bale.user({ first_name: "Sara" })];
    const group = bale.group({ title: "Family", members: [ali, sara] });
    const said = await sara.sends("mine", { chat: group });
    expect(() => ali.deletes(said, { chat: group })).toThrow("Ali did not write it");
    expect(group.last.text).toBe("mine");
    sara.deletes(said, { chat: group });
    expect(group.messages).toEqual([]);
  });

  it("sends every kind of content, edits, replies and deletes", async () => {
    const bale = emulator();
    const ali = bale.user({ first_name: "Ali", phone_number: "989121234567" });
    const text = await ali.sends("one");
    await ali.edits(text, "two");
    const reply = await ali.sends("three", { replyTo: text });
    expect(reply.reply_to_message?.text).toBe("two");
    const photo = await ali.sendsPhoto({ caption: "look" });
    await ali.edits(photo, "look again");
    await ali.sendsDocument({ name: "a.pdf" });
    await ali.sendsVoice();
    await ali.sendsAudio({ title: "song" });
    await ali.sendsVideo({ duration: 3 });
    await ali.sendsAnimation();
    await ali.sendsSticker();
    await ali.sendsContact();
    await ali.sendsContact({ phone_number: "98", first_name: "Sara" });
    await ali.sendsLocation();
    await ali.submits("from the app");
    ali.deletes(text);
    const updates = await polled(bale);
    expect(
      updates.map(({ message, edited_message }) => Object.keys(message ?? edited_message ?? {}).at(-1)),
    ).toEqual([
      "text",
      "edit_date",
      "reply_to_message",
      "caption",
      "edit_date",
      "document",
      "voice",
      "audio",
      "video",
      "document",
      "sticker",
      "contact",
      "contact",
      "location",
      "web_app_data",
    ]);
    expect(updates[11]?.message?.contact).toEqual({
      phone_number: "989121234567",
      first_name: "Ali",
      user_id: ali.id,
    });
    expect(ali.chat.messages[0]?.text).toBe("three");
    await expect(ali.edits(99, "x")).rejects.toThrow(EmulatorError);
  });

  it("presses inline buttons by label or data; the press spins until it is answered", async () => {
    const bale = emulator();
    const ali = bale.user();
    await ali.sends("/start");
    const reply_markup = {
      inline_keyboard: [
        [
          { text: "Buy", callback_data: "buy:1" },
          { text: "Site", url: "https://bale.ai" },
        ],
      ],
    };
    const sent = await result(bale, "sendMessage", { chat_id: ali.id, text: "shop", reply_markup });
    const press = await ali.presses("Buy");
    expect([press.spinning, press.query?.data, press.query?.message?.message_id]).toEqual([true, "buy:1", 2]);
    expect(ali.spinning).toBe(1);
    const callback_query_id = press.query?.id;
    await result(bale, "answerCallbackQuery", { callback_query_id, text: "Bought", show_alert: true });
    expect([press.spinning, press.answered, press.text, press.alert]).toEqual([false, true, "Bought", true]);
    const byData = await ali.presses("buy:1", { message: sent });
    expect(byData.query?.data).toBe("buy:1");
    await expect(ali.presses("Sell")).rejects.toThrow(
      'there is no "Sell" in chat 100001. Its buttons: "Buy" (buy:1), "Site"',
    );
    await expect(ali.presses("Site")).rejects.toThrow("opens https://bale.ai");
    await expect(ali.presses("Buy", { message: 1 })).rejects.toThrow(
      "message 1 of chat 100001. It has no buttons.",
    );
    await expect(ali.presses("Buy", { message: 99 })).rejects.toThrow("has no message 99");
    expect(await refusal(bale, "answerCallbackQuery", { callback_query_id: "5" })).toContain("query");
    expect(
      await refusal(bale, "answerCallbackQuery", { callback_query_id, text: "x".repeat(201) }),
    ).toContain("too long");
  });

  it("on an old client shows no answer, and on an old message gives no content", async () => {
    const bale = emulator();
    const ali = bale.user();
    await ali.sends("/start");
    const reply_markup = { inline_keyboard: [[{ text: "Buy", callback_data: "b" }]] };
    await result(bale, "sendMessage", { chat_id: ali.id, text: "shop", reply_markup });
    const press = await ali.presses("Buy", { oldClient: true, stale: true });
    expect(press.query?.id.startsWith("1")).toBe(true);
    expect(press.query?.message).toEqual({ message_id: 2, chat: ali.chat.chat });
    await result(bale, "answerCallbackQuery", { callback_query_id: press.query?.id, text: "no" });
    expect([press.answered, press.text]).toEqual([true, undefined]);
    expect((await ali.presses("Buy")).query?.id.startsWith("1")).toBe(false);
  });

  it("presses buttons of a reply keyboard: they send their label, a contact, or a location", async () => {
    const bale = emulator();
    const ali = bale.user();
    await ali.sends("/start");
    const keyboard = [
      ["Menu", { text: "Phone", request_contact: true }],
      [
        { text: "Place", request_location: true },
        { text: "App", web_app: { url: "https://b.ir" } },
      ],
    ];
    await result(bale, "sendMessage", { chat_id: ali.id, text: "choose", reply_markup: { keyboard } });
    expect((await ali.presses("Menu")).message?.text).toBe("Menu");
    expect((await ali.presses("Phone")).message?.contact?.user_id).toBe(ali.id);
    const location = { latitude: 1, longitude: 2 };
    expect((await ali.presses("Place", { location })).message?.location).toEqual(location);
    await expect(ali.presses("App")).rejects.toThrow("submits(data)");
    await result(bale, "sendMessage", { chat_id: ali.id, text: "gone", reply_markup: { keyboard: [[]] } });
    await expect(ali.presses("Menu")).rejects.toThrow("It has no buttons.");
  });

  it("presses the newest button of a label", async () => {
    const bale = emulator();
    const ali = bale.user();
    await ali.sends("/start");
    for (const data of ["old", "new"]) {
      const reply_markup = { inline_keyboard: [[{ text: "Go", callback_data: data }]] };
      await result(bale, "sendMessage", { chat_id: ali.id, text: data, reply_markup });
    }
    expect((await ali.presses("Go")).query?.data).toBe("new");
    await result(bale, "sendMessage", { chat_id: ali.id, text: "k", reply_markup: { keyboard: [["Go"]] } });
    expect((await ali.presses("Go")).message?.text).toBe("Go");
  });

  it("pays an attached bot, which confirms in time", async () => {
    const bale = emulator();
    const bot = new PlainBot(async (self, update) => {
      const id = update.pre_checkout_query?.id;
      if (id !== undefined)
        await self.call("answerPreCheckoutQuery", { pre_checkout_query_id: id, ok: true });
    });
    bale.attach(bot);
    const ali = bale.user();
    await ali.sends("/buy");
    const invoice = {
      title: "a",
      description: "b",
      payload: "c",
      provider_token: "WALLET-1",
      prices: [{ label: "d", amount: 5 }],
    };
    const message = await result(bale, "sendInvoice", { chat_id: ali.id, ...invoice });
    expect((await ali.pays(message)).status).toBe("paid");
    expect(bot.updates.at(-1)?.message?.successful_payment?.invoice_payload).toBe("c");
  });

  it("pays with a question that is late, and with a receipt that comes twice or never", async () => {
    const bale = emulator();
    const bot = new PlainBot(async (self, update) => {
      const id = update.pre_checkout_query?.id;
      if (id !== undefined)
        await self.call("answerPreCheckoutQuery", { pre_checkout_query_id: id, ok: true });
    });
    bale.attach(bot);
    const ali = bale.user();
    await ali.sends("/buy");
    const message = await result(bale, "sendInvoice", {
      chat_id: ali.id,
      title: "a",
      description: "b",
      payload: "c",
      provider_token: "WALLET-1",
      prices: [{ label: "d", amount: 5 }],
    });
    const receipts = (): number =>
      bot.updates.filter((update) => update.message?.successful_payment !== undefined).length;
    await ali.pays(message, { receipt: "twice" });
    expect(receipts()).toBe(2);
    expect((await ali.pays(message, { receipt: "never" })).status).toBe("paid");
    expect(receipts()).toBe(2);
    const late = await ali.pays(message, { questionDelayMs: 9_500 });
    expect(late.status).toBe("pending");
    await bale.clock.advance(9_600);
    expect(late.status).toBe("paid");
  });

  it("pays an attached bot that does not confirm: pending, and failed once the clock has moved", async () => {
    const bale = emulator();
    bale.attach(new PlainBot());
    const ali = bale.user();
    await ali.sends("/buy");
    const invoice = {
      title: "a",
      description: "b",
      payload: "c",
      provider_token: "WALLET-1",
      prices: [{ label: "d", amount: 5 }],
    };
    const payment = await ali.pays(await result(bale, "sendInvoice", { chat_id: ali.id, ...invoice }));
    expect(payment.status).toBe("pending");
    await bale.clock.advance(10_000);
    expect(payment.status).toBe("failed");
  });
});

describe("groups and channels", () => {
  it("tell of joining and leaving in service messages", async () => {
    const bale = emulator();
    const ali = bale.user({ first_name: "Ali" });
    const sara = bale.user({ first_name: "Sara" });
    const group = bale.group({ title: "Family", admins: [ali] });
    await sara.joins(group);
    await sara.leaves(group);
    await ali.adds(sara, group);
    await ali.removes(sara, group);
    const updates = await polled(bale);
    expect(
      updates.map(({ message }) => message?.new_chat_members?.[0]?.id ?? message?.left_chat_member?.id),
    ).toEqual([sara.id, sara.id, sara.id, sara.id]);
    expect(updates[2]?.message?.from?.id).toBe(ali.id);
    await expect(sara.sends("hi", { chat: group })).rejects.toThrow('Sara is not in "Family"');
    await expect(ali.joins(group)).rejects.toThrow("is in it already");
    await expect(ali.joins(sara.id)).rejects.toThrow("a private chat has no members");
    await expect(sara.leaves(group)).rejects.toThrow("is not in it");
  });

  it("show a bot that is no administrator only what concerns it", async () => {
    const bale = emulator();
    const ali = bale.user();
    const group = bale.group({ title: "Family", members: [ali], bot: "member" });
    await ali.sends("chatter", { chat: group });
    await ali.sends("/help", { chat: group });
    await ali.sends("hey @emulated_bot", { chat: group });
    const said = await result(bale, "sendMessage", { chat_id: group.id, text: "yes?" });
    await ali.sends("a reply", { chat: group, replyTo: said });
    const texts = (await polled(bale)).map(({ message }) => message?.text);
    expect(texts).toEqual(["/help", "hey @emulated_bot", "a reply"]);
    expect(ali.inboxOf(group).last.text).toBe("yes?");
  });

  it("tell the bot when it is brought in and put out", async () => {
    const bale = emulator();
    const ali = bale.user();
    const group = bale.group({ title: "Family", members: [ali], bot: "absent" });
    await ali.sends("unheard", { chat: group });
    await ali.adds("bot", group);
    await ali.removes("bot", group);
    const updates = await polled(bale);
    expect(updates.map(({ message }) => Object.keys(message ?? {}).at(-1))).toEqual([
      "new_chat_members",
      "left_chat_member",
    ]);
    expect(await refusal(bale, "sendMessage", { chat_id: group.id, text: "x" })).toBe(
      "404 no such group or user",
    );
  });

  it("bring channel posts as message, with sender_chat and without an author or with a made-up one", async () => {
    for (const fakeChannelAuthor of [false, true]) {
      const bale = emulator({ fakeChannelAuthor });
      const ali = bale.user({ first_name: "Ali" });
      const sara = bale.user({ first_name: "Sara" });
      const news = bale.channel({ title: "News", admins: [ali], members: [sara] });
      await ali.sends("post", { chat: news });
      const [update] = await polled(bale);
      expect(update?.message).toMatchObject({
        text: "post",
        sender_chat: news.chat,
        chat: { type: "channel" },
      });
      expect(update?.message?.from?.first_name).toBe(fakeChannelAuthor ? "News" : undefined);
      await expect(sara.sends("no", { chat: news })).rejects.toThrow("only reads");
    }
  });

  it("are made of people who exist", () => {
    const bale = emulator();
    expect(() => bale.group({ title: "x", members: [5] })).toThrow("there is none with id 5");
    expect(() => bale.group({ title: "" })).toThrow("title is missing");
    expect(() => bale.chat(5)).toThrow("there is none with id 5");
    bale.channel({ title: "a", username: "news" });
    expect(() => bale.channel({ title: "b", username: "@News" })).toThrow("is taken");
  });
});

describe("people's ids", () => {
  it("are free whole numbers of up to 52 bits", () => {
    const bale = emulator();
    expect(bale.user({ id: 2 ** 52 - 1, first_name: "Ali" }).id).toBe(2 ** 52 - 1);
    expect(() => bale.user({ id: 2 ** 52, first_name: "Ali" })).toThrow(EmulatorError);
    expect(() => bale.user({ id: -5, first_name: "Ali" })).toThrow(EmulatorError);
    expect(() => bale.user({ id: 1000, first_name: "Ali" })).toThrow("is taken");
    expect(() => bale.user({ first_name: "" })).toThrow("first_name is missing");
    bale.user({ id: 100_001, first_name: "Ali" });
    expect(bale.user({ first_name: "Sara" }).id).toBe(100_002);
  });
});

describe("attaching", () => {
  it("hands over what waited, and stops when detached", async () => {
    const bale = emulator();
    const ali = bale.user();
    await ali.sends("before");
    const bot = new PlainBot();
    const detach = bale.attach(bot);
    await ali.sends("during");
    expect(() => bale.attach(bot)).toThrow("another one is attached");
    detach();
    detach();
    await ali.sends("after");
    expect(bot.updates.map(({ message }) => message?.text)).toEqual(["before", "during"]);
    expect(bale.pendingUpdates).toBe(1);
  });

  it("lets the error of a bot that must be given an update again reach the test", async () => {
    const bale = emulator();
    bale.attach(new PlainBot(() => Promise.reject(new Error("broken"))));
    await expect(bale.user().sends("hi")).rejects.toThrow("broken");
  });

  it("delivers an update twice when told to", async () => {
    const bale = emulator();
    const bot = new PlainBot();
    bale.attach(bot);
    bale.fault({ kind: "duplicate" });
    await bale.user().sends("hi");
    expect(bot.updates.map(({ update_id }) => update_id)).toEqual([1, 1]);
  });
});

describe("an emulator", () => {
  it("refuses a token that is none", () => {
    expect(() => emulator({ token: "secret" })).toThrow("<number>:<secret>");
  });

  it("tells what happens", async () => {
    const bale = emulator();
    const seen: string[] = [];
    const stop = bale.onEvent(({ type }) => seen.push(type));
    const ali = bale.user();
    await ali.sends("hi");
    await result(bale, "sendMessage", { chat_id: ali.id, text: "hello" });
    stop();
    await ali.sends("more");
    expect(seen).toEqual(["user", "message", "update", "message", "call"]);
  });

  it("logs calls with what Bale would not have said", async () => {
    const bale = emulator();
    const ali = bale.user();
    await ali.sends("hi");
    await result(bale, "SENDMESSAGE", { chat_id: ali.id, text: "<b>x</b>", parse_mode: "HTML" });
    await refusal(bale, "sendMessage", { chat_id: 5, text: "x" });
    await result(bale, "getUpdates", { offset: 10 });
    expect(
      bale.calls.all("sendMessage").map(({ ok, description, warnings }) => ({ ok, description, warnings })),
    ).toEqual([
      {
        ok: true,
        description: undefined,
        warnings: ["parse_mode: Bale does not know this parameter of sendMessage and ignores it."],
      },
      { ok: false, description: "no such group or user", warnings: [] },
    ]);
    expect(bale.calls.polls).toBe(1);
    expect(bale.calls.last("getUpdates")).toBeUndefined();
    bale.calls.clear();
    expect(bale.calls.all()).toEqual([]);
  });
});

describe("update ids", () => {
  it("can begin at 0, as Bale documents", async () => {
    const bale = emulator({ firstUpdateId: 0 });
    await bale.user().sends("hi");
    expect((await polled(bale)).map(({ update_id }) => update_id)).toEqual([0]);
  });
});
