import { emulator } from "@balekit/emulator";
import {
  type Animation,
  type Audio,
  Bot,
  type CallbackQuery,
  type ChannelChat,
  type Chat,
  type ChatMemberAdministrator,
  type Contact,
  type Context,
  type Document,
  type GroupChat,
  type Invoice,
  type LabeledPrice,
  type Location,
  type Message,
  type PhotoSize,
  type Sticker,
  type SuccessfulPayment,
  type Update,
  type User,
  type Video,
} from "balekit";
import { describe, expect, onTestFinished, test } from "vitest";

/** Every field of a type, so that the compiler says when one is missing. */
type Whole<Type> = { [Field in keyof Type]-?: Exclude<Type[Field], undefined> };

const user: Whole<User> = {
  id: 7,
  is_bot: false,
  first_name: "علی",
  last_name: "رضایی",
  username: "ali",
  language_code: "fa",
};
const photo = {
  small_file_id: "s",
  small_file_unique_id: "su",
  big_file_id: "b",
  big_file_unique_id: "bu",
};
const group = { id: 9, type: "group", title: "گروه", username: "gap", photo } satisfies GroupChat;
const channel = { id: 11, type: "channel", title: "کانال" } satisfies ChannelChat;
const size: Whole<PhotoSize> = { file_id: "f", file_unique_id: "u", width: 20, height: 10, file_size: 5 };
const named = { file_id: "f", file_unique_id: "u", file_name: "n", mime_type: "m/t", file_size: 5 };
const small: Whole<PhotoSize> = { ...size, file_id: "f0", width: 2, height: 1 };

/** Runs a message through a bot and gives what a handler of the query saw: nothing when it did not fit. */
async function received(query: string, extra: Partial<Message>): Promise<Context> {
  const message = { message_id: 3, date: 1_700_000_000, chat: group, from: user, ...extra } as Message;
  return given(query, { update_id: 5, message });
}

async function given(query: string, update: Update): Promise<Context> {
  const bale = emulator();
  const bot = new Bot(bale.token);
  bot.connect({ transport: bale.transport(), clock: bale.clock });
  onTestFinished(() => bot.stop({ graceMs: 0 }));
  const seen: Context[] = [];
  const errors: unknown[] = [];
  bot.catch((error) => void errors.push(error.cause));
  bot.on(query as "message", (ctx) => void seen.push(ctx));
  await bot.handle(update);
  expect(errors).toEqual([]);
  const [ctx] = seen;
  if (ctx === undefined) throw new Error(`The query ${query} did not fit.`);
  return ctx;
}

describe("messages", () => {
  test("tell who wrote what, where and when", async () => {
    const ctx = await received("message:text", { text: "سلام" });
    expect([ctx.update.update_id, ctx.msg?.message_id, ctx.msg?.date]).toEqual([5, 3, 1_700_000_000]);
    expect([ctx.message?.from, ctx.from, ctx.chat, ctx.chatId]).toEqual([user, user, group, 9]);
    expect([ctx.msg?.text, ctx.text, ctx.content]).toEqual(["سلام", "سلام", "سلام"]);
  });

  test("with a caption have it as their content", async () => {
    const ctx = await received("message:caption", { caption: "شرح", photo: [size] });
    expect([ctx.msg?.caption, ctx.content, ctx.text]).toEqual(["شرح", "شرح", undefined]);
  });

  test("that were forwarded tell where they come from", async () => {
    const extra = { forward_from: user, forward_from_chat: channel, forward_from_message_id: 8, text: "x" };
    const ctx = await received("message:forward_from", extra);
    expect(ctx.msg).toMatchObject(extra);
    expect((await received("message:forward_from_chat", extra)).msg?.forward_from_message_id).toBe(8);
  });

  test("that answer another hold it, with its number", async () => {
    const original = { message_id: 2, date: 1, chat: group, text: "پرسش" } satisfies Message;
    const ctx = await received("message:reply_to_message", { reply_to_message: original, text: "پاسخ" });
    expect(ctx.msg?.reply_to_message).toEqual(original);
    expect(ctx.msg?.reply_to_message?.message_id).toBe(2);
  });

  test("that were edited come with the time of the edit", async () => {
    const edited_message = { message_id: 3, date: 1, edit_date: 2, chat: group, from: user, text: "نو" };
    const ctx = await given("edited_message", { update_id: 6, edited_message });
    expect([ctx.editedMessage, ctx.msg?.edit_date, ctx.content]).toEqual([edited_message, 2, "نو"]);
  });

  test("about people who come and go name them", async () => {
    const came = await received("message:new_chat_members", { new_chat_members: [user] });
    expect(came.msg?.new_chat_members).toEqual([user]);
    const left = await received("message:left_chat_member", { left_chat_member: user });
    expect([left.msg?.left_chat_member, left.member]).toEqual([user, user]);
  });

  test("have their file as an attachment: the largest photo, stickers and videos too", async () => {
    const photos = await received("message:photo", { photo: [size, small] });
    expect([photos.msg?.photo, photos.attachment]).toEqual([[size, small], size]);
    expect((await received("message:text", { text: "x" })).attachment).toBeUndefined();
  });

  test("keep what Bale sends beyond its documentation", async () => {
    const ctx = await received("message", { text: "x", novelty: 1 } as Partial<Message>);
    expect(ctx.msg).toHaveProperty("novelty", 1);
  });
});

