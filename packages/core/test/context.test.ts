import { expect, test } from "vitest";
import { Context } from "../src/context.js";
import { ali, home, pressed, said, sent, services } from "./routing-fixture.js";

const photo = [10, 90, 40].map((width) => ({ file_id: `p${width}`, file_unique_id: "u", width, height: 5 }));
const file = { file_id: "d", file_unique_id: "u" };

test("getters read the update as it is", () => {
  const { services: shared } = services();
  const ctx = new Context(said("hi"), shared);
  expect([ctx.kind, ctx.text, ctx.content, ctx.chatId, ctx.from?.id]).toEqual(["message", "hi", "hi", 7, 7]);
  expect(ctx.me.username).toBe("Shop_Bot");
  const press = new Context(pressed("x"), shared);
  expect([press.text, press.msg?.text, press.chatId, press.callbackQuery?.data]).toEqual([
    undefined,
    "menu",
    7,
    "x",
  ]);
  const nulls = new Context({ update_id: 1, message: null } as never, shared);
  expect([nulls.kind, nulls.message, nulls.chat, nulls.from]).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test("attachment is the largest photo, the animation rather than its document, or whatever file there is", () => {
  const { services: shared } = services();
  const of = (more: object): unknown => new Context(sent(more), shared).attachment;
  expect(of({ photo })).toMatchObject({ file_id: "p90" });
  expect(of({ document: file, animation: { ...file, file_id: "gif" } })).toMatchObject({ file_id: "gif" });
  expect(of({ voice: file })).toBe(file);
  expect(of({ photo: [] })).toBeUndefined();
});

test("a press whose message has no chat any more is answered in the private chat", () => {
  const { services: shared } = services();
  const update = {
    update_id: 1,
    callback_query: { id: "1", from: ali, message: { message_id: 4 } as never },
  };
  expect(new Context(update, shared).chatId).toBe(7);
  expect(new Context({ update_id: 1, callback_query: { id: "1", from: ali } }, shared).chatId).toBe(7);
});

test("verbs fill in the chat and the message of the update", async () => {
  const { services: shared, calls } = services();
  const ctx = new Context(said("hi"), shared);
  await ctx.reply("a");
  await ctx.reply("b", { quote: true });
  await ctx.replyWithPhoto("file", { caption: "c", quote: true });
  await ctx.replyWithLocation(35, 51);
  await ctx.forward(9);
  await ctx.copy("@channel");
  await ctx.delete();
  await ctx.typing();
  expect(calls).toEqual([
    { method: "sendMessage", params: { chat_id: 7, text: "a" } },
    { method: "sendMessage", params: { chat_id: 7, text: "b", reply_to_message_id: 10 } },
    { method: "sendPhoto", params: { chat_id: 7, photo: "file", caption: "c", reply_to_message_id: 10 } },
    { method: "sendLocation", params: { chat_id: 7, latitude: 35, longitude: 51 } },
    { method: "forwardMessage", params: { chat_id: 9, from_chat_id: 7, message_id: 10 } },
    { method: "copyMessage", params: { chat_id: "@channel", from_chat_id: 7, message_id: 10 } },
    { method: "deleteMessage", params: { chat_id: 7, message_id: 10 } },
    { method: "sendChatAction", params: { chat_id: 7, action: "typing" } },
  ]);
});

test("edits keep the ids of the message, whatever Bale answers", async () => {
  const { services: shared, calls } = services(() => ({ message_id: 0, date: 5, chat: home }));
  const ctx = new Context(pressed("x"), shared);
  expect(await ctx.edit("new")).toMatchObject({ message_id: 12, chat: home });
  expect(await ctx.editCaption("new")).toMatchObject({ message_id: 12 });
  expect(await ctx.editMarkup()).toMatchObject({ message_id: 12 });
  expect(calls[0]).toEqual({
    method: "editMessageText",
    params: { chat_id: 7, message_id: 12, text: "new" },
  });
});

test("presses and payments are answered by their ids", async () => {
  const { services: shared, calls } = services(() => true);
  await new Context(pressed("x"), shared).answer("done", { show_alert: true });
  const pre_checkout_query = { id: "p", from: ali, currency: "IRR", total_amount: 1, invoice_payload: "x" };
  await new Context({ update_id: 1, pre_checkout_query }, shared).answerPreCheckout(false, "sold out");
  expect(calls.map(({ params }) => params)).toEqual([
    { callback_query_id: "q1", text: "done", show_alert: true },
    { pre_checkout_query_id: "p", ok: false, error_message: "sold out" },
  ]);
});

test("a verb that needs what the update lacks names itself, what is missing and the kind of update", async () => {
  const { services: shared, calls } = services();
  const pre_checkout_query = { id: "p", from: ali, currency: "IRR", total_amount: 1, invoice_payload: "x" };
  const payment = new Context({ update_id: 1, pre_checkout_query }, shared);
  await expect(payment.reply("x")).rejects.toThrow(
    "ctx.reply: this update (pre_checkout_query) has no chat.",
  );
  await expect(payment.answer()).rejects.toThrow(
    "ctx.answer: this update (pre_checkout_query) has no callback query.",
  );
  const message = new Context(said("x"), shared);
  await expect(message.edit("x")).rejects.toMatchObject({ name: "TypeError", code: "ERR_BALE_CONTEXT" });
  await expect(message.answerPreCheckout(true)).rejects.toThrow(
    "ctx.answerPreCheckout: this update (message)",
  );
  expect(calls).toEqual([]);
});

test("getters answer whatever the update looks like, even where Bale promises a sender", () => {
  const { services: shared } = services();
  const getters = [
    "kind",
    "message",
    "msg",
    "chat",
    "chatId",
    "from",
    "text",
    "content",
    "attachment",
    "member",
  ];
  const odd = [
    { callback_query: { id: "1" } },
    { callback_query: { id: "1", from: null, message: null, data: null } },
    { callback_query: 5 },
    { message: { photo: {}, chat: null, from: null } },
    { message: { photo: [null] } },
    { message: "x" },
    { pre_checkout_query: {} },
  ];
  for (const update of odd) {
    const ctx = new Context({ update_id: 1, ...update } as never, shared);
    for (const getter of getters) expect(() => ctx[getter as "kind"]).not.toThrow();
  }
});
