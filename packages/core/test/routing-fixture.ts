import { type Call, createApi, type Message, type Transport, type Update } from "@balekit/api";
import { systemClock } from "@balekit/storage";
import { Context, type ContextServices } from "../src/context.js";
import { normalizeText } from "../src/normalize-text.js";

export const ali = { id: 7, is_bot: false, first_name: "Ali" } as const;
export const home = { id: 7, type: "private", first_name: "Ali" } as const;

/** A new message in Ali's private chat. */
export function said(text: string, more: Partial<Message> = {}): Update {
  return { update_id: 1, message: { message_id: 10, date: 1, chat: home, from: ali, text, ...more } };
}

/** A message of something else than text. */
export function sent(more: Partial<Message>): Update {
  return { update_id: 2, message: { message_id: 11, date: 1, chat: home, from: ali, ...more } };
}

/** A press on a button below a message of the bot's. */
export function pressed(data: string | undefined): Update {
  const message: Message = { message_id: 12, date: 1, chat: home, text: "menu" };
  return { update_id: 3, callback_query: { id: "q1", from: ali, message, data } };
}

/** Services over a transport that writes every call down and answers it with a message. */
export function services(answer: (call: Call) => unknown = () => ({ message_id: 99, date: 1, chat: home })): {
  readonly services: ContextServices;
  readonly calls: { readonly method: string; readonly params: unknown }[];
} {
  const calls: { method: string; params: unknown }[] = [];
  const transport: Transport = {
    send: async (call) => {
      calls.push({ method: call.method, params: call.params });
      return { ok: true, result: answer(call) };
    },
    download: () => Promise.reject(new Error("there are no files here")),
    close: () => Promise.resolve(),
  };
  return {
    calls,
    services: {
      api: createApi({ token: "1000:secret-secret-secret-secret-secret-secret", transport }),
      me: { id: 1000, is_bot: true, first_name: "Shop", username: "Shop_Bot" },
      clock: systemClock,
      waitFor: () => Promise.reject(new Error("nobody waits here")),
      effect: (_, run) => run({ idempotencyKey: undefined }),
      normalizeText,
    },
  };
}

/** A context over such services. */
export function contextOf(update: Update): Context {
  return new Context(update, services().services);
}
