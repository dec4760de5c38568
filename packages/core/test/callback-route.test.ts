import type { Update } from "@balekit/api";
import { manualClock, memory, type Storage } from "@balekit/storage";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { callbackRoute, type RefusalReason, type RoutePattern } from "../src/callback-route.js";
import { arg } from "../src/command-args.js";
import { Composer } from "../src/composer.js";
import { Context } from "../src/context.js";
import { contextOf, pressed, services } from "./routing-fixture.js";

const bytes = (text: string): number => Buffer.byteLength(text);
const secret = "a secret of sixteen letters or more";
const whole = fc.string({ unit: "binary" });

/** Presses a button in a bot with one route, and tells what came of it. */
async function press(
  route: RoutePattern<object>,
  data: string,
): Promise<{ params?: object; said?: unknown }> {
  const composer = new Composer();
  const seen: { params?: object } = {};
  composer.callback(route, (ctx) => void (seen.params = { ...ctx.params }));
  const { services: shared, calls } = services();
  await composer.dispatch(new Context(pressed(data) as Update, shared));
  const said = calls.map(({ params }) => (params as { text?: string }).text);
  return said.length === 0 ? seen : { ...seen, said };
}

describe("building and matching", () => {
  const buy = callbackRoute("buy/:id/:size");

  test("what is put in comes out, and looks like the pattern", async () => {
    expect(buy.data({ id: 12, size: "XL" })).toBe("buy/12/XL");
    expect(await press(buy, "buy/12/XL")).toEqual({ params: { id: "12", size: "XL" } });
    expect(buy.data({ id: 12n, size: "بزرگ" })).toBe("buy/12/بزرگ");
    expect(buy.button("خرید", { id: 1, size: "" })).toEqual({ text: "خرید", callback_data: "buy/1/" });
    expect(buy.read("buy/1/")).toEqual({ is: "ours", params: { id: "1", size: "" } });
    expect(callbackRoute("menu").data({})).toBe("menu");
    expect(await press(callbackRoute("menu"), "menu")).toEqual({ params: {} });
    expect(await press(callbackRoute("menu"), "menus")).toEqual({});
  });

  test("every value is read back exactly, whatever stands between the parts", () => {
    const routes = [
      callbackRoute("a/:x/:y"),
      callbackRoute("a-:x-:y"),
      callbackRoute("a :x و :y."),
      callbackRoute("سبد/:x😀:y😁" as "سبد/:x/:y"),
      callbackRoute("a\\::x\\::y"),
    ];
    const value = fc.oneof(whole, fc.string({ unit: fc.constantFrom(..."%/-.:2F ؤو😀", "%2F", "😁", "\n") }));
    fc.assert(
      fc.property(fc.constantFrom(...routes), value, value, (route, x, y) => {
        let data: string;
        try {
          data = route.data({ x, y });
        } catch (error) {
          expect((error as { code?: unknown }).code).toBe("ERR_BALE_ROUTE");
          return;
        }
        expect(bytes(data)).toBeLessThanOrEqual(64);
        expect(route.read(data)).toEqual({ is: "ours", params: { x, y } });
      }),
      { numRuns: 3000 },
    );
  });

  test("a plain pattern still takes apart what a route builds, as long as nothing had to be escaped", async () => {
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[\w\u0600-\u06ff-]{1,8}$/), async (size) => {
        const composer = new Composer();
        let params: object = {};
        composer.callback("buy/:id/:size", (ctx) => void (params = { ...ctx.params }));
        await composer.dispatch(new Context(pressed(buy.data({ id: 1, size })), services().services));
        expect(params).toEqual({ id: "1", size });
      }),
    );
  });

  test("the limit is counted in bytes, and the error says so", () => {
    const note = callbackRoute("n/:text");
    expect(bytes(note.data({ text: "م".repeat(31) }))).toBe(64);
    expect(() => note.data({ text: "م".repeat(32) })).toThrow(
      /Building the data of callbackRoute\("n\/:text"\): it is 66 bytes long.*64 bytes.*give the route a storage/s,
    );
  });

  test("data of another shape is left to other routes, in their order", async () => {
    const seen: string[] = [];
    const composer = new Composer();
    composer.callback("buy/cancel", () => void seen.push("cancel"));
    composer.callback(buy, async (ctx, next) => {
      seen.push(`buy ${ctx.params.id}`);
      await next();
      seen.push(`again ${ctx.params.id}`);
    });
    composer.callback([callbackRoute("buy/:id"), /^x/], () => void seen.push("one part"));
    composer.callback(/^buy/, () => void seen.push("any"));
    for (const data of ["buy/cancel", "buy/1/2", "buy/1", "buy/%zz/1", "buy", "bu"]) {
      await composer.dispatch(new Context(pressed(data), services().services));
    }
    expect(seen).toEqual(["cancel", "buy 1", "any", "again 1", "one part", "any", "any"]);
    expect(composer.routes()).toContain('callback(callbackRoute("buy/:id/:size"))');
  });

  test("what can't be built from is refused when the route is made, and what is no value when it is used", () => {
    for (const path of [":id", "", "a{/:b}", "a/*rest", "a/:x:y", "a/:x/:x", "a/:", 'a/:"x"1', "%a/:x", 5]) {
      expect(() => callbackRoute(path as string), String(path)).toThrow(
        expect.objectContaining({ code: "ERR_BALE_ROUTE" }),
      );
    }
    const values = [
      { id: 1 },
      { id: 1, size: undefined },
      { id: Number.NaN, size: 1 },
      { id: 1, size: "\ud800" },
    ];
    for (const wrong of [...values, { id: 1, size: 2, colour: 3 }, undefined, null]) {
      expect(() => buy.data(wrong as never)).toThrow(TypeError);
    }
    expect(() => callbackRoute("a", { version: 0 })).toThrow(RangeError);
    expect(() => callbackRoute("a", { refused: 1 as never })).toThrow(TypeError);
    expect(() => new Composer().hears(buy as never)).toThrow(/hears: a pattern is a string or a RegExp/);
  });
});

