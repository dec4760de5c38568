import type { Update } from "@balekit/api";
import type { Clock } from "@balekit/storage";
import type { Logger } from "./logger.js";

/**
 * What a process does with updates where several share an inbox: `"ingest"` fetches them and puts them in, `"work"`
 * takes them out and handles them.
 */
export type InboxRole = "ingest" | "work" | "both";

/** One update as an inbox hands it out. */
export interface InboxEntry {
  readonly update: Update;
  /** When it was taken in, in ms since 1970. */
  readonly takenAt: number;
  /** The number of the attempt that comes now, counted from 1 and on from what was recorded. */
  readonly attempt: number;
  /** Aborts when the work is no longer wanted: the bot stops hard, or this process lost its claim on the update. */
  readonly signal: AbortSignal;
  /** Told once that the update is done with, while its handler may still run: it can be forgotten. Must not throw. */
  done(): void;
  /**
   * Told that an attempt has failed, and in how many milliseconds the next one comes, in this process and in its lane;
   * `undefined`: there is none, and the update is set aside. What it resolves is waited for; must not reject.
   * @param error what was thrown, in one line
   */
  failed(error: string, attempt: number, retryInMs: number | undefined): Promise<void>;
}

/** What an inbox is given by the bot it works for. */
export interface InboxHost {
  /** What this process does. An inbox of one machine need not look: it does both. @default "both" */
  readonly role?: InboxRole | undefined;
  /** The bot's own account: one store may serve several bots. */
  readonly botId: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Aborts when the bot no longer waits for handlers. */
  readonly signal: AbortSignal;
  /**
   * Runs an update through the bot: waiters, its lane, the handlers, and the handlers again when they fail. Resolves
   * when that is over, after `entry.done` or the last `entry.failed`; rejects with `BotStoppedError` when the bot
   * stopped before: then the update is to be handed out again.
   */
  readonly handle: (entry: InboxEntry) => Promise<void>;
  /** The lane of an update: two updates with one key are handled one after the other. */
  readonly laneKey: (update: Update) => string;
  /** Takes faults of the inbox itself. Never rejects. */
  readonly onError: (error: unknown, update?: Update) => Promise<void>;
}

/** An update that was set aside after its last attempt. */
export interface DeadUpdate {
  /** Names it for `retry` and `drop`. */
  readonly id: string;
  readonly update: Update;
  readonly attempts: number;
  /** What the last attempt threw, as text. Holds no token. */
  readonly error: string;
  /** When it was set aside, in ms since 1970. */
  readonly diedAt: number;
}

/** The updates that were set aside, for those who look after a bot: `bot.inbox`. */
export interface DeadUpdates {
  /** Updates that were set aside, oldest first. */
  dead(): Promise<readonly DeadUpdate[]>;
  /** Hands an update that was set aside out once more, behind what its lane holds now. Resolves to whether there was one. */
  retry(id: string): Promise<boolean>;
  /** Forgets an update that was set aside. Resolves to whether there was one. */
  drop(id: string): Promise<boolean>;
}

/** The right to be the only one who asks Bale for updates. */
export interface PollClaim {
  /** Aborts when the claim is lost: somebody else may be asking now. */
  readonly lost: AbortSignal;
  /** Lets somebody else have it. Idempotent. */
  release(): Promise<void>;
}

/** How an inbox is doing. */
export interface InboxHealth {
  readonly state: "ok" | "degraded";
  /** Why it is degraded, in one sentence. */
  readonly reason?: string | undefined;
  /** Updates taken and not yet finished; absent where the store cannot tell cheaply. */
  readonly pending?: number | undefined;
  readonly dead?: number | undefined;
}

/**
 * Keeps updates between Bale and the handlers, so that one may be confirmed before it is handled. Sources `put`; the
 * inbox hands out, once each update is safe, in the order of each lane, and again what no handler has finished.
 */
export interface Inbox extends DeadUpdates {
  /** Opens the store and begins to hand out, first of all what an earlier process left. After `close`, anew. */
  open(host: InboxHost): Promise<void>;
  /**
   * Takes updates in. Resolves when every one of them survives a crash; an update it has had before is dropped. Rejects
   * when they are not safe: then the source neither confirms them nor answers 200. Waits while too many are pending.
   */
  put(updates: readonly Update[]): Promise<void>;
  /**
   * Waits until no other process asks Bale for updates, and claims to be the one who does. Absent: there is only this
   * process. Rejects with the signal's reason when it aborts.
   */
  claim?(signal: AbortSignal): Promise<PollClaim>;
  /** Hands out nothing more; resolves at once. What runs may end, and is recorded when it does. */
  pause(): void;
  /** Records what has ended, and lets go of the store. Ends an `open` and a `put` under way. */
  close(): Promise<void>;
  health(): InboxHealth;
}
