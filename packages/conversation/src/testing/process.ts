import { AsyncLocalStorage } from "node:async_hooks";
import {
  Bot,
  type BotOptions,
  type Clock,
  type Context,
  type LaneStore,
  type Transport,
  type Update,
} from "balekit";
import { conversations, type Conversations } from "../conversations.js";
import type { ConversationsOptions } from "../conversations-options.js";
import type { LaneMachine } from "../lane-machine.js";
import { type Probe, type ProbedBot, type ProbedEffect, probes } from "../probe.js";
import type { LaneWatch, Written } from "./lane-watch.js";
import type { Cause, Tape } from "./tape.js";

/** What is being done right now. One for all: each more would cost every promise of the process a little. */
const causes = new AsyncLocalStorage<Cause>();

const never: Promise<never> = new Promise(() => undefined);

/** What the processes of a play share. */
export interface ProcessInit {
  readonly name: string;
  /** At which of its points it dies. */
  readonly diesAt?: number | undefined;
  readonly options: ConversationsOptions;
  readonly botOptions: BotOptions | undefined;
  readonly setUp: ((bot: Bot, talks: Conversations) => unknown) | undefined;
  readonly store: LaneStore;
  readonly lanes: LaneWatch;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly tape: Tape;
  readonly probe: Pick<Probe, "newId" | "random" | "finished" | "failed" | "isGone">;
  /** Begins a conversation by itself when an update asks for it; answers whether it did. */
  readonly enters: (ctx: Context, bot: ProbedBot) => Promise<boolean>;
  readonly onError: (error: unknown) => void;
}

/**
 * One process of a bot under test. It shares the store, the time and Bale with others, and can die between any two of
 * its steps: from then on nothing that it waits for ever comes.
 */
export class Process {
  readonly name: string;
  readonly bot: Bot;
  readonly talks: Conversations;
  readonly died: Promise<"died">;
  /** How often it has come to a place where it may die. */
  points = 0;
  /** The last such place. */
  lastPoint = "";
  readonly #init: ProcessInit;
  /** What was last given to the store, by lane. */
  readonly #writing = new Map<string, Written>();
  #die: (died: "died") => void = () => undefined;
  #isDead = false;
  #isArmed = false;
  #probed: ProbedBot | undefined;
  #machine: LaneMachine | undefined;

