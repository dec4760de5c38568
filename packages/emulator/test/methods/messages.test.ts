import type { Message } from "@balekit/api";
import { describe, expect, it } from "vitest";

import { type Emulator, emulator } from "../../src/emulator.js";
import type { EmulatedUser } from "../../src/emulated-user.js";
import { call, refusal, result } from "../calling.js";

async function started(): Promise<{ bale: Emulator; ali: EmulatedUser }> {
  const bale = emulator();
  const ali = bale.user({ first_name: "Ali", last_name: "Rezaei", username: "ali" });
  await ali.sends("/start");
  return { bale, ali };
}

describe("sendMessage", () => {
  it("answers with the message, markdown kept as text", async () => {
    const { bale, ali } = await started();
    const message = await result(bale, "sendMessage", {
      chat_id: ali.id,
      text: "*bold* and [link](https://bale.ai)",
    });
    expect(message).toEqual({
      message_id: 2,
      from: bale.bot,
      date: Math.floor(bale.clock.now() / 1000),
      chat: { id: ali.id, type: "private", first_name: "Ali", last_name: "Rezaei", username: "ali" },
      text: "*bold* and [link](https://bale.ai)",
    });
    expect(ali.inbox.last).toEqual(message);
  });

  it("takes 1 to 4096 characters", async () => {
    const { bale, ali } = await started();
    await result(bale, "sendMessage", { chat_id: ali.id, text: "😀".repeat(4096) });
    expect(await refusal(bale, "sendMessage", { chat_id: ali.id, text: "x".repeat(4097) })).toContain(
      "text is too long",
    );
    expect(await refusal(bale, "sendMessage", { chat_id: ali.id, text: "" })).toBe(
      "400 Bad Request: text is empty",
    );
    expect(await refusal(bale, "sendMessage", { chat_id: ali.id })).toBe("400 Bad Request: text is empty");
    expect(await refusal(bale, "sendMessage", { text: "x" })).toBe("400 Bad Request: chat_id is empty");
    expect(await refusal(bale, "sendMessage", { chat_id: "x", text: "x" })).toContain(
      "chat_id must be an integer",
    );
  });

  it("knows nobody who has not written to the bot", async () => {
    const bale = emulator();
    const ali = bale.user({ first_name: "Ali" });
    expect(await refusal(bale, "sendMessage", { chat_id: ali.id, text: "hi" })).toBe(
      "404 no such group or user",
    );
    expect(await refusal(bale, "sendMessage", { chat_id: 77, text: "hi" })).toBe("404 no such group or user");
    expect(await refusal(bale, "sendMessage", { chat_id: -77, text: "hi" })).toBe(
      "404 no such group or user",
    );
  });

  it("is forbidden to somebody who blocked the bot, until they write again", async () => {
    const { bale, ali } = await started();
    ali.blocks();
    expect(await refusal(bale, "sendMessage", { chat_id: ali.id, text: "hi" })).toContain("403 Forbidden");
    await ali.sends("back");
    await result(bale, "sendMessage", { chat_id: ali.id, text: "hi" });
  });

  it("quotes with reply_to_message_id only, one level deep", async () => {
    const { bale, ali } = await started();
    const first = await result(bale, "sendMessage", { chat_id: ali.id, text: "1", reply_to_message_id: 1 });
    expect(first.reply_to_message?.text).toBe("/start");
    const second = await result(bale, "sendMessage", { chat_id: ali.id, text: "2", reply_to_message_id: 2 });
    expect(second.reply_to_message).toMatchObject({ text: "1" });
    expect(second.reply_to_message).not.toHaveProperty("reply_to_message");
    expect(
      await refusal(bale, "sendMessage", { chat_id: ali.id, text: "3", reply_to_message_id: 99 }),
    ).toContain("reply");
    const third = await result(bale, "sendMessage", {
      chat_id: ali.id,
      text: "4",
      reply_parameters: { message_id: 1 },
    });
    expect(third).not.toHaveProperty("reply_to_message");
    expect(bale.calls.last()?.warnings.join()).toContain("reply_parameters");
  });

  it("takes reply_markup as an object and as a string, and shows reply keyboards to people only", async () => {
    const { bale, ali } = await started();
    const inline = { inline_keyboard: [[{ text: "a", callback_data: "x" }]] };
    for (const reply_markup of [inline, JSON.stringify(inline)]) {
      const message = await result(bale, "sendMessage", { chat_id: ali.id, text: "k", reply_markup });
      expect(message.reply_markup).toEqual(inline);
    }
    const keyboard = { keyboard: [["One", { text: "Two" }]] };
    const message = await result(bale, "sendMessage", { chat_id: ali.id, text: "k", reply_markup: keyboard });
    expect(message.reply_markup).toBeUndefined();
    expect(ali.inbox.last.reply_markup).toEqual(keyboard);
    expect(ali.chat.keyboard).toEqual([["One", "Two"]]);
    await result(bale, "sendMessage", {
      chat_id: ali.id,
      text: "gone",
      reply_markup: { remove_keyboard: true },
    });
    expect(ali.chat.keyboard).toEqual([]);
  });

  it("reaches a channel by @username", async () => {
    const { bale, ali } = await started();
    const news = bale.channel({ title: "News", username: "news", admins: [ali] });
    const message = await result(bale, "sendMessage", { chat_id: "@News", text: "hi" });
    expect(message.chat).toEqual({ id: news.id, type: "channel", title: "News", username: "news" });
  });
});