describe("secret", () => {
  const pay = callbackRoute("pay/:id", { secret });

  test("signed data is taken, and costs eleven bytes", async () => {
    const data = pay.data({ id: 12 });
    expect(bytes(data)).toBe(bytes("pay/12") + 11);
    expect(await press(pay, data)).toEqual({ params: { id: "12" } });
  });

  test("no other data is: not changed, not unsigned, not of another secret or another route", async () => {
    const other = callbackRoute("pay/:id", { secret: `another ${secret}` });
    for (const data of ["pay/12", "pay/12aaaaaaaaaaa", other.data({ id: 12 })]) {
      expect(await press(pay, data)).toEqual({ said: ["این دکمه از این بازو نیست."] });
    }
    fc.assert(
      fc.property(whole, fc.nat(), fc.integer({ min: 1, max: 0xff }), (value, at, by) => {
        fc.pre(bytes(value) < 12);
        const data = pay.data({ id: value });
        const place = 4 + (at % (data.length - 4));
        const changed =
          data.slice(0, place) + String.fromCharCode(data.charCodeAt(place) ^ by) + data.slice(place + 1);
        const reading = pay.read(changed);
        // The last letter of a tag holds two bits that say nothing.
        if (reading.is === "ours") expect(reading.params).toEqual({ id: value });
      }),
      { numRuns: 1000 },
    );
  });

  test("secrets can be changed: the first signs, all are accepted", async () => {
    const next = callbackRoute("pay/:id", { secret: ["a new secret of sixteen letters", secret] });
    expect(await press(next, pay.data({ id: 1 }))).toEqual({ params: { id: "1" } });
    expect(pay.read(next.data({ id: 1 }))).toEqual({ is: "forged" });
  });

  test("a secret that can be guessed is refused, and never shown", () => {
    expect(() => callbackRoute("a", { secret: "short" })).toThrow(/has 5 characters and can be guessed/);
    expect(() => callbackRoute("a", { secret: "short" })).not.toThrow(/short/);
    expect(() => callbackRoute("a", { secret: [] })).toThrow(TypeError);
  });
});

