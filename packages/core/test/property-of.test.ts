import { expect, test } from "vitest";
import { Composer } from "../src/composer.js";
import { contextOf, said } from "./routing-fixture.js";

test("a defined property is worked out each time it is read, by those behind it only, and costs nothing unread", async () => {
  let reads = 0;
  const composer = new Composer();
  const seen: unknown[] = [];
  composer.use((ctx, next) => {
    seen.push("mood" in ctx);
    return next();
  });
  const moody = composer.define("mood", { get: (ctx) => `${ctx.text} ${++reads}` });
  moody.hears("quiet", () => undefined);
  moody.hears("loud", (ctx) => void seen.push(ctx.mood, ctx.mood));
  await composer.dispatch(contextOf(said("quiet")));
  expect(reads).toBe(0);
  await composer.dispatch(contextOf(said("loud")));
  expect(seen).toEqual([false, false, "loud 1", "loud 2"]);
});

test("it is assigned through set, an assignment without one throws, and it is not listed among the fields", async () => {
  const composer = new Composer();
  const assigned: unknown[] = [];
  composer
    .define("open", { get: () => 1, set: (_ctx, value) => assigned.push(value) })
    .define("closed", { get: () => 2 })
    .use((ctx) => {
      const loose = ctx as unknown as Record<string, unknown>;
      loose.open = "new";
      expect(() => {
        loose.closed = "new";
      }).toThrow(TypeError);
      expect(Object.keys(ctx)).not.toContain("open");
      assigned.push(ctx.open, ctx.closed);
    });
  await composer.dispatch(contextOf(said("x")));
  expect(assigned).toEqual(["new", 1, 2]);
});

test("a name that contexts have already, and what is no function, are refused", () => {
  const composer = new Composer().derive("tea", () => "green");
  expect(() => composer.define("tea", { get: () => "black" })).toThrow(/ctx\.tea/);
  expect(() => composer.define("chat", { get: () => "black" })).toThrow(/chat/);
  expect(() => composer.define("milk", { get: 1 as never })).toThrow(TypeError);
  expect(() => composer.define("milk", { get: () => 1, set: "x" as never })).toThrow(TypeError);
});
