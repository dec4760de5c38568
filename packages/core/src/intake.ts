import type { Update } from "@balekit/api";
import type { Clock } from "@balekit/storage";
import type { Delivery, Sink } from "./delivery.js";
import { sayingOf } from "./errors.js";
import type {
  DeadUpdate,
  DeadUpdates,
  Inbox,
  InboxEntry,
  InboxHealth,
  InboxRole,
  PollClaim,
} from "./inbox.js";
import type { Logger } from "./logger.js";
import { isUrgent, labelOf, laneKeyOf } from "./origin.js";
import type { Retries } from "./retries.js";

/** What stands between an inbox and the bot it works for. */
export interface IntakeInit {
  readonly inbox: Inbox;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly retries: Retries;
  readonly sink: Sink;
  /** Whether updates of one chat come one after another. */
  readonly isOrdered: boolean;
  /** The signal of deliveries of this life. */
  readonly signal: () => AbortSignal;
  /** Takes a text and answers it without the token. */
  readonly redact: (text: string) => string;
  /** Told of faults of the inbox itself. Never rejects. */
  readonly onError: (error: unknown, update?: Update) => Promise<void>;
}

/** A bot's side of its inbox: opens it once a life, makes deliveries of what it hands out, and tells it how they end. */
export class Intake implements DeadUpdates {
  readonly #init: IntakeInit;
  #opening: Promise<void> | undefined;
  #isOpen = false;

  constructor(init: IntakeInit) {
    this.#init = init;
  }

  /** Whether updates can be put in. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Opens the inbox, once a life; again after a failure. */
  open(botId: number, role: InboxRole): Promise<void> {
    this.#opening ??= this.#open(botId, role).catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening;
  }

  /** Puts updates in; resolves when they are safe. */
  readonly put = (updates: readonly Update[]): Promise<void> => this.#init.inbox.put(updates);

  /** Waits for the right to poll; nothing where nobody else could. */
  async claim(signal: AbortSignal): Promise<PollClaim | undefined> {
    return this.#init.inbox.claim?.(signal);
  }

  pause(): void {
    if (this.#opening !== undefined) this.#init.inbox.pause();
  }

  async close(): Promise<void> {
    if (this.#opening === undefined) return;
    this.#isOpen = false;
    const { inbox, onError } = this.#init;
    // An open under way is ended by closing: both, so that no store is left open behind it.
    await inbox.close().catch(onError);
    await this.#opening.catch(() => undefined);
    this.#opening = undefined;
  }

  health(): InboxHealth {
    return this.#init.inbox.health();
  }

  dead(): Promise<readonly DeadUpdate[]> {
    return this.#opened("dead").then((inbox) => inbox.dead());
  }

  retry(id: string): Promise<boolean> {
    return this.#opened("retry").then((inbox) => inbox.retry(id));
  }

  drop(id: string): Promise<boolean> {
    return this.#opened("drop").then((inbox) => inbox.drop(id));
  }

  async #opened(name: string): Promise<Inbox> {
    if (this.#isOpen) return this.#init.inbox;
    const message = `bot.inbox.${name}: the inbox is not open. Start the bot first, and ask before it stops.`;
    throw Object.assign(new Error(message), { code: "ERR_BALE_NOT_STARTED" });
  }

  async #open(botId: number, role: InboxRole): Promise<void> {
    const { inbox, clock, logger, signal, onError, isOrdered } = this.#init;
    await inbox.open({
      role,
      botId,
      clock,
      logger,
      signal: signal(),
      handle: this.#handle,
      laneKey: isOrdered ? laneNameOf : ownLaneOf,
      onError,
    });
    this.#isOpen = true;
  }

  readonly #handle = async (entry: InboxEntry): Promise<void> => {
    const { retries, clock, logger, sink } = this.#init;
    if (retries.isTooLate(entry, clock.now())) {
      logger.warn(
        `${labelOf(entry.update)} comes more than ten seconds late: Bale has given the payment up, and so it is left.`,
      );
      entry.done();
      return;
    }
    const delivery = new KeptDelivery(entry, this.#init);
    await sink(delivery);
    delivery.accept();
  };
}

/** An update that an inbox keeps. */
class KeptDelivery implements Delivery {
  readonly update: Update;
  readonly signal: AbortSignal;
  attempt: number;
  readonly #entry: InboxEntry;
  readonly #init: IntakeInit;
  #isOver = false;

  constructor(entry: InboxEntry, init: IntakeInit) {
    this.#entry = entry;
    this.#init = init;
    this.update = entry.update;
    this.signal = entry.signal;
    this.attempt = entry.attempt;
  }

  accept(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#entry.done();
  }

  async failed(error: unknown, attempt: number): Promise<number | undefined> {
    // Accepted before: what came after it was not promised.
    if (this.#isOver) return undefined;
    const entry = this.#entry;
    const { retries, clock, redact, onError } = this.#init;
    const retryInMs = retries.delayMs(entry, attempt, error, clock.now());
    this.attempt = attempt + 1;
    this.#isOver = retryInMs === undefined;
    // Nobody can make up for a payment later: it is told, and not set aside.
    if (this.#isOver && isUrgent(entry.update)) {
      entry.done();
      return undefined;
    }
    try {
      await entry.failed(redact(sayingOf(error)), attempt, retryInMs);
    } catch (fault) {
      void onError(fault, entry.update);
    }
    return retryInMs;
  }
}

/** The name of an update's lane, for stores. */
function laneNameOf(update: Update): string {
  const key = laneKeyOf(update);
  return typeof key === "object" ? ownLaneOf(update) : String(key);
}

/** The name of a lane that an update shares with no other. */
function ownLaneOf(update: Update): string {
  return `update:${update.update_id}`;
}
