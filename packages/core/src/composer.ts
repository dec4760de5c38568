import type { Message, Queries, Transformer, Update } from "@balekit/api";
import { botPropertiesOf } from "./bot-property.js";
import type { Capability } from "./capability.js";
import { type ChatType, ChatTypeTest } from "./chat-type-test.js";
import type { ArgProblem, ArgShape } from "./command-args.js";
import { CommandTest } from "./command-test.js";
import { type Chain, end, guard } from "./compose.js";
import { bounded, type ErrorTaker } from "./error-boundary.js";
import { type Chosen, isSource, type MiddlewareSource } from "./middleware-source.js";
import type { Context } from "./context.js";
import { type DeriveOptions, defineOn, deriveOn } from "./context-property.js";
import { type Explanation, explainTree, printTree } from "./explain.js";
import { runBeside } from "./fork.js";
import type { Middleware, Next } from "./middleware.js";
import { requireFunction, shown, wrongType } from "./misuse.js";
import { normalizeText } from "./normalize-text.js";
import type { PatternParams } from "./pattern-params.js";
import type { RoutePattern } from "./callback-route.js";
import { type CallbackSource, PatternTest } from "./pattern-test.js";
import type { PatternSource } from "./patterns.js";
import type { PropertyOf } from "./property-of.js";
import type { QueryName } from "./queries.js";
import type {
  CallbackMatchQuery,
  ChatTypeQueries,
  CommandOptions,
  CommandQuery,
  HearsQuery,
  TypedCommandQuery,
} from "./matched-context.js";
import { QueryTest } from "./query-test.js";
import { markHere, type RouteMark } from "./route-mark.js";
import type { RouteTest } from "./route-test.js";
import type { Viewer } from "./subject.js";
import { whenReady } from "./thenable.js";
import { Tree } from "./tree.js";
import type { ExportHook, ForgetHook } from "./user-hook.js";
import type { WaitHook } from "./wait-hook.js";

/** Where a transformer stands. */
export interface TransformOptions {
  /**
   * Around all others, so that none of them sees what this one answers by itself. `"results"`: around those as well, for
   * one that answers nothing and only adds to what callers get.
   * @default false
   */
  readonly outermost?: boolean | "results" | undefined;
}

/**
 * A piece of a bot to be installed with `extend`. It may add properties to contexts (`Added`), through `derive` only,
 * may ask for properties that other plugins add (`Needs`), and may put properties on the bot itself (`OnBot`). Make one
 * with `plugin`.
 */
export interface Plugin<Added extends object = object, Needs extends object = object, OnBot = unknown> {
  /** Extending twice with one id is an error that says so. */
  readonly id?: string | undefined;
  /** Never set: carries `Needs`, so that a missing plugin is one short error. */
  readonly needs?: ((ctx: Needs) => void) | undefined;
  /** Never set: carries `Added`, so that `extend` infers it. */
  readonly adds?: (() => Added) | undefined;
  /** Makes the properties of the bot, once for each composer that is extended; absent without any. */
  readonly bot?: ((composer: Composer) => OnBot) | undefined;
  <C extends Context & Needs>(composer: Composer<C>): Composer<C & Added>;
}

/** What `extend` asks of a plugin: that the context has what it needs. Every such `Plugin` fits. */
export interface PluginFor<C, Added extends object, OnBot = unknown> {
  readonly id?: string | undefined;
  readonly needs?: ((ctx: C) => void) | undefined;
  readonly adds?: (() => Added) | undefined;
  readonly bot?: ((composer: Composer) => OnBot) | undefined;
}

/**
 * Collects what is to happen to updates, in order. Registering returns either this composer (`use`, `derive`,
 * `extend`, …) or the child behind the test (`on`, `filter`, `command`, `hears`, `callback`, `chatType`), to which
 * more can be added later, at the child's position.
 */
export class Composer<in out C extends Context = Context> {
  /** What is registered here, without types: for those who print, run or explain it. */
  readonly tree: Tree = new Tree();

  constructor(...middleware: (Middleware<C> | MiddlewareSource<C>)[]) {
    for (const one of middleware) this.use(one);
  }

  /** Runs middleware, or another composer, for every update that gets here. */
  use(...middleware: Middleware<C>[]): this;
  use(...middleware: (Middleware<C> | MiddlewareSource<C>)[]): this;
  use(...middleware: unknown[]): this {
    addAll(this.tree, "use", middleware);
    return this;
  }

