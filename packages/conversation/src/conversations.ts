import {
  type BotHost,
  botHost,
  type Composer,
  type Context,
  type LaneStore,
  lanesOf,
  memoryLanes,
  type Middleware,
  type Plugin,
  plugin,
  type Storage,
  type Update,
} from "balekit";
import type { AmbiguityTable } from "./ambiguity.js";
import type { AskTexts } from "./ask-texts.js";
import { ConversationHost, routeOf } from "./conversation-host.js";
import type { AnyDefinition, ConversationDefinition, Per } from "./definition.js";
import { ConversationStateError } from "./errors.js";
import { packInput } from "./handle.js";
import { describe, type JournalRecord } from "./journal.js";
import type { LaneEvent } from "./lane-event.js";
import type { InstanceHead } from "./lane-head.js";
import type { Item } from "./lane-host.js";
import { LaneMachine } from "./lane-machine.js";
import { type ConversationLimits, limitsOf } from "./limits.js";
import { misuse, shown } from "./misuse.js";
import { scopes } from "./scope.js";
import type { Json } from "./value.js";
import { pack } from "./value.js";

/** Options of `conversations`. */
export interface ConversationsOptions {
  /** The conversations of the bot, made with `conversation`. */
  readonly definitions: readonly AnyDefinition[];
  /**
   * Where they are kept: a lane store (`sqliteLanes`, `redisLanes`, `postgresLanes`), or a plain storage, for one process.
   * @default memory: they are lost with the process
   */
  readonly storage?: LaneStore | Storage | undefined;
  /**
   * Whether other processes work on the same storage. With `"one"` nothing is read for users without a conversation, and
   * what an earlier life of the process was at is taken up at once: let no two overlap.
   * @default "many", with a lane store of yours
   */
  readonly machines?: "one" | "many" | undefined;
  /** Bounds of each journal, of lanes and of what is kept. @default 10,000 records, 1 MB, 64 KB a value; the others at `ConversationLimits` */
  readonly limits?: Partial<ConversationLimits> | undefined;
  /** What to do, after a crash, about calls that may have been carried out, by method. @default money throws, all else is repeated */
  readonly ambiguity?: AmbiguityTable | undefined;
  /** What a press on a button of a conversation that waits no longer is answered with. @default "این فرم دیگر فعال نیست." */
  readonly staleText?: string | undefined;
  /** Words of `c.ask`, in place of its own. */
  readonly texts?: Partial<AskTexts> | undefined;
  /** How long a process may be silent before others take its work over. @default 45,000 */
  readonly leaseMs?: number | undefined;
  /** How often the store is asked for deadlines. @default 5,000 */
  readonly sweepMs?: number | undefined;
  /** How many lanes have their code kept alive. @default 1,000 */
  readonly maxHot?: number | undefined;
  /** Told of everything that happens with this bot's conversations; `balekit:conversation:*` tells those of all bots. */
  readonly onEvent?: ((event: LaneEvent) => void) | undefined;
  /** Told of a conversation that was parked because process after process ended at the same step of it. */
  readonly onPoison?: ((conversation: OpenConversation) => unknown) | undefined;
}

/** Whom a conversation is with, outside of any update. */
export interface Whom {
  readonly chatId: number;
  /** @default the chat's id: in a private chat they are the same */
  readonly userId?: number | undefined;
}

/** A conversation that is open. */
export interface OpenConversation {
  readonly id: string;
  readonly name: string;
  readonly lane: string;
  readonly version: number;
  /** When it was entered, in ms since 1970. */
  readonly bornAt: number;
  readonly touchedAt: number;
  readonly records: number;
  /** A hash of the source it runs on. */
  readonly source: string;
  readonly parked?: { readonly reason: string; readonly message: string; readonly at: number } | undefined;
}

/** What a handler does with conversations: `ctx.conversation`. */
export interface ConversationControls {
  /** Begins a conversation with whoever sent this update. Resolves, with its id, when it waits or is over. */
  enter<C extends Context, Args, Result>(
    definition: ConversationDefinition<C, Args, Result>,
    ...args: Args extends void ? [] : [args: Args]
  ): Promise<string>;
  /** Makes a conversation leave, or every one of this user here. Resolves to how many did. */
  exit(definition?: { readonly name: string } | undefined): Promise<number>;
  /** The conversations that are open here, oldest first. */
  active(): Promise<readonly OpenConversation[]>;
}

