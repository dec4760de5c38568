import type { Update } from "@balekit/api";
import type { Clock } from "@balekit/storage";
import type { Delivery } from "./delivery.js";
import type { Logger } from "./logger.js";

/** What an inbox is given by the bot it works for. */
export interface InboxHost {
  /** The bot's own account: one store may serve several bots. */
  readonly botId: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Aborts when the bot no longer waits for handlers. */
  readonly signal: AbortSignal;
  /**
   * Runs an update through the bot: waiters, its lane, the handlers. Resolves when it is over, whatever became of it;
   * rejects with `BotStoppedError` when it never had its turn. What the handlers throw is told to `delivery.failed`.
   */
  readonly handle: (delivery: Delivery) => Promise<void>;
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
export interface Inbox {
  /** Opens the store and begins to hand out, first of all what an earlier process left. */
  open(host: InboxHost): Promise<void>;
  /**
   * Takes updates in. Resolves when every one of them survives a crash; an update it has had before is dropped. Rejects
   * when they are not safe: then the source neither confirms them nor answers 200.
   */
  put(updates: readonly Update[]): Promise<void>;
  /** Hands out nothing more; resolves at once. What runs may end, and is recorded when it does. */
  pause(): void;
  /** Records what has ended, and lets go of the store. */
  close(): Promise<void>;
  health(): InboxHealth;
  /** Updates that were set aside, oldest first. */
  dead(): Promise<readonly DeadUpdate[]>;
  /** Hands an update that was set aside out once more, behind what its lane holds now. Resolves to whether there was one. */
  retry(id: string): Promise<boolean>;
  /** Forgets an update that was set aside. Resolves to whether there was one. */
  drop(id: string): Promise<boolean>;
}
