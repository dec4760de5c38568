import { AssertionError } from "node:assert";
import { type Emulator, type EmulatedUser, emulator } from "@balekit/emulator";
import {
  type Bot,
  type BotOptions,
  type Clock,
  type Context,
  type LaneStore,
  memoryLanes,
  type Update,
} from "balekit";
import type { Conversations } from "../conversations.js";
import type { ConversationsOptions } from "../conversations-options.js";
import { type AnyDefinition, hashOf } from "../definition.js";
import type { LaneEvent } from "../lane-event.js";
import type { Outcome } from "../operation.js";
import type { Probe } from "../probe.js";
import { LaneWatch } from "./lane-watch.js";
import { Process } from "./process.js";
import { Tape, wordsOf } from "./tape.js";

/** How a conversation is put under test. */
export interface TestConversationOptions
  extends Omit<ConversationsOptions, "definitions" | "storage" | "machines" | "sweepMs"> {
  /** Other conversations of the bot. */
  readonly definitions?: readonly AnyDefinition[] | undefined;
  /**
   * Puts plugins and handlers into the bot; called for each process that is started. Extend with `talks` where your bot
   * does it; if you don't, it is done at the end.
   */
  readonly setUp?: ((bot: Bot, talks: Conversations) => unknown) | undefined;
  /** Options of the bot. */
  readonly bot?: BotOptions | undefined;
  /** Where the time comes from. @default a clock that stands still until `advance` */
  readonly clock?: Clock | undefined;
  /** Makes the store. @default memory */
  readonly storage?: ((clock: Clock) => LaneStore | Promise<LaneStore>) | undefined;
  /** The one who talks to the bot. @default { first_name: "Ali" } */
  readonly user?: { readonly first_name: string; readonly username?: string | undefined } | undefined;
  /** How long, in real milliseconds, the bot may take to come to rest. @default 10,000 */
  readonly patienceMs?: number | undefined;
}

/** How a conversation was over. */
export interface TestEnding {
  /** `"done"`, `"exit"`, `"cancel"`, `"timeout"`, `"error"`, … */
  readonly reason: string;
  /** What its function returned, or `c.exit` was given. */
  readonly result: unknown;
  /** What its function threw. */
  readonly error: unknown;
}

/** What happens to processes while a scenario is played. */
export interface Play {
  readonly name: string;
  /** At which of its points the first process dies, the second, and so on. */
  readonly diesAt?: readonly number[] | undefined;
  readonly isAlwaysCold?: boolean | undefined;
  /** Whether a new process is started for everything that comes. */
  readonly restarts?: boolean | undefined;
  /** Whether each update comes twice. */
  readonly isTwice?: boolean | undefined;
  /** How many processes take turns. @default 1 */
  readonly processes?: number | undefined;
  /** Whether the one process counts on being alone. */
  readonly isAlone?: boolean | undefined;
  readonly shadowReplay?: number | undefined;
  readonly seed: number;
}

/** The text of the message by which a conversation is entered where no handler does it. */
const ENTRY = "/enter";