/** What `conversations` adds to contexts. */
export interface ConversationFlavor {
  readonly conversation: ConversationControls;
}

/** The plugin, and the hand on all conversations of the bot. */
export interface Conversations extends Plugin<ConversationFlavor> {
  /** Begins a conversation outside of any update. Its first context has a message without content. */
  enter<C extends Context, Args, Result>(
    definition: ConversationDefinition<C, Args, Result>,
    whom: Whom,
    ...args: Args extends void ? [] : [args: Args]
  ): Promise<string>;
  /** Ends the waits of an event: in every conversation with somebody, or in one. Resolves to whether any did. */
  emit(to: Whom | string, name: string, payload?: unknown): Promise<boolean>;
  /** Every open conversation. */
  list(): AsyncIterable<OpenConversation>;
  /** What a conversation has been through, a line a record. */
  inspect(id: string): Promise<readonly string[] | undefined>;
  /** The journal of a conversation as data. */
  export(
    id: string,
  ): Promise<
    { readonly conversation: OpenConversation; readonly records: readonly JournalRecord[] } | undefined
  >;
  /** Lets a parked conversation go on. */
  retry(id: string): Promise<boolean>;
  /** Makes a conversation leave: its `finally` blocks run. */
  exit(id: string, reason?: string): Promise<boolean>;
  /** Ends a conversation without running any of its code. */
  kill(id: string): Promise<boolean>;
}

/**
 * Conversations as plain async functions that survive restarts. Extend the bot with it before the handlers that are not
 * to see answers; commands reach their handlers wherever they are.
 * @example
 * bot.extend(conversations({ definitions: [signup], storage: sqliteLanes(database) }));
 * bot.command("start", (ctx) => ctx.conversation.enter(signup));
 */
export function conversations(options: ConversationsOptions): Conversations {
  const desk = new Desk(options);
  const made = plugin<ConversationFlavor>("conversations", (composer) => desk.install(composer));
  return Object.assign(made, {
    enter: desk.enterOutside,
    emit: desk.emit,
    list: desk.list,
    inspect: desk.inspect,
    export: desk.export,
    retry: desk.retry,
    exit: desk.exit,
    kill: desk.kill,
  }) as unknown as Conversations;
}

class Desk {
  readonly #options: ConversationsOptions;
  readonly #definitions = new Map<string, AnyDefinition>();
  readonly #pers: readonly Per[];
  readonly #store: LaneStore | undefined;
  readonly #isSolo: boolean;
  readonly #limits: ConversationLimits;
  #composer: Composer | undefined;
  #bot: BotHost | undefined;
  #host: ConversationHost | undefined;
  #machine: LaneMachine | undefined;

