import type { Transformer } from "@balekit/api";
import type { Capability } from "./capability.js";
import { closest } from "./closest.js";
import { type Chain, compose } from "./compose.js";
import type { Context } from "./context.js";
import type { Middleware } from "./middleware.js";
import { shown, wrongType } from "./misuse.js";
import type { RouteMark } from "./route-mark.js";
import { type Route, routing } from "./routes.js";
import type { ExportHook, ForgetHook } from "./user-hook.js";
import type { WaitHook } from "./wait-hook.js";

/** One property that `derive` or `define` adds to contexts. */
export type Derivation =
  | {
      readonly name: string;
      /** Makes the value from a context; may be asynchronous. */
      readonly make: (ctx: Context) => unknown;
      /** How it is had where contexts are made again: see `DeriveOptions`. */
      readonly replay: "rerun" | "journal";
    }
  | {
      readonly name: string;
      /** Set by `define`: the property itself, worked out when it is read. */
      readonly descriptor: PropertyDescriptor;
    };

/** One registration, in its place. */
export type Entry =
  | {
      readonly is: "step";
      readonly mark: RouteMark;
      readonly run: Middleware<Context>;
      /** What it may run, for those who print the tree. */
      readonly children: readonly Tree[];
      /** Set by `derive` and `define`: what it adds to contexts. */
      readonly derivation?: Derivation | undefined;
    }
  | { readonly is: "route"; readonly mark: RouteMark; readonly route: Route; readonly child: Tree }
  | { readonly is: "inline"; readonly mark: RouteMark; readonly child: Tree };

/** Something a composer hands up to the bot it ends in. */
export type Hook =
  | { readonly is: "start"; readonly run: () => unknown }
  | { readonly is: "stop"; readonly run: (signal: AbortSignal) => unknown }
  | {
      readonly is: "transform";
      readonly transformer: Transformer;
      readonly outermost: boolean | "results";
    }
  | { readonly is: "forget"; readonly run: ForgetHook }
  | { readonly is: "export"; readonly name: string; readonly run: ExportHook }
  | { readonly is: "wait"; readonly hook: WaitHook }
  | { readonly is: "provide"; readonly token: Capability<never>; readonly value: unknown }
  | { readonly is: "plugin"; readonly id: string }
  | {
      readonly is: "property";
      readonly name: string;
      /** Has the property; read each time the bot's is. */
      readonly source: object;
      /** Whose it is, for errors. */
      readonly plugin: string;
    }
  | { readonly is: "commands"; readonly names: readonly string[]; readonly suggest: boolean };

/** How many registrations there were so far, in all composers: what was worked out of them holds until the next. */
let registrations = 0;

/**
 * What stands behind a composer: its registrations in order, the composers around it, and the chain they fold into.
 * Knows nothing of types; `Composer` is the typed face.
 */
export class Tree {
  readonly entries: Entry[] = [];
  readonly hooks: Set<Hook> = new Set();
  readonly #derived = new Set<string>();
  readonly #parents = new Set<Tree>();
  readonly #inlinedIn = new Set<Tree>();
  readonly #listeners: ((hook: Hook) => void)[] = [];
  #derivations: { readonly of: number; readonly all: readonly Derivation[] } | undefined;
  #chain: Chain<Context> | undefined;

  /** Runs the registrations as they are now. */
  readonly run: Chain<Context> = (ctx, next) => {
    this.#chain ??= this.#fold();
    return this.#chain(ctx, next);
  };

  /** Adds a registration at the end. Composers this one is inlined in fold again before the next update. */
  add(entry: Entry): void {
    const children = entry.is === "step" ? entry.children : [entry.child];
    for (const child of children) this.#attach(child, entry.is === "inline");
    this.entries.push(entry);
    registrations++;
    this.#touch();
  }

  /** Tells a listener of every hook that is here or will come. */
  listen(listener: (hook: Hook) => void): void {
    this.#listeners.push(listener);
    for (const hook of this.hooks) listener(hook);
  }

  /** Hands a hook up to everything around this composer. */
  emit(hook: Hook): void {
    this.#admit(hook);
    this.#take(hook);
  }