/** A play: a Bale, a store, a clock, and the processes that come and go. */
export class Stage {
  readonly bale: Emulator;
  readonly user: EmulatedUser;
  readonly tape: Tape;
  readonly lanes: LaneWatch = new LaneWatch((instance) => this.#over(instance));
  readonly play: Play;
  /** What became of conversations, by the name of their definition; the last of each. */
  readonly endings: Map<string, TestEnding> = new Map();
  /** Effects that were refused, because nobody knew whether they had been carried out, with the length of the tape then. */
  readonly refused: { readonly operation: string; readonly at: number }[] = [];
  /** Where processes died. */
  readonly deaths: { readonly point: number; readonly where: string }[] = [];
  /** How the code of instances has ended whose end is not kept yet. */
  readonly #finishing = new Map<string, { readonly definition: string; readonly ending: TestEnding }>();
  /** The names of processes that have died. */
  readonly #gone = new Set<string>();
  readonly #options: TestConversationOptions;
  readonly #definition: AnyDefinition;
  readonly #entries = new Map<number, unknown>();
  readonly #faults: unknown[] = [];
  readonly #seen = new Set<number>();
  #nextEntry: { readonly args: unknown } | undefined;
  #store: LaneStore | undefined;
  #processes: Process[] = [];
  #turn = 0;
  #started = 0;
  #newIds = 0;
  #reviving: Promise<void> | undefined;
  #beginning: Promise<void> | undefined;

  constructor(definition: AnyDefinition, options: TestConversationOptions, play: Play) {
    this.#definition = definition;
    this.#options = options;
    this.play = play;
    this.bale = emulator({ clock: options.clock });
    this.user = this.bale.user(options.user ?? { first_name: "Ali" });
    this.tape = new Tape((chatId, messageId) => {
      const message = this.bale.chat(chatId).messages.find(({ message_id }) => message_id === messageId);
      return message === undefined ? undefined : wordsOf(message);
    });
    this.bale.attach({ connect: () => undefined, handle: (update) => this.#deliver(update) });
  }

  /** The process whose turn it is. */
  async process(): Promise<Process> {
    await this.begin();
    return this.#processes[0] as Process;
  }

  /** How many points the first process has come to. */
  get points(): number {
    return this.#processes[0]?.points ?? 0;
  }

  /** Starts the processes, once. */
  begin(): Promise<void> {
    this.#beginning ??= (async () => {
      const { storage, clock: _, ...rest } = this.#options;
      void rest;
      this.#store = await (storage ?? ((clock: Clock) => memoryLanes({ clock })))(this.bale.clock);
      for (let at = 0; at < (this.play.processes ?? 1); at++) this.#processes.push(await this.#start());
    })();
    return this.#beginning;
  }

  /** Makes the user enter the conversation under test. */
  async enter(args: unknown): Promise<void> {
    this.#nextEntry = { args };
    await this.user.sends(ENTRY);
  }

  /** Tells the conversations of the user of an event, whoever dies meanwhile. */
  async emit(name: string, payload: unknown): Promise<boolean> {
    await this.begin();
    this.tape.note(`event "${name}"`);
    for (;;) {
      const before = this.lanes.events.get(name) ?? 0;
      const process = this.#next();
      const told = process.talks.emit({ chatId: this.user.id }, name, payload);
      const outcome = await Promise.race([told, process.died]);
      await this.settle();
      if (outcome !== "died") return outcome;
      if ((this.lanes.events.get(name) ?? 0) > before) return true;
    }
  }

  /** Lets time pass, and with it everything that was to happen meanwhile. */
  async advance(ms: number): Promise<void> {
    await this.begin();
    const { clock } = this.bale;
    const until = clock.now() + ms;
    this.tape.note(`${ms} ms pass`);
    await this.#refresh();
    await this.settle();
    for (let overdue = ""; ; ) {
      const now = clock.now();
      const next = Math.min(this.lanes.next(now) ?? until, until);
      if (next > now) await clock.advance(next - now);
      await this.settle();
      await this.#next().sweep();
      await this.settle();
      const left = this.lanes.overdue(clock.now());
      if (clock.now() >= until && (left === "" || left === overdue)) return;
      overdue = left;
    }
  }

  /** Replaces every process by a new one, as a deploy does. */
  async restart(): Promise<void> {
    await this.begin();
    await this.settle();
    await this.#replaceAll();
  }

  /** Ends all processes. */
  async stop(): Promise<void> {
    await this.#beginning;
    for (const process of this.#processes) await process.stop();
  }

  /** Waits until nothing is under way in any process; what the dead have left is gone on with first. */
  async settle(): Promise<void> {
    const limit = Date.now() + this.#patienceMs;
    for (let quiet = 0; quiet < 3; ) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#processes.some(({ isDead }) => isDead)) await this.#revive();
      quiet = this.#processes.every((process) => process.isIdle && !process.isDead) ? quiet + 1 : 0;
      if (Date.now() >= limit) throw this.#impatience();
    }
    const [fault] = this.#faults.splice(0);
    if (fault !== undefined) throw fault as Error;
  }

  async #deliver(update: Update): Promise<void> {
    await this.begin();
    const { message } = update;
    if (this.#nextEntry !== undefined && message?.text === ENTRY) {
      this.#entries.set(update.update_id, this.#nextEntry.args);
      this.#nextEntry = undefined;
    }
    this.tape.update(update);
    await this.#refresh();
    for (let times = this.play.isTwice === true ? 2 : 1; times > 0; times--) {
      for (;;) {
        const isRepeat = this.#seen.has(update.update_id);
        this.#seen.add(update.update_id);
        if ((await this.#patiently(this.#next().take(update, isRepeat))) === "taken") break;
        await this.#revive();
      }
    }
    await this.settle();
  }

  get #patienceMs(): number {
    return this.#options.patienceMs ?? 10_000;
  }

  async #patiently<Value>(work: Promise<Value>): Promise<Value> {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(this.#impatience()), this.#patienceMs);
    });
    return Promise.race([work, over]).finally(() => clearTimeout(timer));
  }

  #impatience(): AssertionError {
    return new AssertionError({
      message: `Waiting for the bot to come to rest: after ${this.#patienceMs} ms of real time it is still busy. If it waits for time to pass, go on without awaiting this (const sent = t.sends("…"); await t.advance("5s"); await sent); if it works long, give patienceMs.`,
    });
  }

  /** The process whose turn is next. */
  #next(): Process {
    return this.#processes[this.#turn++ % this.#processes.length] as Process;
  }

  /** Before something new comes, and while nothing is under way: replaces the processes if the play wants that. */
  async #refresh(): Promise<void> {
    if (this.play.restarts !== true || !this.#processes.every(({ isIdle }) => isIdle)) return;
    await this.#replaceAll();
  }

  async #replaceAll(): Promise<void> {
    const before = this.#processes;
    for (const process of before) await process.stop();
    for (const [at] of before.entries()) this.#processes[at] = await this.#start();
  }

  /** Starts new processes in the place of the dead, which go on with what those have left. */
  #revive(): Promise<void> {
    this.#reviving ??= (async () => {
      for (const [at, process] of this.#processes.entries()) {
        if (!process.isDead) continue;
        this.#gone.add(process.name);
        this.deaths.push({ point: process.points, where: process.lastPoint });
        const fresh = await this.#start();
        this.#processes[at] = fresh;
      }
      for (let rounds = 0; this.lanes.left.length > 0 && rounds < 10; rounds++) await this.#next().sweep();
    })().finally(() => {
      this.#reviving = undefined;
    });
    return this.#reviving;
  }

  #start(): Promise<Process> {
    const { setUp, bot, definitions = [], ...given } = this.#options;
    const { play, tape, lanes } = this;
    const number = this.#started++;
    const process = new Process({
      name: `process ${number + 1}`,
      diesAt: play.diesAt?.[number],
      options: {
        ...given,
        storage: undefined,
        definitions: [this.#definition, ...definitions],
        machines: play.isAlone === true ? "one" : "many",
        replay: play.isAlwaysCold === true ? "always" : (given.replay ?? "when needed"),
        shadowReplay: play.shadowReplay ?? 0,
        // Deadlines are looked for exactly when they come.
        sweepMs: 86_400_000,
        onEvent: (event) => this.#hear(event),
      },
      botOptions: bot,
      setUp,
      store: this.#store as LaneStore,
      lanes,
      tape,
      transport: this.bale.transport(),
      clock: this.bale.clock,
      probe: this.#probe(),
      enters: async (ctx, probed) => {
        const { update_id: id } = ctx.update;
        if (!this.#entries.has(id)) return false;
        await probed.enter(ctx as Context, this.#definition, this.#entries.get(id));
        return true;
      },
      onError: (error) => void this.#faults.push(error),
    });
    return process.boot();
  }

  #probe(): Pick<Probe, "newId" | "random" | "finished" | "failed" | "isGone"> {
    const { seed } = this.play;
    return {
      newId: (once) => {
        const name = once ?? `new ${++this.#newIds}`;
        return `${hashOf(`${seed}${name}`)}${hashOf(`${name}${seed}`)}`.padEnd(12, "0").slice(0, 12);
      },
      random: (instance, operation) =>
        Number.parseInt(hashOf(`${seed}:${instance}:${operation}`), 36) / 2 ** 32,
      finished: (instance, name, outcome) => this.#finished(instance, name, outcome),
      isGone: (owner) => this.#gone.has(owner),
      failed: (error) => void this.#faults.push(error),
    };
  }

  #finished(instance: string, definition: string, outcome: Outcome): void {
    const { reason, result } = (outcome.ok ? outcome.value : { reason: "error", result: undefined }) as Omit<
      TestEnding,
      "error"
    >;
    const ending = { reason, result, error: outcome.ok ? undefined : outcome.error };
    this.#finishing.set(instance, { definition, ending });
  }

  #over(instance: string): void {
    const finished = this.#finishing.get(instance);
    if (finished !== undefined) this.endings.set(finished.definition, finished.ending);
    this.#finishing.delete(instance);
  }

  #hear(event: LaneEvent): void {
    if (event.type === "ambiguous" && event.policy === "throw") {
      this.refused.push({ operation: event.key, at: this.tape.entries.length });
    }
    // One that is over in its first commit has never been seen in a lane.
    if (event.type === "exit") this.#over(event.instance);
    this.#options.onEvent?.(event);
  }
}
