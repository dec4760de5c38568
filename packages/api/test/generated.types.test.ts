import { describe, expectTypeOf, test } from "vitest";
import type { CallOptions } from "../src/call-options.js";
import type {
  BusinessApi,
  DocumentedApi,
  Methods,
  SendMessageParams,
  UndocumentedApi,
} from "../src/generated/methods.js";
import type { PhotoMessage, Queries, TextMessage } from "../src/generated/queries.js";
import type {
  CallbackQuery,
  Chat,
  ChatMember,
  ChatMemberAdministrator,
  Document,
  GroupChat,
  InlineKeyboardMarkup,
  Message,
  MessageId,
  PhotoSize,
  SuccessfulPayment,
  Transaction,
  Update,
  User,
} from "../src/generated/types.js";
import type { InputFile } from "../src/input-file.js";

/** What a context promises before any query has narrowed it. */
interface Wide {
  readonly update: Update;
  readonly message: Message | undefined;
  readonly msg: Message | undefined;
  readonly chat: Chat | undefined;
  readonly chatId: number | undefined;
  readonly from: User | undefined;
  readonly text: string | undefined;
  readonly content: string | undefined;
  readonly attachment: PhotoSize | Document | undefined;
  readonly callbackQuery: CallbackQuery | undefined;
  readonly payment: SuccessfulPayment | undefined;
  readonly member: User | undefined;
}

type Behind<Query extends keyof Queries> = Wide & Queries[Query];

describe("a context behind a query", () => {
  test("message:text has the text, and leaves the sender open for channel posts", () => {
    expectTypeOf<Behind<"message:text">["text"]>().toEqualTypeOf<string>();
    expectTypeOf<Behind<"message:text">["content"]>().toEqualTypeOf<string>();
    expectTypeOf<Behind<"message:text">["msg"]>().toExtend<TextMessage>();
    expectTypeOf<Behind<"message:text">["message"]["text"]>().toEqualTypeOf<string>();
    expectTypeOf<Behind<"message:text">["chatId"]>().toEqualTypeOf<number>();
    expectTypeOf<Behind<"message:text">["from"]>().toEqualTypeOf<User | undefined>();
  });

  test("message:photo has the sizes, and one of them as the attachment", () => {
    expectTypeOf<Behind<"message:photo">["msg"]>().toExtend<PhotoMessage>();
    expectTypeOf<Behind<"message:photo">["msg"]["photo"]>().toExtend<readonly PhotoSize[]>();
    expectTypeOf<Behind<"message:photo">["attachment"]>().toExtend<PhotoSize>();
    expectTypeOf<Behind<"message:photo">["text"]>().toEqualTypeOf<string | undefined>();
  });

  test("a shorthand narrows msg and leaves message open", () => {
    expectTypeOf<Behind<":text">["msg"]["text"]>().toEqualTypeOf<string>();
    expectTypeOf<Behind<":text">["message"]>().toEqualTypeOf<Message | undefined>();
    expectTypeOf<Behind<"edited_message:text">["editedMessage"]>().toEqualTypeOf<TextMessage>();
  });

  test("callback_query has who pressed, and :data what the button carried", () => {
    expectTypeOf<Behind<"callback_query">["from"]>().toEqualTypeOf<User>();
    expectTypeOf<Behind<"callback_query">["chatId"]>().toEqualTypeOf<number>();
    expectTypeOf<Behind<"callback_query">["callbackQuery"]["data"]>().toEqualTypeOf<string | undefined>();
    expectTypeOf<Behind<"callback_query:data">["callbackQuery"]["data"]>().toEqualTypeOf<string>();
    expectTypeOf<Behind<"callback_query:data">["msg"]>().toEqualTypeOf<Message | undefined>();
    expectTypeOf<Behind<"callback_query:message">["msg"]>().toEqualTypeOf<Message>();
    expectTypeOf<Behind<"callback_query:message">["chat"]>().toEqualTypeOf<Chat | undefined>();
  });

  test("payments and members have theirs, under both names", () => {
    expectTypeOf<Behind<"successful_payment">["payment"]>().toEqualTypeOf<SuccessfulPayment>();
    expectTypeOf<Queries["successful_payment"]>().toEqualTypeOf<Queries["message:successful_payment"]>();
    expectTypeOf<Behind<"member_chat_join">["member"]>().toEqualTypeOf<User>();
    expectTypeOf<Behind<"message:new_chat_members">["member"]>().toEqualTypeOf<User | undefined>();
    expectTypeOf<Behind<"member_chat_leave">["member"]>().toEqualTypeOf<User>();
    expectTypeOf<Behind<"pre_checkout_query">["preCheckoutQuery"]["total_amount"]>().toEqualTypeOf<number>();
  });

  test("two queries narrow together, and a list of queries leaves what they share", () => {
    type Both = Wide & Queries["message:text"] & Queries["message:reply_to_message"];
    expectTypeOf<Both["msg"]["text"]>().toEqualTypeOf<string>();
    expectTypeOf<Both["msg"]["reply_to_message"]>().toExtend<Message>();
    type Either = Behind<"message:text" | "message:caption">;
    expectTypeOf<Either["content"]>().toEqualTypeOf<string>();
    expectTypeOf<Either["text"]>().toEqualTypeOf<string | undefined>();
  });

  test("update promises the update and nothing else", () => {
    expectTypeOf<Behind<"update">["msg"]>().toEqualTypeOf<Message | undefined>();
  });

  test("a query that is not in the table is an error", () => {
    // @ts-expect-error there is no such content
    expectTypeOf<Queries["message:txt"]>().toBeAny();
    // @ts-expect-error nobody edits a payment
    expectTypeOf<Queries["edited_message:successful_payment"]>().toBeAny();
  });
});

