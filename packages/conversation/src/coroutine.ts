import { BlockRecorder } from "./block-recorder.js";
import { ExitError, ReplayMismatchError } from "./errors.js";
import { type CallMeta, deadlineIn, describe, type JournalRecord } from "./journal.js";
import { type Operation, type Outcome, Pending } from "./operation.js";
import { begun, type InitOf, type ReplayOptions } from "./coroutine-init.js";
import { checkSize, packOutcome } from "./packed-outcome.js";
import { type Block, type Scope, scopes } from "./scope.js";
import { breath, drained, handled, whenDrained } from "./turn.js";
import { type Json, unpack, unpackOwn } from "./value.js";

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
export class Coroutine extends BlockRecorder {
  declare protected readonly init: CoroutineInit;
  #ended: Outcome | undefined;
  #exit: ExitError | undefined;
  #unpack = unpack;
  /** The waits that were asked for since it was told to leave. */
  #refused: string[] | undefined;

  constructor(init: CoroutineInit) {
    super(init);
  }

  /** What became of the code; `undefined` while it runs. */
  get ended(): Outcome | undefined {
    return this.#ended;
  }

  /** Why it was told to leave, if it was. */
  get leaving(): string | undefined {
    return this.#exit?.reason;
  }

  /** Begins a new history. */
  async begin(input: Json, size = 0): Promise<void> {
    this.write(["e", input], WHOLE, size);
    const prepared = await this.init.prepare?.(input);
    await this.#turn(() => this.#run(input, prepared));
    this.#check();
  }

  /** Comes to where a folded history ends. @throws ReplayMismatchError when code and history do not fit */
  async replay(history: readonly JournalRecord[], { goesOn, isOwn }: ReplayOptions = {}): Promise<void> {
    this.goesOn = goesOn === true;
    this.#unpack = isOwn === true ? unpackOwn : unpack;
    const [entry] = history;
    if (entry?.[0] !== "e") throw new ReplayMismatchError(1, describe(entry), "the entry");
    this.count(entry);
    this.expect(history, 1);
    const prepared = await this.init.prepare?.(entry[1]);
    await this.#turn(() => this.#run(entry[1], prepared));
    await this.#follow();
  }

  /** Goes on with records that somebody else has added meanwhile. @throws ReplayMismatchError, and then it is of no use */
  async catchUp(records: readonly JournalRecord[]): Promise<void> {
    if (records.length === 0) return;
    await atOnce;
    this.#unpack = unpack;
    this.expect(records, 0);
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
    const packed = packOutcome(pending.operation.key, outcome, this.init.limits.maxValueBytes);
    this.write(["r", id, packed.ok, packed.json], pending.blocks, packed.bytes);
    const value = unpack(packed.json);
    const handing = this.#give(pending, packed.ok, value);
    return handing === undefined ? this.settled() : handing.then(() => this.settled());
  }

  /** Ends the turn that `give` has begun. @throws ReplayMismatchError or JournalLimitError for what came up in it */
  endTurn(): void {
    this.isTurning = false;
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
    const { blocks } = this.enter(operation.key, scope);
    if (this.#exit !== undefined && operation.kind === "wait") return this.#refuse(this.#exit, operation.key);
    const record = this.next(blocks, operation.key, "c", operation);
    if (record === undefined) return new Promise(nothing);
    const id = record[1];
    const meta = record.length > 3 ? (record[3] as CallMeta) : undefined;
    for (const block of blocks) block.open++;
    const pending = new Pending(id, operation, deadlineIn(meta), blocks);
    this.pending.add(pending);
    return pending.result;
  }

  #run(input: Json, prepared: unknown): void {
    const scope: Scope = { owner: this, blocks: WHOLE };
    this.#watch(scopes.run(scope, begun<Coroutine>, this.init.program, this, input, prepared));
  }

  /** Apart from what begins it: what stands beside these functions would be kept as long as the code runs. */
  #watch(running: Promise<unknown>): void {
    const end = (outcome: Outcome): void => {
      this.#ended = outcome;
      this.wake();
    };
    running.then(
      (value) => end({ ok: true, value }),
      (error: unknown) => end({ ok: false, error }),
    );
  }

  /** A turn: lasts until nothing more happens by itself. */
  async #turn(run: () => void): Promise<void> {
    this.isTurning = true;
    this.turns++;
    run();
    await this.settled();
    this.isTurning = false;
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
    if (this.fault !== undefined) throw this.fault;
    checkSize(this.init.limits, this.length, this.bytes);
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
    this.isTurning = true;
    this.turns++;
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
        this.isTurning = false;
        if (this.fault !== undefined) {
          reject(this.fault);
          return;
        }
        const record = this.expected;
        if (record === undefined) {
          this.expectNothing();
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
      this.advance();
      this.count(record, WHOLE);
      return this.#turn(() => this.#leave(record[1]));
    }
    const pending = record[0] === "r" || record[0] === "f" ? this.pending.get(record[1]) : undefined;
    // The code has not come to where it fits.
    if (pending === undefined) return this.#stall(record);
    this.advance();
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
    const { stallMs = 60_000 } = this.init;
    // Code that waits for something in the journal is not expected to do anything else by itself.
    const patienceMs = this.#ended === undefined && this.pending.size === 0 ? stallMs : 0;
    const until = Date.now() + patienceMs;
    for (let turns = 0; turns < 3 || Date.now() < until; turns++) {
      await breath();
      if (this.fault !== undefined || this.expected !== record) return;
      if (record[0] === "r" && this.pending.has(record[1])) return;
      if (this.#ended !== undefined && turns >= 3) break;
    }
    const found =
      this.#ended !== undefined ? "nothing: it has ended" : `nothing: it waits for ${this.pending.words}`;
    throw new ReplayMismatchError(this.length + 1, describe(record), found);
  }
}
