import {
  type Api,
  type Context,
  type HearsQuery,
  type CallbackMatchQuery,
  type CommandQuery,
  type PatternSource,
  type Queries,
  type QueryName,
  type SessionAccess,
  type Update,
  type UpdateMatch,
  type UpdateTest,
  updateTest,
} from "balekit";
import { ambiguousHere, type EffectOptions, withEffectOptions } from "./ambiguity.js";
import { openOwnError } from "./api-error.js";
import { Ask } from "./ask.js";
import type { AskTexts } from "./ask-texts.js";
import { type ConversationSessions, conversationSessions } from "./conversation-session.js";
import { collected, type CollectOptions } from "./collect.js";
import type { Coroutine } from "./coroutine.js";
import type { EffectSpec, ExternalRun } from "./effect.js";
import { ExitError, WaitExpiredError } from "./errors.js";
import type { KeptValues } from "./inner-context.js";
import { asDone, Done, type LoopEnd, type StepsAt, type StepsResult } from "./loop-end.js";
import { misuse, shown } from "./misuse.js";
import type { Operation } from "./operation.js";
import type { AskWait } from "./question.js";
import { scopes } from "./scope.js";
import { type Json, unpack } from "./value.js";
import { deadlineOf, expired, type Term, UpdateWait } from "./update-wait.js";
import type { WayAhead } from "./program-input.js";
import { checkText, checkWait, named, type WaitOptions } from "./wait-options.js";
import { waitUntilTold, withOthers } from "./told-wait.js";
import { callUntil } from "./wait-signal.js";
import { filterWords, senderOf, type WaitFilter, type WaitSpec } from "./wait-filter.js";

/** A button whose press reaches exactly this conversation. */
export interface ConversationButton {
  readonly text: string;
  readonly callback_data: string;
}

/** What a conversation has around it. */
export interface HandleInit<C extends Context> {
  readonly coroutine: Coroutine;
  readonly instance: string;
  readonly ctx: C;
  readonly now: () => number;
  readonly timeoutMs: number | undefined;
  /** Whether the answers of everybody in the chat count. */
  readonly isShared?: boolean | undefined;
  /** Where the first `c.steps` that has such a way begins. */
  readonly goto?: WayAhead | undefined;
  /** Words of `c.ask`. */
  readonly texts?: Partial<AskTexts> | undefined;
  /** Writes a line to the bot's log. */
  readonly log: (message: string) => void;
  /** What the session plugin offers under a name. */
  readonly session: (name: string) => SessionAccess | undefined;
  /** Chance, where a test harness has it in hand: given the id of the operation that draws. @default Math.random */
  readonly random?: ((operation: number) => number) | undefined;
  /** Makes a context of an update; may have to wait for what `derive` adds. */
  readonly context: (update: Update, match: UpdateMatch | undefined, kept: KeptValues | undefined) => unknown;
}

/** A definition, as `c.call` takes it. */
export interface Callable<C extends Context, Args, Result> {
  readonly name: string;
  readonly code: (c: ConversationHandle<C>, ctx: C, args: Args) => Promise<Result>;
  readonly options?: { readonly timeoutMs?: number | undefined } | undefined;
}

/** What a wait takes beside its query. */
interface WaitReach {
  /** The data of the one button it is for. */
  readonly button?: string | undefined;
  /** What the data of the buttons it is for begins with. */
  readonly prefix?: string | undefined;
  /** How long it lasts, together with others; told of the deadline it has. */
  readonly term?: Term | undefined;
}

/** The hand a conversation is given: everything that it may wait for, do, and keep. */
export class ConversationHandle<C extends Context = Context> {
  /** Names this conversation: for logs and for `bot.conversations.inspect`. */
  readonly id: string;
  readonly #init: HandleInit<C>;
  readonly #coroutine: Coroutine;
  /** Where to go, until a `steps` has gone there: shared with the hands of conversations that are called. */
  #ahead: { goto: WayAhead | undefined };
  #ask: Ask | undefined;
  #session: ConversationSessions<C> | undefined;

  constructor(init: HandleInit<C>) {
    this.#init = init;
    this.#coroutine = init.coroutine;
    this.#ahead = { goto: init.goto };
    this.id = init.instance;
  }

