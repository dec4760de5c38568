import {
  type BotHost,
  type Call,
  type Composer,
  type Context,
  type ContextServices,
  type EffectStep,
  ForbiddenError,
  isThenable,
  type Reply,
  sessionAccess,
  type Update,
  type UpdateMatch,
} from "balekit";
import {
  type AmbiguityTable,
  ambiguityOf,
  ambiguousHere,
  doneAlready,
  withEffectOptions,
} from "./ambiguity.js";
import { ApiOperation } from "./api-operation.js";
import { Traces } from "./author-line.js";
import { CodeVersions } from "./code-versions.js";
import type { Coroutine, CoroutineInit } from "./coroutine.js";
import type { JournalLimits, Outcome, Pending } from "./operation.js";
import type { AskTexts } from "./ask-texts.js";
import type { AnyDefinition, ConversationCode, ConversationDefinition } from "./definition.js";
import { conversationChannels } from "./diagnostics.js";
import {
  ConversationError,
  ConversationStateError,
  ExitError,
  ShadowDivergenceError,
  UnjournaledAwaitError,
  WaitExpiredError,
} from "./errors.js";
import { type EffectSpec, ExternalAttempt } from "./effect.js";
import { ConversationHandle, currentCoroutine } from "./handle.js";
import type { ProgramInput } from "./program-input.js";
import { InnerContexts, type KeptValues } from "./inner-context.js";
import type { JournalRecord } from "./journal.js";
import { type Ending, keptEnding } from "./kept-ending.js";
import { keptReply } from "./journaled-reply.js";
import type { InstanceHead, LaneHead, Parked } from "./lane-head.js";
import type { LaneEvent, LimitEvent } from "./lane-event.js";
import type { AmbiguityVerdict, Attempt, Item, LaneHost, StuckVerdict } from "./lane-host.js";
import { unlessTooOld } from "./press-answer.js";
import type { Probe } from "./probe.js";
import { scopes } from "./scope.js";
import type { Divergence } from "./shadow.js";
import { routed, unrouted } from "./update-route.js";
import { type Json, unpack } from "./value.js";
import { isCommand, type LaneItem, mayFit, type WaitFilter, type WaitSpec } from "./wait-filter.js";

/** What the host of conversations is made of. */
export interface ConversationHostInit {
  readonly bot: BotHost;
  readonly definitions: ReadonlyMap<string, AnyDefinition>;
  /** The place the plugin stands at. */
  readonly composer: () => Composer | undefined;
  readonly limits: JournalLimits;
  readonly ambiguity: AmbiguityTable | undefined;
  readonly texts: Partial<AskTexts> | undefined;
  readonly tokenOf: (instance: string) => string;
  /** Told of an instance that has ended in this process. */
  readonly onEnd?: ((instance: string) => void) | undefined;
  readonly onEvent?: ((event: LaneEvent) => void) | undefined;
  readonly onPoison?: ((instance: InstanceHead, lane: string) => unknown) | undefined;
  /** The test harness this runs in. */
  readonly probe?: Probe | undefined;
}

/** A conversation whose code is alive here. */
interface Running {
  readonly handle: ConversationHandle;
  readonly ambiguity: AmbiguityTable | undefined;
}

/** How many presses are remembered as answered, until their steps come to rest. */
const MAX_ANSWERED = 10_000;

/** Runs conversations in the lanes of a machine: says what fits, makes contexts, carries out calls. */
export class ConversationHost implements LaneHost {
  readonly #init: ConversationHostInit;
  /** Makes the contexts of conversations. */
  readonly contexts: InnerContexts;
  readonly #running = new WeakMap<Coroutine, Running>();
  readonly #answered = new Set<string>();
  /** Faults that the log has been told of. */
  readonly #told = new Set<string>();
  readonly #warned = new Set<string>();
  /** The operation that was called last before code threw an error. */
  readonly #failedAfter = new WeakMap<Error, string>();
  readonly #versions: CodeVersions;
  readonly #traces = new Map<string, Traces>();