describe("version", () => {
  test("buttons of other versions, and of the time before there was one, say that they are old", async () => {
    const first = callbackRoute("buy/:id");
    const second = callbackRoute("buy/:id/:size", { version: 2 });
    const third = callbackRoute("buy/:id/:size", { version: 36 });
    const old = { said: ["این دکمه قدیمی شده است. لطفاً دوباره از ابتدا شروع کنید."] };
    expect(await press(second, second.data({ id: 1, size: 2 }))).toEqual({ params: { id: "1", size: "2" } });
    expect(await press(second, first.data({ id: 1 }))).toEqual(old);
    expect(await press(third, second.data({ id: 1, size: 2 }))).toEqual(old);
    expect(await press(first, second.data({ id: 1, size: 2 }))).toEqual(old);
    expect(await press(second, "bought/1")).toEqual({});
  });

  test("a route that is signed since its second version takes old buttons for old, not for forged", async () => {
    const signed = callbackRoute("buy/:id", { version: 2, secret });
    expect(signed.read("buy/1")).toEqual({ is: "outdated" });
    expect(signed.read("buy/%v2.1")).toEqual({ is: "forged" });
    expect(signed.read(signed.data({ id: 1 }))).toEqual({ is: "ours", params: { id: "1" } });
  });

  test("saying so to a press that is itself too old to be answered is no fault; another failure is", async () => {
    const failing = (error_code: number): Promise<unknown> => {
      const { services: shared } = services();
      shared.api.use(async () => ({ ok: false, error_code, description: "Bad Request: query is too old" }));
      const composer = new Composer();
      composer.callback(callbackRoute("buy/:id", { version: 2 }), () => undefined);
      return composer.dispatch(new Context(pressed("buy/1") as Update, shared));
    };
    await failing(400);
    await expect(failing(500)).rejects.toThrow(/query is too old/);
  });

  test("the bot may answer in its own words", async () => {
    const reasons: RefusalReason[] = [];
    const route = callbackRoute("buy/:id", {
      version: 2,
      refused: (_ctx, reason) => void reasons.push(reason),
    });
    expect(await press(route, "buy/1")).toEqual({});
    expect(reasons).toEqual(["outdated"]);
  });
});

describe("storage", () => {
  const clock = manualClock();
  const note = (storage: Storage<unknown>) =>
    callbackRoute("note/:text", { storage, secret, version: 3, ttlMs: 60_000 });
  const long = "یادداشتی که در شصت و چهار بایت جا نمی‌شود / 100% 😀";

  test("what is too long is kept, found again by any process, and answered politely when it is gone", async () => {
    const storage = memory({ clock });
    const data = await note(storage).data({ text: long });
    expect(bytes(data)).toBeLessThanOrEqual(64);
    expect(await press(note(storage), data)).toEqual({ params: { text: long } });
    expect(await note(storage).read(data)).toEqual({ is: "ours", params: { text: long } });
    await clock.advance(60_001);
    expect(await press(note(storage), data)).toEqual({
      said: ["مهلت این دکمه گذشته است. لطفاً دوباره از ابتدا شروع کنید."],
    });
  });

  test("what fits is not kept, and the same values are kept once", async () => {
    const storage = memory({ clock });
    const count = async (): Promise<number> => {
      let keys = 0;
      for await (const _key of storage.keys("")) keys++;
      return keys;
    };
    expect(await note(storage).data({ text: "کوتاه" })).toContain("کوتاه");
    expect(await count()).toBe(0);
    const data = await note(storage).data({ text: long });
    expect(await note(storage).data({ text: long })).toBe(data);
    expect(await count()).toBe(1);
    expect((await note(storage).button("x", { text: long })).callback_data).toBe(data);
  });

  test("values of any length are read back exactly, and `next` goes on behind", async () => {
    const storage = memory({ clock });
    const route = callbackRoute("n/:a/:b", { storage });
    await fc.assert(
      fc.asyncProperty(whole, fc.string({ unit: "grapheme", maxLength: 200 }), async (a, b) => {
        expect(await route.read(await route.data({ a, b }))).toEqual({ is: "ours", params: { a, b } });
      }),
      { numRuns: 300 },
    );
    const seen: unknown[] = [];
    const composer = new Composer();
    composer.callback(route, async (ctx, next) => {
      await next();
      seen.push(ctx.params.a);
    });
    composer.on("callback_query", () => void seen.push("behind"));
    const data = await route.data({ a: long, b: long });
    await composer.dispatch(new Context(pressed(data), services().services));
    expect(seen).toEqual(["behind", long]);
  });

  test("a token that was made up finds nothing, and one of a signed route is forged", async () => {
    const storage = memory({ clock });
    const open = callbackRoute("n/:a", { storage });
    expect(await open.read(`n/%s${"a".repeat(16)}`)).toEqual({ is: "expired" });
    expect(await note(storage).read(`note/%v3.%s${"a".repeat(27)}`)).toEqual({ is: "forged" });
  });

  test("a store that fails fails the press, and a pattern without room for a token fails at once", async () => {
    const broken = { ...memory({ clock }), get: () => Promise.reject(new Error("the store is down")) };
    const route = callbackRoute("n/:a", { storage: broken });
    await expect(press(route, await route.data({ a: long }))).rejects.toThrow("the store is down");
    expect(() => callbackRoute(`${"a".repeat(50)}/:b`, { storage: broken })).toThrow(/shorter word/);
    expect(() => callbackRoute("n/:a", { storage: broken, ttlMs: 0 })).toThrow(RangeError);
  });
});

