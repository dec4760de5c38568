import type { User } from "@balekit/api";
import { type Chain, guard } from "./compose.js";
import type { Context } from "./context.js";
import type { Middleware, Next } from "./middleware.js";
import { RouteIndex } from "./route-index.js";
import { announce, type RouteMark } from "./route-mark.js";
import type { Hit, RouteTest } from "./route-test.js";
import { Subject } from "./subject.js";

/** A built-in test with the handlers behind it. */
export interface Route {
  readonly test: RouteTest;
  readonly mark: RouteMark;
  /** Runs the handlers as they are now. */
  readonly run: Chain<Context>;
}

/**
 * Folds routes that follow one another into one step. It runs the first that matches; when that one calls `next()`,
 * the search goes on behind it with a fresh look at the update, and after the last route with what comes next.
 */
export function routing(routes: readonly Route[]): Middleware<Context> {
  const tests = routes.map((route) => route.test);
  let index: RouteIndex | undefined;
  let indexedFor: ((text: string) => string) | undefined;

  const search = (ctx: Context, from: number, next: Next): Promise<void> => {
    const { normalizeText } = ctx.services;
    if (index === undefined || indexedFor !== normalizeText) {
      index = new RouteIndex(tests, normalizeText);
      indexedFor = normalizeText;
    }
    const position = index.find(new Subject(ctx.update, ctx.services, index.known), from);
    const { hit } = index;
    const route = routes[position];
    if (route === undefined || hit === undefined) return next();
    return enter(ctx, route, hit, () => leave(ctx, () => search(ctx, position + 1, next)));
  };
  return (ctx, next) => search(ctx, 0, next);
}

/** Runs one route that matches. `goOn` searches behind it. */
function enter(ctx: Context, route: Route, hit: Hit, goOn: Next): Promise<void> {
  mark(ctx, route.mark, hit);
  announce(ctx.update, route.mark);
  if (hit.instead !== undefined) {
    const instead = hit.instead as Middleware<Context>;
    const handlers = (): Promise<void> => route.run(ctx, goOn);
    return guard<Context>(instead, () => route.mark.label)(ctx, handlers) as Promise<void>;
  }
  if (hit.members === undefined) return route.run(ctx, goOn);
  const members = hit.members;
  const each = guard<Context>(
    (_ctx, after) => runEach(ctx, route, members, after),
    () => route.mark.label,
  );
  return each(ctx, goOn) as Promise<void>;
}

function mark(ctx: Context, route: RouteMark, hit: Hit): void {
  ctx.route = route;
  ctx.match = hit.match;
  ctx.params = hit.params ?? nothing;
  ctx.args = hit.args ?? nothing;
}

const nothing: Readonly<object> = Object.freeze({});

/** Goes on behind a route, and gives it back what it had matched when everything behind it is done. */
function leave(ctx: Context, next: Next): Promise<void> {
  const { route, match, params, args, memberNow } = ctx;
  ctx.memberNow = undefined;
  const back = (): void => {
    ctx.route = route;
    ctx.match = match;
    ctx.params = params;
    ctx.args = args;
    ctx.memberNow = memberNow;
  };
  return next().then(back, (error: unknown) => {
    back();
    throw error;
  });
}

/** One member after another; what comes next runs once, after all of them, if any of them called `next()`. */
async function runEach(ctx: Context, route: Route, members: readonly User[], next: Next): Promise<void> {
  let goesOn = false;
  const { route: mine, match, params, args } = ctx;
  for (const member of members) {
    ctx.memberNow = member;
    Object.assign(ctx, { route: mine, match, params, args });
    await route.run(ctx, () => {
      goesOn = true;
      return Promise.resolve();
    });
  }
  ctx.memberNow = undefined;
  if (goesOn) await next();
}
