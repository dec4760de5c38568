/// <reference path="./koa-compose.d.ts" />
import koaCompose from "koa-compose";
import type { Middleware, Next } from "./middleware.js";
import { provesNextUse } from "./next-use.js";
import { isThenable } from "./thenable.js";

/** Several middleware folded into one that always answers with a promise. */
export type Chain<C> = (ctx: C, next: Next) => Promise<void>;

const done: Promise<void> = Promise.resolve();

/** What comes after one run of one middleware; made when that one calls `next()`. */
class Frame {
  /** All that comes after has finished, well or badly. */
  settled = false;
  downstream: Promise<void> | undefined = undefined;
  /** A frame above that handed on our promise as its own, and so has finished when we have. */
  heir: Frame | undefined = undefined;
}

/** `next()` was called twice, or was not awaited. A bug in the middleware that the message names. */
export class NextError extends Error {
  readonly code = "ERR_BALE_NEXT" as const;

  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "NextError";
  }
}

/**
 * The frame whose `next()` is being called right now. The first guarded middleware downstream takes it, synchronously,
 * and ticks it off when it has finished: cheaper than one more promise a step.
 */
let handed: Frame | undefined;

/** Folds middleware into one chain, in order; the first is the outermost. Wrap what users wrote in `guard` first. */
export function compose<C>(middleware: readonly Middleware<C>[]): Chain<C> {
  const [only] = middleware;
  if (only === undefined) return (_ctx, next) => next();
  if (middleware.length > 1) return koaCompose(withoutNeedlessWraps(middleware));
  return (ctx, next) => {
    try {
      const result: unknown = only(ctx, next);
      return isThenable(result) ? (result as Promise<void>) : done;
    } catch (error) {
      return Promise.reject(error);
    }
  };
}

/** What a chain ends in when nothing comes after it. */
export function end(): Promise<void> {
  if (handed !== undefined) {
    settle(handed);
    handed = undefined;
  }
  return done;
}

/**
 * Wraps a middleware so that a mistake with `next` is an error that names it: a second call, and a call that was not
 * awaited. The latter lets what comes after finish first, so that nothing of an update runs on behind the bot's back.
 * `label` says who it is, and is asked only when something is wrong.
 */
export function guard<C>(middleware: Middleware<C>, label: () => string): Middleware<C> {
  return provesNextUse(middleware) ? unwatched(middleware) : watched(middleware, label);
}

/** What stands inside the wrap of a middleware that can't go wrong with `next`. */
const insides = new WeakMap<object, object>();

/**
 * Takes the wraps off where one stands right behind another: nobody who is watched can be calling there, so the wrap
 * would find nothing to hide.
 */
function withoutNeedlessWraps<C>(middleware: readonly Middleware<C>[]): readonly Middleware<C>[] {
  return middleware.map((one, place) => {
    const before = middleware[place - 1];
    const isBehindWrap = before !== undefined && insides.has(before);
    return isBehindWrap ? ((insides.get(one) as Middleware<C> | undefined) ?? one) : one;
  });
}

/** Runs a middleware that can't go wrong with `next`, and hides it from whoever is watched above and below. */
function unwatched<C>(middleware: Middleware<C>): Middleware<C> {
  const wrap: Middleware<C> = (ctx, next) => {
    if (handed === undefined) return middleware(ctx, next);
    // Left untaken, the frame above watches the promise of this middleware itself.
    const above = handed;
    handed = undefined;
    try {
      return middleware(ctx, next);
    } finally {
      handed = above;
    }
  };
  insides.set(wrap, middleware);
  return wrap;
}

function watched<C>(middleware: Middleware<C>, label: () => string): Middleware<C> {
  return (ctx, next) => {
    const above = handed;
    handed = undefined;
    let frame = undefined as Frame | undefined;
    let result: unknown;
    try {
      result = middleware(ctx, () => {
        if (frame !== undefined) return Promise.reject(calledTwice(label));
        frame = new Frame();
        return goOn(frame, next);
      });
    } catch (error) {
      result = Promise.reject(error);
    }
    if (!isThenable(result)) {
      if (frame === undefined || frame.settled) {
        settle(above);
        return done;
      }
      result = done;
    } else if (frame !== undefined && result === frame.downstream) {
      // Handed on as it is: whoever waits for us waits for what comes after.
      if (frame.settled) settle(above);
      else frame.heir = above;
      return result;
    }
    return (result as PromiseLike<unknown>).then(
      () => {
        if (frame !== undefined && !frame.settled) return notAwaited(frame, above, label);
        if (above !== undefined) settle(above);
        return undefined;
      },
      (error: unknown) => {
        if (frame !== undefined && !frame.settled) return thrownEarly(frame, above, error);
        settle(above);
        throw error;
      },
    );
  };
}

function goOn(frame: Frame, next: Next): Promise<void> {
  const outer = handed;
  handed = frame;
  const downstream = next();
  const isTaken = handed !== frame;
  // Somebody above was handing down when this `next` was called inside of it: nobody has taken that one yet.
  handed = outer;
  frame.downstream = downstream;
  if (!isTaken) {
    // Nobody guarded is directly below: watch the promise itself.
    const settled = (): void => settle(frame);
    downstream.then(settled, settled);
  }
  return downstream;
}

function calledTwice(label: () => string): NextError {
  return new NextError(`next() called multiple times in ${label()}. Call it at most once, and await it.`);
}

function settle(frame: Frame | undefined): void {
  if (frame === undefined) return;
  frame.settled = true;
  for (let above = frame.heir; above !== undefined; above = above.heir) above.settled = true;
}

async function notAwaited(frame: Frame, above: Frame | undefined, label: () => string): Promise<never> {
  const message = `next() was not awaited in ${label()}. Write "await next()", or return what it returns.`;
  let cause: unknown;
  try {
    await frame.downstream;
  } catch (error) {
    cause = error;
  }
  settle(above);
  throw new NextError(message, cause);
}

async function thrownEarly(frame: Frame, above: Frame | undefined, error: unknown): Promise<never> {
  await frame.downstream?.catch(() => undefined);
  settle(above);
  throw error;
}