describe("a part with a type", () => {
  const order = callbackRoute("order/:id/:size", {
    parts: { id: arg.integer({ min: 1 }), size: arg.oneOf("S", "XL") },
  });

  test("comes back as what was put in", () => {
    const data = order.data({ id: 12, size: "XL" });
    expect(data).toBe("order/12/XL");
    expect(order.read(data)).toEqual({ is: "ours", params: { id: 12, size: "XL" } });
  });

  test("reaches handlers, and what does not read as such goes on to others", async () => {
    const seen: unknown[] = [];
    const composer = new Composer();
    composer.callback(order, (ctx) => void seen.push(ctx.params.id + 1, ctx.params.size));
    composer.callback("order/:id/:size", (ctx) => void seen.push(`text ${ctx.params.id}`));
    for (const data of [
      "order/12/XL",
      "order/x/XL",
      "order/0/XL",
      "order/012/XL",
      "order/۱۲/XL",
      "order/1/M",
    ])
      await composer.dispatch(contextOf(pressed(data)));
    expect(seen).toEqual([13, "XL", "text x", "text 0", "text 012", "text ۱۲", "text 1"]);
  });

  test("is checked when the button is made", () => {
    const wrong = (values: object) => () => order.data(values as never);
    expect(wrong({ id: 1.5, size: "S" })).toThrow(/value of id is 1.5. Give a whole number, at least 1/);
    expect(wrong({ id: 0, size: "S" })).toThrow(expect.objectContaining({ code: "ERR_BALE_ROUTE" }));
    expect(wrong({ id: 1, size: "M" })).toThrow(/value of size is "M". Give one of S, XL/);
    expect(wrong({ id: 1 })).toThrow(/value of size is undefined/);
  });

  test("is read from a storage, and forged data that reads as such is refused", async () => {
    const kept = callbackRoute("n/:id/:text", {
      storage: memory(),
      secret: "sixteen letters or more",
      parts: { id: arg.integer() },
    });
    const data = await kept.data({ id: 5, text: "x".repeat(80) });
    expect(await kept.read(data)).toEqual({ is: "ours", params: { id: 5, text: "x".repeat(80) } });
    expect(await kept.read("n/5/x")).toEqual({ is: "forged" });
    expect(await kept.read("n/five/x")).toEqual({ is: "unrelated" });
  });

  test("has to be one of the route's, of a type, and always there", () => {
    const made = (parts: object) => () => callbackRoute("order/:id", { parts: parts as never });
    expect(made({ size: arg.integer() })).toThrow(/parts.size: the route has no such part. It has id/);
    expect(made({ id: Number })).toThrow(/parts.id is \[function Number\]. Give one like arg.integer\(\)/);
    expect(made({ id: arg.optional(arg.integer()) })).toThrow(/a part is never missing/);
  });
});