  /** What was provided under a token, here or further up. */
  find(token: Capability<never>): { readonly value: unknown } | undefined {
    for (const hook of this.hooks) if (hook.is === "provide" && hook.token === token) return hook;
    for (const parent of this.#parents) {
      const found = parent.find(token);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Takes the name of a property that is to be added to contexts. @throws TypeError when it is taken on some path */
  claim(name: string): void {
    if (this.#isTakenAbove(name) || this.#isTakenBelow(name)) throw takenTwice(name);
    this.#derived.add(name);
  }

  /**
   * What every context gets that reaches the end of this composer: the derivations around it, outermost first, and
   * its own. Those behind a test (`on`, `filter`, …) count only where this composer stands behind that test itself.
   */
  derivations(): readonly Derivation[] {
    if (this.#derivations?.of !== registrations) {
      const found = new Set<Derivation>();
      this.#collect(found);
      this.#derivations = { of: registrations, all: [...found] };
    }
    return this.#derivations.all;
  }

  #collect(found: Set<Derivation>): void {
    for (const parent of this.#parents) parent.#collect(found);
    this.#collectInline(found);
  }

  #collectInline(found: Set<Derivation>): void {
    for (const entry of this.entries) {
      if (entry.is === "inline") entry.child.#collectInline(found);
      else if (entry.is === "step" && entry.derivation !== undefined) found.add(entry.derivation);
    }
  }

  /** The command that was probably meant by a name that is none of the whole bot's. */
  commandMeantBy(typed: string, normalize: (text: string) => string): string | undefined {
    const [parent] = this.#parents;
    if (parent !== undefined) return parent.commandMeantBy(typed, normalize);
    const suggested = new Map<string, string>();
    for (const hook of this.hooks) {
      if (hook.is !== "commands") continue;
      for (const name of hook.names) {
        const normal = normalize(name).toLowerCase();
        if (normal === typed) return undefined;
        if (hook.suggest && !suggested.has(normal)) suggested.set(normal, name);
      }
    }
    const near = closest(typed, suggested.keys());
    return near === undefined ? undefined : suggested.get(near);
  }

  #fold(): Chain<Context> {
    const steps: Middleware<Context>[] = [];
    let routes: Route[] = [];
    const flush = (): void => {
      if (routes.length > 0) steps.push(routing(routes));
      routes = [];
    };
    const walk = (tree: Tree): void => {
      for (const entry of tree.entries) {
        if (entry.is === "route") routes.push(entry.route);
        else if (entry.is === "inline") walk(entry.child);
        else {
          flush();
          steps.push(entry.run);
        }
      }
    };
    walk(this);
    flush();
    return compose(steps);
  }

  #touch(): void {
    this.#chain = undefined;
    for (const tree of this.#inlinedIn) tree.#touch();
  }

  #attach(child: Tree, isInline: boolean): void {
    if (child === this || child.#holds(this)) {
      throw wrongType("ERR_BALE_COMPOSER", "use: a composer can't be put inside itself. Make a second one.");
    }
    if (!child.#parents.has(this)) {
      for (const name of child.#allDerived()) if (this.#isTakenAbove(name)) throw takenTwice(name);
    }
    for (const hook of child.hooks) this.#admit(hook);
    child.#parents.add(this);
    if (isInline) child.#inlinedIn.add(this);
    for (const hook of child.hooks) this.#take(hook);
  }

  #holds(tree: Tree): boolean {
    return this.#children().some((child) => child === tree || child.#holds(tree));
  }

  #children(): readonly Tree[] {
    return this.entries.flatMap((entry) => (entry.is === "step" ? entry.children : [entry.child]));
  }

  #admit(hook: Hook): void {
    if (this.hooks.has(hook)) return;
    if (!isOneOfAKind(hook)) return;
    for (const known of this.hooks) {
      if (hook.is === "plugin" && known.is === "plugin" && known.id === hook.id) {
        const hint = "Extend it once, where all that need it come after.";
        throw wrongType("ERR_BALE_PLUGIN", `extend: the plugin ${shown(hook.id)} is already here. ${hint}`);
      }
      if (hook.is === "export" && known.is === "export" && known.name === hook.name) {
        const hint = "Give each part of a user's data a name of its own.";
        throw wrongType("ERR_BALE_PLUGIN", `onExport: the name ${shown(hook.name)} is taken. ${hint}`);
      }
      if (hook.is === "property" && known.is === "property" && known.name === hook.name) {
        throw wrongType(
          "ERR_BALE_PLUGIN",
          `extend: ${hook.plugin} and ${known.plugin} both put bot.${hook.name} there. One has to choose another name.`,
        );
      }
      if (hook.is === "provide" && known.is === "provide" && known.token === hook.token) {
        throw wrongType(
          "ERR_BALE_PLUGIN",
          `provide: ${shown(hook.token.name)} is already provided by another plugin.`,
        );
      }
    }
    for (const parent of this.#parents) parent.#admit(hook);
  }

  #take(hook: Hook): void {
    if (this.hooks.has(hook)) return;
    this.hooks.add(hook);
    for (const listener of this.#listeners) listener(hook);
    for (const parent of this.#parents) parent.#take(hook);
  }

  #isTakenAbove(name: string): boolean {
    if (this.#derived.has(name) || this.#isTakenInline(name)) return true;
    for (const parent of this.#parents) if (parent.#isTakenAbove(name)) return true;
    return false;
  }

  #isTakenInline(name: string): boolean {
    return this.entries.some(
      (entry) =>
        entry.is === "inline" && (entry.child.#derived.has(name) || entry.child.#isTakenInline(name)),
    );
  }

  #isTakenBelow(name: string): boolean {
    return this.#children().some((child) => child.#derived.has(name) || child.#isTakenBelow(name));
  }

  #allDerived(): string[] {
    return [...this.#derived, ...this.#children().flatMap((child) => child.#allDerived())];
  }
}

/** Whether there may be no second hook of its name. */
function isOneOfAKind({ is }: Hook): boolean {
  return is === "plugin" || is === "property" || is === "provide" || is === "export";
}

function takenTwice(name: string): TypeError {
  const hint = "Choose another name, or derive it once, above all that read it.";
  return wrongType("ERR_BALE_DERIVE", `derive: ctx.${name} is already derived. ${hint}`);
}