  /**
   * Adds a property to the context of everything behind: `make` runs for every update that gets here and may be
   * asynchronous. @throws TypeError when a context already has a property of this name
   */
  derive<const Name extends string, Value>(
    name: Name,
    make: (ctx: C) => Value,
    options: DeriveOptions = {},
  ): Composer<C & { readonly [Key in Name]: Awaited<Value> }> {
    deriveOn(this.tree, name, make as (ctx: Context) => unknown, options);
    return this as unknown as Composer<C & { readonly [Key in Name]: Awaited<Value> }>;
  }

  /**
   * Adds a property that is worked out when it is read, and may be assigned: what no handler touches costs nothing.
   * Everything behind has it. @throws TypeError when a context already has a property of this name
   */
  define<const Name extends string, Value>(
    name: Name,
    property: PropertyOf<C, Value>,
  ): Composer<C & { readonly [Key in Name]: Value }> {
    defineOn(this.tree, name, property as unknown as PropertyOf<Context, unknown>);
    return this as unknown as Composer<C & { readonly [Key in Name]: Value }>;
  }

  /**
   * Installs a plugin; what it adds to contexts is there for everything registered on what this returns. Where the types
   * of a plugin say more of a method than the context itself, they come first.
   */
  extend<Added extends object>(plugin: PluginFor<C, Added>): Composer<Added & C>;
  extend<Widened extends Context>(plugin: (composer: Composer<C>) => Composer<Widened>): Composer<Widened>;
  extend(plugin: unknown): unknown {
    requireFunction(plugin, "extend", "the plugin");
    const { id, bot } = plugin as PluginFor<never, object>;
    if (id !== undefined) this.tree.emit({ is: "plugin", id });
    const result: unknown = (plugin as (composer: Composer<C>) => unknown)(this);
    if (!(result instanceof Composer) || result.tree !== this.tree) {
      const name = shown(id ?? plugin);
      throw wrongType(
        "ERR_BALE_PLUGIN",
        `extend: the plugin ${name} did not return the composer it was given.`,
      );
    }
    for (const property of botPropertiesOf({ id, bot }, this)) {
      this.tree.emit(property);
    }
    return this;
  }

  /**
   * Handles updates of one kind or content: `on("message:photo", …)`, `on(["message:text", "message:caption"], …)`.
   * @throws TypeError for a name that is no query, with the nearest one
   */
  on<Query extends QueryName>(
    query: Query | readonly Query[],
    ...handlers: Middleware<C & Queries[Query]>[]
  ): Composer<C & Queries[Query]> {
    return this.#route(new QueryTest(query), "on", handlers);
  }

  /**
   * Handles a command, with or without a slash in its name: `command("start", …)` hears `/start`, `/start@this_bot`
   * and `/start payload`. Names are compared normalized and without regard to capitals.
   */
  command(
    name: string | readonly string[],
    ...handlers: Middleware<C & CommandQuery>[]
  ): Composer<C & CommandQuery>;
  command<Shape extends ArgShape>(
    name: string | readonly string[],
    options: CommandOptions<C, Shape>,
    ...handlers: Middleware<C & TypedCommandQuery<Shape>>[]
  ): Composer<C & TypedCommandQuery<Shape>>;
  command(name: string | readonly string[], first?: unknown, ...rest: unknown[]): unknown {
    const hasOptions = typeof first === "object" && first !== null && !isSource(first);
    const options: CommandOptions<Context, ArgShape> = hasOptions ? first : {};
    const { args, invalid, suggest = false } = options;
    if (invalid !== undefined) requireFunction(invalid, "command", "invalid");
    const tree = this.tree;
    const test = new CommandTest(name, {
      args,
      invalid: invalid as ((ctx: never, problem: ArgProblem) => unknown) | undefined,
      mistyped: suggest === true ? askBack : suggest === false ? undefined : checkedSuggest(suggest),
      meantBy: (typed, normalize) => tree.commandMeantBy(typed, normalize),
    });
    const handlers = hasOptions || (first === undefined && rest.length === 0) ? rest : [first, ...rest];
    const child = this.#route<C & CommandQuery>(test, "command", handlers);
    tree.emit({ is: "commands", names: test.names, suggest: suggest !== false });
    return child;
  }