describe("other content", () => {
  it("sends locations and contacts", async () => {
    const { bale, ali } = await started();
    const place = await result(bale, "sendLocation", { chat_id: ali.id, latitude: "35.7", longitude: 51.4 });
    expect(place.location).toEqual({ latitude: 35.7, longitude: 51.4 });
    const contact = await result(bale, "sendContact", {
      chat_id: ali.id,
      phone_number: 9812,
      first_name: "Sara",
    });
    expect(contact.contact).toEqual({ phone_number: "9812", first_name: "Sara" });
    expect(await refusal(bale, "sendLocation", { chat_id: ali.id, latitude: 91, longitude: 0 })).toContain(
      "out of range",
    );
    expect(
      await refusal(bale, "sendLocation", {
        chat_id: ali.id,
        latitude: 1,
        longitude: 0,
        horizontal_accuracy: 1501,
      }),
    ).toContain("horizontal_accuracy");
  });

  it("shows an action for six seconds, or until the bot writes", async () => {
    const { bale, ali } = await started();
    expect(await result(bale, "sendChatAction", { chat_id: ali.id, action: "typing" })).toBe(true);
    expect(ali.chat.action).toBe("typing");
    await bale.clock.advance(6000);
    expect(ali.chat.action).toBeUndefined();
    await result(bale, "sendChatAction", { chat_id: ali.id, action: "typing" });
    await result(bale, "sendMessage", { chat_id: ali.id, text: "done" });
    expect(ali.chat.action).toBeUndefined();
    expect(await refusal(bale, "sendChatAction", { chat_id: ali.id, action: "upload_document" })).toContain(
      "action",
    );
  });

  it("asks for a review of somebody who knows the bot, both parameters given", async () => {
    const { bale, ali } = await started();
    expect(await result(bale, "askReview", { user_id: ali.id, delay_seconds: 0 })).toBe(true);
    expect(await refusal(bale, "askReview", { user_id: ali.id })).toContain("delay_seconds");
  });
});

