import {
  type Api,
  ApiError,
  createApi,
  InvalidTokenError,
  NotFoundError,
  type Queries,
  type Update,
  type User,
} from "@balekit/api";
import { type Clock, systemClock } from "@balekit/storage";
import { AutoAnswer } from "./auto-answer.js";
import { persist } from "./back-off.js";
import { registerMethods } from "./class-style.js";
import { Composer, type PluginFor } from "./composer.js";
import type { PropertyOf } from "./property-of.js";
import { Context, type ContextServices, type WaitForOptions } from "./context.js";
import { contextServices } from "./context-services.js";
import { takeHooks } from "./bot-hooks.js";
import { type BotHost, botHost, hostOf } from "./bot-host.js";
import { BotSources } from "./bot-sources.js";
import type { BotHealth, BotOptions, Connection, StartOptions, StopOptions } from "./bot-options.js";
import type { DeriveOptions } from "./context-property.js";
import { CurrentClock } from "./current-clock.js";
import { logChannels, watchCalls } from "./diagnostics.js";
import { Dispatcher } from "./dispatcher.js";
import { type ErrorHandler, printError, report } from "./error-report.js";
import { BotError, type BotErrorInit, BotStoppedError, sayingOf, sentence } from "./errors.js";
import type { DeadUpdates } from "./inbox.js";
import { HealthWatch } from "./health-watch.js";
import { type Healthz, healthz } from "./healthz.js";
import { LifeCycle } from "./life-cycle.js";
import { consoleLogger, hideSecret, type Logger, withoutSecret } from "./logger.js";
import type { Explanation } from "./explain.js";
import type { Middleware } from "./middleware.js";
import { shown, wrongType } from "./misuse.js";
import { normalizeText } from "./normalize-text.js";
import type { Viewer } from "./subject.js";
import type { QueryName } from "./queries.js";
import { checkUserId, type ExportedUser, UserData } from "./user-data.js";
import type { WaitHook } from "./wait-hook.js";
import { checkOptions, checkStart } from "./options-check.js";
import { onStopSignals } from "./stop-signals.js";
import { unknownToken } from "./unknown-token.js";
import type { Webhook, WebhookOptions } from "./webhook.js";
import { removeWebhook } from "./webhook-removal.js";

/** Payments that may run beyond `concurrency`: Bale gives each ten seconds. */
const RESERVED_FOR_PAYMENTS = 50;

/**
 * A bot: handlers, and the life that brings updates to them.
 * @example
 * const bot = new Bot(process.env.BALE_TOKEN);
 * bot.command("start", (ctx) => ctx.reply("سلام!"));
 * await bot.run();
 */
export class Bot<in out C extends Context = Context> extends Composer<C> {
  /** Calls Bale. */
  readonly api: Api;
  /** The time this bot lives in. */
  readonly clock: Clock;
  /** Where this bot writes; never shows the token. */
  readonly logger: Logger;
  readonly #clock: CurrentClock;
  readonly #token: string | undefined;
  readonly #services: ContextServices;
  readonly #dispatcher: Dispatcher;
  readonly #life: LifeCycle;
  readonly #sources: BotSources;
  readonly #userData = new UserData();
  readonly #waitHooks: WaitHook[] = [];
  #me: User | undefined;
  #catch: ErrorHandler | undefined;
  #hasMethods = false;
  #endLog: (() => void) | undefined;
  readonly #watch: HealthWatch;
  /** Why the bot does not get ready, so far. */
  #startFault: unknown;

