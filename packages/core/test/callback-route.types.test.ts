import { memory } from "@balekit/storage";
import { expectTypeOf, test } from "vitest";
import { callbackRoute } from "../src/callback-route.js";
import { arg } from "../src/command-args.js";
import { Composer } from "../src/composer.js";

const composer = new Composer();
const buy = callbackRoute("buy/:id/:size");

test("a route builds with the names of its pattern", () => {
  expectTypeOf(buy.data({ id: 1, size: "XL" })).toEqualTypeOf<string>();
  // @ts-expect-error a part is missing
  expectTypeOf(() => buy.data({ id: 1 })).toBeFunction();
  // @ts-expect-error no such part
  expectTypeOf(() => buy.data({ id: 1, size: 2, colour: "red" })).toBeFunction();
  // @ts-expect-error not a text or a number
  expectTypeOf(() => buy.data({ id: 1, size: true })).toBeFunction();
  expectTypeOf(callbackRoute("menu").data({})).toEqualTypeOf<string>();
});

test("a handler behind a route has its parts", () => {
  composer.callback(buy, (ctx) => {
    expectTypeOf(ctx.params.id).toEqualTypeOf<string>();
    expectTypeOf(ctx.match).toEqualTypeOf<string>();
    expectTypeOf(ctx.callbackQuery.data).toEqualTypeOf<string>();
    // @ts-expect-error not a part of the pattern
    void ctx.params.colour;
  });
  composer.callback([buy, "x", /y/], (ctx) => void expectTypeOf(ctx.params).toEqualTypeOf<object>());
  const reading = buy.read("x");
  if (reading.is === "ours") expectTypeOf(reading.params.size).toEqualTypeOf<string>();
});

test("a part with a type has it on both sides, and the others are texts", () => {
  const order = callbackRoute("order/:id/:size/:note", {
    parts: { id: arg.integer(), size: arg.oneOf("S", "XL") },
  });
  expectTypeOf(order.data({ id: 1, size: "XL", note: "x" })).toEqualTypeOf<string>();
  expectTypeOf(order.data({ id: 1, size: "XL", note: 5 })).toEqualTypeOf<string>();
  // @ts-expect-error a number is wanted
  expectTypeOf(() => order.data({ id: "1", size: "XL", note: "x" })).toBeFunction();
  // @ts-expect-error no such size
  expectTypeOf(() => order.data({ id: 1, size: "M", note: "x" })).toBeFunction();
  // @ts-expect-error the route has no such part
  expectTypeOf(() => callbackRoute("order/:id", { parts: { size: arg.integer() } })).toBeFunction();
  composer.callback(order, ({ params }) => {
    expectTypeOf(params.id).toEqualTypeOf<number>();
    expectTypeOf(params.size).toEqualTypeOf<"S" | "XL">();
    expectTypeOf(params.note).toEqualTypeOf<string>();
  });
  const reading = order.read("x");
  if (reading.is === "ours") expectTypeOf(reading.params.id).toEqualTypeOf<number>();
  const kept = callbackRoute("note/:id", { storage: memory<string>(), parts: { id: arg.integer() } });
  composer.callback(kept, (ctx) => void expectTypeOf(ctx.params.id).toEqualTypeOf<number>());
});

test("a route with a storage has to be awaited", () => {
  const note = callbackRoute("note/:text", { storage: memory<string>(), secret: "sixteen letters or more" });
  expectTypeOf(note.data({ text: "x" })).toEqualTypeOf<Promise<string>>();
  composer.callback(note, (ctx) => void expectTypeOf(ctx.params.text).toEqualTypeOf<string>());
  // @ts-expect-error a lifetime without a storage
  expectTypeOf(() => callbackRoute("note/:text", { ttlMs: 1 })).toBeFunction();
});