  /**
   * Handles a new message whose text or caption is this string, fits this RegExp, or this pattern (`i want :what`).
   * Strings and patterns are compared normalized, and whole.
   */
  hears<const Path extends string>(
    pattern: Path,
    ...handlers: Middleware<C & HearsQuery<string, PatternParams<Path>>>[]
  ): Composer<C & HearsQuery<string, PatternParams<Path>>>;
  hears(
    pattern: RegExp,
    ...handlers: Middleware<C & HearsQuery<RegExpExecArray>>[]
  ): Composer<C & HearsQuery<RegExpExecArray>>;
  hears(
    patterns: readonly PatternSource[],
    ...handlers: Middleware<C & HearsQuery>[]
  ): Composer<C & HearsQuery>;
  hears(patterns: PatternSource | readonly PatternSource[], ...handlers: unknown[]): unknown {
    return this.#route(new PatternTest("hears", patterns), "hears", handlers);
  }

  /**
   * Handles a press on a button whose data is this string, fits this RegExp, this pattern (`order/:id/:action`), or
   * this `callbackRoute`.
   * The bot answers the press by itself when no handler did.
   */
  callback<const Path extends string>(
    pattern: Path,
    ...handlers: Middleware<C & CallbackMatchQuery<string, PatternParams<Path>>>[]
  ): Composer<C & CallbackMatchQuery<string, PatternParams<Path>>>;
  callback(
    pattern: RegExp,
    ...handlers: Middleware<C & CallbackMatchQuery<RegExpExecArray>>[]
  ): Composer<C & CallbackMatchQuery<RegExpExecArray>>;
  callback<Params extends object>(
    route: RoutePattern<Params>,
    ...handlers: Middleware<C & CallbackMatchQuery<string, Params>>[]
  ): Composer<C & CallbackMatchQuery<string, Params>>;
  callback(
    patterns: readonly CallbackSource[],
    ...handlers: Middleware<C & CallbackMatchQuery>[]
  ): Composer<C & CallbackMatchQuery>;
  callback(patterns: CallbackSource | readonly CallbackSource[], ...handlers: unknown[]): unknown {
    return this.#route(new PatternTest("callback", patterns), "callback", handlers);
  }

  /** Handles updates of some types of chat. Group ids are positive on Bale: never guess the type from the id. */
  chatType<Type extends ChatType>(
    type: Type | readonly Type[],
    ...handlers: Middleware<C & ChatTypeQueries[Type]>[]
  ): Composer<C & ChatTypeQueries[Type]> {
    return this.#route(new ChatTypeTest(type), "chatType", handlers);
  }

  /** Handles the updates a function of yours says yes to; a type predicate narrows the context. */
  filter<Narrowed extends C>(
    predicate: (ctx: C) => ctx is Narrowed,
    ...handlers: Middleware<Narrowed>[]
  ): Composer<Narrowed>;
  filter(predicate: (ctx: C) => boolean | Promise<boolean>, ...handlers: Middleware<C>[]): Composer<C>;
  filter(predicate: unknown, ...handlers: unknown[]): unknown {
    return this.#choose("filter", predicate as Predicate, true, handlers);
  }

  /** Handles the updates a function of yours says no to; the others pass by. */
  drop(predicate: (ctx: C) => boolean | Promise<boolean>, ...handlers: Middleware<C>[]): Composer<C> {
    return this.#choose("drop", predicate as Predicate, false, handlers);
  }

  /** Takes one of two ways for each update. */
  branch(
    predicate: (ctx: C) => boolean | Promise<boolean>,
    whenTrue: Middleware<C> | MiddlewareSource<C>,
    whenFalse: Middleware<C> | MiddlewareSource<C>,
  ): this {
    requireFunction(predicate, "branch", "the predicate");
    const yes = childOf("branch", [whenTrue]);
    const no = childOf("branch", [whenFalse]);
    const run: Middleware<Context> = (ctx, next) =>
      whenReady((predicate as Predicate)(ctx), (verdict) => (verdict ? yes : no).run(ctx, next));
    this.tree.add({ is: "step", mark: markHere(label("branch", predicate)), run, children: [yes, no] });
    return this;
  }

  /**
   * Runs handlers beside what comes after; an update is done when both are. They see all the context has and keep what
   * they match or set to themselves, so that the two don't disturb each other. `next()` in a fork goes nowhere. What
   * waits in `waitFor` waits for itself: later updates of the chat come when the other is done, or waits as well.
   */
  fork(...handlers: Middleware<C>[]): Composer<C> {
    const child = new Composer<C>();
    addAll(child.tree, "fork", handlers);
    const mark = markHere("fork()");
    const run: Middleware<Context> = (ctx, next) => runBeside(ctx, child.tree.run, next);
    this.tree.add({ is: "step", mark, run: guarded(run, mark), children: [child.tree] });
    return child;
  }

