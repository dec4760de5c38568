import {
  type BotHost,
  botHost,
  type Composer,
  type Context,
  deliverAgain,
  type LaneStore,
  lanesOf,
  memoryLanes,
  type Middleware,
  type Storage,
  StorageUnavailableError,
} from "balekit";
import { checkTable } from "./ambiguity.js";
import { announce } from "./check-desk.js";
import type { ConversationControls, ConversationFlavor } from "./conversation-controls.js";
import { ConversationHost } from "./conversation-host.js";
import type { ConversationsOptions } from "./conversations-options.js";
import type { AnyDefinition } from "./definition.js";
import { Emissions } from "./emissions.js";
import type { ConversationEnding, EndingOptions } from "./ending.js";
import { Endings } from "./endings.js";
import { Entrance } from "./entrance.js";
import { ConversationStateError } from "./errors.js";
import { describe, type JournalRecord } from "./journal.js";
import { checkJournal, type ExportedConversation, type JournalVerdict } from "./journal-check.js";
import { HandOver } from "./hand-over.js";
import type { LaneHead } from "./lane-head.js";
import type { Item } from "./lane-host.js";
import { LaneKeys } from "./lane-keys.js";
import { LaneMachine } from "./lane-machine.js";
import type { Verdict } from "./lane-offer.js";
import { type ConversationLimits, limitsOf } from "./limits.js";
import { misuse, shown } from "./misuse.js";
import { type OpenConversation, openOf } from "./open-conversation.js";
import { unlessTooOld } from "./press-answer.js";
import { type Probe, probes } from "./probe.js";
import { refuseInside, scopes } from "./scope.js";
import { routeOf, type Way } from "./update-route.js";
import { UserRecords } from "./user-records.js";
import { type Json, pack } from "./value.js";
import { checkText } from "./wait-options.js";
import { updateOf, type Whom } from "./whom.js";

/** What the desk works with, once the bot knows who it is. */
interface Parts {
  readonly machine: LaneMachine;
  readonly bot: BotHost;
  readonly host: ConversationHost;
}

/** What the plugin does: brings updates to the conversations of a bot, and has a hand on all of them. */
export class Desk {
  readonly #options: ConversationsOptions;
  readonly #definitions = new Map<string, AnyDefinition>();
  readonly #keys: LaneKeys;
  readonly #store: LaneStore | undefined;
  readonly #isSolo: boolean;
  readonly #limits: ConversationLimits;
  readonly #probe: Probe | undefined;
  readonly #entrance: Entrance;
  #emissions: Emissions | undefined;
  #endings: Endings | undefined;
  #composer: Composer | undefined;
  #bot: BotHost | undefined;
  #host: ConversationHost | undefined;
  #machine: LaneMachine | undefined;
  #parts: Parts | undefined;

