import type { Clock } from "balekit";
import type { ConversationEnding, EndingOptions } from "./ending.js";
import { ConversationStateError } from "./errors.js";
import { openEnding } from "./kept-ending.js";
import type { LaneHead } from "./lane-head.js";
import { misuse, shown } from "./misuse.js";

/** What endings are found with. */
export interface EndingsInit {
  /** The head of the lane that an instance is or was in. */
  readonly headOf: (id: string) => Promise<LaneHead | undefined>;
  readonly clock: Clock;
  /** How often the store is asked at least, for ends in other processes. */
  readonly pollMs: number;
  readonly keptMs: number;
}

/** How soon the store is asked again for the first time; then after twice that, and so on. */
const FIRST_POLL_MS = 50;

/** Finds out how conversations have ended, and waits for those that are under way. */
export class Endings {
  readonly #init: EndingsInit;
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(init: EndingsInit) {
    this.#init = init;
  }

  /** Says that an instance has ended in this process. */
  told(id: string): void {
    for (const wake of this.#waiting.get(id) ?? []) wake();
  }

  /** @throws ConversationStateError when nothing is known of it, TypeError when its result could not be kept */
  async of(id: string, options: EndingOptions = {}): Promise<ConversationEnding | undefined> {
    const { of: definition, timeoutMs = 0, signal } = options;
    if (typeof id !== "string" || id === "" || !(timeoutMs >= 0)) {
      const what = timeoutMs >= 0 ? `${shown(id)} is no id` : `timeoutMs is ${shown(timeoutMs)}`;
      throw misuse(
        "ERR_BALE_CONVERSATION_WHOM",
        `bot.conversations.ending: ${what}. Give the id that enter resolved to, and milliseconds from 0 up.`,
      );
    }
    const { clock, pollMs } = this.#init;
    const until = clock.now() + timeoutMs;
    for (let pauseMs = FIRST_POLL_MS; ; pauseMs *= 2) {
      signal?.throwIfAborted();
      // Listened for before it is looked for: else an end in between would be missed.
      const listening = this.#listen(id);
      try {
        const found = await this.#find(id, definition?.name);
        if (found !== undefined) return found;
        const leftMs = until - clock.now();
        if (leftMs <= 0) return undefined;
        await this.#next(listening.told, Math.min(pauseMs, pollMs, leftMs), signal);
      } finally {
        listening.end();
      }
    }
  }

  /** `undefined`: it is under way. */
  async #find(id: string, wanted: string | undefined): Promise<ConversationEnding | undefined> {
    const head = await this.#init.headOf(id);
    const open = head?.instances.find((one) => one.id === id);
    const ended = head?.endings?.find((one) => one.id === id);
    const { clock, keptMs } = this.#init;
    if (open === undefined && (ended === undefined || ended.at + keptMs <= clock.now())) {
      throw new ConversationStateError(
        `Asking how the conversation ${shown(id)} has ended: nothing is known of it. It never was, or has ended longer ago than endings are kept (limits.endingMs), or its user was forgotten. Keep what you need of a result for longer yourself.`,
      );
    }
    const name = open?.definition ?? (ended?.kept as { readonly d?: string } | undefined)?.d;
    if (wanted !== undefined && name !== wanted) {
      throw new ConversationStateError(
        `Asking how the conversation ${shown(id)} has ended: it is of ${shown(name)}, not of ${shown(wanted)}. Give its own definition as "of".`,
      );
    }
    return open === undefined && ended !== undefined ? openEnding(ended) : undefined;
  }

  #listen(id: string): { readonly told: Promise<void>; readonly end: () => void } {
    let wake = (): void => undefined;
    const told = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const waiting = this.#waiting.get(id) ?? new Set();
    this.#waiting.set(id, waiting.add(wake));
    const end = (): void => {
      waiting.delete(wake);
      if (waiting.size === 0 && this.#waiting.get(id) === waiting) this.#waiting.delete(id);
    };
    return { told, end };
  }

  async #next(told: Promise<void>, ms: number, signal: AbortSignal | undefined): Promise<void> {
    const { clock } = this.#init;
    const over = new AbortController();
    await new Promise<void>((resolve) => {
      void told.then(resolve);
      const timer = clock.setTimeout(resolve, ms);
      over.signal.addEventListener("abort", () => clock.clearTimeout(timer));
      signal?.addEventListener("abort", () => resolve(), { once: true, signal: over.signal });
    });
    over.abort();
  }
}