  /** Asks a function of yours, for each update, what is to run for it. */
  lazy(
    choose: (
      ctx: C,
    ) => Chosen<C> | readonly Chosen<C>[] | undefined | Promise<Chosen<C> | readonly Chosen<C>[] | undefined>,
  ): this {
    requireFunction(choose, "lazy", "the function that chooses");
    const run: Middleware<Context> = (ctx, next) =>
      whenReady(choose(ctx as C), (chosen) => {
        if (chosen === undefined) return next();
        const list: readonly unknown[] = Array.isArray(chosen) ? chosen : [chosen];
        return childOf("lazy", list).run(ctx, next);
      });
    this.tree.add({ is: "step", mark: markHere(label("lazy", choose)), run, children: [] });
    return this;
  }

  /** Takes the way a function of yours names; without a way of that name `otherwise`, or what comes after. */
  route<const Way extends string>(
    choose: (ctx: C) => Way | undefined | Promise<Way | undefined>,
    ways: Readonly<Record<Way, Chosen<C>>>,
    otherwise?: Chosen<C> | undefined,
  ): this {
    requireFunction(choose, "route", "the function that chooses");
    const trees = new Map<string, Tree>();
    for (const [name, way] of Object.entries(ways)) trees.set(name, childOf("route", [way]));
    const last = otherwise === undefined ? undefined : childOf("route", [otherwise]);
    const run: Middleware<Context> = (ctx, next) =>
      whenReady(choose(ctx as C), (name) => {
        const way = (name === undefined ? undefined : trees.get(name)) ?? last;
        return way === undefined ? next() : way.run(ctx, next);
      });
    const children = last === undefined ? [...trees.values()] : [...trees.values(), last];
    this.tree.add({ is: "step", mark: markHere(label("route", choose)), run, children });
    return this;
  }

  /**
   * Catches what the handlers inside throw; `handle` may call `next()` to go on with what comes after, which does
   * nothing if a handler had gone on before it threw. What is thrown after the boundary passes through it.
   */
  errorBoundary(
    handle: (error: unknown, ctx: C, next: Next) => unknown,
    ...handlers: Middleware<C>[]
  ): Composer<C> {
    requireFunction(handle, "errorBoundary", "the handler of errors");
    const child = new Composer<C>();
    addAll(child.tree, "errorBoundary", handlers);
    const mark = markHere(label("errorBoundary", handle));
    const run = guarded(bounded(child.tree.run, handle as ErrorTaker), mark);
    this.tree.add({ is: "step", mark, run, children: [child.tree] });
    return child;
  }

  /** Runs before the first update is handled; a rejection keeps the bot from starting. */
  onStart(run: () => unknown): this {
    requireFunction(run, "onStart", "what is to run");
    this.tree.emit({ is: "start", run });
    return this;
  }

  /**
   * Runs when the bot stops, after the last update; last registered, first run. The signal aborts when `graceMs` are
   * over, or at a second `stop()`: what still runs then is to end.
   */
  onStop(run: (signal: AbortSignal) => unknown): this {
    requireFunction(run, "onStop", "what is to run");
    this.tree.emit({ is: "stop", run });
    return this;
  }

  /** Puts a transformer into every call of the bot's api: inside those that are there, or around all of them. */
  transform(transformer: Transformer, options: TransformOptions = {}): this {
    requireFunction(transformer, "transform", "the transformer");
    this.tree.emit({ is: "transform", transformer, outermost: options.outermost ?? false });
    return this;
  }

  /** Runs when everything about a user is to be forgotten: see `bot.forget`. Idempotent, please. */
  onForget(run: ForgetHook): this {
    requireFunction(run, "onForget", "what is to run");
    this.tree.emit({ is: "forget", run });
    return this;
  }

  /**
   * Answers what is kept of a user, under a name of its own: see `bot.exportUser`.
   * @throws TypeError when the name is taken
   */
  onExport(name: string, run: ExportHook): this {
    requireFunction(run, "onExport", "what is to run");
    if (typeof name !== "string" || name === "") {
      throw wrongType("ERR_BALE_PLUGIN", `onExport: the name is a text, not ${shown(name)}.`);
    }
    this.tree.emit({ is: "export", name, run });
    return this;
  }

