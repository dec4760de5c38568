import type { ReadableStream } from "node:stream/web";
import { describe, expectTypeOf, test } from "vitest";
import { type Api, createApi } from "../src/api.js";
import { businessApi } from "../src/business.js";
import type { Call, Reply, Transformer } from "../src/call.js";
import { ApiError, BaleError, LimitError, RateLimitedError } from "../src/errors.js";
import type { Chat, Message, SendMessageParams, Update, User } from "../src/index.js";
import { InputFile } from "../src/input-file.js";
import { retry } from "../src/retry.js";

const api: Api = createApi({ token: "1000:abcdef" });
/** Type checked, never run. */
function unrun(_unrun: () => unknown): void {}

describe("methods", () => {
  test("take one object and give Bale's type", () => {
    expectTypeOf(api.sendMessage).returns.resolves.toEqualTypeOf<Message>();
    expectTypeOf(api.getMe).returns.resolves.toEqualTypeOf<User>();
    expectTypeOf(api.getUpdates).returns.resolves.toExtend<readonly Update[]>();
    expectTypeOf(api.sendMessage).parameter(0).toEqualTypeOf<SendMessageParams>();
    unrun(() => api.getMe({}, { timeoutMs: 5, signal: undefined }));
  });

  test("refuse what Bale would refuse", () => {
    // @ts-expect-error text is missing
    unrun(() => api.sendMessage({ chat_id: 1 }));
    // @ts-expect-error positional arguments
    unrun(() => api.sendMessage(1, "hi"));
    // @ts-expect-error an unknown option
    unrun(() => api.getMe({}, { timeout: 5 }));
    // @ts-expect-error bytes have to be wrapped
    unrun(() => api.sendPhoto({ chat_id: 1, photo: new Uint8Array(1) }));
    unrun(() => api.sendPhoto({ chat_id: 1, photo: new InputFile("cat.jpg") }));
    unrun(() => api.sendPhoto({ chat_id: "@channel", photo: "file_id" }));
  });

  test("that are not documented stand behind their door", () => {
    // @ts-expect-error not documented
    unrun(() => api.sendSticker({ chat_id: 1, sticker: "x" }));
    expectTypeOf(api.undocumented.sendSticker).returns.resolves.toEqualTypeOf<Message>();
    unrun(() => expectTypeOf(api.call("anything")).resolves.toEqualTypeOf<unknown>());
    unrun(() => expectTypeOf(api.call<Chat>("getChat", { chat_id: 1 })).resolves.toEqualTypeOf<Chat>());
  });
});

test("a call is discriminated by its method", () => {
  const transformer: Transformer = async (call, next) => {
    if (call.method === "sendMessage") expectTypeOf(call.params).toEqualTypeOf<SendMessageParams>();
    return next(call);
  };
  expectTypeOf(api.use(transformer, retry())).toEqualTypeOf<Api>();
  expectTypeOf(api.with(transformer)).toEqualTypeOf<Api>();
  expectTypeOf<Extract<Call, { method: "getMe" }>["method"]>().toEqualTypeOf<"getMe">();
  // @ts-expect-error a transformer gives a reply
  unrun(() => api.use(() => 5));
});

test("replies and errors narrow", () => {
  const read = (reply: Reply): unknown => (reply.ok ? reply.result : reply.error_code);
  expectTypeOf(read).returns.toBeUnknown();
  const look = (error: unknown): void => {
    if (error instanceof RateLimitedError)
      expectTypeOf(error.retryAfterSeconds).toEqualTypeOf<number | undefined>();
    if (error instanceof ApiError) expectTypeOf(error.errorCode).toEqualTypeOf<number>();
    if (error instanceof BaleError) expectTypeOf(error.code).toEqualTypeOf<string>();
    if (error instanceof LimitError) expectTypeOf(error.actual).toEqualTypeOf<number>();
  };
  expectTypeOf(look).toBeFunction();
});

test("downloads give bytes, a path or a stream", () => {
  unrun(() => {
    expectTypeOf(api.download("id")).resolves.toEqualTypeOf<Uint8Array>();
    expectTypeOf(api.downloadTo({ file_id: "id" }, "x")).resolves.toEqualTypeOf<{
      readonly path: string;
      readonly bytes: number;
    }>();
    expectTypeOf(api.downloadStream("id")).resolves.toEqualTypeOf<ReadableStream<Uint8Array>>();
  });
});

test("the business api takes file_ids and numeric chats only", () => {
  const business = businessApi({ token: "1000:abcdef" });
  unrun(() => business.sendPhoto({ chat_id: 1, photo: "file_id" }));
  // @ts-expect-error no uploads
  unrun(() => business.sendPhoto({ chat_id: 1, photo: new InputFile("x") }));
  // @ts-expect-error private chats only, by number
  unrun(() => business.sendMessage({ chat_id: "@channel", text: "x" }));
  // @ts-expect-error not a method of it
  unrun(() => business.sendVoice({ chat_id: 1, voice: "x" }));
});
