import { expect, test } from "vitest";
import { provesNextUse } from "../src/next-use.js";

type Next = () => Promise<void>;
const log: unknown[] = [];
const others = { next: async (): Promise<void> => undefined };

test("a middleware that only awaits next() is proven, however it is written", () => {
  const written = [
    async (_ctx: object, next: Next): Promise<void> => {
      const began = Date.now();
      await next();
      log.push(Date.now() - began);
    },
    async (_: object, $n: Next): Promise<void> => await $n(),
    async function named(_ctx: object, next: Next): Promise<void> {
      try {
        await next();
      } catch (error) {
        log.push(error);
      }
    },
    {
      async method(_ctx: object, next: Next): Promise<void> {
        if (log.length > 0) await next();
      },
    }.method,
  ];
  for (const one of written) expect([provesNextUse(one), String(one)]).toEqual([true, String(one)]);
});

test("a handler that does not take next is proven", () => {
  const written = [
    async (): Promise<void> => void log.push(1),
    (ctx: object): unknown => log.push(ctx),
    function named(ctx: object): void {
      log.push(ctx);
    },
    new Function("return ctx => ctx")() as (ctx: object) => unknown,
    new Function("return async ctx => { await ctx }")() as (ctx: object) => unknown,
  ];
  for (const one of written) expect([provesNextUse(one), String(one)]).toEqual([true, String(one)]);
});

test("whatever could call next twice, or not wait for it, is not proven", () => {
  const written: ((...args: never) => unknown)[] = [
    async (_ctx: object, next: Next): Promise<void> => void next(),
    async (_ctx: object, next: Next): Promise<void> => {
      next();
    },
    (_ctx: object, next: Next): unknown => next(),
    async (_ctx: object, next: Next): Promise<void> => {
      await next();
      await next();
    },
    async (_ctx: object, next: Next): Promise<void> => {
      while (log.length < 2) await next();
    },
    async (_ctx: object, next: Next): Promise<void> => {
      void (async () => {
        await next();
      })();
    },
    async (_ctx: object, next: Next): Promise<void> => {
      await next().then;
    },
    async (_ctx: object, next: Next): Promise<void> => {
      await [next][0]?.();
    },
    async (_ctx: object, next: Next): Promise<void> => {
      await others.next();
      void next();
    },
    async (_ctx: object, ...[next]: [Next]): Promise<void> => await next(),
    async (_ctx: object, next: Next = others.next): Promise<void> => await next(),
    async (...args: [object, Next]): Promise<void> => void args[1](),
    function sly(): unknown {
      // biome-ignore lint/complexity/noArguments: this is what is to be found out
      return arguments[1]();
    },
    (async (_ctx: object, next: Next): Promise<void> => await next()).bind(undefined),
    new Proxy(async (): Promise<void> => undefined, {}),
    new Function("return async (ctx, next) => { await next(); n\\u0065xt() }")() as () => unknown,
    async function* generator(_ctx: object, next: Next): AsyncGenerator<void> {
      yield await next();
    },
  ];
  for (const one of written) expect([provesNextUse(one), String(one)]).toEqual([false, String(one)]);
});