describe("chats, users and presses", () => {
  test("a chat has its type, names and photo", async () => {
    const ctx = await received("message", { text: "x" });
    expect(ctx.chat).toEqual(group);
    const person: Chat = {
      id: 7,
      type: "private",
      first_name: "علی",
      last_name: "رضایی",
      username: "ali",
      photo,
    };
    expect((await received("message", { chat: person })).chat).toEqual(person);
    const types: readonly Chat["type"][] = ["private", "group", "channel"];
    expect(types).toHaveLength(3);
  });

  test("a user has an id that is the private chat's, names and a username", async () => {
    const ctx = await received("message", { text: "x" });
    expect(ctx.from).toEqual(user);
    expect(ctx.from?.id).toBe(7);
  });

  test("an administrator has each right as Bale tells it, beyond its documentation too", async () => {
    const rights: Omit<Whole<ChatMemberAdministrator>, "status" | "user"> = {
      can_delete_messages: true,
      can_manage_video_chats: false,
      can_restrict_members: true,
      can_promote_members: false,
      can_change_info: true,
      can_invite_users: false,
      can_post_stories: true,
      can_post_messages: false,
      can_edit_messages: true,
      can_pin_messages: true,
    };
    const beyond = {
      is_member: true,
      can_be_edited: true,
      can_send_messages: true,
      can_send_media_messages: true,
      can_reply_to_story: true,
      can_send_link_message: true,
      can_send_forwarded_message: true,
      can_see_members: true,
      can_add_story: true,
    };
    const told = { status: "administrator", user, ...rights, ...beyond };
    const bot = new Bot(emulator().token);
    bot.api.use(() => Promise.resolve({ ok: true, result: told }));
    const member = await bot.api.getChatMember({ chat_id: 9, user_id: 7 });
    expect(member).toEqual(told);
    if (member.status !== "administrator") throw new Error("no administrator");
    // Not copied from one another, as they once were.
    expect([member.can_pin_messages, member.can_post_messages]).toEqual([true, false]);
  });

  test("a press tells who, on which message, with which data", async () => {
    const message = { message_id: 3, date: 1, chat: group, text: "x" } satisfies Message;
    const callback_query: Whole<CallbackQuery> = { id: "q", from: user, data: "buy/1", message };
    const ctx = await given("callback_query", { update_id: 1, callback_query });
    expect(ctx.callbackQuery).toEqual(callback_query);
    expect([ctx.from, ctx.msg, ctx.chat]).toEqual([user, message, group]);
  });
});

describe("files and other contents", () => {
  test("an audio comes with all its fields", async () => {
    const audio: Whole<Audio> = { ...named, duration: 3, title: "آهنگ" };
    expect((await received("message:audio", { audio })).attachment).toEqual(audio);
  });

  test("a document comes with its thumbnail and all its fields", async () => {
    const document: Whole<Document> = { ...named, thumbnail: small };
    expect((await received("message:document", { document })).attachment).toEqual(document);
  });

  test("a photo size comes with all its fields", async () => {
    expect((await received("message:photo", { photo: [size] })).msg?.photo).toEqual([size]);
  });

  test("a video comes with all its fields, as an object like any other", async () => {
    const video: Whole<Video> = { ...named, width: 4, height: 3, duration: 2 };
    const ctx = await received("message:video", { video });
    expect([ctx.msg?.video, ctx.attachment]).toEqual([video, video]);
  });

  test("an animation comes with its thumbnail and all its fields", async () => {
    const animation: Whole<Animation> = { ...named, width: 4, height: 3, duration: 2, thumbnail: small };
    expect((await received("message:animation", { animation })).attachment).toEqual(animation);
  });

  test("a sticker comes with all its fields, and with what Bale may add", async () => {
    const sticker: Whole<Sticker> = {
      file_id: "f",
      file_unique_id: "u",
      type: "regular",
      width: 512,
      height: 512,
      file_size: 9,
    };
    const told = { ...sticker, thumb: small, set_name: "set" };
    const ctx = await received("message:sticker", { sticker: told });
    expect([ctx.msg?.sticker, ctx.attachment]).toEqual([told, told]);
  });

  test("a contact keeps the leading zero of its number", async () => {
    const contact: Whole<Contact> = {
      phone_number: "09120000000",
      first_name: "ع",
      last_name: "ر",
      user_id: 7,
    };
    expect((await received("message:contact", { contact })).msg?.contact).toEqual(contact);
  });

  test("a location comes in degrees", async () => {
    const location: Whole<Location> = { longitude: 51.4, latitude: 35.7 };
    expect((await received("message:location", { location })).msg?.location).toEqual(location);
  });

  test("an invoice, its prices and its payment come with all their fields", async () => {
    const invoice: Whole<Invoice> = {
      title: "t",
      description: "d",
      total_amount: 20_000,
      start_parameter: "s",
      currency: "IRR",
    };
    expect((await received("message:invoice", { invoice })).msg?.invoice).toEqual(invoice);
    const price: Whole<LabeledPrice> = { label: "قیمت", amount: 20_000 };
    expect(Object.keys(price)).toEqual(["label", "amount"]);
    const successful_payment: Whole<SuccessfulPayment> = {
      currency: "IRR",
      total_amount: 20_000,
      invoice_payload: "p",
      telegram_payment_charge_id: "c",
      provider_payment_charge_id: "w",
    };
    const told = { ...successful_payment, shipping_option_id: "o" };
    const ctx = await received("successful_payment", { successful_payment: told });
    expect([ctx.payment, ctx.msg?.successful_payment]).toEqual([told, told]);
  });
});