  /** Runs around every `ctx.waitFor` of the bot's handlers. */
  onWait(hook: WaitHook): this {
    requireFunction(hook.before, "onWait", "before");
    requireFunction(hook.after, "onWait", "after");
    this.tree.emit({ is: "wait", hook });
    return this;
  }

  /** Offers something to other plugins under a token. @throws TypeError when somebody already does */
  provide<Value>(token: Capability<Value>, value: Value): this {
    this.tree.emit({ is: "provide", token: token as unknown as AnyToken, value });
    return this;
  }

  /** What was provided under a token, here or in a composer around this one. */
  find<Value>(token: Capability<Value>): Value | undefined {
    return this.tree.find(token as unknown as AnyToken)?.value as Value | undefined;
  }

  /** This composer as one middleware. It stays live: what is registered later runs as well. */
  middleware(): Middleware<C> {
    return this.tree.run as unknown as Chain<C>;
  }

  /** Runs an update through all that is registered here, as it is now. */
  dispatch(ctx: Context, next: Next = end): Promise<void> {
    return this.tree.run(ctx, next);
  }

  /** The tree of what is registered, with the line each was registered at. */
  routes(): string {
    return printTree(this.tree);
  }

  /** For every route, whether an update fits it and why. Runs nothing, so functions of yours are left open. */
  explain(update: Update, viewer: Viewer = { me: {}, normalizeText }): Explanation {
    return explainTree(this.tree, update, viewer);
  }

  #route<Narrowed extends Context>(
    test: RouteTest,
    method: string,
    handlers: readonly unknown[],
  ): Composer<Narrowed> {
    const child = new Composer<Narrowed>();
    addAll(child.tree, method, handlers);
    const mark = markHere(test.label);
    this.tree.add({ is: "route", mark, route: { test, mark, run: child.tree.run }, child: child.tree });
    return child;
  }

  #choose(method: string, predicate: Predicate, wanted: boolean, handlers: readonly unknown[]): Composer<C> {
    requireFunction(predicate, method, "the predicate");
    const child = new Composer<C>();
    addAll(child.tree, method, handlers);
    const run: Middleware<Context> = (ctx, next) =>
      whenReady(predicate(ctx), (verdict) =>
        Boolean(verdict) === wanted ? child.tree.run(ctx, next) : next(),
      );
    this.tree.add({ is: "step", mark: markHere(label(method, predicate)), run, children: [child.tree] });
    return child;
  }
}

type Predicate = (ctx: Context) => boolean | Promise<boolean>;
type AnyToken = Capability<never>;

/** Adds one handler: a composer in its place, or a middleware that is named in errors. */
function add(tree: Tree, method: string, one: unknown, place: number): void {
  if (one instanceof Composer) {
    tree.add({ is: "inline", mark: markHere(`${method}(composer)`), child: one.tree });
    return;
  }
  const middleware: unknown = isSource(one) ? one.middleware() : one;
  if (typeof middleware !== "function") {
    const hint = "Handlers are functions, or composers.";
    throw wrongType("ERR_BALE_HANDLER", `${method}: handler ${place + 1} is ${shown(middleware)}. ${hint}`);
  }
  const mark = markHere(label(method, middleware));
  tree.add({ is: "step", mark, run: guarded(middleware as Middleware<Context>, mark), children: [] });
}

function addAll(tree: Tree, method: string, handlers: readonly unknown[]): void {
  handlers.forEach((one, place) => add(tree, method, one, place));
}

function childOf(method: string, handlers: readonly unknown[]): Tree {
  const [only] = handlers;
  if (handlers.length === 1 && only instanceof Composer) return only.tree;
  const tree = new Tree();
  addAll(tree, method, handlers);
  return tree;
}

function guarded(middleware: Middleware<Context>, mark: RouteMark): Middleware<Context> {
  return guard(middleware, () => (mark.at === undefined ? mark.label : `${mark.label} (${mark.at})`));
}

function label(method: string, fn: unknown): string {
  return `${method}(${(fn as { readonly name?: string }).name || "function"})`;
}

type Suggest = (ctx: never, meant: string, typed: string) => unknown;

function checkedSuggest(suggest: unknown): Suggest {
  requireFunction(suggest, "command", "suggest");
  return suggest as Suggest;
}

function askBack(ctx: Context, meant: string, typed: string): Promise<Message> {
  return ctx.reply(`دستور /${typed} را نمی‌شناسم. منظورتان /${meant} بود؟`);
}