  constructor(options: ConversationsOptions) {
    this.#options = options;
    this.#limits = limitsOf(options.limits);
    for (const definition of options.definitions) {
      if (this.#definitions.has(definition.name)) {
        throw misuse(
          "ERR_BALE_CONVERSATION_DEFINITION",
          `conversations: two definitions are called ${shown(definition.name)}. Give each a name of its own.`,
        );
      }
      this.#definitions.set(definition.name, definition);
    }
    this.#pers = [
      ...new Set([...this.#definitions.values()].map(({ options: { per = "user-in-chat" } }) => per)),
    ];
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
    composer.onStart(async () => (await this.machine()).start());
    composer.onStop(() => this.#machine?.stop());
    const extended = composer.derive("conversation", (ctx) => this.#controls(ctx));
    extended.use(this.#route as Middleware<C>);
    return extended as unknown as Composer<C & ConversationFlavor>;
  }

  readonly enterOutside = async (
    definition: AnyDefinition,
    { chatId, userId = chatId }: Whom,
    args?: unknown,
  ): Promise<string> => {
    const { bot } = await this.#ready();
    const isPrivate = chatId === userId;
    const update = {
      update_id: 0,
      message: {
        message_id: 0,
        date: Math.floor(bot.clock.now() / 1_000),
        chat: { id: chatId, type: isPrivate ? "private" : "group" },
        from: { id: userId, is_bot: false, first_name: "" },
      },
    } as unknown as Update;
    return this.#enter(definition, { chatId, userId }, update, args, undefined);
  };

  readonly emit = async (to: Whom | string, name: string, payload?: unknown): Promise<boolean> => {
    refuseInside("emit");
    const machine = await this.machine();
    const packed = pack(payload, `Emitting ${shown(name)}`);
    const item: Item = { value: { event: name, payload: packed.json } };
    if (typeof to === "string") {
      const key = await this.#keyOf(to);
      return key !== undefined && (await machine.deliver(key, { ...item, instance: to })) === "taken";
    }
    const { chatId, userId = chatId } = to;
    let isTaken = false;
    for (const key of this.#keys(chatId, userId)) {
      if ((await machine.deliver(key, item)) === "taken") isTaken = true;
    }
    return isTaken;
  };

  readonly list = async function* (this: Desk): AsyncIterable<OpenConversation> {
    const machine = await this.machine();
    for await (const key of this.#lanes().keys(this.#prefix())) {
      const lane = await machine.read(key);
      for (const instance of lane?.head.instances ?? []) yield openOf(instance, key);
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

  readonly retry = (id: string): Promise<boolean> => this.#at(id, (machine, key) => machine.retry(key, id));

  readonly exit = (id: string, reason = "exit"): Promise<boolean> =>
    this.#at(id, (machine, key) => machine.leave(key, id, reason));

  readonly kill = (id: string): Promise<boolean> => this.#at(id, (machine, key) => machine.kill(key, id));

  async #at(id: string, run: (machine: LaneMachine, key: string) => Promise<boolean>): Promise<boolean> {
    refuseInside("this");
    const machine = await this.machine();
    const key = await this.#keyOf(id);
    return key === undefined ? false : run(machine, key);
  }

  /** The machine of this process; made when the bot knows who it is. */
  async machine(): Promise<LaneMachine> {
    return (await this.#ready()).machine;
  }

  async #ready(): Promise<{ machine: LaneMachine; bot: BotHost }> {
    const bot = (this.#bot ??= this.#composer?.find(botHost));
    if (bot === undefined) {
      throw new ConversationStateError(
        "Using conversations: no bot has been extended with them. Call bot.extend(…) first.",
      );
    }
    if (this.#machine === undefined) {
      // Within a start the bot knows itself already, and waiting for the start would wait for ever.
      if (!knowsItself(bot)) await bot.ready();
      this.#machine ??= this.#make(bot);
    }
    return { machine: this.#machine, bot };
  }

  #make(bot: BotHost): LaneMachine {
    const { ambiguity = {}, texts, onEvent, onPoison, leaseMs, sweepMs, maxHot } = this.#options;
    const limits = this.#limits;
    const host = new ConversationHost({
      bot,
      definitions: this.#definitions,
      derivations: () => this.#composer?.tree.derivations() ?? [],
      limits,
      ambiguity,
      texts,
      tokenOf: (instance) => this.#token(instance),
      onEvent,
      onPoison: onPoison && ((instance, lane) => onPoison(openOf(instance, lane))),
    });
    this.#host = host;
    return new LaneMachine({
      store: this.#lanes(),
      clock: bot.clock,
      host,
      owner: crypto.randomUUID().slice(0, 8),
      prefix: this.#prefix(),
      solo: this.#isSolo,
      leaseMs,
      sweepMs,
      maxHot,
      ...limits,
      onError: (error, lane) =>
        void bot.report(error, lane === "" ? "Looking after conversations" : "Waking a conversation"),
    });
  }

  #memory: LaneStore | undefined;

  #lanes(): LaneStore {
    const clock = this.#bot?.clock;
    return this.#store ?? (this.#memory ??= memoryLanes({ clock }));
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

  #key(per: Per, chatId: number | undefined, userId: number | undefined): string | undefined {
    if (per === "chat") return chatId === undefined ? undefined : `${this.#prefix()}c${chatId}`;
    if (userId === undefined) return undefined;
    if (per === "user") return `${this.#prefix()}u${userId}`;
    return chatId === undefined ? undefined : `${this.#prefix()}${chatId}:${userId}`;
  }

  #keys(chatId: number | undefined, userId: number | undefined): readonly string[] {
    return this.#pers
      .map((per) => this.#key(per, chatId, userId))
      .filter((key): key is string => key !== undefined);
  }

  readonly #route = async (ctx: Context, next: () => Promise<void>): Promise<void> => {
    const { update } = ctx;
    const machine = this.#machine ?? (await this.machine());
    const way = routeOf(update);
    const userId = ctx.from?.id;
    // A payment comes without a chat: it is the user's own.
    const chatId = ctx.chatId ?? (update.pre_checkout_query ? userId : undefined);
    const item: Item = {
      id: String(update.update_id),
      value: { update: update as unknown as Json, ...(way === undefined ? undefined : { by: way.by }) },
      accept: () => ctx.delivery?.accept(),
      owed: update.callback_query?.id,
      signal: ctx.signal,
    };
    const named = way === undefined ? undefined : await this.#keyOf(way.instance);
    if (way !== undefined && named !== undefined) {
      const verdict = await machine.deliver(named, { ...item, instance: way.instance });
      if (verdict !== "pass") return;
    }
    if (way?.by === "button") {
      await this.#answerStale(ctx);
      return;
    }
    for (const key of this.#keys(chatId, userId)) {
      if ((await machine.deliver(key, item)) !== "pass") return;
    }
    return next();
  };

  async #answerStale(ctx: Context): Promise<void> {
    const { staleText = "این فرم دیگر فعال نیست." } = this.#options;
    await ctx.answer(staleText);
  }

  #controls(ctx: Context): ConversationControls {
    const keysHere = (): readonly string[] => this.#keys(ctx.chatId, ctx.from?.id);
    return {
      enter: ((definition: AnyDefinition, args?: unknown) =>
        this.#enter(
          definition,
          { chatId: ctx.chatId, userId: ctx.from?.id },
          ctx.update,
          args,
          ctx.signal,
        )) as ConversationControls["enter"],
      exit: async (definition) => {
        refuseInside("ctx.conversation.exit");
        const machine = await this.machine();
        let left = 0;
        for (const key of keysHere()) {
          const lane = await machine.read(key);
          for (const { id, definition: name } of lane?.head.instances ?? []) {
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
          const lane = await machine.read(key);
          for (const instance of lane?.head.instances ?? []) open.push(openOf(instance, key));
        }
        return open;
      },
    };
  }

  async #enter(
    definition: AnyDefinition,
    whom: { chatId: number | undefined; userId: number | undefined },
    update: Update,
    args: unknown,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    refuseInside(`Entering "${definition.name}"`);
    if (this.#definitions.get(definition.name) !== definition) {
      throw misuse(
        "ERR_BALE_CONVERSATION_DEFINITION",
        `Entering "${definition.name}": it is not among the definitions. Put it into conversations({ definitions }).`,
      );
    }
    const machine = await this.machine();
    const { per = "user-in-chat", onActive = "replace" } = definition.options;
    const key = this.#key(per, whom.chatId, whom.userId);
    if (key === undefined) {
      throw misuse(
        "ERR_BALE_CONVERSATION_WHOM",
        `Entering "${definition.name}": this update has no ${whom.userId === undefined ? "user" : "chat"}, so nobody's answers could be told from others'. Take another per, or conversations.enter(definition, { chatId, userId }).`,
      );
    }
    const { json, bytes } = packInput({ args, update }, definition.name, this.#limits.maxValueBytes);
    const once = update.update_id === 0 ? undefined : `e${update.update_id}:${definition.name}`;
    const { id } = await machine.enter(key, {
      id: newId(),
      definition: definition.name,
      input: json,
      bytes,
      once,
      onActive,
      signal,
    });
    return id;
  }
}

function knowsItself(bot: BotHost): boolean {
  try {
    return bot.me.id !== undefined;
  } catch {
    return false;
  }
}

function refuseInside(doing: string): void {
  if (scopes.getStore() === undefined) return;
  throw misuse(
    "ERR_BALE_CONVERSATION_SCOPE",
    `${doing}: this is called inside a conversation. Use c.call(definition, args), or c.exit().`,
  );
}

function newId(): string {
  const digits = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(digits, (digit) => (digit % 36).toString(36)).join("");
}

function openOf(instance: InstanceHead, lane: string): OpenConversation {
  const { id, definition, version, source, born, touched, length, parked } = instance;
  const at = { bornAt: born, touchedAt: touched };
  return { id, name: definition, lane, version, source, ...at, records: length, parked };
}