describe("forwarding and copying", () => {
  it("forwards with the first author, also over two stations", async () => {
    const { bale, ali } = await started();
    const sara = bale.user({ first_name: "Sara" });
    await sara.sends("/start");
    const once = await result(bale, "forwardMessage", {
      chat_id: sara.id,
      from_chat_id: ali.id,
      message_id: 1,
    });
    expect(once).toMatchObject({
      text: "/start",
      forward_from: { first_name: "Ali" },
      forward_date: once.date,
    });
    const twice = await result(bale, "forwardMessage", {
      chat_id: ali.id,
      from_chat_id: sara.id,
      message_id: once.message_id,
    });
    expect(twice.forward_from?.first_name).toBe("Ali");
  });

  it("forwards a channel's post with the channel and its number", async () => {
    const { bale, ali } = await started();
    const news = bale.channel({ title: "News", admins: [ali] });
    const post = await ali.sends("post", { chat: news });
    const forwarded = await result(bale, "forwardMessage", {
      chat_id: ali.id,
      from_chat_id: news.id,
      message_id: post.message_id,
    });
    expect(forwarded).toMatchObject({
      forward_from_chat: { title: "News" },
      forward_from_message_id: post.message_id,
      text: "post",
    });
  });

  it("copies to a message id, without who wrote it", async () => {
    const { bale, ali } = await started();
    const copied = await result<{ message_id: number }>(bale, "copyMessage", {
      chat_id: ali.id,
      from_chat_id: ali.id,
      message_id: 1,
    });
    expect(copied).toEqual({ message_id: 2 });
    expect(ali.inbox.last).toMatchObject({ text: "/start" });
    expect(ali.inbox.last).not.toHaveProperty("forward_from");
  });

  it("does not copy service messages", async () => {
    const { bale, ali } = await started();
    const group = bale.group({ title: "Family", admins: [ali] });
    const sara = bale.user({ first_name: "Sara" });
    const joined = await sara.joins(group);
    const params = { chat_id: ali.id, from_chat_id: group.id, message_id: joined.message_id };
    expect(await refusal(bale, "copyMessage", params)).toContain("can't be copied");
    expect(await refusal(bale, "copyMessage", { ...params, message_id: 99 })).toBe(
      "400 Bad Request: message not found",
    );
  });
});

describe("methods", () => {
  it("are 404 when Bale has none of that name, 501 when it does not do it", async () => {
    const { bale } = await started();
    expect(await refusal(bale, "sendPoll")).toBe("404 Not Found");
    expect(await refusal(bale, "setMyCommands")).toBe("404 Not Found");
    expect(await refusal(bale, "setChatPermissions")).toBe("501 Not Implemented");
  });

  it("are refused to another token with 403, not 401", async () => {
    const { bale } = await started();
    const reply = await bale.transport("1000:wrong").send({ method: "getMe", params: {}, options: {} });
    expect(reply).toEqual({ ok: false, error_code: 403, description: "Bad Request: Token not found" });
  });

  it("hand out copies: what a bot does to a result does not change the world", async () => {
    const { bale, ali } = await started();
    const reply = await call(bale, "sendMessage", { chat_id: ali.id, text: "hi" });
    if (reply.ok) (reply.result as { text: string }).text = "changed";
    expect(ali.inbox.last.text).toBe("hi");
    const me = await result<Record<string, unknown>>(bale, "getMe");
    expect(me).toEqual(bale.bot);
    expect(me).not.toBe(bale.bot);
  });
});

describe("buttons", () => {
  it("have exactly one purpose", async () => {
    const { bale, ali } = await started();
    const send = (button: object): Promise<string> =>
      refusal(bale, "sendMessage", {
        chat_id: ali.id,
        text: "k",
        reply_markup: { inline_keyboard: [[button]] },
      });
    expect(await send({ text: "a" })).toContain("exactly one of");
    expect(await send({ text: "a", url: "https://b.ir", callback_data: "x" })).toContain("exactly one of");
    expect(await send({ callback_data: "x" })).toContain("must have a text");
    expect(await send({ text: "a", callback_data: "ا".repeat(33) })).toContain("BUTTON_DATA_INVALID");
    expect(await send({ text: "a", callback_data: "" })).toContain("BUTTON_DATA_INVALID");
    expect(await send({ text: "a", copy_text: { text: "x".repeat(257) } })).toContain("copy_text");
    expect(await send({ text: "a", web_app: {} })).toContain("web_app");
  });

  it("carry exactly 64 bytes", async () => {
    const { bale, ali } = await started();
    const reply_markup = { inline_keyboard: [[{ text: "a", callback_data: "ا".repeat(32) }]] };
    const message: Message = await result(bale, "sendMessage", { chat_id: ali.id, text: "k", reply_markup });
    expect(message.reply_markup).toEqual(reply_markup);
  });

  it("are refused as ForceReply", async () => {
    const { bale, ali } = await started();
    expect(
      await refusal(bale, "sendMessage", { chat_id: ali.id, text: "k", reply_markup: { force_reply: true } }),
    ).toContain("reply_markup");
  });
});
