import { authorLine, tracedError } from "./author-line.js";
import { ExitError, ReplayMismatchError, UnjournaledAwaitError } from "./errors.js";
import { type CallMeta, deadlineIn, describe, hashIn, type JournalRecord, metaOf } from "./journal.js";
import { Ledger } from "./ledger.js";
import { misuse } from "./misuse.js";
import { type Operation, type Outcome, Pending, PendingList } from "./operation.js";
import { begun, type InitOf, type ReplayOptions } from "./coroutine-init.js";
import { checkSize, packOutcome, packWithin } from "./packed-outcome.js";
import { race } from "./race.js";
import { type Block, type Scope, scopes } from "./scope.js";
import { breath, drained, handled, whenDrained } from "./turn.js";
import { type Json, type Packed, unpack, unpackOwn } from "./value.js";

/** How a coroutine is made. */
export type CoroutineInit = InitOf<Coroutine>;

const nothing = (): void => undefined;
const atOnce = Promise.resolve();

const WHOLE: readonly Block[] = [];
const NOTHING: readonly Pending[] = [];
/** How many records a replay takes before it lets others run. */
const REPLAY_SLICE = 500;

/**
 * One run of an async function whose every operation is written into a journal, so that another run can be brought to
 * the same place from the journal alone. Knows nothing of stores: it takes results, one a turn, and hands out records.
 */
export class Coroutine extends Ledger {
  /** Operations that are not over, oldest first. */
  readonly pending: PendingList = new PendingList();
  /** Operations whose arguments are others than the journal has, by key. */
  readonly changes: string[] = [];
  /** The last id that was given out; set before a replay to where the history ends. */
  lastId = 0;
  /** The key of the operation that was called last. */
  lastKey: string | undefined;
  /** Set when the code is to go back to a block. */
  wayBack: number | undefined;
  #ended: Outcome | undefined;
  #fault: Error | undefined;
  #exit: ExitError | undefined;
  #isDriven = false;
  #isTurning = false;
  #isReplaying = false;
  #goesOn = false;
  #calls = 0;
  #turns = 0;
  #expected: readonly JournalRecord[] = [];
  #at = 0;
  #unpack = unpack;
  /** The waits that were asked for since it was told to leave. */
  #refused: string[] | undefined;
  readonly #init: CoroutineInit;
  #lastCall: Error | undefined;
  #wake: () => void = nothing;

  constructor(init: CoroutineInit) {
    super();
    this.#init = init;
  }

  /** What became of the code; `undefined` while it runs. */
  get ended(): Outcome | undefined {
    return this.#ended;
  }

  get isReplaying(): boolean {
    return this.#isReplaying;
  }

  /** Why it was told to leave, if it was. */
  get leaving(): string | undefined {
    return this.#exit?.reason;
  }

