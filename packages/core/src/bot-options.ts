import type { ApiOptions, Transport } from "@balekit/api";
import type { Clock } from "@balekit/storage";
import type { BotState } from "./bot-state.js";
import type { Inbox, InboxHealth, InboxRole } from "./inbox.js";
import type { Logger } from "./logger.js";
import type { PollingOptions, PollingState } from "./polling.js";
import type { RetryOptions } from "./retries.js";

/** Options of `Bot`. */
export interface BotOptions {
  /** How the api reaches Bale: `apiRoot`, `timeoutMs`, `proxy`, a transport of your own. */
  readonly api?: Omit<ApiOptions, "token"> | undefined;
  /** What every timer and time-out of the bot reads. @default systemClock */
  readonly clock?: Clock | undefined;
  /** Where the bot writes what its operator should know. @default consoleLogger() */
  readonly logger?: Logger | undefined;
  /**
   * The most updates handled at the same time, of different chats: one chat's run one after another. Payments have
   * reserved places beyond it. With polling, Bale's window of a hundred unfinished updates bounds it as well.
   * @default 500
   */
  readonly concurrency?: number | undefined;
  /**
   * `"chat"`: updates of one chat are handled one after another, in order. `"none"`: each as soon as there is a place, so
   * that two presses on one button run side by side; for bots that keep nothing between updates.
   * @default "chat"
   */
  readonly order?: "chat" | "none" | undefined;
  /**
   * Keeps updates until they are handled, so that they are confirmed to Bale as soon as they are safe; handlers that
   * throw are given the update again. `sqliteInbox` of `balekit/inbox` for one machine.
   * @default none: an update is confirmed when its handlers are done
   */
  readonly inbox?: Inbox | undefined;
  /** How often handlers that throw are given the same update again. Needs an inbox. */
  readonly retries?: RetryOptions | undefined;
  /** Makes texts comparable for commands, hears and arguments. @default Persian and Arabic digits and letters */
  readonly normalizeText?: ((text: string) => string) | undefined;
  /** Whether presses on buttons that no handler answered are answered when it is done. @default true */
  readonly autoAnswer?: boolean | undefined;
}

/** How a bot is started. */
export interface StartOptions extends PollingOptions {
  /**
   * Where several processes share an inbox: `"ingest"` only fetches updates, `"work"` only handles them.
   * @default "both"
   */
  readonly role?: InboxRole | undefined;
  /** Removes a webhook first, because Bale gives no updates to polling while one is set. @default true */
  readonly deleteWebhook?: boolean | undefined;
}

/** How a bot is stopped. */
export interface StopOptions {
  /** How long running handlers may take to end, before their signals abort. @default 10_000 */
  readonly graceMs?: number | undefined;
}

/** What can be put in place of Bale and of time. */
export interface Connection {
  readonly transport?: Transport | undefined;
  readonly clock?: Clock | undefined;
}

/** How a bot is doing. */
export interface BotHealth {
  readonly state: BotState;
  /** Why it is not `"ok"`, a sentence each. Holds no token and nothing anybody wrote. */
  readonly reasons: readonly string[];
  /** `"standby"`: another process polls, and this one waits for its turn. */
  readonly polling: PollingState | "standby" | "off";
  /** Updates being handled, and updates that wait for their turn. */
  readonly active: number;
  readonly waiting: number;
  /**
   * How long the handler that has been running longest has been seen to run, in ms. Looked at every five seconds, and
   * when the health is asked for; absent while none runs. One that waits in `waitFor` does not count.
   */
  readonly oldestHandlerMs?: number | undefined;
  /** Live waits: of handlers that are parked in `ctx.waitFor`, and of `bot.waitFor`. */
  readonly waitsInHandlers: number;
  readonly waitsOnBot: number;
  /** How the inbox is doing. Absent without one. */
  readonly inbox?: InboxHealth | undefined;
}