  constructor(init: ConversationHostInit) {
    this.#init = init;
    this.#versions = new CodeVersions({
      definitions: init.definitions,
      report: (...about) => init.bot.report(...about),
      event: (event) => this.event(event),
    });
    const { services } = init.bot;
    // Inside a conversation ctx.waitFor is the durable one, and what plugins do for a context is done once.
    const here = (): Running | undefined => {
      const coroutine = currentCoroutine();
      return coroutine === undefined ? undefined : this.#running.get(coroutine);
    };
    const inside = Object.create(services, {
      waitFor: {
        value: (
          ctx: Context,
          query: "message",
          options: { timeoutMs?: number; check?: () => boolean } = {},
        ) => here()?.handle.waitFor(query, options) ?? services.waitFor(ctx, query, options),
      },
      effect: {
        value: (name: string, run: (step: EffectStep) => Promise<unknown>) => {
          const running = here();
          if (running === undefined) return services.effect(name, run);
          const ambiguous = ambiguousHere() ?? ambiguityOf(name, running.ambiguity, init.ambiguity);
          return withEffectOptions({ ambiguous }, () => running.handle.external(name, run));
        },
      },
    }) as ContextServices;
    this.contexts = new InnerContexts({ services: inside, composer: init.composer });
  }

  /** Stands outermost on the bot's api: a call made inside a conversation is written down before it is made. */
  readonly transformer = (call: Call, next: (call: Call) => Promise<Reply>): Promise<Reply> => {
    const scope = scopes.getStore();
    if (scope === undefined || scope.closed !== undefined) return next(call);
    const coroutine = scope.owner as Coroutine;
    const instance = this.#running.get(coroutine)?.handle.id;
    if (instance === undefined) return next(call);
    const made = routed(call, instance);
    const { method, params } = made;
    const ambiguous = ambiguousHere();
    const host: EffectSpec = { is: "api", method, params, perform: () => next(made), ambiguous };
    return coroutine.call(new ApiOperation(method, params, host), scope) as Promise<Reply>;
  };

  code(instance: InstanceHead): CoroutineInit | undefined {
    const definition = this.#versions.definition(instance.definition);
    if (definition === undefined) return undefined;
    const code = this.#versions.codeOf(instance, definition);
    const traces = this.#traces.get(definition.name) ?? new Traces();
    this.#traces.set(definition.name, traces);
    return {
      limits: this.#init.limits,
      prepare: (input) => {
        const { update, kept } = unpack(input) as ProgramInput;
        return this.#context(update, undefined, kept);
      },
      program: (coroutine, input, ctx) =>
        this.#watched(
          instance,
          this.#program(coroutine, instance.id, definition, code, orderOf(input), ctx as Context),
        ),
      traces,
      ignoresArguments: !this.#versions.hasChanged(instance),
      onStray: (line) => this.#stray(instance, line),
    };
  }

  lacks(instance: InstanceHead): boolean {
    return this.#versions.lacks(instance);
  }

  stamp(instance: InstanceHead): Pick<InstanceHead, "version" | "source"> {
    return this.#versions.stamp(instance);
  }

  checkReplay(
    instance: InstanceHead,
    coroutine: Coroutine,
    history: readonly JournalRecord[],
    lane: string,
  ): void {
    this.#versions.audit(instance, coroutine, history, lane);
  }

  leaves(instance: InstanceHead, item: Item): string | undefined {
    const content = item.value as unknown as LaneItem;
    const definition = this.#init.definitions.get(instance.definition);
    return "update" in content && this.#cancels(definition, content.update) ? "cancel" : undefined;
  }

  /** Whether an update says what ends conversations of any definition. */
  mayEnd(update: Update): boolean {
    for (const definition of this.#init.definitions.values()) {
      if (this.#cancels(definition, update)) return true;
    }
    return false;
  }

  #cancels(definition: AnyDefinition | undefined, { message }: Update): boolean {
    const words = definition?.options.cancel;
    const text = message?.text;
    if (words === undefined || typeof text !== "string") return false;
    const { normalizeText } = this.#init.bot.services;
    const said = normalizeText(text.trim()).toLowerCase();
    const command = said.startsWith("/") ? said.replace(/@\S+$/, "") : said;
    return words.some((word) => normalizeText(word.trim()).toLowerCase() === command);
  }

  fits(filter: Json | undefined, item: Item): boolean {
    if (filter === undefined) return false;
    const { services } = this.#init.bot;
    return mayFit(filter as unknown as WaitFilter, item.value as unknown as LaneItem, services);
  }

  /** Whether an item could end a wait if anybody might: somebody else is asked. */
  fitsOfOthers(filter: Json | undefined, item: Item): boolean {
    return (
      !this.fits(filter, item) && filter !== undefined && this.fits({ ...(filter as object), f: 0 }, item)
    );
  }

  agrees(pending: Pending, item: Item): boolean | Promise<boolean> {
    const { test, check } = pending.operation.host as WaitSpec;
    const content = item.value as unknown as LaneItem;
    if ("event" in content) return true;
    const match = test?.(content.update, this.#init.bot.services);
    if (match === undefined) return false;
    return check === undefined || this.#checks(pending, content, match);
  }

  async #checks(
    pending: Pending,
    content: Extract<LaneItem, { readonly update: Update }>,
    match: UpdateMatch,
  ): Promise<boolean> {
    const { check } = pending.operation.host as WaitSpec;
    const ctx = await this.#context(content.update, match, content.kept);
    const scope = { owner: pending, blocks: [], closed: "the check of a wait" };
    return scopes.run(scope, async () => check === undefined || check(ctx));
  }

  swallows(instance: InstanceHead, item: Item): boolean {
    if (this.#init.definitions.get(instance.definition)?.options.exclusive !== true) return false;
    const content = item.value as unknown as LaneItem;
    if (!("update" in content)) return false;
    const { message, callback_query: press } = content.update;
    if (press) return true;
    // What is paid is paid: the shop hears of it, whatever is being asked.
    return Boolean(message) && !message?.successful_payment && !isCommand(content.update);
  }

  filterOf(pending: Pending): Json | undefined {
    return (pending.operation.host as WaitSpec | undefined)?.filter as Json | undefined;
  }

  expiry(pending: Pending): Outcome {
    return { ok: false, error: new WaitExpiredError(pending.operation.key) };
  }

  perform(pending: Pending, attempt: Attempt): unknown {
    const { probe } = this.#init;
    if (probe === undefined) return this.#perform(pending, attempt);
    const { instance, isRepeat } = attempt;
    const effect = { operation: `${instance.id}:${pending.id}`, key: pending.operation.key, isRepeat };
    return probe.around(effect, async () => this.#perform(pending, attempt));
  }

  #perform(pending: Pending, { instance, isRepeat, loss }: Attempt): unknown {
    const host = pending.operation.host as EffectSpec;
    if (host.is === "external") {
      const run = new ExternalAttempt(`${instance.id}:${pending.id}`, isRepeat, loss);
      const scope = { owner: pending, blocks: [], closed: host.place, instance: instance.id };
      return scopes.run(scope, () => {
        const result = host.perform(run);
        // What is no promise, and begins only when somebody asks for its result, as a query of knex, begins in here as well.
        return isThenable(result) && !(result instanceof Promise) ? Promise.resolve(result) : result;
      });
    }
    return host.perform().then((reply) => {
      const { method, params } = host;
      const done = isRepeat && !reply.ok ? doneAlready(method, params, reply.description) : undefined;
      return done === undefined ? keptReply(reply) : { result: done };
    });
  }

  ambiguity(pending: Pending, { definition }: InstanceHead): AmbiguityVerdict {
    const host = pending.operation.host as EffectSpec;
    if (host.ambiguous !== undefined) return host.ambiguous;
    const effect = host.is === "api" ? host.method : host.place.replace("c.", "");
    const own = this.#init.definitions.get(definition)?.options.ambiguity;
    return ambiguityOf(effect, own, this.#init.ambiguity);
  }

  tokens(instance: string): readonly string[] {
    return [this.#init.tokenOf(instance)];
  }

  ending({ id, definition }: InstanceHead, how: Outcome | string): Json {
    const ending = endingOf(how);
    // Of code that was stopped where it stood nothing says so itself.
    const isStopped = typeof how === "object" && !how.ok && how.error instanceof ExitError;
    if (isStopped) this.#init.probe?.finished(id, definition, { ok: true, value: ending });
    return keptEnding(definition, ending, this.#init.limits.maxValueBytes);
  }

  owes(owed: Json): boolean {
    return !this.#answered.delete(String(owed));
  }

  async pay(owed: Json): Promise<void> {
    await unlessTooOld(this.#init.bot.api.answerCallbackQuery({ callback_query_id: String(owed) }));
  }

  /** Notes that a press has been answered; called for every call that leaves a conversation. */
  noteAnswer(call: Call): void {
    if (call.method !== "answerCallbackQuery") return;
    const id = (call.params as { readonly callback_query_id?: unknown }).callback_query_id;
    if (typeof id === "string") this.#answered.add(id);
    if (this.#answered.size <= MAX_ANSWERED) return;
    const [oldest] = this.#answered;
    this.#answered.delete(oldest as string);
  }

  ended(instance: InstanceHead, outcome: Outcome, _lane: string, leaving: string | undefined): void {
    if (outcome.ok) return;
    const { error } = outcome;
    if (error instanceof ExitError) {
      this.#swallowed(instance, error);
      return;
    }
    const operation = error instanceof Error ? this.#failedAfter.get(error) : undefined;
    const told = new ConversationError(instance.definition, instance.id, error, { operation });
    // Whoever enters another in its place is not to fail for what the old one does at its end.
    if (leaving !== "replaced") throw told;
    void this.#init.bot.report(told, "Replacing a conversation");
  }

  reasonOf(outcome: Outcome): string {
    return endingOf(outcome).reason;
  }

  stuck(
    instance: InstanceHead,
    error: Error,
    history: readonly JournalRecord[],
    lane: string,
  ): Promise<StuckVerdict> {
    return this.#versions.stuck(instance, error, history, lane);
  }

  lastWords(instance: InstanceHead, reason: string, history: readonly JournalRecord[]): Json | undefined {
    return this.#versions.lastWords(instance, reason, history);
  }

  parked(instance: InstanceHead, parked: Parked, lane: string): void {
    if (parked.reason !== "poison") return;
    const { bot, onPoison } = this.#init;
    const about = "it is kept, and can go on with bot.conversations.retry(id)";
    const told = new ConversationError(instance.definition, instance.id, new Error(parked.message), {
      about,
    });
    void bot.report(told, "Going on with a conversation");
    void (async () => onPoison?.({ ...instance, parked }, lane))().catch((error: unknown) =>
      bot.report(error, "Telling onPoison of a conversation"),
    );
  }

  hears(type: LaneEvent["type"]): boolean {
    return this.#init.onEvent !== undefined || conversationChannels[type].hasSubscribers;
  }

  isGone(owner: string): boolean {
    return this.#init.probe?.isGone(owner) === true;
  }

  pause(): Promise<void> | undefined {
    return this.#init.probe?.pause();
  }

  writing(lane: string, head: LaneHead, slot: number | undefined, records: readonly JournalRecord[]): void {
    this.#init.probe?.writing(lane, head, slot, records);
  }

  diverged(instance: InstanceHead, { what, line }: Divergence): void {
    const { probe, bot } = this.#init;
    const error = new ShadowDivergenceError(instance.definition, what, line);
    if (probe !== undefined) probe.failed(error);
    else if (this.#isFirst("divergence", line ?? instance.definition)) bot.logger.warn(error.message);
  }

  event(event: LaneEvent): void {
    if (event.type === "exit") this.#init.onEnd?.(event.instance);
    if (event.type === "limit" && event.level === "warn") this.#warn(event);
    const { bot, onEvent } = this.#init;
    try {
      onEvent?.(event);
    } catch (error) {
      void bot.report(error, `Telling onEvent of ${event.type}`);
    }
    if (conversationChannels[event.type].hasSubscribers) conversationChannels[event.type].publish(event);
  }

  #warn({ definition, instance, records, bytes }: LimitEvent): void {
    if (this.#warned.has(instance)) return;
    this.#warned.add(instance);
    this.#init.bot.logger.warn(
      `The journal of the conversation "${definition}" (instance ${instance}) has ${records} records and about ${Math.round(bytes / 1024)} KB. Put what repeats into c.loop, and what is finished into c.step, before it comes to the limit.`,
    );
  }

  #watched(instance: InstanceHead, running: Promise<Ending>): Promise<Ending> {
    const { probe } = this.#init;
    if (probe === undefined) return running;
    const finished = (outcome: Outcome): void => probe.finished(instance.id, instance.definition, outcome);
    running.then(
      (value) => finished({ ok: true, value }),
      (error: unknown) => finished({ ok: false, error }),
    );
    return running;
  }

  async #program(
    coroutine: Coroutine,
    instance: string,
    definition: ConversationDefinition<Context, unknown, unknown>,
    code: ConversationCode<Context, unknown, unknown>,
    { args, goto, last }: Order,
    ctx: Context,
  ): Promise<Ending> {
    const { probe, bot } = this.#init;
    const { clock, logger } = bot;
    const { timeoutMs, onTimeout, onCancel, onExit } = definition.options;
    const handle = new ConversationHandle<Context>({
      coroutine,
      instance,
      ctx,
      timeoutMs,
      isShared: definition.options.per === "chat" || typeof definition.options.per === "function",
      goto,
      texts: this.#init.texts,
      random: probe === undefined ? undefined : (operation) => probe.random(instance, operation),
      now: () => clock.now(),
      log: (message) => logger.info(message, { conversation: definition.name, instance }),
      session: (name) => this.#init.composer()?.find(sessionAccess(name)),
      context: (update, match, kept) => this.#context(update, match, kept),
    });
    this.#running.set(coroutine, { handle, ambiguity: definition.options.ambiguity });
    let reason = last ?? "done";
    let result: unknown;
    try {
      if (last === undefined) result = await code(handle, ctx, args);
      if (handle.wayAhead !== undefined) {
        throw new ConversationStateError(
          `Going on at ${JSON.stringify(handle.wayAhead)}, as onMismatch has said: no c.steps of the code has a way of that name.`,
        );
      }
    } catch (error) {
      if (error instanceof ExitError) {
        reason = error.reason;
        result = error.result;
      } else if (error instanceof WaitExpiredError) reason = "timeout";
      else if (isBlockedBy(ctx, error)) reason = "blocked";
      else {
        if (coroutine.lastKey !== undefined && error instanceof Error) {
          this.#failedAfter.set(error, coroutine.lastKey);
        }
        await onExit?.("error", handle, ctx);
        throw error;
      }
    }
    // It has caught the error that was to make it leave: whoever sent it away is not to be told that it was done.
    if (reason === "done" && coroutine.leaving !== undefined) {
      reason = coroutine.leaving;
      result = undefined;
    }
    if (reason === "timeout") await onTimeout?.(handle, ctx);
    if (reason === "cancel") await onCancel?.(handle, ctx);
    await onExit?.(reason, handle, ctx);
    return { reason, result };
  }

  #context(
    raw: Update,
    match: UpdateMatch | undefined,
    kept: KeptValues | undefined,
  ): Context | Promise<Context> {
    return this.contexts.make(unrouted(raw), match, kept);
  }

  #stray(instance: InstanceHead, line: string | undefined): void {
    const { id, definition } = instance;
    this.event({ type: "stray", instance: id, definition, line });
    this.#init.probe?.failed(
      new UnjournaledAwaitError(`The conversation "${definition}" awaits something un-journaled`, line),
    );
    const place = line ?? instance.definition;
    if (this.#init.probe !== undefined || !this.#isFirst("stray", place)) return;
    this.#init.bot.logger.warn(
      `The conversation "${instance.definition}" awaits something that is not in its journal, before ${place}. After a restart it may go another way: put it into c.external(name, fn).`,
    );
  }

  /** Tells of code that would not leave and was stopped where it stood. */
  #swallowed({ definition }: InstanceHead, { reason }: ExitError): void {
    if (this.#init.probe !== undefined || !this.#isFirst("swallowed", definition)) return;
    this.#init.bot.logger.warn(
      `The conversation "${definition}" was to leave (${reason}), and waited again and again, so it was stopped where it stood: it catches ExitError as if it were something else. Throw it again, and catch what you expect: error instanceof WaitExpiredError.`,
    );
  }

  /** Whether a fault of a kind is told of a place for the first time. */
  #isFirst(kind: "stray" | "divergence" | "swallowed", place: string): boolean {
    const fault = `${kind} ${place}`;
    const isFirst = !this.#told.has(fault);
    this.#told.add(fault);
    return isFirst;
  }
}

/** How an instance has ended: by its code, or for a reason. */
function endingOf(how: Outcome | string): Ending {
  if (typeof how === "string") return { reason: how };
  if (how.ok) return how.value as Ending;
  const { error } = how;
  return error instanceof ExitError
    ? { reason: error.reason }
    : { reason: "error", error: error instanceof Error ? error : new Error(String(error)) };
}

/** What code is entered with beside the update. */
type Order = Omit<ProgramInput, "update" | "kept">;

/** Without the update, of which the code has a copy of its own in its context. */
function orderOf(input: Json): Order {
  const { update: _, kept: __, ...rest } = input as unknown as ProgramInput;
  return unpack(rest as unknown as Json) as Order;
}

/** Whether an error says that whoever a conversation is with wants nothing of the bot: others may, and that is a failure. */
function isBlockedBy({ chatId, from }: Context, error: unknown): boolean {
  if (!(error instanceof ForbiddenError)) return false;
  const to = (error.params as { readonly chat_id?: unknown } | undefined)?.chat_id;
  return to !== undefined && [chatId, from?.id].some((id) => id !== undefined && String(id) === String(to));
}