  /** The author's line of the operation that was called last. */
  get lastLine(): string | undefined {
    return authorLine(this.#lastCall);
  }

  /** Begins a new history. */
  async begin(input: Json, size = 0): Promise<void> {
    this.write(["e", input], WHOLE, size);
    const prepared = await this.#init.prepare?.(input);
    await this.#turn(() => this.#run(input, prepared));
    this.#check();
  }

  /** Comes to where a folded history ends. @throws ReplayMismatchError when code and history do not fit */
  async replay(history: readonly JournalRecord[], { goesOn, isOwn }: ReplayOptions = {}): Promise<void> {
    this.#goesOn = goesOn === true;
    this.#unpack = isOwn === true ? unpackOwn : unpack;
    const [entry] = history;
    if (entry?.[0] !== "e") throw new ReplayMismatchError(1, describe(entry), "the entry");
    this.count(entry);
    this.#isReplaying = true;
    this.#expected = history;
    this.#at = 1;
    const prepared = await this.#init.prepare?.(entry[1]);
    await this.#turn(() => this.#run(entry[1], prepared));
    await this.#follow();
  }

  /** Goes on with records that somebody else has added meanwhile. @throws ReplayMismatchError, and then it is of no use */
  async catchUp(records: readonly JournalRecord[]): Promise<void> {
    if (records.length === 0) return;
    await atOnce;
    this.#unpack = unpack;
    this.#isReplaying = true;
    this.#expected = records;
    this.#at = 0;
    await this.#follow();
  }

  /** Gives the code the result of an operation, and lets it run until it has nothing to do. Does nothing when it is over. */
  async settle(id: number, outcome: Outcome): Promise<void> {
    await atOnce;
    await this.give(id, outcome);
    this.endTurn();
  }

  /**
   * The same for whoever ends the turn: resolves when nothing more happens by itself. Takes a promise less, of three,
   * and has to be called from a microtask, as what stands behind an `await`.
   */
  give(id: number, outcome: Outcome): Promise<void> | undefined {
    const pending = this.pending.get(id);
    if (pending === undefined) return undefined;
    const packed = packOutcome(pending.operation.key, outcome, this.#init.limits.maxValueBytes);
    this.write(["r", id, packed.ok, packed.json], pending.blocks, packed.bytes);
    const value = unpack(packed.json);
    const handing = this.#give(pending, packed.ok, value);
    return handing === undefined ? this.settled() : handing.then(() => this.settled());
  }

  /** Ends the turn that `give` has begun. @throws ReplayMismatchError or JournalLimitError for what came up in it */
  endTurn(): void {
    this.#isTurning = false;
    this.#check();
  }

  /** Throws `ExitError` into every wait of the code, now and from now on, and lets it run. */
  async leave(reason: string): Promise<void> {
    await atOnce;
    this.write(["x", reason], WHOLE);
    await this.#turn(() => this.#leave(reason));
    this.#check();
  }

  /** Effects that nobody has begun, marked as begun. */
  takeEffects(): readonly Pending[] {
    let taken: Pending[] | undefined;
    for (const pending of this.pending.values()) {
      if (pending.operation.kind !== "effect" || pending.isStarted) continue;
      pending.isStarted = true;
      (taken ??= []).push(pending);
    }
    return taken ?? NOTHING;
  }

  /** Whether code waits for somebody else. */
  get hasWaits(): boolean {
    for (const { operation } of this.pending.values()) if (operation.kind === "wait") return true;
    return false;
  }

  /** Resolves when code that awaits something un-journaled does anything at all. */
  activity(): Promise<void> {
    this.#init.traces?.renew();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Says that a step is being driven: operations that are called otherwise come from something un-journaled. */
  drive(isDriven: boolean): void {
    this.#isDriven = isDriven;
    if (!isDriven) this.#lastCall = undefined;
  }

  /** Lets what was called out of turn come to rest. */
  async rest(): Promise<void> {
    await drained();
    this.#check();
  }

  /**
   * Calls an operation: called by the code, through those who know what it is.
   * @param scope the scope it is called in, from whoever has looked it up
   */
  call(operation: Operation, scope?: Scope): Promise<unknown> {
    const { blocks } = this.#enter(operation.key, scope);
    if (this.#exit !== undefined && operation.kind === "wait") return this.#refuse(this.#exit, operation.key);
    const record = this.#next(blocks, operation.key, "c", operation);
    if (record === undefined) return new Promise(nothing);
    const id = record[1];
    const meta = record.length > 3 ? (record[3] as CallMeta) : undefined;
    for (const block of blocks) block.open++;
    const pending = new Pending(id, operation, deadlineIn(meta), blocks);
    this.pending.add(pending);
    return pending.result;
  }

  /** An operation that is over at once: its value is made when it is called first, and read from the journal later. */
  pure(key: string, make: () => unknown): unknown {
    const { blocks } = this.#enter(key);
    const record = this.#next(blocks, key, "p", undefined, make);
    // Code and history do not fit: it is not to run on, and can't be made to wait here.
    if (record === undefined) throw this.#fault ?? new Error("unreachable");
    return unpack(record[3] as Json);
  }

  /** A piece of code that leaves nothing but its result in the journal. */
  async step<Value>(key: string, run: () => Value | Promise<Value>): Promise<Value> {
    const block = this.#beginBlock(key);
    if (block === undefined) return new Promise(nothing);
    if (this.#isFolded(block)) return (await this.#foldedResult(block)) as Value;
    try {
      const value = await scopes.run(this.#inside(block), run);
      return this.#finish(block, value) as Value;
    } finally {
      this.#endBlock(block);
    }
  }

  /** Runs code again and again, each time with the state the last round has left; `done` ends it. */
  async loop<State, Result>(
    key: string,
    first: State,
    round: (state: State) => unknown,
    done: (value: unknown) => { readonly result: Result } | undefined,
  ): Promise<Result> {
    const block = this.#beginBlock(key);
    if (block === undefined) return new Promise(nothing);
    if (this.#isFolded(block)) return (await this.#foldedResult(block)) as Result;
    let state = packWithin(first, `The state of ${key}`, this.#init.limits.maxValueBytes);
    try {
      for (let idle = 0; ; idle++) {
        const kept = this.#expected[this.#at];
        if (this.#isReplaying && kept?.[0] === "s" && kept[1] === block.id) {
          this.#at++;
          state = { json: kept[2], bytes: 0 };
          this.cut(block);
          this.count(kept);
        }
        const before = this.#calls;
        const value = await scopes.run(this.#inside(block), () => round(unpack(state.json) as State));
        const over = done(value);
        if (over !== undefined) return this.#finish(block, over.result) as Result;
        if (this.#calls !== before) idle = 0;
        else if (idle > 1_000) {
          throw misuse(
            "ERR_BALE_CONVERSATION_LOOP",
            `${key}: a thousand rounds have waited for nothing. Await something of c or ctx in each, or end it with c.done().`,
          );
        }
        state = packWithin(value, `The state of ${key}`, this.#init.limits.maxValueBytes);
        this.#newRound(block, state);
      }
    } finally {
      this.#endBlock(block);
    }
  }

  /** Whether code behind a change may run: true for whoever comes here first, false for who had passed before it. */
  patched(key: string): boolean {
    this.#enter(key);
    const next = this.#expected[this.#at];
    if (this.#isReplaying && !(next?.[0] === "p" && next[2] === key)) return false;
    return this.pure(key, () => true) as boolean;
  }

  /** Whether whatever the code does here and now, it does at the same place of every replay; if not, that is told. */
  canBeFollowed(): boolean {
    const scope = scopes.getStore();
    const isOwn = scope?.owner === this && scope.closed === undefined;
    if (isOwn && (this.#isTurning || this.#isReplaying)) return true;
    this.#init.onStray?.(authorLine(tracedError()));
    return false;
  }

  /** Runs several pieces of code; once one is over, the others' waits are given up, so that they take nothing away. */
  race<Value>(arms: readonly (() => Promise<Value>)[]): Promise<Value> {
    return race(this.#enter("race"), this.pending, arms);
  }

  /** Leaves this place for the step of a name that the code has been through: its answer is asked for anew. */
  back(key: string): Promise<never> {
    this.#enter("back");
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

  #run(input: Json, prepared: unknown): void {
    const scope: Scope = { owner: this, blocks: WHOLE };
    this.#watch(scopes.run(scope, begun<Coroutine>, this.#init.program, this, input, prepared));
  }

  /** Apart from what begins it: what stands beside these functions would be kept as long as the code runs. */
  #watch(running: Promise<unknown>): void {
    const end = (outcome: Outcome): void => {
      this.#ended = outcome;
      this.#wake();
    };
    running.then(
      (value) => end({ ok: true, value }),
      (error: unknown) => end({ ok: false, error }),
    );
  }

  /** A turn: lasts until nothing more happens by itself. */
  async #turn(run: () => void): Promise<void> {
    this.#isTurning = true;
    this.#turns++;
    run();
    await this.settled();
    this.#isTurning = false;
  }

  /** The end of a turn: nothing more happens by itself. */
  protected settled(): Promise<void> {
    return drained();
  }

  /** Calls back at the end of a turn. */
  protected afterTurn(then: () => void): void {
    whenDrained(then);
  }

  #check(): void {
    if (this.#fault !== undefined) throw this.#fault;
    checkSize(this.#init.limits, this.length, this.bytes);
  }

  /** Gives the code a result, which begins a turn. Resolves when it has it, if that takes time. */
  #give(pending: Pending, ok: 1 | 0, from: unknown): Promise<void> | undefined {
    const { operation } = pending;
    let value = from;
    let works = ok === 1;
    try {
      if (works) {
        if (operation.open !== undefined) value = operation.open(from);
      } else if (operation.openError !== undefined) value = operation.openError(from);
    } catch (error) {
      works = false;
      value = error;
    }
    if (!(value instanceof Promise)) {
      this.#hand(pending, works, value);
      return undefined;
    }
    // Whatever has to be made for the code is ready before its turn begins.
    return value.then(
      (made: unknown) => this.#hand(pending, works, made),
      (error: unknown) => this.#hand(pending, false, error),
    );
  }

  #hand(pending: Pending, works: boolean, value: unknown): void {
    this.pending.delete(pending);
    for (const block of pending.blocks) block.open--;
    this.#isTurning = true;
    this.#turns++;
    if (works) pending.resolve(value);
    else pending.reject(value);
  }

  /**
   * Code that is to leave may not wait. Code that tries for ever, and perhaps says something each time, is stopped where
   * it stands: two `finally` blocks may ask the same, a third time is a loop that takes the error for something else.
   */
  #refuse(exit: ExitError, key: string): Promise<never> {
    const refused = (this.#refused ??= []);
    refused.push(key);
    const same = refused.filter((one) => one === key).length;
    if (same <= 2 && refused.length <= 100) return handled(Promise.reject(exit));
    this.#ended ??= { ok: false, error: exit };
    return new Promise(nothing);
  }

  #leave(reason: string): void {
    this.#exit ??= new ExitError(reason);
    for (const pending of [...this.pending.values()]) {
      if (pending.operation.kind !== "wait") continue;
      this.pending.delete(pending);
      for (const block of pending.blocks) block.open--;
      pending.reject(this.#exit);
    }
  }

  /** Gives the code the rest of what is expected, one result a turn: by calls, since a promise a turn costs as much as the turn. */
  #follow(): Promise<void> {
    return new Promise((resolve, reject) => {
      let taken = 0;
      const next = (): void => {
        this.#isTurning = false;
        if (this.#fault !== undefined) {
          reject(this.#fault);
          return;
        }
        const record = this.#expected[this.#at];
        if (record === undefined) {
          this.#isReplaying = false;
          this.#expected = [];
          this.#at = 0;
          resolve();
        } else if (++taken % REPLAY_SLICE === 0) void breath().then(() => go(record));
        else go(record);
      };
      const go = (record: JournalRecord): void => {
        try {
          const handing = this.#followed(record);
          if (handing === undefined) this.afterTurn(next);
          else handing.then(next, reject);
        } catch (error) {
          reject(error as Error);
        }
      };
      next();
    });
  }

  /** Begins the turn that a record brings. Resolves when it is over, if it took more than that. */
  #followed(record: JournalRecord): Promise<void> | undefined {
    if (record[0] === "x") {
      this.#at++;
      this.count(record, WHOLE);
      return this.#turn(() => this.#leave(record[1]));
    }
    const pending = record[0] === "r" || record[0] === "f" ? this.pending.get(record[1]) : undefined;
    // The code has not come to where it fits.
    if (pending === undefined) return this.#stall(record);
    this.#at++;
    this.count(record);
    if (record[0] === "r") this.mix(pending.blocks);
    const handing =
      record[0] === "r"
        ? this.#give(pending, record[2], this.#unpack(record[3]))
        : this.#give(pending, 1, this.#unpack((record as JournalRecord & readonly ["f", ...unknown[]])[2]));
    return handing?.then(() => this.settled());
  }

  /** The history goes on with something the code has not done: perhaps it is busy with something un-journaled. */
  async #stall(record: JournalRecord): Promise<void> {
    const at = this.#at;
    const { stallMs = 60_000 } = this.#init;
    // Code that waits for something in the journal is not expected to do anything else by itself.
    const patienceMs = this.#ended === undefined && this.pending.size === 0 ? stallMs : 0;
    const until = Date.now() + patienceMs;
    for (let turns = 0; turns < 3 || Date.now() < until; turns++) {
      await breath();
      if (this.#fault !== undefined || this.#at !== at) return;
      if (record[0] === "r" && this.pending.has(record[1])) return;
      if (this.#ended !== undefined && turns >= 3) break;
    }
    const found =
      this.#ended !== undefined ? "nothing: it has ended" : `nothing: it waits for ${this.pending.words}`;
    throw new ReplayMismatchError(this.length + 1, describe(record), found);
  }

  /** Checks that an operation may be called here and now, and answers where it stands. */
  #enter(key: string, scope: Scope | undefined = scopes.getStore()): Scope {
    if (scope?.closed !== undefined) {
      throw misuse(
        "ERR_BALE_CONVERSATION_SCOPE",
        `${key}: nothing can be asked of a conversation inside ${scope.closed}. Do it before or after.`,
      );
    }
    if (scope === undefined || scope.owner !== this) {
      throw misuse(
        "ERR_BALE_CONVERSATION_SCOPE",
        `${key}: this conversation is called from outside of its function. Use c and ctx only in the code that was given them.`,
      );
    }
    if (this.#isTurning || this.#isReplaying) return scope;
    const line = authorLine(tracedError());
    if (!this.#isDriven) {
      throw new UnjournaledAwaitError(
        `${key}: it was called long after its turn, by code that awaited something else`,
        line,
      );
    }
    this.#init.onStray?.(line);
    queueMicrotask(() => this.#wake());
    return scope;
  }

  /** The record of an operation that is called now: the one expected, or a new one. `undefined`: they do not fit. */
  #next(
    blocks: readonly Block[],
    key: string,
    type: "c" | "p",
    operation?: Operation,
    make?: () => unknown,
  ): (JournalRecord & readonly ["c" | "p", number, ...unknown[]]) | undefined {
    if (this.#fault !== undefined) return undefined;
    this.#calls++;
    this.lastKey = key;
    if (this.#goesOn && this.#at >= this.#expected.length) this.#isReplaying = false;
    if (this.#isReplaying) {
      const record = this.#expected[this.#at];
      if (record === undefined || record[0] !== type || record[2] !== key) {
        this.#fault = new ReplayMismatchError(this.length + 1, describe(record), `'${key}'`);
        return undefined;
      }
      this.#at++;
      const hash = record[0] === "c" && this.#init.ignoresArguments !== true ? hashIn(record[3]) : undefined;
      const now = hash === undefined ? undefined : operation?.hash;
      if (now !== undefined && now !== hash) this.changes.push(key);
      this.lastId = Math.max(this.lastId, record[1]);
      this.count(record, blocks);
      return record;
    }
    this.#lastCall = this.#init.traces === undefined ? tracedError() : this.#init.traces.note();
    const id = this.lastId + 1;
    let bytes = key.length + 12;
    let record: JournalRecord & readonly ["c" | "p", number, ...unknown[]];
    if (type === "p") {
      const packed: Packed = packWithin(make?.(), key, this.#init.limits.maxValueBytes);
      bytes += packed.bytes;
      record = ["p", id, key, packed.json];
    } else {
      const meta = metaOf(operation?.hash, operation?.deadline);
      record = meta === undefined ? ["c", id, key] : ["c", id, key, meta];
    }
    this.lastId = id;
    this.write(record, blocks, bytes);
    return record;
  }

  #beginBlock(key: string): Block | undefined {
    const { blocks } = this.#enter(key);
    const record = this.#next(blocks, key, "c");
    if (record === undefined) return undefined;
    const block = this.openBlock(record[1], key, this.#turns);
    for (const around of blocks) around.open++;
    return block;
  }

  #isFolded(block: Block): boolean {
    const next = this.#expected[this.#at];
    return this.#isReplaying && next?.[0] === "f" && next[1] === block.id;
  }

  /** The result of a block that a replay need not go through. */
  #foldedResult(block: Block): Promise<unknown> {
    const blocks = (scopes.getStore() as Scope).blocks;
    this.#endBlock(block);
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
    const packed = packWithin(value, `The result of ${block.key}`, this.#init.limits.maxValueBytes);
    const expected = this.#expected[this.#at];
    if (this.#isReplaying) {
      if (expected?.[0] === "f" && expected[1] === block.id) {
        this.#at++;
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
    if (this.#isReplaying || !this.mayFold(block)) return;
    this.cut(block);
    this.write(["s", block.id, state.json], [...this.#around(block), block], state.bytes);
  }

  protected mayFold(block: Block): boolean {
    // Within one turn others may run between its call and its end; a replay would give its result a turn of its own.
    return !block.isMixed && block.open === 0 && block.turn < this.#turns;
  }

  /** The blocks that a block stands in, from inside or behind it. */
  #around(block: Block): readonly Block[] {
    const { blocks } = scopes.getStore() as Scope;
    return blocks.filter((one) => one !== block);
  }

  #endBlock(block: Block): void {
    if (!this.closeBlock(block)) return;
    const { blocks } = scopes.getStore() as Scope;
    for (const around of blocks) if (around !== block) around.open--;
  }
}