  constructor(init: ProcessInit) {
    this.#init = init;
    this.name = init.name;
    this.died = new Promise((resolve) => {
      this.#die = resolve;
    });
    this.bot = new Bot(undefined, init.botOptions);
    const options: ConversationsOptions = { ...init.options, storage: this.#watched(init.store) };
    probes.set(options, this.#probe());
    this.talks = conversations(options);
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Whether nothing is under way in it. */
  get isIdle(): boolean {
    const { active, waiting } = this.bot.health();
    return active === 0 && waiting === 0 && this.#machine?.isIdle !== false;
  }

  /** Brings it up, as far as the first update. */
  async boot(): Promise<this> {
    const { setUp, transport, enters, onError } = this.#init;
    this.bot.catch((error) => onError(error.cause ?? error));
    this.bot.use(async (ctx, next) => {
      if (this.#probed === undefined || !(await enters(ctx, this.#probed))) await next();
    });
    await setUp?.(this.bot, this.talks);
    // Nobody registers anything after it.
    if (this.#probed === undefined) void this.bot.extend(this.talks);
    const probed = this.#probed as unknown as ProbedBot;
    this.bot.connect({ transport: this.#throughPoints(transport), clock: this.#clock() });
    await this.bot.init();
    this.#machine = await probed.machine();
    this.#isArmed = true;
    return this;
  }

  /** Hands it an update. `"died"`: it was not taken, and has to come again. */
  take(update: Update, isRepeat: boolean): Promise<"taken" | "died"> {
    const cause: Cause = { process: this.name, isRepeat };
    const copy = JSON.parse(JSON.stringify(update)) as Update;
    return Promise.race([
      causes.run(cause, () => this.bot.handle(copy)).then(() => "taken" as const),
      this.died,
    ]);
  }

  /** Lets it look for what is due, and for what the dead have left. */
  async sweep(): Promise<void> {
    await Promise.race([this.#machine?.sweep(), this.died]);
  }

  /** Ends it where it stands. */
  kill(): void {
    this.#isDead = true;
    this.#die("died");
  }

  /** Ends it as a deploy does: what is under way may end. */
  async stop(): Promise<void> {
    if (this.#isDead) return;
    await Promise.race([this.bot.stop(), this.died]);
    this.kill();
  }

  /** A place where it may die. */
  async #point(where: string): Promise<void> {
    if (!this.#isArmed) return;
    if (!this.#isDead) {
      this.points++;
      this.lastPoint = where;
      if (this.points === this.#init.diesAt) this.kill();
    }
    if (this.#isDead) await never;
  }

  /** Waits for another process, in no time. */
  async #pause(): Promise<void> {
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    if (this.#isDead) await never;
  }

  async #between<Value>(what: string, run: () => Promise<Value>): Promise<Value> {
    await this.#point(`before ${what}`);
    const value = await run();
    await this.#point(`after ${what}`);
    return value;
  }

  #probe(): Probe {
    const { probe } = this.#init;
    return {
      ...probe,
      owner: this.name,
      pause: () => this.#pause(),
      writing: (lane, head, slot, records) => {
        const instance = head.instances.find((one) => one.slot === slot)?.id;
        // A copy: the code goes on with its own.
        this.#writing.set(lane, { head, instance, records: [...records] });
      },
      extended: (bot) => {
        this.#probed = bot;
      },
      around: (effect, run) => this.#around(effect, run),
    };
  }

  async #around<Value>(effect: ProbedEffect, run: () => Promise<Value>): Promise<Value> {
    const { lanes, tape, onError } = this.#init;
    const { operation, key } = effect;
    const isRepeat = lanes.begin(operation, key, this, onError);
    const cause: Cause = { effect, process: this.name, isRepeat };
    const name = /^ext:(.*)$/s.exec(key)?.[1];
    if (name === undefined) return causes.run(cause, run);
    return this.#between(`external "${name}"`, async () => {
      const value = await causes.run(cause, run);
      tape.external(name, cause);
      return value;
    });
  }

  #throughPoints(transport: Transport): Transport {
    const { tape } = this.#init;
    return {
      send: (call) => {
        const cause = causes.getStore() ?? { process: this.name, isRepeat: false };
        return this.#between(call.method, async () => {
          const reply = await transport.send(call);
          tape.call(call, reply, cause);
          return reply;
        });
      },
      download: (path, options) => transport.download(path, options),
      close: async () => undefined,
    };
  }

  #watched(store: LaneStore): LaneStore {
    const { lanes } = this.#init;
    return {
      load: (key, from) => this.#between("reading", () => store.load(key, from)),
      commit: (key, expected, change) =>
        this.#between("writing", async () => {
          const version = await store.commit(key, expected, change);
          const written = this.#writing.get(key);
          if (version !== false && written !== undefined) lanes.kept(key, written, change.wakeAt, this);
          return version;
        }),
      delete: (key, expected) => store.delete(key, expected),
      due: async (prefix, now, limit) => lanes.due(prefix, await store.due(prefix, now, limit)),
      find: (token) => store.find(token),
      keys: (prefix) => store.keys(prefix),
    };
  }

  #clock(): Clock {
    const { clock } = this.#init;
    return {
      now: () => clock.now(),
      setTimeout: (run, delayMs) =>
        clock.setTimeout(() => {
          if (!this.#isDead) run();
        }, delayMs),
      clearTimeout: (timer) => clock.clearTimeout(timer),
    };
  }
}
