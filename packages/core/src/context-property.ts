import type { Context } from "./context.js";
import { claim } from "./context-name.js";
import type { Middleware } from "./middleware.js";
import { requireFunction, shown, wrongType } from "./misuse.js";
import type { PropertyOf } from "./property-of.js";
import { markHere } from "./route-mark.js";
import { whenReady } from "./thenable.js";
import type { Derivation, Tree } from "./tree.js";

/** How a property that `derive` adds is had where contexts are made again: inside a conversation, after a restart. */
export interface DeriveOptions {
  /**
   * `"rerun"`: made anew. `"journal"`: what was made first is kept and had again, so that the conversation sees the same
   * after a restart; it has to be data.
   * @default "rerun"
   */
  readonly replay?: "rerun" | "journal" | undefined;
}

/** Adds a property that is made for every update that gets to this place: what `Composer.derive` does. */
export function deriveOn(
  tree: Tree,
  name: string,
  make: (ctx: Context) => unknown,
  { replay = "rerun" }: DeriveOptions,
): void {
  requireFunction(make, "derive", "the maker of the value");
  if (replay !== "rerun" && replay !== "journal") {
    throw wrongType(
      "ERR_BALE_DERIVE",
      `derive(${JSON.stringify(name)}): replay is ${shown(replay)}. Give "rerun" or "journal".`,
    );
  }
  claim(tree, "derive", name);
  const put = (ctx: Context, value: unknown): void => {
    (ctx as unknown as Record<string, unknown>)[name] = value;
  };
  const run: Middleware<Context> = (ctx, next) =>
    whenReady(make(ctx), (value) => {
      put(ctx, value);
      return next();
    });
  const derivation: Derivation = { name, make, replay };
  const mark = markHere(`derive(${JSON.stringify(name)})`);
  tree.add({ is: "step", mark, run, children: [], derivation });
}

/** Adds a property that is worked out when it is read: what `Composer.define` does. */
export function defineOn(tree: Tree, name: string, property: PropertyOf<Context, unknown>): void {
  const { get, set } = property;
  requireFunction(get, "define", "get");
  if (set !== undefined) requireFunction(set, "define", "set");
  claim(tree, "define", name);
  // One descriptor for all contexts, so that they keep a common shape.
  const descriptor: PropertyDescriptor = {
    configurable: true,
    enumerable: false,
    get(this: Context): unknown {
      return get(this);
    },
    ...(set !== undefined && {
      set(this: Context, value: unknown): void {
        set(this, value);
      },
    }),
  };
  const run: Middleware<Context> = (ctx, next) => {
    Object.defineProperty(ctx, name, descriptor);
    return next();
  };
  const derivation: Derivation = { name, descriptor };
  tree.add({ is: "step", mark: markHere(`define(${JSON.stringify(name)})`), run, children: [], derivation });
}
