import { openSync, readSync } from "node:fs";

/**
 * What handlers have written down, whoever ran them: `begin <number> <process id>`, and the same with `end`. Numbers are
 * `chat:number`, from 0 up in each chat.
 */
export class Ledger {
  readonly #file: number;
  readonly #lines: Record<"begin" | "end" | "health", string[]> = { begin: [], end: [], health: [] };
  /** How many handlers of each process have begun and not ended. */
  readonly #open = new Map<number, number>();
  #rest = "";

  constructor(path: string) {
    this.#file = openSync(path, "r");
  }

  /** The numbers in the order they were begun, or ended; the texts after any other first word. */
  lines(first: "begin" | "end" | "health"): readonly string[] {
    this.#readOn();
    return this.#lines[first];
  }

  /** Reads what has been written since. */
  #readOn(): void {
    const chunk = Buffer.alloc(65_536);
    for (let size = readSync(this.#file, chunk); size > 0; size = readSync(this.#file, chunk)) {
      const lines = `${this.#rest}${chunk.toString("latin1", 0, size)}`.split("\n");
      this.#rest = lines.pop() ?? "";
      for (const line of lines) {
        const [first = "", text = "", pid = ""] = line.split(" ");
        this.#lines[first as "begin"]?.push(text);
        const by = first === "begin" ? 1 : first === "end" ? -1 : 0;
        if (by !== 0) this.#open.set(Number(pid), (this.#open.get(Number(pid)) ?? 0) + by);
      }
    }
  }

  /** Whether a process is, or was when it died, in the middle of something. */
  isBusy(pid: number | undefined): boolean {
    this.#readOn();
    return (this.#open.get(pid ?? 0) ?? 0) > 0;
  }

  /** How many different ones have ended. */
  get handled(): number {
    return new Set(this.lines("end")).size;
  }

  /** How many ends there are beyond the first of each. */
  get repeats(): number {
    const ends = this.lines("end");
    return ends.length - new Set(ends).size;
  }

  /**
   * What breaks the promise: numbers that are missing in a chat, and chats whose first ends are not in order. A repeat
   * may come later, but never make one overtake another that has not been handled at all.
   */
  faults(updates: number): readonly string[] {
    const faults: string[] = [];
    const next = new Map<string, number>();
    const seen = new Set<string>();
    for (const number of this.lines("end")) {
      if (seen.has(number)) continue;
      seen.add(number);
      const [chat = "", at] = number.split(":");
      const expected = next.get(chat) ?? 0;
      if (Number(at) !== expected) faults.push(`chat ${chat}: ${at} came when ${expected} was due`);
      next.set(chat, Math.max(expected, Number(at) + 1));
    }
    if (seen.size !== updates) faults.push(`${seen.size} of ${updates} were handled`);
    return faults;
  }
}
