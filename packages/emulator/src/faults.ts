import { EmulatorError } from "./emulator-error.js";

/** What can be made to go wrong. */
export const FAULT_KINDS = [
  "429",
  "429-text",
  "500-html",
  "502-html",
  "reset-before",
  "reset-after",
  "hang",
  "200-not-ok",
  "truncated-json",
  "duplicate",
] as const;

/**
 * How a call goes wrong: `429` is JSON with `retry_after`, `429-text` the proxy's plain `local_rate_limited`,
 * `500-html` and `502-html` error pages, `reset-before` a connection cut before the work is done, `reset-after` one
 * cut after it, `hang` an answer that never comes, `200-not-ok` a failure under status 200, `truncated-json` half an
 * answer to work that was done. `duplicate` is not about calls: the next update is delivered twice.
 */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** What is to go wrong, and how often. */
export interface FaultOptions {
  readonly kind: FaultKind;
  /** Only calls of this method, in any case. Absent: every call. Not looked at for `duplicate`. */
  readonly method?: string | undefined;
  /** How many times. @default 1 */
  readonly times?: number | undefined;
  /** Seconds the `429` asks the caller to wait. Absent: the answer does not say (Bale's may not either). */
  readonly retry_after?: number | undefined;
}

/** A fault that was set, with how often it will still strike. */
export interface Fault {
  readonly id: number;
  readonly kind: FaultKind;
  readonly method?: string | undefined;
  readonly times: number;
  readonly left: number;
  readonly retry_after?: number | undefined;
}

interface SetFault {
  readonly fault: Fault;
  readonly method: string | undefined;
  left: number;
}

/** The faults that are set, in the order they strike. */
export class Faults {
  #set: SetFault[] = [];
  #nextId = 1;

  /** @throws {EmulatorError} on an unknown kind or a number that cannot be meant. */
  add(options: FaultOptions): Fault {
    if (!FAULT_KINDS.includes(options.kind)) {
      throw new EmulatorError(
        `Setting a fault: unknown kind "${String(options.kind)}". Kinds are ${FAULT_KINDS.join(", ")}.`,
      );
    }
    const times = options.times ?? 1;
    if (!Number.isInteger(times) || times < 1) {
      throw new EmulatorError(`Setting a fault: times is ${String(times)}. Give a whole number from 1 up.`);
    }
    const retryAfter = options.retry_after;
    if (retryAfter !== undefined && !(typeof retryAfter === "number" && retryAfter >= 0)) {
      throw new EmulatorError(
        `Setting a fault: retry_after is ${String(retryAfter)}. Give seconds from 0 up.`,
      );
    }
    if (options.method !== undefined && typeof options.method !== "string") {
      throw new EmulatorError(
        "Setting a fault: method is not a string. Give a method's name, or leave it out for all.",
      );
    }
    const fault: Fault = {
      id: this.#nextId++,
      kind: options.kind,
      ...(options.method === undefined ? {} : { method: options.method }),
      times,
      left: times,
      ...(retryAfter === undefined ? {} : { retry_after: retryAfter }),
    };
    this.#set.push({ fault, method: options.method?.toLowerCase(), left: times });
    return fault;
  }

  /** Takes the fault that is to strike a call of `method`, if there is one. */
  take(method: string): Fault | undefined {
    if (this.#set.length === 0) return undefined;
    const name = method.toLowerCase();
    return this.#strike(
      (set) => set.fault.kind !== "duplicate" && (set.method === undefined || set.method === name),
    );
  }

  /** Takes the order to deliver an update twice, if there is one. */
  takeDuplicate(): boolean {
    if (this.#set.length === 0) return false;
    return this.#strike((set) => set.fault.kind === "duplicate") !== undefined;
  }

  /** What is still to come. */
  pending(): readonly Fault[] {
    return this.#set.map((set) => ({ ...set.fault, left: set.left }));
  }

  /** Takes all faults back. */
  clear(): void {
    this.#set = [];
  }

  #strike(fits: (set: SetFault) => boolean): Fault | undefined {
    const index = this.#set.findIndex(fits);
    const found = this.#set[index];
    if (found === undefined) return undefined;
    found.left--;
    if (found.left === 0) this.#set.splice(index, 1);
    return { ...found.fault, left: found.left };
  }
}
