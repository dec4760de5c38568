import { memoryLanes, type LaneStore } from "balekit";
import { emulator } from "@balekit/emulator";
import { describe, expect, it } from "vitest";
import { mortal, openShop, type Shop } from "./shop.js";

const sellOf = ({ shop, product, ali }: Shop, userId = ali.id) =>
  shop.sell(product, { userId }, { idempotencyKey: "talk-1" });

/** Has every invoice of a bot wait until it is let go. */
function holdInvoices({ bot }: Shop): { readonly count: () => number; readonly letGo: () => void } {
  const waiting: (() => void)[] = [];
  bot.api.use(async (call, next) => {
    if (call.method === "sendInvoice") await new Promise<void>((resolve) => void waiting.push(resolve));
    return next(call);
  });
  return {
    count: () => waiting.length,
    letGo: () => {
      for (const resolve of waiting.splice(0)) resolve();
    },
  };
}

describe("two sales under one key at once", () => {
  it("send one invoice in one process, and both are told of its order", async () => {
    const first = await openShop();
    await first.ali.sends("/start");
    const invoices = holdInvoices(first);
    const all = [sellOf(first), sellOf(first), sellOf(first)];
    await expect.poll(invoices.count).toBe(1);
    invoices.letGo();
    const [sold, ...others] = await Promise.all(all);
    expect(sold).toMatchObject({ state: "invoiced", messageId: first.ali.inbox.last.message_id });
    expect(others).toEqual([sold, sold]);
    expect(first.bale.calls.all("sendInvoice")).toHaveLength(1);
  });

  it("send one invoice in two processes, also when Bale takes its time", async () => {
    const first = await openShop();
    const { bale, lanes, ali } = first;
    const second = await openShop({ bale, lanes, isAttached: false });
    await ali.sends("/start");
    const invoices = holdInvoices(first);
    const one = sellOf(first);
    await expect.poll(invoices.count).toBe(1);
    const other = sellOf(second, ali.id);
    await bale.clock.advance(30_000);
    expect(bale.calls.all("sendInvoice")).toHaveLength(0);
    invoices.letGo();
    const sold = await one;
    await bale.clock.advance(1_000);
    expect(await other).toEqual(sold);
    expect(sold.state).toBe("invoiced");
    expect(bale.calls.all("sendInvoice")).toHaveLength(1);
    expect((await ali.pays(ali.inbox.last)).status).toBe("paid");
    expect([...first.given, ...second.given]).toHaveLength(1);
  });

  it("can be paid while the invoice is on its way, and its message is written down all the same", async () => {
    const first = await openShop({ product: { reserve: () => true, release: () => undefined } });
    const { ali, bot, shop } = first;
    await ali.sends("/start");
    let answer = (): void => undefined;
    bot.api.use(async (call, next) => {
      const reply = await next(call);
      if (call.method === "sendInvoice") {
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
      }
      return reply;
    });
    const selling = sellOf(first);
    await expect.poll(() => ali.inbox.all.at(-1)?.invoice).toBeDefined();
    expect((await ali.pays(ali.inbox.last)).status).toBe("paid");
    answer();
    expect(await selling).toMatchObject({ state: "fulfilled", messageId: ali.inbox.last.message_id });
    expect(await shop.list()).toHaveLength(1);
  });

  it("are sent by the second when Bale has refused the first", async () => {
    const first = await openShop();
    const { ali, bale, bot, shop } = first;
    await ali.sends("/start");
    let calls = 0;
    bot.api.use(async (call, next) =>
      call.method === "sendInvoice" && ++calls === 1
        ? { ok: false, error_code: 400, description: "Bad Request: no wallet" }
        : next(call),
    );
    const results = await Promise.allSettled([sellOf(first), sellOf(first)]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
    expect(bale.calls.all("sendInvoice")).toHaveLength(1);
    expect((await shop.list()).map(({ state }) => state)).toEqual(["invoiced"]);
  });

  it("send no second invoice when nobody knows whether the first has come; a later sale does", async () => {
    const first = await openShop();
    const { ali, bale, bot, shop } = first;
    await ali.sends("/start");
    let isCut = true;
    bot.api.use(async (call, next) => {
      const reply = await next(call);
      if (call.method === "sendInvoice" && isCut) throw Object.assign(new Error("cut"), { maybeSent: true });
      return reply;
    });
    const both = await Promise.allSettled([sellOf(first), sellOf(first)]);
    expect(both).toMatchObject([
      { status: "rejected", reason: { message: "cut" } },
      { status: "rejected", reason: { code: "ERR_BALE_PAYMENT_UNKNOWN", maybeSent: true } },
    ]);
    expect(bale.calls.all("sendInvoice")).toHaveLength(1);
    isCut = false;
    await sellOf(first);
    expect(bale.calls.all("sendInvoice")).toHaveLength(2);
    expect(await shop.list()).toMatchObject([{ state: "invoiced" }]);
  });
});

describe("a sale under a key", () => {
  it("works when the process that was sending its invoice has died", async () => {
    const bale = emulator();
    const lanes = memoryLanes({ clock: bale.clock });
    const life = mortal(lanes);
    const first = await openShop({ bale, lanes: life.lanes });
    const { ali } = first;
    await ali.sends("/start");
    const invoices = holdInvoices(first);
    void sellOf(first);
    await expect.poll(invoices.count).toBe(1);
    life.die();
    first.detach();
    const second = await openShop({ bale, lanes, ali });
    const selling = sellOf(second);
    await bale.clock.advance(5_000);
    expect(bale.calls.all("sendInvoice")).toHaveLength(0);
    await bale.clock.advance(5_000);
    expect(await selling).toMatchObject({ state: "invoiced" });
    expect((await ali.pays(ali.inbox.last)).status).toBe("paid");
    expect(second.given).toHaveLength(1);
  });

  it("sends no second invoice when only the store has failed after the first", async () => {
    const bale = emulator();
    const memory = memoryLanes({ clock: bale.clock });
    let isAway = false;
    const lanes: LaneStore = {
      ...memory,
      commit: (...args) => (isAway ? Promise.reject(new Error("the store is away")) : memory.commit(...args)),
    };
    const first = await openShop({ bale, lanes });
    const { ali, bot } = first;
    await ali.sends("/start");
    bot.api.use(async (call, next) => {
      const reply = await next(call);
      if (call.method === "sendInvoice") isAway = true;
      return reply;
    });
    await expect(sellOf(first)).rejects.toThrow("the store is away");
    isAway = false;
    const again = sellOf(first);
    await bale.clock.advance(10_000);
    expect(await again).toMatchObject({ state: "invoiced", messageId: ali.inbox.last.message_id });
    expect(bale.calls.all("sendInvoice")).toHaveLength(1);
  });
});
