import type { CallbackQuery, Message, PreCheckoutQuery, Update } from "@balekit/api";
import type { Clock, Timer } from "@balekit/storage";

/** What an update brings. No other kinds exist: channel posts come as `message` (notes.md 3: documented). */
export type UpdateContent =
  | { readonly message: Message }
  | { readonly edited_message: Message }
  | { readonly callback_query: CallbackQuery }
  | { readonly pre_checkout_query: PreCheckoutQuery };

/** Takes updates as they happen, in the place of a queue. Resolves when it is done with one. */
export type Receiver = (update: Update) => Promise<void>;

/** How a `getUpdates` asks. */
export interface Poll {
  readonly offset: number | undefined;
  readonly limit: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

interface Entry {
  readonly update: Update;
  readonly at: number;
  repeat: boolean;
}

/** The last 2000 updates are kept (notes.md 3: documented). */
export const QUEUE_LIMIT = 2000;
/** Updates are kept for 24 hours (notes.md 3: documented). */
export const QUEUE_HOURS = 24;

const KEPT_MS = QUEUE_HOURS * 3_600_000;

/** Updates that wait for the bot: polled, or pushed to a webhook or a receiver. */
export class UpdateQueue {
  readonly #clock: Clock;
  readonly #takeDuplicate: () => boolean;
  #entries: Entry[] = [];
  /** Confirmed updates that a duplicate fault brings back once more. */
  #again: Update[] = [];
  #nextId: number;
  readonly #waiting: Set<() => void> = new Set();
  #receiver: Receiver | undefined;

  /** update_id grows by one for each update of a bot (notes.md 3: documented), from `firstId` on. */
  constructor(clock: Clock, takeDuplicate: () => boolean, firstId: number) {
    this.#nextId = firstId;
    this.#clock = clock;
    this.#takeDuplicate = takeDuplicate;
  }

  /** Numbers an update and hands it on. `done` resolves when an attached receiver has dealt with it, else at once. */
  push(content: UpdateContent): { readonly update: Update; readonly done: Promise<void> } {
    const update: Update = { update_id: this.#nextId++, ...content };
    const repeat = this.#takeDuplicate();
    if (this.#receiver !== undefined) {
      const receive = this.#receiver;
      const first = receive(update);
      return { update, done: repeat ? first.then(() => receive(update)) : first };
    }
    this.#entries.push({ update, at: this.#clock.now(), repeat });
    if (this.#entries.length > QUEUE_LIMIT) this.#entries.shift();
    this.#wake();
    return { update, done: Promise.resolve() };
  }

  /** Hands updates to `receiver` from now on, those that wait included; `undefined` goes back to queueing. */
  receive(receiver: Receiver | undefined): Promise<void> {
    this.#receiver = receiver;
    if (receiver === undefined) return Promise.resolve();
    const waiting = this.#entries;
    this.#entries = [];
    return Promise.all(waiting.map((entry) => receiver(entry.update))).then(() => undefined);
  }

  /**
   * `getUpdates`: confirms, then answers with what there is, or waits for something. Low confidence: what Bale does with two
   * pollers at once is not known (notes.md 3); here each is answered as if it were alone.
   */
  async poll(poll: Poll): Promise<readonly Update[]> {
    this.#confirm(poll.offset);
    const ready = this.#take(poll);
    if (ready.length > 0 || poll.timeoutMs <= 0) return ready;
    await this.#changed(poll.timeoutMs, poll.signal);
    return poll.signal?.aborted === true ? [] : this.#take(poll);
  }

  /** The oldest update that waits, and whether it is to be delivered twice. */
  head(): { readonly update: Update; readonly repeat: boolean } | undefined {
    this.#expire();
    return this.#entries[0];
  }

  /** Drops the oldest update if it is this one. */
  drop(updateId: number): void {
    if (this.#entries[0]?.update.update_id === updateId) this.#entries.shift();
  }

  /** How many updates wait. */
  get size(): number {
    this.#expire();
    return this.#entries.length;
  }

  /** Resolves at the next update, after `timeoutMs`, or when the signal aborts. */
  changed(signal: AbortSignal): Promise<void> {
    return this.#changed(undefined, signal);
  }

  #confirm(offset: number | undefined): void {
    this.#expire();
    if (offset === undefined) return;
    if (offset < 0) {
      // A negative offset counts from the end of the queue and forgets the rest (notes.md 3: documented).
      this.#entries = this.#entries.slice(offset);
      return;
    }
    let confirmed = 0;
    for (const entry of this.#entries) {
      if (entry.update.update_id >= offset) break;
      if (entry.repeat) this.#again.push(entry.update);
      confirmed++;
    }
    if (confirmed > 0) this.#entries.splice(0, confirmed);
  }

  #take(poll: Poll): Update[] {
    this.#expire();
    const { offset } = poll;
    const again = this.#again.splice(0, poll.limit);
    for (const entry of this.#entries) {
      if (again.length >= poll.limit) break;
      if (offset === undefined || offset < 0 || entry.update.update_id >= offset) again.push(entry.update);
    }
    return again;
  }

  #expire(): void {
    const first = this.#entries[0];
    if (first === undefined) return;
    const oldest = this.#clock.now() - KEPT_MS;
    if (first.at >= oldest) return;
    const alive = this.#entries.findIndex((entry) => entry.at >= oldest);
    this.#entries.splice(0, alive === -1 ? this.#entries.length : alive);
  }

  #changed(timeoutMs: number | undefined, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      let timer: Timer;
      const end = (): void => {
        this.#waiting.delete(end);
        if (timer !== undefined) this.#clock.clearTimeout(timer);
        signal?.removeEventListener("abort", end);
        resolve();
      };
      if (timeoutMs !== undefined) timer = this.#clock.setTimeout(end, timeoutMs);
      signal?.addEventListener("abort", end, { once: true });
      this.#waiting.add(end);
    });
  }

  #wake(): void {
    for (const end of [...this.#waiting]) end();
  }
}
