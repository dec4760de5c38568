/** Numbers that a seed repeats: mulberry32. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from 0 up to, not including, `below`. */
  below(below: number): number {
    return Math.floor(this.next() * below);
  }

  chance(part: number): boolean {
    return this.next() < part;
  }

  pick<Value>(from: readonly Value[]): Value {
    return from[this.below(from.length)] as Value;
  }
}

/** Where a fuzzer begins and how long it runs: `FUZZ_SEED=… FUZZ_RUNS=…` repeat or lengthen a run. */
export function fuzzing(defaultRuns: number): { readonly first: number; readonly runs: number } {
  const { FUZZ_SEED, FUZZ_RUNS } = process.env;
  return {
    first: FUZZ_SEED === undefined ? Math.floor(Math.random() * 1e9) : Number(FUZZ_SEED),
    runs: FUZZ_RUNS === undefined ? defaultRuns : Number(FUZZ_RUNS),
  };
}