describe("the faces", () => {
  test("take one object and options, and answer with Bale's result", () => {
    expectTypeOf<DocumentedApi["sendMessage"]>().toEqualTypeOf<
      (params: SendMessageParams, options?: CallOptions) => Promise<Message>
    >();
    expectTypeOf<DocumentedApi["getMe"]>().toBeCallableWith();
    expectTypeOf<DocumentedApi["getMe"]>().toBeCallableWith({}, { timeoutMs: 5 });
    expectTypeOf<DocumentedApi["copyMessage"]>().returns.resolves.toEqualTypeOf<MessageId>();
    expectTypeOf<DocumentedApi["getUpdates"]>().returns.resolves.toEqualTypeOf<readonly Update[]>();
    expectTypeOf<DocumentedApi["inquireTransaction"]>().returns.resolves.toEqualTypeOf<Transaction>();
    expectTypeOf<DocumentedApi["leaveChat"]>().returns.resolves.toEqualTypeOf<true>();
  });

  test("agree with Methods", () => {
    expectTypeOf<Methods["sendMessage"]["params"]>().toEqualTypeOf<SendMessageParams>();
    expectTypeOf<Methods["sendMessage"]["result"]>().toEqualTypeOf<Message>();
    expectTypeOf<keyof Methods>().toEqualTypeOf<keyof DocumentedApi | keyof UndocumentedApi>();
  });

  test("keep undocumented methods behind their own door", () => {
    expectTypeOf<UndocumentedApi>().toHaveProperty("sendSticker");
    expectTypeOf<DocumentedApi>().not.toHaveProperty("sendSticker");
  });

  test("take files where Bale does: upload or id for a photo to send, upload only for a chat's picture", () => {
    expectTypeOf<Parameters<DocumentedApi["sendPhoto"]>[0]["photo"]>().toEqualTypeOf<InputFile | string>();
    expectTypeOf<Parameters<DocumentedApi["setChatPhoto"]>[0]["photo"]>().toEqualTypeOf<InputFile>();
    expectTypeOf<Parameters<BusinessApi["sendPhoto"]>[0]["photo"]>().toEqualTypeOf<string>();
    expectTypeOf<Parameters<BusinessApi["sendPhoto"]>[0]["chat_id"]>().toEqualTypeOf<number>();
    expectTypeOf<keyof BusinessApi>().toEqualTypeOf<
      "getMe" | "sendMessage" | "forwardMessage" | "sendPhoto" | "sendVideo" | "sendAudio" | "sendDocument"
    >();
  });

  test("refuse what Bale does not know", () => {
    const send = (params: SendMessageParams): SendMessageParams => params;
    // @ts-expect-error Bale has no parse_mode
    send({ chat_id: 1, text: "a", parse_mode: "HTML" });
    // @ts-expect-error Bale has no forced reply
    send({ chat_id: 1, text: "a", reply_markup: { force_reply: true } });
    // @ts-expect-error a text is needed
    send({ chat_id: 1 });
    send({ chat_id: "@channel", text: "a", reply_to_message_id: undefined });
  });
});

describe("objects and parameters", () => {
  test("a keyboard may be a literal, frozen, or an object with more to it", () => {
    const rows = [[{ text: "a", callback_data: "b" }]] as const;
    expectTypeOf({ inline_keyboard: rows }).toExtend<InlineKeyboardMarkup>();
    expectTypeOf<{
      inline_keyboard: { text: string; url: string }[][];
      row(): void;
    }>().toExtend<InlineKeyboardMarkup>();
  });

  test("parameters can be filled in one by one, received objects can't be changed", () => {
    const params: SendMessageParams = { chat_id: 1, text: "" };
    params.text = "late";
    expectTypeOf<Message["text"]>().toEqualTypeOf<string | undefined>();
    const touch = (message: Message): void => {
      // @ts-expect-error a message is what was sent
      message.text = "other";
      // @ts-expect-error nor can its lists be changed
      message.photo?.push();
    };
    expectTypeOf(touch).toBeFunction();
  });

  test("a chat is told apart by its type, and its title can be read before that", () => {
    expectTypeOf<Extract<Chat, { type: "group" }>>().toEqualTypeOf<GroupChat>();
    expectTypeOf<Chat["title"]>().toEqualTypeOf<string | undefined>();
    expectTypeOf<Chat["type"]>().toEqualTypeOf<"private" | "group" | "channel">();
  });

  test("a member is told apart by status, and nobody is left or kicked", () => {
    expectTypeOf<Extract<ChatMember, { status: "administrator" }>>().toEqualTypeOf<ChatMemberAdministrator>();
    expectTypeOf<ChatMember["status"]>().toEqualTypeOf<
      "creator" | "administrator" | "member" | "restricted"
    >();
    expectTypeOf<ChatMember["user"]>().toEqualTypeOf<User>();
  });

  test("a set that may grow takes any string and still knows its own", () => {
    expectTypeOf<"paid">().toExtend<Transaction["status"]>();
    expectTypeOf<string>().toExtend<Transaction["status"]>();
  });
});