  /**
   * @param token from @botfather. May be missing while something else than Bale is connected: the playground needs none
   * @throws InvalidTokenError for a token that cannot be one
   */
  constructor(token: string | undefined, options: BotOptions = {}) {
    super();
    const { concurrency = 500, autoAnswer = true, order = "chat" } = options;
    checkOptions(options, Bot);
    this.#token = token;
    this.#clock = new CurrentClock(options.clock ?? systemClock);
    this.clock = this.#clock;
    this.logger = withoutSecret(options.logger ?? consoleLogger(), token);
    this.api = createApi({ ...options.api, token });
    this.api.use(watchCalls);
    const onAnswerError = (cause: unknown, update: Update): Promise<void> =>
      this.#answerFailed(cause, update);
    this.#services = contextServices(
      this,
      options.normalizeText ?? normalizeText,
      this.#waitHooks,
      (ctx, query, wait) => this.#dispatcher.waits.inHandler(ctx, query, wait),
    );
    this.#watch = this.#makeWatch(concurrency);
    this.#dispatcher = new Dispatcher({
      watch: this.#watch,
      clock: this.clock,
      concurrency,
      reserved: RESERVED_FOR_PAYMENTS,
      isOrdered: order === "chat",
      makeContext: (delivery) => new Context(delivery.update, this.#services, delivery),
      handle: (ctx) => this.dispatch(ctx as C),
      report: (error) => this.#report(error),
      autoAnswer: autoAnswer ? new AutoAnswer(this.api, onAnswerError) : undefined,
    });
    this.#life = new LifeCycle({
      clock: this.clock,
      prepare: (signal) => this.#prepare(signal),
      report: (cause, doing) => this.#fault({ where: "background", cause, doing }),
      onPhase: () => this.#watch.look(),
    });
    this.#sources = new BotSources({
      bot: this,
      token,
      life: this.#life,
      dispatcher: this.#dispatcher,
      options,
      botId: () => this.me.id,
      fault: (init) => this.#fault(init),
      stop: () => this.stop(),
      close: () => this.#close(),
    });
    takeHooks(this.tree, {
      bot: this,
      api: this.api,
      life: this.#life,
      userData: this.#userData,
      waitHooks: this.#waitHooks,
    });
    const report: BotHost["report"] = (cause, doing, update) =>
      this.#fault({ where: "background", cause, doing, update });
    this.provide(botHost, hostOf(this, this.#services, this.#waitHooks, report));
  }

  /** The bot's own account. @throws Error before `init`, `start` or the first update */
  get me(): User {
    if (this.#me !== undefined) return this.#me;
    const hint = "Call await bot.init() first, or read ctx.me in a handler.";
    throw Object.assign(new Error(`bot.me: not known yet. ${hint}`), { code: "ERR_BALE_NOT_STARTED" });
  }

  /** The updates that were set aside after their last attempt. @throws Error when the bot was made without an inbox */
  get inbox(): DeadUpdates {
    const { intake } = this.#sources;
    if (intake !== undefined) return intake;
    const hint = "Make it with one: new Bot(token, { inbox: sqliteInbox(database) }).";
    const message = `bot.inbox: this bot has no inbox, so nothing is set aside. ${hint}`;
    throw Object.assign(new Error(message), { code: "ERR_BALE_NO_INBOX" });
  }

  /**
   * `before_ready` runs once, before the first update is asked for, and is waited for; `ready` runs when the bot is at
   * work. Every other name is a query: see `Composer.on`.
   */
  override on(event: "before_ready" | "ready", ...handlers: (() => unknown)[]): this;
  override on<Query extends QueryName>(
    query: Query | readonly Query[],
    ...handlers: Middleware<C & Queries[Query]>[]
  ): Composer<C & Queries[Query]>;
  override on<Query extends QueryName>(
    name: Query | readonly Query[] | "before_ready" | "ready",
    ...handlers: Middleware<never>[]
  ): Composer<C & Queries[Query]> | this {
    if (name !== "before_ready" && name !== "ready") {
      return super.on(name, ...(handlers as Middleware<C & Queries[Query]>[]));
    }
    for (const handler of handlers as unknown[]) {
      if (typeof handler !== "function") {
        throw wrongType(
          "ERR_BALE_HANDLER",
          `on("${name}"): the handler is ${shown(handler)}. Give a function.`,
        );
      }
      this.#life.on(name, handler as () => unknown);
    }
    return this;
  }

  override derive<const Name extends string, Value, Own = unknown>(
    this: Bot<C> & Own,
    name: Name,
    make: (ctx: C) => Value,
    options?: DeriveOptions | undefined,
  ): OwnOf<Own> & Bot<C & { readonly [Key in Name]: Awaited<Value> }>;
  override derive(name: string, make: (ctx: C) => unknown, options?: DeriveOptions): unknown {
    return super.derive(name, make, options);
  }

  override define<const Name extends string, Value, Own = unknown>(
    this: Bot<C> & Own,
    name: Name,
    property: PropertyOf<C, Value>,
  ): OwnOf<Own> & Bot<C & { readonly [Key in Name]: Value }>;
  override define(name: string, property: PropertyOf<C, unknown>): unknown {
    return super.define(name, property);
  }

  /**
   * Installs a plugin. What this returns is this bot, and its type knows what the plugin adds to contexts and to the bot.
   * @throws TypeError when the plugin is here already, or puts something on the bot under a name that is taken
   */
  override extend<Added extends object, OnBot = unknown, Own = unknown>(
    this: Bot<C> & Own,
    plugin: PluginFor<C, Added, OnBot>,
  ): OnBot & OwnOf<Own> & Bot<Added & C>;
  override extend<Widened extends Context, Own = unknown>(
    this: Bot<C> & Own,
    plugin: (composer: Composer<C>) => Composer<Widened>,
  ): OwnOf<Own> & Bot<Widened>;
  override extend(plugin: object): unknown {
    return super.extend(plugin);
  }

  /** For every route, whether an update fits it and why. Runs nothing, so functions of yours are left open. */
  override explain(update: Update, viewer: Viewer = this.#viewer()): Explanation {
    return super.explain(update, viewer);
  }

  /**
   * Takes every error of this bot: of handlers, polling, webhooks and background work. A later call replaces an earlier
   * one. Without it errors are printed; either way the bot goes on.
   */
  catch(handler: (error: BotError<C>) => unknown): this {
    if (typeof handler !== "function") {
      throw wrongType("ERR_BALE_HANDLER", `bot.catch: the handler is ${shown(handler)}. Give a function.`);
    }
    this.#catch = handler as ErrorHandler;
    return this;
  }

  /** Makes the bot ready without asking for updates: `getMe`, `onStart`, `before_ready`. Once, however often called. */
  async init(): Promise<void> {
    await this.#life.prepare(false);
  }

  /**
   * Starts asking Bale for updates. Resolves when the bot is ready and the first poll has begun; waits for the network
   * if there is none. @throws InvalidTokenError when Bale does not know the token, RangeError for an option beyond its
   * limits, and an error when it runs already
   */
  async start(options: StartOptions = {}): Promise<void> {
    const { role = "both" } = options;
    const { intake } = this.#sources;
    checkStart(options, intake !== undefined);
    this.#life.begin();
    this.#dispatcher.open();
    try {
      // Neither a hook nor a call that hangs keeps a bot from being stopped.
      await this.#life.unlessStopped(this.#life.prepare(true));
      if (intake !== undefined) await this.#life.unlessStopped(intake.open(this.me.id, role));
      if (role !== "work" && options.deleteWebhook !== false) {
        await this.#life.unlessStopped(this.#removeWebhook());
      }
      this.#life.starting.throwIfAborted();
    } catch (error) {
      await this.#abandon(error);
      throw error;
    }
    if (role !== "work") this.#sources.poll(options);
    await this.#life.announce();
  }

  /**
   * Stops: asks for no more updates, lets running handlers end, confirms what is done, runs the `onStop` hooks and
   * closes the connections. Called again meanwhile, it waits no longer; afterwards it does nothing. Don't await it in a handler: it waits for that.
   */
  stop(options: StopOptions = {}): Promise<void> {
    return this.#sources.end(options.graceMs);
  }

  /**
   * Starts the bot and stays with it: SIGINT and SIGTERM stop it, a second one ends the process at once. Resolves when
   * it has stopped. @throws InvalidTokenError when Bale does not know the token, now or later
   */
  async run(options: StartOptions & StopOptions = {}): Promise<void> {
    const release = onStopSignals(() => {
      this.logger.info("Stopping: running handlers may end. Once more to stop at once.");
      void this.stop(options);
    });
    try {
      await this.start(options);
      this.logger.info(`@${this.me.username ?? this.me.id} is at work. Ctrl+C stops it.`);
      await this.#life.ended;
    } catch (error) {
      // Stopped while it was starting: that is what was asked for.
      if (!(error instanceof BotStoppedError)) throw error;
      await this.#life.ended;
    } finally {
      release();
    }
  }

  /**
   * Takes in one update from wherever you have it: through the lanes, as from Bale, and past the inbox if there is one.
   * Resolves when its handlers are done or wait in `waitFor`; their errors go to `bot.catch`.
   * @throws BotStoppedError when it was not handled, and what was thrown when it was held for 20 s to no avail: see `deliverAgain`
   */
  handle(update: Update): Promise<void> {
    const preparing = this.#life.ready();
    const sources = this.#sources;
    return preparing === undefined ? sources.take(update) : preparing.then(() => sources.take(update));
  }

  /** Makes the handlers for Bale's webhook; `webhook.register(origin)` tells Bale where they are. */
  webhook(options: WebhookOptions = {}): Webhook {
    return this.#sources.webhook(options);
  }

  /**
   * Waits, while this process lives, for an update of any chat and user that fits the query. For use outside handlers:
   * it takes nothing away from them. In a handler use `ctx.waitFor`.
   * @throws WaitTimeoutError when the time is up, BotStoppedError when the bot stops
   */
  waitFor<Query extends QueryName>(
    query: Query | readonly Query[],
    options?: WaitForOptions<Context & Queries[Query]> | undefined,
  ): Promise<Context & Queries[Query]> {
    const { waits, lanes } = this.#dispatcher;
    // Not awaited here: a copy of the promise would not be marked as nobody's fault when nobody listens.
    const found: Promise<Context> = waits.onBot(query, options as WaitForOptions | undefined, lanes.queued());
    return found as Promise<Context & Queries[Query]>;
  }

  /**
   * Deletes what every plugin keeps about a user; what an update that runs meanwhile still writes is its plugin's to
   * say. Makes the bot ready first, without starting it. @throws UserDataError when a plugin failed: ask again
   */
  async forget(userId: number): Promise<void> {
    checkUserId("bot.forget", userId);
    await this.init();
    await this.#userData.forget(userId, this.#services);
  }

  /**
   * Collects what every plugin keeps about a user, by the name of its part: for those who ask what you know about them.
   * Makes the bot ready first, without starting it. @throws UserDataError when a plugin failed
   */
  async exportUser(userId: number): Promise<ExportedUser> {
    checkUserId("bot.exportUser", userId);
    await this.init();
    return this.#userData.export(userId, this.#services);
  }

  /** Puts something in place of Bale, of time, or both: what the emulator does when a bot is attached to it. */
  connect(connection: Connection): void {
    if (connection.transport !== undefined) this.api.connect(connection.transport);
    if (connection.clock !== undefined) this.#clock.replace(connection.clock);
  }

  /** Whether the bot takes updates. */
  isRunning(): boolean {
    return this.#life.isRunning;
  }

  /** Whether the bot takes no updates: before it is started, and after it has stopped. */
  isClosed(): boolean {
    return !this.#life.isRunning;
  }

  /** How the bot is doing right now. */
  health(): BotHealth {
    const { lanes, waits } = this.#dispatcher;
    const { polling, inbox } = this.#sources.signs();
    const { state, reasons, oldestHandlerMs } = this.#watch.look();
    return {
      state,
      reasons,
      polling,
      active: lanes.active,
      waiting: lanes.waiting,
      oldestHandlerMs,
      waitsInHandlers: waits.counts.inHandlers,
      waitsOnBot: waits.counts.onBot,
      inbox,
    };
  }

  /** Makes the handlers of a health check: 200 while the bot is ok or degraded, 503 while it is not. */
  healthz(): Healthz {
    return healthz(() => {
      // A webhook's bot gets ready with its first update, and may be given none before this check is passed.
      if (this.#sources.hasWebhook && this.#life.phase === "idle") {
        this.#sources.open()?.catch((error: unknown) => {
          this.#startFault = error;
        });
      }
      return this.health();
    });
  }

  #makeWatch(concurrency: number): HealthWatch {
    return new HealthWatch({
      clock: this.#clock,
      logger: this.logger,
      concurrency,
      redact: hideSecret(this.#token),
      lanes: () => this.#dispatcher.lanes,
      signs: () => ({
        phase: this.#life.phase,
        startFault: this.#startFault,
        away: this.#dispatcher.away,
        ...this.#sources.signs(),
      }),
    });
  }

  #viewer(): Viewer {
    return { me: this.#me ?? {}, normalizeText: this.#services.normalizeText };
  }

  /** What has to be known before the first update; with a signal, tried until it works. */
  async #prepare(signal: AbortSignal | undefined): Promise<void> {
    if (!this.#hasMethods) registerMethods(this, (moment, run) => this.#life.on(moment, run));
    this.#hasMethods = true;
    this.#endLog ??= logChannels(this.logger);
    const getMe = (): Promise<User> => this.api.getMe();
    this.#startFault = undefined;
    try {
      this.#me = signal === undefined ? await getMe() : await this.#patiently(signal, getMe);
    } catch (error) {
      throw error instanceof NotFoundError ? unknownToken(error) : error;
    }
  }

  async #patiently<Result>(signal: AbortSignal, attempt: () => Promise<Result>): Promise<Result> {
    const onFailure = (error: unknown, failures: number): void => {
      this.#startFault = error;
      if (failures === 1)
        this.logger.warn(`Bale cannot be reached yet: ${sentence(sayingOf(error))} Trying again.`);
    };
    const result = await persist({ clock: this.clock, signal, onFailure }, attempt);
    this.#startFault = undefined;
    return result;
  }

  #removeWebhook(): Promise<void> {
    const { starting } = this.#life;
    return removeWebhook(this.api, this.logger, starting, (attempt) => this.#patiently(starting, attempt));
  }

  /** A start that came to nothing. */
  async #abandon(error: unknown): Promise<void> {
    // Whoever started the bot gets it thrown: it is told to a catcher as well, but not printed twice.
    if (error instanceof InvalidTokenError && this.#catcher !== undefined) {
      await this.#fault({ where: "polling", cause: error });
    }
    // A stop that came in between closes by itself.
    if (this.#life.starting.aborted) return;
    await this.#life.fail(async () => {
      await this.#sources.intake?.close();
      await this.api.close();
    });
  }

  #close(): Promise<void> {
    this.#endLog?.();
    this.#endLog = undefined;
    return this.api.close();
  }

  async #answerFailed(cause: unknown, update: Update): Promise<void> {
    // A press that is too old to be answered is no fault of anybody's.
    if (cause instanceof ApiError) this.logger.debug(`a press stays unanswered: ${sayingOf(cause)}`);
    else await this.#fault({ where: "background", cause, update, doing: "Answering a press on a button" });
  }

  #fault(init: BotErrorInit): Promise<void> {
    return this.#report(new BotError(init));
  }

  /** What takes errors: `bot.catch`, or the method of a bot that is a class. */
  get #catcher(): ErrorHandler | undefined {
    const own = (this as { readonly onError?: (error: BotError<C>) => unknown }).onError;
    return this.#catch ?? (own && ((each) => own.call(this, each as BotError<C>)));
  }

  #report(error: BotError): Promise<void> {
    const print = (each: BotError): void => printError(this.logger, each);
    return report(error, this.#catcher ?? print, this.logger);
  }
}

/** What a bot has of its own, whatever its contexts have: plugins' properties, and the members of a class. */
type OwnOf<Own> = Own extends { readonly tree: object } ? Omit<Own, keyof Bot> : Own;
