/** One call the bot made, as the log keeps it. */
export interface CallRecord {
  /** Numbered from 1. */
  readonly id: number;
  /** Bale's spelling of the method; the caller's own where Bale has no such method. */
  readonly method: string;
  /** What was sent; an uploaded file is shown as `{ file_name, file_size }`. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly ok: boolean;
  readonly result?: unknown;
  readonly error_code?: number | undefined;
  readonly description?: string | undefined;
  /** What Bale would not have told: parameters it ignores, forms it does not document. */
  readonly warnings: readonly string[];
  /** When it came, in ms since 1970 on the emulator's clock. */
  readonly at: number;
  readonly encoding: string;
  /** Only for calls of the Business API. */
  readonly business?: true | undefined;
  /** The fault that spoiled the answer, if one was set. */
  readonly fault?: string | undefined;
}

/** How many calls are kept, at least. */
const KEPT_CALLS = 10_000;

/** The log of what the bot asked of Bale. A `getUpdates` that brought nothing is counted, not kept. */
export class Calls {
  #kept: CallRecord[] = [];
  #nextId = 1;
  /** How many `getUpdates` were answered, empty ones too. */
  polls = 0;

  /** Keeps a call and gives it its number. */
  add(call: Omit<CallRecord, "id">): CallRecord {
    const record: CallRecord = { id: this.#nextId++, ...call };
    this.#kept.push(record);
    if (this.#kept.length >= 2 * KEPT_CALLS) this.#kept = this.#kept.slice(-KEPT_CALLS);
    return record;
  }

  /** Every call kept, oldest first; with a method, only its calls. */
  all(method?: string): readonly CallRecord[] {
    return method === undefined ? this.#kept.slice() : this.#kept.filter((call) => call.method === method);
  }

  /** The latest call, or the latest of a method. */
  last(method?: string): CallRecord | undefined {
    return method === undefined ? this.#kept.at(-1) : this.#kept.findLast((call) => call.method === method);
  }

  /** Forgets them all. */
  clear(): void {
    this.#kept = [];
  }
}
