import { Bot, manualClock, memory, type Storage, type Update } from "balekit";
import { onTestFinished } from "vitest";

/** A bot without a network, the errors its handlers threw, and a store to look into. */
export function sessionBot(id = 1000) {
  const clock = manualClock();
  const storage: Storage = memory({ clock });
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const bot = new Bot(`${id}:not-a-real-secret`, {
    clock,
    logger: { debug: log, info: log, warn: log, error: log },
    api: {
      transport: {
        send: async ({ method }) => ({
          ok: true,
          result:
            method === "getMe" ? { id, is_bot: true, first_name: "bot", username: "session_bot" } : true,
        }),
        download: () => Promise.reject(new Error("no files here")),
        close: async () => {},
      },
    },
  });
  const errors: unknown[] = [];
  bot.catch((error) => void errors.push(error.cause));
  onTestFinished(() => bot.stop({ graceMs: 0 }));
  return { bot, clock, storage, lines, errors };
}

let ids = 0;

/** What somebody writes. Chats of the user's own id are private. */
export function says(userId: number, text: string, chatId = userId): Update {
  const type = chatId === userId ? "private" : "group";
  const message = { message_id: 1, date: 0, text, chat: { id: chatId, type }, from: { id: userId } };
  return { update_id: ids++, message } as unknown as Update;
}

/** A post of a channel, which has no sender. */
export function posts(chatId: number): Update {
  const message = { message_id: 1, date: 0, text: "post", chat: { id: chatId, type: "channel" } };
  return { update_id: ids++, message } as unknown as Update;
}

/** A press on a button under a message too old to come with its chat. */
export function pressesOld(userId: number): Update {
  return {
    update_id: ids++,
    callback_query: { id: `q${ids}`, from: { id: userId }, data: "x" },
  } as unknown as Update;
}

/** A payment that waits to be confirmed; it has no chat. */
export function pays(userId: number): Update {
  const query = {
    id: `p${ids}`,
    from: { id: userId },
    currency: "IRR",
    total_amount: 1,
    invoice_payload: "x",
  };
  return { update_id: ids++, pre_checkout_query: query } as unknown as Update;
}

/** Something Bale has not documented: neither chat nor user. */
export function unknownUpdate(): Update {
  return { update_id: ids++, novelty: {} } as unknown as Update;
}

/** A promise with its handles, to hold a handler where a test wants it. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

/** All keys of a store, sorted. */
export async function keysOf(storage: Storage): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of storage.keys("")) keys.push(key);
  return keys.sort();
}
