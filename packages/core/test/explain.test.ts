import { expect, test } from "vitest";
import { Composer } from "../src/composer.js";
import { pressed, said } from "./routing-fixture.js";

function shop(): Composer {
  const composer = new Composer();
  composer.use(async function auth(_, next) {
    await next();
  });
  composer.command("start", () => {});
  composer.chatType("group").hears("hi", () => {});
  composer.on("message:text", () => {});
  composer.hears(/^\/st/, () => {});
  composer.filter(function isAdmin() {
    return true;
  });
  composer.callback("order/:id", () => {});
  return composer;
}

test("every route says whether an update fits it and why", () => {
  const { routes, kind, updateId } = shop().explain(said("/start"));
  expect({ kind, updateId }).toEqual({ kind: "message", updateId: 1 });
  expect(routes.map(({ label, outcome, why }) => [label, outcome, why])).toEqual([
    ["use(auth)", "runs", "plain middleware"],
    ['command("start")', "matches", "it fits"],
    ['chatType("group")', "no", "the chat is private"],
    ['on("message:text")', "matches if next", 'it fits, if command("start") calls next()'],
    ["hears(/^\\/st/)", "matches if next", 'it fits, if command("start") calls next()'],
    ["filter(isAdmin)", "depends", "a function decides"],
    ['callback("order/:id")', "no", "the update is message, not callback_query"],
  ]);
  expect(routes[2]?.inside[0]).toMatchObject({ label: 'hears("hi")', outcome: "no" });
});

test("the explanation reads well as text, with the line of each registration", () => {
  const text = String(shop().explain(pressed("orders")));
  expect(text).toContain("update 3 (callback_query)");
  expect(text).toMatch(
    /✗ callback\("order\/:id"\): "orders" does not fit {2}\(.*explain\.test\.ts:\d+:\d+\)/,
  );
});

test("explaining runs no handler and no function of the bot's", () => {
  const composer = new Composer();
  const bomb = (): never => {
    throw new Error("ran");
  };
  composer.use(bomb).filter(bomb);
  composer.on("message", bomb);
  expect(() => composer.explain(said("x"))).not.toThrow();
});

test("routes() prints the tree, composers that were used in their place", () => {
  const composer = new Composer();
  const inner = new Composer();
  inner.command("a");
  composer.use(inner);
  composer.on("message").hears("b");
  const lines = composer.routes().split("\n");
  expect(lines.map((line) => line.replace(/ {2}\(.*$/, ""))).toEqual([
    'command("a")',
    'on("message")',
    '  hears("b")',
  ]);
  expect(new Composer().routes()).toBe("(nothing is registered)");
});
