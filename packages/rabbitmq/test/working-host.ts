import {
  type Clock,
  type InboxEntry,
  type InboxHost,
  type InboxRole,
  type Logger,
  systemClock,
  type Update,
} from "balekit";
import { onTestFinished } from "vitest";
import { type RabbitInbox, rabbitInbox, type RabbitInboxOptions } from "../src/index.js";

/** What stands for a bot in these tests: runs a handler for each entry, without lanes of its own. */
export interface WorkingHost {
  readonly inbox: RabbitInbox;
  readonly warnings: readonly string[];
  /** Ends it as a bot ends: nothing new, what runs may end, and then it is closed. */
  stop(): Promise<void>;
}

/** How a host is to work. */
export interface WorkingHostInit extends RabbitInboxOptions {
  readonly url: string;
  readonly prefix: string;
  readonly role?: InboxRole;
  readonly handler?: (entry: InboxEntry) => unknown;
  /** How often an entry is tried. @default 1 */
  readonly attempts?: number;
  readonly clock?: Clock;
}

/** Opens an inbox for a host, which is stopped when the test is over. */
export async function work({
  url,
  role = "both",
  handler = () => undefined,
  attempts = 1,
  clock = systemClock,
  ...options
}: WorkingHostInit): Promise<WorkingHost> {
  const inbox = rabbitInbox(url, options);
  const hard = new AbortController();
  const warnings: string[] = [];
  const ignore = (): void => undefined;
  const logger: Logger = {
    debug: ignore,
    info: ignore,
    warn: (message) => warnings.push(message),
    error: (message) => warnings.push(message),
  };
  let running = 0;
  let isStopping = false;
  const handle = async (entry: InboxEntry): Promise<void> => {
    if (isStopping || entry.signal.aborted) throw new Error("never had its turn");
    running++;
    try {
      for (let attempt = 1; ; attempt++) {
        try {
          await handler(entry);
          entry.done();
          return;
        } catch (error) {
          if (entry.signal.aborted) throw error;
          await entry.failed(String(error), attempt, attempt < attempts ? 0 : undefined);
          if (attempt >= attempts) return;
        }
      }
    } finally {
      running--;
    }
  };
  const host: InboxHost = {
    role,
    botId: 1000,
    clock,
    logger,
    signal: hard.signal,
    handle,
    laneKey: (update) => String(update.message?.chat.id ?? update.update_id),
    onError: async (error) => void warnings.push(String(error)),
  };
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= (async () => {
      isStopping = true;
      inbox.pause();
      await until(() => running === 0);
      await inbox.close();
    })();
    return stopped;
  };
  onTestFinished(async () => {
    hard.abort(new Error("The test is over."));
    isStopping = true;
    if (stopped === undefined) await inbox.close();
    await stopped;
  });
  await inbox.open(host);
  return { inbox, warnings, stop };
}

/** A message of a chat that says its own number. */
export function updateOf(id: number, chat: number): Update {
  return {
    update_id: id,
    message: {
      message_id: id,
      date: 1_700_000_000,
      chat: { id: chat, type: "private", first_name: `C${chat}` },
      text: String(id),
    },
  } as Update;
}

/** A payment's question. */
export function paymentOf(id: number): Update {
  return {
    update_id: id,
    pre_checkout_query: {
      id: String(id),
      from: { id: 5, is_bot: false, first_name: "Sara" },
      currency: "IRR",
      total_amount: 1_000,
      invoice_payload: "x",
    },
  } as Update;
}

/** Waits until something holds, however slow the machine is. */
export async function until(holds: () => boolean | Promise<boolean>, limitMs = 120_000): Promise<void> {
  for (const limit = Date.now() + limitMs; !(await holds()); ) {
    if (Date.now() > limit)
      throw new Error(`It does not come about within ${limitMs} ms: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
