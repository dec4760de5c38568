import { Bot } from "balekit";
import { expectTypeOf, test } from "vitest";
import { type LazySession, type Session, session } from "../src/index.js";

interface Cart {
  items: string[];
}
const initial = (): Cart => ({ items: [] });

test("initial alone says what the data is, and null and data can be assigned", () => {
  const bot = new Bot("1000:not-a-real-secret").extend(session({ initial, key: "user", ttlMs: 1 }));
  bot.command("x", (ctx) => {
    expectTypeOf(ctx.session).toEqualTypeOf<Session<Cart>>();
    expectTypeOf(ctx.session.items).toEqualTypeOf<string[]>();
    ctx.session = null;
    ctx.session = { items: [] };
    // @ts-expect-error no such data
    ctx.session = { items: [1] };
    void ctx.session.update((cart) => void expectTypeOf(cart).toEqualTypeOf<Cart>());
  });
});

test("a name is the property, and lazy data is asked for", () => {
  const bot = new Bot("1000:not-a-real-secret")
    .extend(session({ name: "cart", initial }))
    .extend(session({ name: "past", initial, lazy: true }));
  bot.use((ctx) => {
    expectTypeOf(ctx.cart).toEqualTypeOf<Session<Cart>>();
    expectTypeOf(ctx.past).toEqualTypeOf<LazySession<Cart>>();
    // @ts-expect-error a bot without ctx.session
    void ctx.session;
  });
});

test("data with a field update, and data that is no object, do not compile", () => {
  // @ts-expect-error the name of a method
  session({ initial: () => ({ update: 1 }) });
  // @ts-expect-error no object
  session({ initial: () => 5 });
});