  /** Questions that read, check and repeat: `await c.ask.integer("count", "چند عدد؟", { min: 1 })`. */
  get ask(): Ask {
    return (this.#ask ??= new Ask({
      ctx: this.#init.ctx,
      texts: this.#init.texts,
      now: () => this.now(),
      token: (key) => this.#coroutine.pure(key, () => this.#draw().toString(36).slice(2, 6)) as string,
      step: (name, run) => this.step(name, run),
      external: (name, run) => this.external(name, run),
      button: (text, value) => this.button(text, value),
      wait: (key, test, options) => this.#waitForAnswer(key, test, options),
      loop: (name, first, round) => this.loop(name, first, round as never),
      done: (result) => this.done(result),
    }));
  }

  /** Calls Bale, as `ctx.api` does: each call is written down, and made once. */
  get api(): Api {
    return this.#init.ctx.api;
  }

  /**
   * The session of whoever the conversation was entered by, where `session()` has been extended before: read and changed
   * in steps that are written down. `c.session("name")` is one of another name.
   */
  get session(): ConversationSessions<C> {
    const { session: find, ctx } = this.#init;
    return (this.#session ??= conversationSessions({
      find,
      effect: (key, perform) => this.#effect(key, "c.session", perform),
      read: (access) => access.read(ctx),
      update: (access, change) => access.update(ctx, change),
    }) as ConversationSessions<C>);
  }

  /** Waits for an update that fits a query, or any one of a list. @throws WaitExpiredError when the time is up */
  waitFor<Q extends QueryName>(
    query: Q | readonly Q[],
    options: WaitOptions<C & Queries[Q], C> = {},
  ): Promise<C & Queries[Q]> {
    const names: readonly string[] = typeof query === "string" ? [query] : query;
    const words = names.join("|");
    return this.#wait(`wait:${words}`, updateTest.on(query), words, options);
  }

  /** Waits for an update of any kind. */
  wait(options: WaitOptions<C, C> = {}): Promise<C> {
    return this.#wait("wait:update", updateTest.on("update"), undefined, options);
  }

  /** Waits for an update that a function says yes to. It must look at nothing but the context. */
  waitUntil<Found extends C>(check: (ctx: C) => ctx is Found, options?: WaitOptions<C, C>): Promise<Found>;
  waitUntil(check: (ctx: C) => boolean | Promise<boolean>, options?: WaitOptions<C, C>): Promise<C>;
  waitUntil(check: (ctx: C) => boolean | Promise<boolean>, options: WaitOptions<C, C> = {}): Promise<C> {
    named("c.waitUntil", "until", check);
    return this.#wait("wait:until", updateTest.on("update"), undefined, { ...options, check });
  }

  /** Waits for a command: the only way in which a command is an answer. */
  waitForCommand(
    names: string | readonly string[],
    options: WaitOptions<C & CommandQuery, C> = {},
  ): Promise<C & CommandQuery> {
    const list: readonly string[] = typeof names === "string" ? [names] : names;
    const words = `/${list.join("|/")}`;
    return this.#wait(`wait:${words}`, updateTest.command(names), words, { ...options, commands: true });
  }

  /** Waits for a text, as `bot.hears` listens for it. */
  waitForHears(
    patterns: PatternSource | readonly PatternSource[],
    options: WaitOptions<C & HearsQuery, C> = {},
  ): Promise<C & HearsQuery> {
    const fits = filterWords("hears", patterns) ?? ["message"];
    return this.#wait(`wait:hears ${labelOf(patterns)}`, updateTest.hears(patterns), fits, options);
  }

  /** Waits for a message that answers this one: `c.waitForReplyTo(await ctx.reply("…"))`. */
  waitForReplyTo(
    message: number | { readonly message_id: number },
    options: WaitOptions<C & Queries["message"], C> = {},
  ): Promise<C & Queries["message"]> {
    const id = typeof message === "number" ? message : message?.message_id;
    if (!Number.isSafeInteger(id)) {
      throw misuse(
        "ERR_BALE_CONVERSATION_WAIT",
        `c.waitForReplyTo: ${shown(message)} is no message. Give one that was sent, or its id.`,
      );
    }
    const isMessage = updateTest.on("message");
    const test: UpdateTest = (update, viewer) =>
      update.message?.reply_to_message?.message_id === id ? isMessage(update, viewer) : undefined;
    return this.#wait("wait:reply", test, ["message"], options);
  }

  /** Waits for a press: on a button made by `c.button`, or on one whose data fits, as `bot.callback` takes it. */
  waitForCallback(
    button: ConversationButton,
    options?: WaitOptions<C & CallbackMatchQuery & { readonly match: string }, C>,
  ): Promise<C & CallbackMatchQuery & { readonly match: string }>;
  waitForCallback(
    what: ConversationButton | PatternSource | readonly PatternSource[],
    options?: WaitOptions<C & CallbackMatchQuery, C>,
  ): Promise<C & CallbackMatchQuery>;
  waitForCallback(
    what: ConversationButton | PatternSource | readonly PatternSource[],
    options: WaitOptions<C & CallbackMatchQuery, C> = {},
  ): Promise<C & CallbackMatchQuery> {
    if (isButton(what)) {
      const data = what.callback_data;
      const [, , value] = data.split(":", 3);
      const test: UpdateTest = (update) =>
        update.callback_query?.data === data ? { match: data.slice(data.indexOf(":", 3) + 1) } : undefined;
      const from = options.from ?? this.#owner();
      return this.#wait(
        `wait:button ${value}`,
        test,
        ["callback_query"],
        { ...options, from },
        { button: data },
      );
    }
    const fits = filterWords("callback", what) ?? ["callback_query"];
    return this.#wait(`wait:callback ${labelOf(what)}`, updateTest.callback(what), fits, options);
  }

  /** Waits for `bot.conversations.emit(to, name, payload)`. */
  waitForEvent<Payload = unknown>(
    name: string,
    options: { readonly timeoutMs?: number | undefined; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<Payload> {
    checkText("c.waitForEvent: its name", name);
    const spec: WaitSpec = { filter: { e: name } };
    // Packed when it was emitted, and again with the item.
    const open = (item: unknown): unknown => unpack((item as { readonly payload: Json }).payload);
    return this.#call(`wait:event ${name}`, spec, options, open) as Promise<Payload>;
  }

  /** Waits that long; costs nothing meanwhile, and survives restarts. */
  async sleep(ms: number): Promise<void> {
    if (!(ms >= 0) || !Number.isFinite(ms)) {
      throw misuse(
        "ERR_BALE_CONVERSATION_WAIT",
        `c.sleep: ${shown(ms)} is not a finite number of milliseconds from 0 up. Give how long to wait.`,
      );
    }
    await this.#sleepUntil(this.#init.now() + ms);
  }

  /** Waits until a moment: a date, or ms since 1970. */
  async sleepUntil(moment: Date | number): Promise<void> {
    const deadline = Number(moment);
    if (!Number.isFinite(deadline)) {
      throw misuse(
        "ERR_BALE_CONVERSATION_WAIT",
        `c.sleepUntil: ${moment instanceof Date ? "an invalid Date" : shown(moment)} is no moment. Give a valid Date, or milliseconds since 1970.`,
      );
    }
    await this.#sleepUntil(deadline);
  }

  /**
   * Collects updates that fit a query, until it is enough: `max`, `idleMs`, `withinMs` and `until` say when, whichever is
   * first.
   * @throws WaitExpiredError when `timeoutMs` is over before; its `found` has what had come
   */
  async collect<Q extends QueryName>(
    query: Q | readonly Q[],
    options: CollectOptions<C & Queries[Q]>,
  ): Promise<readonly (C & Queries[Q])[]> {
    const words = (typeof query === "string" ? [query] : query).join("|");
    return collected(options, this.#init.now, (each, term) =>
      this.#wait(`wait:${words}`, updateTest.on(query), words, each, { term }),
    );
  }

  /** Runs several pieces of code at once and answers with the first that is over; the others wait for nothing more. */
  race<Arms extends Readonly<Record<string, () => Promise<unknown>>>>(
    arms: Arms,
  ): Promise<
    { [Arm in keyof Arms]: { readonly arm: Arm; readonly value: Awaited<ReturnType<Arms[Arm]>> } }[keyof Arms]
  > {
    const runs = Object.entries(arms).map(([arm, run]) => {
      if (typeof run === "function") return async () => ({ arm, value: await run() });
      throw misuse(
        "ERR_BALE_CONVERSATION_WAIT",
        `c.race: ${shown(arm)} is ${shown(run)}. Give functions, so that what loses can be given up: { ${arm}: () => c.waitFor("message") }.`,
      );
    });
    if (runs.length === 0) {
      throw misuse(
        "ERR_BALE_CONVERSATION_WAIT",
        "c.race: there is nothing to run, and so nothing that could be first. Give at least one function.",
      );
    }
    return this.#coroutine.race(runs) as never;
  }

  /**
   * Does something outside: a database, another service. Its result is kept, so that it is done once; after a crash in
   * the middle it is done again, with the same `idempotencyKey`.
   */
  external<Value>(name: string, run: (run: ExternalRun) => Value | Promise<Value>): Promise<Value> {
    named("c.external", name, run);
    return this.#effect(`ext:${name}`, "c.external", run) as Promise<Value>;
  }

  /**
   * Runs a function whose effects are carried out otherwise than elsewhere:
   * `await c.with({ ambiguous: "throw" }, () => ctx.reply("…"))` is never said twice.
   */
  with<Value>(options: EffectOptions, run: () => Value): Value {
    return withEffectOptions(options, run);
  }

  /** The time in ms since 1970, kept. */
  now(): number {
    return this.#coroutine.pure("now", this.#init.now) as number;
  }

  /** A random number from 0 up to, not including, 1, kept. */
  random(): number {
    return this.#coroutine.pure("random", () => this.#draw()) as number;
  }

  /** A random UUID, kept. */
  uuid(): string {
    const make = (): string => uuidOf(this.#init.random === undefined ? undefined : () => this.#draw());
    return this.#coroutine.pure("uuid", make) as string;
  }

  /** Writes a line to the bot's log, with the names of the conversation: once, and not again in a replay. */
  log(message: string): void {
    this.#coroutine.pure("log", () => {
      this.#init.log(message);
      return null;
    });
  }

  /** The name of the step this code runs in; `undefined` outside of any. */
  checkpoint(): string | undefined {
    const step = scopes.getStore()?.blocks.findLast(({ key }) => key.startsWith("step:"));
    return step?.key.slice("step:".length);
  }

  /**
   * Runs a piece of code of which only the result is kept once it is over. What it changes outside of itself is lost
   * after a restart: return it.
   */
  step<Value>(name: string, run: () => Value | Promise<Value>): Promise<Value> {
    named("c.step", name, run);
    return this.#coroutine.step(`step:${name}`, run);
  }

  /** Leaves this place for a step that has been gone through, to ask it anew. Nothing after it is kept. */
  back(name: string): Promise<never> {
    return this.#coroutine.back(`step:${name}`);
  }

  /**
   * Runs code again and again, each time with what the last round returned; `c.done(result)` ends it. However many
   * rounds there are, only the last is kept.
   */
  loop<State, Result = never>(
    name: string,
    first: State,
    round: (state: State) => Promise<State | LoopEnd<Result>>,
  ): Promise<Result> {
    named("c.loop", name, round);
    return this.#coroutine.loop<State, Result>(`loop:${name}`, first, round, asDone as never);
  }

  /** What a round of `loop` or a way of `steps` returns to end it. */
  done(): LoopEnd<undefined>;
  done<Result>(result: Result): LoopEnd<Result>;
  done(result?: unknown): LoopEnd<unknown> {
    return new Done(result);
  }

  /**
   * A form in the style of a state machine: each way returns where to go next and what is known by then, or
   * `c.done(result)`. Only the way it stands at is kept, so that others may change freely.
   */
  steps<
    State,
    Ways extends Readonly<
      Record<
        string,
        (state: NoInfer<State>) => Promise<StepsAt<keyof Ways, NoInfer<State>> | LoopEnd<unknown>>
      >
    >,
  >(name: string, ways: Ways, first: StepsAt<keyof Ways, State>): Promise<StepsResult<Ways>> {
    const { goto } = this.#ahead;
    const meant = goto !== undefined && Object.hasOwn(ways, goto.next) ? goto : undefined;
    if (meant !== undefined) this.#ahead.goto = undefined;
    return this.loop<StepsAt<keyof Ways, State>, StepsResult<Ways>>(
      name,
      (meant as typeof first | undefined) ?? first,
      async ({ next, state }) => {
        const way = Object.hasOwn(ways, next) ? ways[next] : undefined;
        if (way === undefined) {
          throw misuse(
            "ERR_BALE_CONVERSATION_WAIT",
            `c.steps(${shown(name)}): there is no way ${shown(next)}. Name one of: ${Object.keys(ways).join(", ")}.`,
          );
        }
        return way(state) as Promise<StepsAt<keyof Ways, State> | LoopEnd<StepsResult<Ways>>>;
      },
    );
  }

  /**
   * Runs another conversation in the place of a step, and answers with what it returns. Its waits last as long as its own
   * `timeoutMs` says; of its other options none counts, for it is this conversation that is open: what it throws, a
   * `WaitExpiredError` as well, comes out of here.
   */
  call<Args, Result>(
    child: Callable<C, Args, Result>,
    ...args: Args extends void ? [] : [args: Args]
  ): Promise<Result> {
    named("c.call", child?.name, child?.code);
    const { timeoutMs = this.#init.timeoutMs } = child.options ?? {};
    const handle = timeoutMs === this.#init.timeoutMs ? this : this.#lasting(timeoutMs);
    return this.#coroutine.step(`call:${child.name}`, () =>
      child.code(handle, this.#init.ctx, args[0] as Args),
    );
  }

  /** The same hand, whose waits last that long. */
  #lasting(timeoutMs: number | undefined): ConversationHandle<C> {
    const handle = new ConversationHandle<C>({ ...this.#init, timeoutMs });
    handle.#ahead = this.#ahead;
    return handle;
  }

  /** Whether new code may run here: false for conversations that had passed this place before it was there. */
  patched(id: string): boolean {
    checkText("c.patched: its name", id);
    return this.#coroutine.patched(`patched:${id}`);
  }

  /** Ends the conversation here: `finally` blocks run, nothing else does. */
  exit(result?: unknown): never {
    throw new ExitError("exit", result);
  }

  /**
   * A button whose press reaches exactly this conversation, from whatever chat; once it waits no longer, the press is
   * told so. `value` is what `ctx.match` will be.
   */
  button(text: string, value: string): ConversationButton {
    if (typeof value !== "string") checkText(`c.button(${shown(text)}): its value`, value);
    const callback_data = `cv:${this.id}:${value}`;
    if (Buffer.byteLength(callback_data) > 64) {
      throw misuse(
        "ERR_BALE_CONVERSATION_BUTTON",
        `c.button(${shown(text)}): its value ${shown(value)} is too long. Bale takes 64 bytes, of which ${64 - 4 - this.id.length} are left. Keep a number or an id in it.`,
      );
    }
    return { text, callback_data };
  }

  /** Where `onMismatch` has said to go, as long as no `c.steps` has had such a way. */
  get wayAhead(): string | undefined {
    return this.#ahead.goto?.next;
  }

  #effect(key: string, place: string, perform: (run: ExternalRun) => unknown): Promise<unknown> {
    const host: EffectSpec = { is: "external", place, perform, ambiguous: ambiguousHere() };
    return this.#coroutine.call({ kind: "effect", key, host, openError: openOwnError });
  }

  #draw(): number {
    return this.#init.random?.(this.#coroutine.lastId + 1) ?? Math.random();
  }

  #owner(): number | undefined {
    return senderOf(this.#init.ctx.update);
  }

  async #sleepUntil(deadline: number): Promise<void> {
    const spec: WaitSpec = { filter: { e: "" } };
    try {
      await this.#coroutine.call({
        kind: "wait",
        key: "sleep",
        deadline,
        host: spec,
        openError: expired("sleep"),
      });
    } catch (error) {
      if (!(error instanceof WaitExpiredError)) throw error;
    }
  }

  #waitForAnswer(key: string, test: UpdateTest, { prefix, timeoutMs, from }: AskWait): Promise<Context> {
    const kinds = prefix === undefined ? ["message"] : ["message", "callback_query"];
    const whose = from ?? (this.#init.isShared === true ? undefined : this.#owner());
    return this.#wait<Context>(key, test, kinds, { timeoutMs, from: whose }, { prefix });
  }

  #wait<Found extends Context>(
    key: string,
    query: UpdateTest,
    fits: readonly string[] | string | undefined,
    options: WaitOptions<Found, never>,
    { button, prefix, term }: WaitReach = {},
  ): Promise<Found> {
    const { id, from, check, commands, otherwise, timeoutMs, signal } = options;
    checkWait(options);
    const filter: { -readonly [Key in keyof WaitFilter]: WaitFilter[Key] } = {};
    if (typeof fits === "string") {
      filter.q = fits;
      if (otherwise !== undefined) filter.o = 1;
    } else if (fits !== undefined) {
      filter.k = otherwise === undefined ? fits : [...new Set([...fits, "message"])];
    }
    if (commands === true) filter.c = 1;
    if (from !== undefined) filter.f = from === "anyone" ? 0 : typeof from === "number" ? [from] : from;
    if (button !== undefined && otherwise === undefined) filter.b = button;
    else if (prefix !== undefined || button !== undefined) filter.p = prefix ?? button;
    const asked = check as ((ctx: Context) => boolean | Promise<boolean>) | undefined;
    const operation = new UpdateWait(
      id === undefined ? key : `${key}#${id}`,
      term?.deadline === undefined ? this.#deadline(timeoutMs) : finite(term.deadline),
      otherwise === undefined
        ? { filter, test: query, check: asked }
        : { filter, test: withOthers(query), check: undefined },
      this.#init,
    );
    const wait = (): Promise<Found> => {
      const answer = callUntil(this.#coroutine, operation, signal);
      // Those that follow it last no longer than it does.
      operation.deadline = deadlineOf(this.#coroutine, operation);
      if (term !== undefined) term.deadline = operation.deadline;
      return answer as Promise<Found>;
    };
    return otherwise === undefined ? wait() : waitUntilTold(wait, { test: query, check, otherwise });
  }

  #call(
    key: string,
    spec: WaitSpec,
    { timeoutMs, signal }: Pick<WaitOptions, "timeoutMs" | "signal">,
    open: (value: unknown) => unknown,
  ): Promise<unknown> {
    const operation: Operation = {
      kind: "wait",
      key,
      deadline: this.#deadline(timeoutMs),
      host: spec,
      open,
      openError: expired(key.slice("wait:".length)),
    };
    return callUntil(this.#coroutine, operation, signal);
  }

  #deadline(timeoutMs: number | undefined = this.#init.timeoutMs): number | undefined {
    if (timeoutMs === undefined || timeoutMs === Number.POSITIVE_INFINITY) return undefined;
    if (!(timeoutMs >= 0)) {
      throw misuse(
        "ERR_BALE_CONVERSATION_WAIT",
        `Waiting: timeoutMs is ${shown(timeoutMs)}. Give milliseconds from 0 up.`,
      );
    }
    return this.#init.now() + timeoutMs;
  }
}

/** The handle of the conversation this code runs in, through whatever it was called. */
export function currentCoroutine(): Coroutine | undefined {
  const scope = scopes.getStore();
  return scope === undefined || scope.closed !== undefined ? undefined : (scope.owner as Coroutine);
}

function uuidOf(draw: (() => number) | undefined): string {
  if (draw === undefined) return crypto.randomUUID();
  const digits = draw().toString(16).slice(2).padEnd(12, "0").slice(0, 12);
  return `00000000-0000-4000-8000-${digits}`;
}

function finite(deadline: number): number | undefined {
  return Number.isFinite(deadline) ? deadline : undefined;
}

function labelOf(patterns: PatternSource | readonly PatternSource[]): string {
  const list: readonly PatternSource[] = Array.isArray(patterns) ? patterns : [patterns as PatternSource];
  return list.map(String).join("|");
}

function isButton(what: unknown): what is ConversationButton {
  return typeof what === "object" && what !== null && "callback_data" in what;
}
