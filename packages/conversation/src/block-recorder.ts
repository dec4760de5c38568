import { misuse } from "./misuse.js";
import { Pending, PendingList } from "./operation.js";
import { packWithin } from "./packed-outcome.js";
import { race } from "./race.js";
import { Recorder } from "./recorder.js";
import { type Block, type Scope, scopes } from "./scope.js";
import { type Packed, unpack } from "./value.js";

const nothing = (): void => undefined;

/**
 * Records pieces of code as wholes: a step that is over leaves its result in the journal and nothing else, a loop the
 * state of its last round. That is what bounds a journal, and what makes a place that code can go back to.
 */
export abstract class BlockRecorder extends Recorder {
  /** Operations that are not over, oldest first. */
  readonly pending: PendingList = new PendingList();
  /** Set when the code is to go back to a block. */
  wayBack: number | undefined;
  /** How many turns there were. */
  protected turns = 0;

  /** A piece of code that leaves nothing but its result in the journal. */
  async step<Value>(key: string, run: () => Value | Promise<Value>): Promise<Value> {
    const block = this.#begin(key);
    if (block === undefined) return new Promise(nothing);
    if (this.#isFolded(block)) return (await this.#foldedResult(block)) as Value;
    try {
      const value = await scopes.run(this.#inside(block), run);
      return this.#finish(block, value) as Value;
    } finally {
      this.#end(block);
    }
  }

  /** Runs code again and again, each time with the state the last round has left; `done` ends it. */
  async loop<State, Result>(
    key: string,
    first: State,
    round: (state: State) => unknown,
    done: (value: unknown) => { readonly result: Result } | undefined,
  ): Promise<Result> {
    const block = this.#begin(key);
    if (block === undefined) return new Promise(nothing);
    if (this.#isFolded(block)) return (await this.#foldedResult(block)) as Result;
    let state = packWithin(first, `The state of ${key}`, this.init.limits.maxValueBytes);
    try {
      for (let idle = 0; ; idle++) {
        const kept = this.expected;
        if (this.isReplaying && kept?.[0] === "s" && kept[1] === block.id) {
          this.advance();
          state = { json: kept[2], bytes: 0 };
          this.cut(block);
          this.count(kept);
        }
        const before = this.calls;
        const value = await scopes.run(this.#inside(block), () => round(unpack(state.json) as State));
        const over = done(value);
        if (over !== undefined) return this.#finish(block, over.result) as Result;
        if (this.calls !== before) idle = 0;
        else if (idle > 1_000) {
          throw misuse(
            "ERR_BALE_CONVERSATION_LOOP",
            `${key}: a thousand rounds have waited for nothing. Await something of c or ctx in each, or end it with c.done().`,
          );
        }
        state = packWithin(value, `The state of ${key}`, this.init.limits.maxValueBytes);
        this.#newRound(block, state);
      }
    } finally {
      this.#end(block);
    }
  }

  /** Runs several pieces of code; once one is over, the others' waits are given up, so that they take nothing away. */
  race<Value>(arms: readonly (() => Promise<Value>)[]): Promise<Value> {
    return race(this.enter("race"), this.pending, arms);
  }

  /** Leaves this place for the step of a name that the code has been through: its answer is asked for anew. */
  back(key: string): Promise<never> {
    this.enter("back");
    const step = this.passed(key);
    if (step === undefined) {
      throw misuse(
        "ERR_BALE_CONVERSATION_BACK",
        `c.back: no step ${JSON.stringify(key.replace(/^step:/, ""))} has been gone through here. Name one that has, and that is not inside another.`,
      );
    }
    this.wayBack = step;
    return new Promise(nothing);
  }

  #begin(key: string): Block | undefined {
    const { blocks } = this.enter(key);
    const record = this.next(blocks, key, "c");
    if (record === undefined) return undefined;
    const block = this.openBlock(record[1], key, this.turns);
    for (const around of blocks) around.open++;
    return block;
  }

  #isFolded(block: Block): boolean {
    const next = this.expected;
    return this.isReplaying && next?.[0] === "f" && next[1] === block.id;
  }

  /** The result of a block that a replay need not go through. */
  #foldedResult(block: Block): Promise<unknown> {
    const blocks = (scopes.getStore() as Scope).blocks;
    this.#end(block);
    for (const around of blocks) around.open++;
    // No wait: what gives up waits, as the end of a race does, is not to take its result away.
    const pending = new Pending(block.id, { kind: "effect", key: block.key }, undefined, blocks);
    pending.isStarted = true;
    this.pending.add(pending);
    return pending.result;
  }

  #inside(block: Block): Scope {
    const { blocks } = scopes.getStore() as Scope;
    return { owner: this, blocks: [...blocks, block] };
  }

  #finish(block: Block, value: unknown): unknown {
    const packed = packWithin(value, `The result of ${block.key}`, this.init.limits.maxValueBytes);
    const expected = this.expected;
    if (this.isReplaying) {
      if (expected?.[0] === "f" && expected[1] === block.id) {
        this.advance();
        this.cut(block);
        this.count(expected);
      }
    } else if (this.mayFold(block)) {
      this.cut(block);
      this.write(["f", block.id, packed.json], this.#around(block), packed.bytes);
    }
    return unpack(packed.json);
  }

  #newRound(block: Block, state: Packed): void {
    if (this.isReplaying || !this.mayFold(block)) return;
    this.cut(block);
    this.write(["s", block.id, state.json], [...this.#around(block), block], state.bytes);
  }

  protected mayFold(block: Block): boolean {
    // Within one turn others may run between its call and its end; a replay would give its result a turn of its own.
    return !block.isMixed && block.open === 0 && block.turn < this.turns;
  }

  /** The blocks that a block stands in, from inside or behind it. */
  #around(block: Block): readonly Block[] {
    const { blocks } = scopes.getStore() as Scope;
    return blocks.filter((one) => one !== block);
  }

  #end(block: Block): void {
    if (!this.closeBlock(block)) return;
    const { blocks } = scopes.getStore() as Scope;
    for (const around of blocks) if (around !== block) around.open--;
  }
}
