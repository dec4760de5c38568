import { describe, expect, it } from "vitest";

import { type Emulator, emulator } from "../../src/emulator.js";
import type { EmulatedUser } from "../../src/emulated-user.js";
import { refusal, result } from "../calling.js";

async function started(): Promise<{
  bale: Emulator;
  ali: EmulatedUser;
  base: { chat_id: number; message_id: number };
}> {
  const bale = emulator();
  const ali = bale.user({ first_name: "Ali" });
  await ali.sends("/start");
  const reply_markup = { inline_keyboard: [[{ text: "a", callback_data: "x" }]] };
  const sent = await result(bale, "sendMessage", { chat_id: ali.id, text: "one", reply_markup });
  return { bale, ali, base: { chat_id: ali.id, message_id: sent.message_id } };
}

describe("edits", () => {
  it("answer with a stub: message_id 0, no text; over HTTP with a null photo in the chat", async () => {
    const { bale, ali, base } = await started();
    await bale.clock.advance(5000);
    const stub = await result(bale, "editMessageText", { ...base, text: "two" });
    const now = Math.floor(bale.clock.now() / 1000);
    expect(stub).toEqual({
      message_id: 0,
      date: now - 5,
      edit_date: now,
      chat: { id: ali.id, type: "private", first_name: "Ali" },
    });
    expect(ali.inbox.last).toMatchObject({ ...{ message_id: base.message_id }, text: "two", edit_date: now });
  });

  it("take the keyboard away when they bring none", async () => {
    const { bale, ali, base } = await started();
    await result(bale, "editMessageReplyMarkup", base);
    expect(ali.inbox.last).not.toHaveProperty("reply_markup");
    const reply_markup = { inline_keyboard: [[{ text: "b", callback_data: "y" }]] };
    await result(bale, "editMessageReplyMarkup", { ...base, reply_markup });
    expect(ali.inbox.last.reply_markup).toEqual(reply_markup);
    expect(
      await refusal(bale, "editMessageReplyMarkup", { ...base, reply_markup: { keyboard: [["a"]] } }),
    ).toContain("inline keyboard expected");
  });

  it("change captions of files, and texts of texts", async () => {
    const { bale, ali, base } = await started();
    expect(await refusal(bale, "editMessageCaption", { ...base, caption: "x" })).toContain("no caption");
    const photo = await result(bale, "sendPhoto", {
      chat_id: ali.id,
      photo: "https://b.ir/a.jpg",
      caption: "old",
    });
    const it = { chat_id: ali.id, message_id: photo.message_id };
    await result(bale, "editMessageCaption", { ...it, caption: "new /cmd" });
    expect(ali.inbox.last).toMatchObject({
      caption: "new /cmd",
      caption_entities: [{ type: "bot_command" }],
    });
    await result(bale, "editMessageCaption", it);
    expect(ali.inbox.last).not.toHaveProperty("caption");
    expect(ali.inbox.last).not.toHaveProperty("caption_entities");
    expect(await refusal(bale, "editMessageText", { ...it, text: "x" })).toContain("no text");
  });

  it("are for the bot's own messages", async () => {
    const { bale, base } = await started();
    expect(await refusal(bale, "editMessageText", { ...base, message_id: 1, text: "x" })).toContain(
      "can't be edited",
    );
    expect(await refusal(bale, "editMessageText", { ...base, message_id: 99, text: "x" })).toContain(
      "not found",
    );
  });
});

describe("deleteMessage", () => {
  it("takes away what is younger than 48 hours", async () => {
    const { bale, ali, base } = await started();
    await bale.clock.advance(48 * 3_600_000 - 1000);
    expect(await result(bale, "deleteMessage", base)).toBe(true);
    expect(ali.inbox.all).toEqual([]);
    await bale.clock.advance(1000);
    expect(await refusal(bale, "deleteMessage", { ...base, message_id: 1 })).toContain("can't be deleted");
    expect(await refusal(bale, "deleteMessage", base)).toContain("message not found");
  });

  it("takes away other people's messages in private, and in groups only by right", async () => {
    const { bale, ali } = await started();
    expect(await result(bale, "deleteMessage", { chat_id: ali.id, message_id: 1 })).toBe(true);
    const ruled = bale.group({ title: "Ruled", members: [ali] });
    const joined = bale.group({ title: "Joined", members: [ali], bot: "member" });
    const one = await ali.sends("x", { chat: ruled });
    const two = await ali.sends("x", { chat: joined });
    expect(await result(bale, "deleteMessage", { chat_id: ruled.id, message_id: one.message_id })).toBe(true);
    expect(await refusal(bale, "deleteMessage", { chat_id: joined.id, message_id: two.message_id })).toBe(
      "403 permission_denied",
    );
  });
});