  constructor(options: ConversationsOptions) {
    this.#options = options;
    this.#limits = limitsOf(options.limits);
    this.#probe = probes.get(options);
    checkShadow(options.shadowReplay);
    for (const definition of options.definitions) {
      if (this.#definitions.has(definition.name)) {
        throw misuse(
          "ERR_BALE_CONVERSATION_DEFINITION",
          `conversations: two definitions are called ${shown(definition.name)}. Give each a name of its own.`,
        );
      }
      this.#definitions.set(definition.name, definition);
    }
    checkTable("conversations", options.ambiguity);
    this.#keys = new LaneKeys(this.#definitions.values(), () => this.#prefix());
    this.#entrance = new Entrance({
      definitions: this.#definitions,
      keys: this.#keys,
      maxValueBytes: this.#limits.maxValueBytes,
      probe: this.#probe,
      ready: () => this.#ready(),
    });
    const { storage, machines } = options;
    const isLanes = storage === undefined || "commit" in storage;
    this.#store =
      storage === undefined ? undefined : isLanes ? (storage as LaneStore) : lanesOf(storage as Storage);
    this.#isSolo = machines === undefined ? storage === undefined || !isLanes : machines === "one";
  }

  install<C extends Context>(composer: Composer<C>): Composer<C & ConversationFlavor> {
    this.#composer = composer as unknown as Composer;
    composer.transform(
      (call, next) => {
        const host = this.#host;
        if (host === undefined) return next(call);
        if (call.method === "answerCallbackQuery") host.noteAnswer(call);
        return host.transformer(call, next);
      },
      { outermost: true },
    );
    const checkable = { names: [...this.#definitions.keys()], check: this.#check };
    if (!announce(checkable, this.#composer)) {
      composer.onStart(async () => (await this.machine()).start());
      composer.onStop((signal) => this.#machine?.stop(signal));
    }
    this.#probe?.extended({
      enter: (ctx, definition, args) => this.#entrance.enter(definition, ctx, args),
      machine: () => this.machine(),
    });
    composer.onForget(async (userId) => (await this.#records()).forget(userId));
    composer.onExport("conversations", async (userId) => (await this.#records()).export(userId));
    const extended = composer.derive("conversation", (ctx) => this.#controls(ctx));
    extended.use(this.#route as Middleware<C>);
    return extended as unknown as Composer<C & ConversationFlavor>;
  }

  readonly enterOutside = async (definition: AnyDefinition, whom: Whom, args?: unknown): Promise<string> =>
    this.#entrance.enter(definition, await this.#contextOf(whom), args);

  readonly ending = async (id: string, options?: EndingOptions): Promise<ConversationEnding | undefined> => {
    const inside = scopes.getStore();
    if (inside !== undefined && inside.instance === undefined) {
      refuseInside(
        "bot.conversations.ending",
        "Put it into c.external(name, fn), or run the other with c.call.",
      );
    }
    await this.#ready();
    return (this.#endings as Endings).of(id, options);
  };

  readonly emit = async (to: Whom | string, name: string, payload?: unknown): Promise<boolean> => {
    const inside = scopes.getStore()?.instance;
    if (inside === undefined) {
      refuseInside("bot.conversations.emit", "Put it into c.external(name, fn).");
    }
    checkText("bot.conversations.emit: the name of the event", name);
    const { bot, machine } = await this.#ready();
    const packed = pack(payload, `Emitting ${shown(name)}`);
    const event: Item = { value: { event: name, payload: packed.json } };
    const from = inside === undefined ? undefined : await this.#keyOf(inside);
    const emissions = (this.#emissions ??= new Emissions(
      bot.clock,
      (error) => void bot.report(error, "Going on with a conversation after an event"),
    ));
    const deliver = async (key: string, item: Item): Promise<boolean> => {
      const give = (given: Item): Promise<Verdict> => machine.deliver(key, given);
      return (await (from === undefined ? give(item) : emissions.deliver(from, key, item, give))) === "taken";
    };
    if (typeof to === "string") {
      const key = await this.#keyOf(to);
      return key !== undefined && deliver(key, { ...event, instance: to });
    }
    let isTaken = false;
    for (const key of this.#keys.all(await this.#contextOf(to))) {
      if (await deliver(key, event)) isTaken = true;
    }
    return isTaken;
  };

  readonly list: () => AsyncIterable<OpenConversation> = async function* (
    this: Desk,
  ): AsyncIterable<OpenConversation> {
    const machine = await this.machine();
    for await (const key of this.#lanes().keys(this.#prefix())) {
      const head = await machine.head(key);
      for (const instance of head?.instances ?? []) yield openOf(instance, key);
    }
  }.bind(this);

  readonly export = async (
    id: string,
  ): Promise<{ conversation: OpenConversation; records: readonly JournalRecord[] } | undefined> => {
    const machine = await this.machine();
    const key = await this.#keyOf(id);
    const lane = key === undefined ? undefined : await machine.read(key);
    const instance = lane?.head.instances.find((one) => one.id === id);
    if (key === undefined || lane === undefined || instance === undefined) return undefined;
    return { conversation: openOf(instance, key), records: lane.histories.get(id) ?? [] };
  };

  readonly inspect = async (id: string): Promise<readonly string[] | undefined> => {
    const exported = await this.export(id);
    return exported?.records.map((record, at) => `${at + 1}. ${describe(record)}`);
  };

  /** What the code there is now makes of an exported journal: the bot need not run, and no store is asked. */
  readonly #check = (exported: ExportedConversation): Promise<JournalVerdict> => {
    const found = this.#composer?.find(botHost);
    if (found === undefined) throw noBot();
    const me = { id: 0, is_bot: true, first_name: "" };
    const services = Object.create(found.services, { me: { value: me } }) as BotHost["services"];
    const report = async (): Promise<void> => undefined;
    this.#host ??= this.#makeHost(
      Object.create(found, { services: { value: services }, report: { value: report } }) as BotHost,
    );
    return checkJournal(this.#host, exported);
  };

  readonly retry = (id: string): Promise<boolean> =>
    this.#at("retry", id, (machine, key) => machine.retry(key, id));

  readonly exit = (id: string, reason = "exit"): Promise<boolean> =>
    this.#at("exit", id, (machine, key) => machine.leave(key, id, reason));

  readonly kill = (id: string): Promise<boolean> =>
    this.#at("kill", id, (machine, key) => machine.kill(key, id));

  async #at(
    verb: string,
    id: string,
    run: (machine: LaneMachine, key: string) => Promise<boolean>,
  ): Promise<boolean> {
    refuseInside(`bot.conversations.${verb}`, "End this one with c.exit(), and others from a handler.");
    const machine = await this.machine();
    const key = await this.#keyOf(id);
    return key === undefined ? false : run(machine, key);
  }

  /** The machine of this process; made when the bot knows who it is. */
  async machine(): Promise<LaneMachine> {
    return (await this.#ready()).machine;
  }

  async #ready(): Promise<Parts> {
    if (this.#parts !== undefined) return this.#parts;
    const bot = (this.#bot ??= this.#composer?.find(botHost));
    if (bot === undefined) throw noBot();
    if (this.#machine === undefined || this.#host === undefined) {
      // Within a start the bot knows itself already, and waiting for the start would wait for ever.
      if (!knowsItself(bot)) await bot.ready();
      this.#host ??= this.#makeHost(bot);
      this.#machine ??= this.#makeMachine(bot, this.#host);
      this.#endings ??= this.#makeEndings(bot, this.#machine);
    }
    return (this.#parts = { machine: this.#machine, bot, host: this.#host });
  }

  #makeHost(bot: BotHost): ConversationHost {
    const { ambiguity, texts, onEvent, onPoison } = this.#options;
    return new ConversationHost({
      bot,
      definitions: this.#definitions,
      composer: () => this.#composer,
      limits: this.#limits,
      ambiguity,
      texts,
      tokenOf: (instance) => this.#token(instance),
      onEnd: (instance) => this.#endings?.told(instance),
      onEvent,
      onPoison: onPoison && ((instance, lane) => onPoison(openOf(instance, lane))),
      probe: this.#probe,
    });
  }

  #makeEndings({ clock }: BotHost, machine: LaneMachine): Endings {
    const headOf = async (id: string): Promise<LaneHead | undefined> => {
      const key = await this.#keyOf(id);
      return key === undefined ? undefined : machine.head(key);
    };
    const { sweepMs: pollMs = 5_000 } = this.#options;
    return new Endings({ headOf, clock, pollMs, keptMs: this.#limits.endingMs ?? 86_400_000 });
  }

  #makeMachine(bot: BotHost, host: ConversationHost): LaneMachine {
    const { leaseMs, sweepMs, maxHot } = this.#options;
    const { replay = process.env["BALE_REPLAY"] === "always" ? "always" : "when needed" } = this.#options;
    const isAlwaysCold = replay === "always";
    return new LaneMachine({
      store: this.#lanes(),
      clock: bot.clock,
      host,
      owner: this.#probe?.owner ?? crypto.randomUUID().slice(0, 8),
      prefix: this.#prefix(),
      solo: this.#isSolo,
      leaseMs,
      sweepMs,
      maxHot,
      isAlwaysCold,
      shadowReplay: this.#options.shadowReplay ?? (isAlwaysCold ? 1 : 0),
      ...this.#limits,
      onError: (error, lane) =>
        void bot.report(error, lane === "" ? "Looking after conversations" : "Waking a conversation"),
    });
  }

  #memory: LaneStore | undefined;

  #lanes(): LaneStore {
    const clock = this.#bot?.clock;
    return this.#store ?? (this.#memory ??= memoryLanes({ clock }));
  }

  async #records(): Promise<UserRecords> {
    const machine = await this.machine();
    return new UserRecords({ machine, lanes: this.#lanes(), keys: this.#keys, prefix: this.#prefix() });
  }

  #prefix(): string {
    return `cv:${this.#bot?.me.id ?? 0}:`;
  }

  #token(instance: string): string {
    return `${this.#prefix()}${instance}`;
  }

  #keyOf(instance: string): Promise<string | undefined> {
    return this.#lanes().find(this.#token(instance));
  }

  /** A context of somebody who has sent nothing. */
  async #contextOf(whom: Whom): Promise<Context> {
    const { bot, host } = await this.#ready();
    return host.contexts.make(updateOf(whom, bot.clock.now()), undefined, undefined);
  }

  readonly #route = (ctx: Context, next: () => Promise<void>): Promise<void> => {
    const parts = this.#parts;
    return parts === undefined
      ? this.#ready().then((made) => this.#routeTo(made, ctx, next))
      : this.#routeTo(parts, ctx, next);
  };

  #routeTo(parts: Parts, ctx: Context, next: () => Promise<void>): Promise<void> {
    const { update } = ctx;
    const { bot, host } = parts;
    const handing = bot.hasHandOver ? new HandOver(bot, ctx) : undefined;
    const way = routeOf(update);
    const raw = update as unknown as Json;
    const value = way === undefined ? { update: raw } : { update: raw, by: way.by };
    const withKept = (): Json | Promise<Json> => this.#withKept(host, ctx, value);
    let keeping: Json | Promise<Json> | undefined;
    let isTaken = false;
    const item: Item = {
      id: String(update.update_id),
      value,
      kept: () => (keeping ??= handing === undefined ? withKept() : handing.begin().then(withKept)),
      accept: () => {
        isTaken = true;
        ctx.delivery?.accept();
      },
      owed: update.callback_query?.id,
      signal: ctx.signal,
    };
    const deliver = (): Promise<Verdict> => this.#deliver(parts, ctx, item, way);
    // Words that end a conversation are taken without asking what is kept.
    const delivered =
      handing === undefined
        ? deliver()
        : handing.around(() => (host.mayEnd(update) ? handing.begin().then(deliver) : deliver()));
    // What is not written down has had no effect. What is goes on by its journal, whatever becomes of the store.
    const failed = (error: unknown): never => {
      throw !isTaken && error instanceof StorageUnavailableError ? deliverAgain(ctx, error) : error;
    };
    return delivered.then((verdict) => {
      if (verdict !== "pass") return undefined;
      return way?.by === "button" ? this.#answerLate(ctx, way, item).catch(failed) : next();
    }, failed);
  }

  async #answerLate(ctx: Context, way: Way, item: Item): Promise<void> {
    await unlessTooOld(ctx.answer(await this.#wordsFor(way, item)));
  }

  /** Takes an update to the conversation it names, then to those of whoever sent it. */
  #deliver(parts: Parts, ctx: Context, item: Item, way: Way | undefined): Promise<Verdict> {
    if (way !== undefined || ctx.preCheckoutQuery !== undefined) {
      return this.#deliverToAll(parts, ctx, item, way);
    }
    const keys = this.#keys.all(ctx);
    const [key] = keys;
    return key !== undefined && keys.length === 1
      ? parts.machine.deliver(key, item)
      : this.#deliverToAll(parts, ctx, item, way, keys);
  }

  async #deliverToAll(
    { machine, host }: Parts,
    ctx: Context,
    item: Item,
    way: Way | undefined,
    keys?: readonly string[],
  ): Promise<Verdict> {
    const named = way === undefined ? undefined : await this.#keyOf(way.instance);
    if (way !== undefined && named !== undefined) {
      const verdict = await machine.deliver(named, { ...item, instance: way.instance });
      if (verdict !== "pass") return verdict;
    }
    if (way?.by === "button") return "pass";
    for (const key of keys ?? this.#keys.all(ctx)) {
      if (ctx.preCheckoutQuery !== undefined && !(await isWaitedFor(machine, host, key, item))) continue;
      const verdict = await machine.deliver(key, item);
      if (verdict !== "pass") return verdict;
    }
    return "pass";
  }

  /** What goes into the journal: the update, with what has been made for it and has to stay the same. */
  #withKept(
    { contexts }: ConversationHost,
    ctx: Context,
    value: { readonly [key: string]: Json },
  ): Json | Promise<Json> {
    const keeping = contexts.kept(ctx);
    return keeping === undefined ? value : Promise.resolve(keeping).then((kept) => ({ ...value, kept }));
  }

  /** What whoever presses a button reads that its conversation does not wait for. */
  async #wordsFor({ instance }: Way, item: Item): Promise<string> {
    const { staleText = "این فرم دیگر فعال نیست." } = this.#options;
    const { passedText = "این پرسش دیگر باز نیست.", othersText = "این دکمه برای شما نیست." } = this.#options;
    const { machine, host } = await this.#ready();
    const key = await this.#keyOf(instance);
    const head = key === undefined ? undefined : await machine.head(key);
    const open = head?.instances.find(({ id }) => id === instance);
    if (open === undefined || open.parked !== undefined) return staleText;
    return open.waits.some(({ filter }) => host.fitsOfOthers(filter, item)) ? othersText : passedText;
  }

  #controls(ctx: Context): ConversationControls {
    const keysHere = (): readonly string[] => this.#keys.all(ctx);
    return {
      enter: (async (definition: AnyDefinition, args?: unknown) => {
        const once = this.#entrance.once(ctx, definition);
        const { bot } = await this.#ready();
        return bot.handOver(ctx, () => this.#entrance.enter(definition, ctx, args, once));
      }) as ConversationControls["enter"],
      exit: async (definition) => {
        refuseInside("ctx.conversation.exit", "Use c.exit().");
        const machine = await this.machine();
        let left = 0;
        for (const key of keysHere()) {
          const head = await machine.head(key);
          for (const { id, definition: name } of head?.instances ?? []) {
            if (definition !== undefined && definition.name !== name) continue;
            if (await machine.leave(key, id, "exit")) left++;
          }
        }
        return left;
      },
      active: async () => {
        const machine = await this.machine();
        const open: OpenConversation[] = [];
        for (const key of keysHere()) {
          const head = await machine.head(key);
          for (const instance of head?.instances ?? []) open.push(openOf(instance, key));
        }
        return open;
      },
    };
  }
}

/** Whether a lane waits for an item, as it stands now: whatever is under way there is not waited for. */
async function isWaitedFor(
  machine: LaneMachine,
  host: ConversationHost,
  key: string,
  item: Item,
): Promise<boolean> {
  const head = await machine.head(key);
  if (head === undefined) return false;
  if (item.id !== undefined && head.recent.includes(item.id)) return true;
  return head.instances.some(
    (instance) =>
      instance.parked === undefined &&
      // What a step under way has waited for is over, and nobody knows what comes next.
      instance.isBusy !== true &&
      instance.waits.some(({ filter }) => host.fits(filter, item)),
  );
}

function checkShadow(part: number | undefined): void {
  if (part === undefined || (part >= 0 && part <= 1)) return;
  throw misuse(
    "ERR_BALE_OPTION",
    `conversations: shadowReplay is ${shown(part)}. Give the part of the steps, from 0 to 1.`,
  );
}

function noBot(): ConversationStateError {
  return new ConversationStateError(
    "Using conversations: no bot has been extended with them. Call bot.extend(…) first.",
  );
}

function knowsItself(bot: BotHost): boolean {
  try {
    return bot.me.id !== undefined;
  } catch {
    return false;
  }
}
