import { expect, test } from "vitest";
import { capability } from "../src/capability.js";
import { Composer } from "../src/composer.js";
import { plugin } from "../src/plugin.js";
import type { Hook } from "../src/tree.js";
import { contextOf, said } from "./routing-fixture.js";

const counter = () =>
  plugin<{ readonly count: number }>("counter", (composer) => composer.derive("count", () => 3));

test("what a plugin derives is on the context behind it", async () => {
  const seen: number[] = [];
  const composer = new Composer().extend(counter());
  composer.use((ctx) => void seen.push(ctx.count));
  await composer.dispatch(contextOf(said("x")));
  expect(seen).toEqual([3]);
});

test("a plain function is a plugin, too", async () => {
  const seen: string[] = [];
  const composer = new Composer().extend((inner: Composer) => inner.derive("hello", () => "salam"));
  composer.use((ctx) => void seen.push(ctx.hello));
  await composer.dispatch(contextOf(said("x")));
  expect(seen).toEqual(["salam"]);
});

test("extending twice with one id is an error that says so, also in another branch", () => {
  const composer = new Composer();
  composer.on("message").extend(counter());
  expect(() => composer.on("callback").extend(counter())).toThrow('the plugin "counter" is already here');
});

test("a plugin that does not return its composer is told so", () => {
  const wrong = () => new Composer();
  expect(() => new Composer().extend(wrong)).toThrow("did not return the composer it was given");
});

test("hooks reach the composer they end in, before and after it is joined, once each", () => {
  const seen: Hook["is"][] = [];
  const root = new Composer();
  root.tree.listen((hook) => void seen.push(hook.is));
  const apart = new Composer().onStart(() => {});
  root.use(apart);
  root.on("message").use(apart);
  apart.onStop(() => {});
  apart.transform((call, next) => next(call)).onForget(() => {});
  expect(seen).toEqual(["start", "stop", "transform", "forget"]);
});

test("what is provided is found further down and beside, by the token and not by its name", () => {
  const token = capability<number>("answer");
  const root = new Composer();
  root.on("message").provide(token, 42);
  expect(root.on("callback").find(token)).toBe(42);
  expect(root.find(capability<number>("answer"))).toBeUndefined();
  expect(() => root.provide(token, 1)).toThrow('"answer" is already provided');
});
