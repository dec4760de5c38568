import type { Context } from "balekit";

/** Why a guard refuses; `is` says which reason it is. */
export interface Refusal {
  readonly is: string;
}

/**
 * A test that says why it refuses. It is a predicate for `bot.filter`; `check` tells the reason; `orElse` makes one
 * that answers whoever is refused.
 */
export interface Guard<Reason extends Refusal = Refusal> {
  (ctx: Context): Promise<boolean>;
  /** The reason to refuse; `undefined` when there is none. */
  check(ctx: Context): Promise<Reason | undefined>;
  /** The same guard, which runs this for each update it refuses. */
  orElse(refused: (ctx: Context, reason: Reason) => unknown): Guard<Reason>;
}

/** A mistake in making a guard. */
export function guardMisuse(message: string): TypeError {
  return Object.assign(new TypeError(message), { code: "ERR_BALE_GUARD" });
}

/**
 * Makes a guard of a function that answers the reason to refuse, or nothing.
 * @example
 * const inTehran = guard("inTehran", (ctx) => (ctx.msg?.location ? undefined : { is: "no-location" as const }));
 */
export function guard<Reason extends Refusal>(
  name: string,
  check: (ctx: Context) => Reason | undefined | Promise<Reason | undefined>,
): Guard<Reason> {
  if (typeof check !== "function") {
    throw guardMisuse(`guard(${JSON.stringify(name)}): its check is ${typeof check}. Give a function.`);
  }
  const ask = async (ctx: Context): Promise<Reason | undefined> => check(ctx);
  return made(name, ask, undefined);
}

function made<Reason extends Refusal>(
  name: string,
  check: (ctx: Context) => Promise<Reason | undefined>,
  refused: ((ctx: Context, reason: Reason) => unknown) | undefined,
): Guard<Reason> {
  const passes = async (ctx: Context): Promise<boolean> => {
    const reason = await check(ctx);
    if (reason === undefined) return true;
    await refused?.(ctx, reason);
    return false;
  };
  Object.defineProperty(passes, "name", { value: name });
  return Object.assign(passes, {
    check,
    orElse(handle: (ctx: Context, reason: Reason) => unknown): Guard<Reason> {
      if (typeof handle !== "function") {
        throw guardMisuse(`${name}.orElse: what is to run is ${typeof handle}. Give a function.`);
      }
      return made(name, check, handle);
    },
  });
}

/** Lets through what all guards let through; the first that refuses gives the reason. */
export function allOf<Reason extends Refusal>(...guards: readonly Guard<Reason>[]): Guard<Reason> {
  return guard("allOf", async (ctx) => {
    for (const one of guards) {
      const reason = await one.check(ctx);
      if (reason !== undefined) return reason;
    }
    return undefined;
  });
}

/** Lets through what any guard lets through; the last one gives the reason. */
export function anyOf<Reason extends Refusal>(...guards: readonly Guard<Reason>[]): Guard<Reason> {
  if (guards.length === 0) throw guardMisuse("anyOf: it was given no guards, so nothing would pass.");
  return guard("anyOf", async (ctx) => {
    let last: Reason | undefined;
    for (const one of guards) {
      last = await one.check(ctx);
      if (last === undefined) return undefined;
    }
    return last;
  });
}
