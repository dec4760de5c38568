import { type BotError, type LaneStore, memoryLanes } from "balekit";
import { type EmulatedUser, type Emulator, emulator, type Payment } from "@balekit/emulator";
import { describe, expect, it } from "vitest";
import { PaymentError, type ProductOptions } from "../src/index.js";
import { openShop, type Shop } from "./shop.js";

/** `refuses`: what is asked for is not done. `loses`: it is done, and the answer never comes. */
type Fault = "refuses" | "loses";

/** A store of which one single call fails: the n-th. */
function failing(lanes: LaneStore, nth: number, fault: Fault) {
  const store = { calls: 0, failed: "", isOver: false, lanes: {} as LaneStore };
  const away = (): Error => new Error(`the store was away at call ${nth}`);
  const once = async <Result>(what: string, run: () => Promise<Result>): Promise<Result> => {
    const fails = !store.isOver && ++store.calls === nth;
    if (fails) store.failed = what;
    if (fails && fault === "refuses") throw away();
    const result = await run();
    if (fails) throw away();
    return result;
  };
  store.lanes = {
    load: (...args) => once("load", () => lanes.load(...args)),
    commit: (...args) => once("commit", () => lanes.commit(...args)),
    delete: (...args) => once("delete", () => lanes.delete(...args)),
    due: (...args) => once("due", () => lanes.due(...args)),
    find: (...args) => once("find", () => lanes.find(...args)),
    async *keys(prefix) {
      await once("keys", () => Promise.resolve());
      yield* lanes.keys(prefix);
    },
  };
  return store;
}

/** A whole sale, however often it takes: people press again when nothing has come. */
interface Story {
  readonly reconcileMs?: number;
  readonly product?: (stock: Set<string>) => Partial<ProductOptions>;
  /** Resolves to what has to hold when the store has been well again for some minutes. */
  readonly play: (shop: Shop, stock: Set<string>) => Promise<() => Promise<void>>;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Lets time pass while something is under way that may wait for it. */
async function meanwhile<Result>(bale: Emulator, work: Promise<Result>): Promise<Result> {
  const state = { isUnderWay: true };
  const over = work.finally(() => {
    state.isUnderWay = false;
  });
  over.catch(() => undefined);
  for (let seconds = 0; state.isUnderWay; seconds++) {
    for (let turn = 0; turn < 20 && state.isUnderWay; turn++) {
      await new Promise((later) => setImmediate(later));
    }
    if (state.isUnderWay) await bale.clock.advance(1_000);
    if (seconds > 600) throw new Error("it has not come to an end in ten minutes");
  }
  return over;
}

/** Does something until it has come to something. What throws is a store that fails: the next time it does not. */
async function persistently<Result>(bale: Emulator, act: () => Promise<Result | undefined>): Promise<Result> {
  for (let tries = 1; tries <= 4; tries++) {
    const result = await meanwhile(bale, act()).catch(() => undefined);
    if (result !== undefined) return result;
    await bale.clock.advance(MINUTE_MS);
  }
  throw new Error("it has come to nothing, four times");
}

function buys({ bale, ali }: Shop, command = "/buy") {
  return persistently(bale, async () => {
    await ali.sends(command);
    const { last } = ali.inbox;
    return last.invoice === undefined ? undefined : last;
  });
}

type Invoice = Parameters<EmulatedUser["pays"]>[0];

function pays({ bale, ali }: Shop, invoice: Invoice, options?: Parameters<EmulatedUser["pays"]>[1]) {
  return persistently<Payment>(bale, async () => {
    const payment = await ali.pays(invoice, options);
    return payment.status === "paid" ? payment : undefined;
  });
}

/** Money that has been taken for these goods: they were given for it, once, and the ledger says so. */
async function givenOnce({ shop, given }: Shop, chargeIds: readonly string[]): Promise<void> {
  const paid = (await shop.list()).filter(({ charge }) => charge !== undefined);
  expect(paid.map(({ charge }) => charge?.id ?? "").sort()).toEqual([...chargeIds].sort());
  expect(paid.map(({ state }) => state)).toEqual(paid.map(() => "fulfilled"));
  expect(given.map(({ key }) => key).sort()).toEqual([...chargeIds].sort());
}

async function showsReceipt({ bale, ali }: Shop): Promise<void> {
  await persistently(bale, async () => {
    await ali.sends("/receipt");
    return ali.inbox.last.text?.includes("اشتراک ·") || undefined;
  });
}

/** What has been told of an order, with the codes of the errors. */
function toldOf({ errors }: Shop, orderId: string): readonly string[] {
  return errors
    .map(({ cause }) => cause)
    .filter((cause) => cause instanceof PaymentError && cause.orderId === orderId)
    .map((cause) => `${(cause as PaymentError).code} ${(cause as PaymentError).message}`);
}

/** Says that money came, and says it again as long as the handler throws, which is what an inbox does. */
async function tellsOfMoney(shop: Shop, payload: string, chargeId: string, amount: number): Promise<void> {
  const { bale, bot, ali, errors } = shop;
  let updateId = 90_000;
  await persistently(bale, async () => {
    const isHandlers = ({ where }: BotError): boolean => where === "handler";
    const before = errors.filter(isHandlers).length;
    await bot.handle({
      update_id: updateId++,
      message: {
        message_id: 900,
        date: 1,
        from: { id: ali.id, is_bot: false, first_name: "Ali" },
        chat: { id: ali.id, type: "private", first_name: "Ali" },
        successful_payment: {
          currency: "IRR",
          total_amount: amount,
          invoice_payload: payload,
          telegram_payment_charge_id: chargeId,
          provider_payment_charge_id: "w",
        },
      },
    });
    return errors.filter(isHandlers).length === before || undefined;
  });
}

/** Money that nothing is given for: the ledger has it, and somebody was told what it is. */
async function keptAndTold(shop: Shop, chargeId: string, code: string): Promise<void> {
  const orders = (await shop.shop.list()).filter(({ charge }) => charge?.id === chargeId);
  expect(orders.map(({ state }) => state)).toEqual(["failed"]);
  expect(toldOf(shop, orders[0]?.id ?? "").join()).toContain(code);
  expect(shop.given.map(({ key }) => key)).not.toContain(chargeId);
}

const stories: Record<string, Story> = {
  "a purchase": {
    play: async (shop) => {
      const { id } = await pays(shop, await buys(shop));
      await showsReceipt(shop);
      return () => givenOnce(shop, [id]);
    },
  },
  "a purchase of which the success is never told": {
    play: async (shop) => {
      const { id } = await pays(shop, await buys(shop), { receipt: "never" });
      await showsReceipt(shop);
      return () => givenOnce(shop, [id]);
    },
  },
  "a purchase from an offer": {
    play: async (shop) => {
      shop.bot.command("offer", async (ctx) => void (await ctx.offer("vip")));
      const { id } = await pays(shop, await buys(shop, "/offer"));
      return () => givenOnce(shop, [id]);
    },
  },
  "a sale under a key": {
    play: async (shop) => {
      const { bale, ali } = shop;
      await ali.sends("/start");
      await persistently(bale, () => shop.shop.sell("vip", { userId: ali.id }, { idempotencyKey: "once" }));
      const { id } = await pays(shop, ali.inbox.last);
      return () => givenOnce(shop, [id]);
    },
  },
  "a purchase whose goods cannot be given, until somebody has seen to it": {
    product: (stock) => ({
      fulfil: () => {
        if (stock.size === 0) throw new Error("the printer is off");
        return "given";
      },
    }),
    play: async (shop, stock) => {
      const { bale } = shop;
      const { id } = await pays(shop, await buys(shop));
      const order = await persistently(bale, async () => {
        const orders = await shop.shop.list({ state: "failed" });
        return orders.find(({ charge }) => charge?.id === id);
      });
      expect(toldOf(shop, order.id).join()).toMatch(/ERR_BALE_PAYMENT_FULFIL.*payments\.retry\(/);
      stock.add("paper");
      await persistently(bale, async () => {
        const found = await shop.shop.order(order.id);
        return found?.state === "fulfilled" || ((await shop.shop.retry(order.id)) && undefined) || undefined;
      });
      return async () => {
        expect(await shop.shop.order(order.id)).toMatchObject({ state: "fulfilled", outcome: "given" });
      };
    },
  },
  "a payment of the wrong amount": {
    play: async (shop) => {
      const { bale } = shop;
      await buys(shop);
      const payload = bale.calls.all("sendInvoice").at(-1)?.params["payload"] as string;
      await tellsOfMoney(shop, payload, "cheap", 50);
      return () => keptAndTold(shop, "cheap", "ERR_BALE_PAYMENT_AMOUNT");
    },
  },
  "a payment for an order that nobody knows": {
    play: async (shop) => {
      await shop.bot.init();
      await tellsOfMoney(shop, "pay:o:AAAAAAAAAAAAAAAA", "orphan", 70);
      return () => keptAndTold(shop, "orphan", "ERR_BALE_PAYMENT_UNKNOWN");
    },
  },
  "an invoice that the wallet lets pay twice": {
    play: async (shop) => {
      const { bale } = shop;
      const { id } = await pays(shop, await buys(shop));
      const payload = bale.calls.all("sendInvoice").at(-1)?.params["payload"] as string;
      await bale.clock.advance(MINUTE_MS);
      await tellsOfMoney(shop, payload, "second", 500_000);
      return () => givenOnce(shop, [id, "second"]);
    },
  },
  "a payment of which Bale does not say for a week what became, with goods that are reserved": {
    reconcileMs: DAY_MS,
    product: shelves,
    play: async (shop, stock) => {
      const { bale, bot, ali } = shop;
      const unknown = new Set<string>();
      bot.api.use(async (call, next) =>
        call.method === "inquireTransaction" && unknown.has(call.params.transaction_id)
          ? {
              ok: true,
              result: { id: "t", status: "pending", userID: ali.id, amount: 500_000, createdAt: 0 },
            }
          : next(call),
      );
      const invoice = await buys(shop);
      const { id } = await pays(shop, invoice, { receipt: "never" });
      unknown.add(id);
      await bale.clock.advance(8 * DAY_MS + MINUTE_MS);
      return async () => {
        const orders = await shop.shop.list();
        const order = orders.find(({ queryId }) => queryId === id);
        expect(order?.state).toBe("failed");
        expect(toldOf(shop, order?.id ?? "").join()).toMatch(/ERR_BALE_PAYMENT_UNKNOWN.*Bale never said/);
        expect([...stock]).toEqual([]);
      };
    },
  },
  "a payment that is too late at first, with goods that are reserved": {
    product: shelves,
    play: async (shop, stock) => {
      const { bale, ali } = shop;
      const invoice = await buys(shop);
      await ali.pays(invoice, { questionDelayMs: 11_000 });
      await bale.clock.advance(3 * MINUTE_MS);
      expect([...stock]).toEqual([]);
      const { id } = await pays(shop, invoice);
      return async () => {
        await givenOnce(shop, [id]);
        expect(stock.size).toBe(1);
      };
    },
  },
};

/** Goods that are reserved for an order, or not. */
function shelves(stock: Set<string>): Partial<ProductOptions> {
  return {
    reserve: ({ id }) => {
      stock.add(id);
      return true;
    },
    release: ({ id }) => void stock.delete(id),
  };
}

describe.each(["refuses", "loses"] as const)("a store that once %s what it is asked for", (fault) => {
  it.each(Object.entries(stories))("spoils nothing at any call of %s", async (_, story) => {
    for (let nth = 1; ; nth++) {
      const bale = emulator();
      const stock = new Set<string>();
      const store = failing(memoryLanes({ clock: bale.clock }), nth, fault);
      const { product, reconcileMs = 15_000 } = story;
      const opened = await openShop({
        bale,
        lanes: store.lanes,
        product: product?.(stock) ?? {},
        payments: { reconcileMs },
      });
      try {
        const holds = await story.play(opened, stock);
        store.isOver = true;
        await bale.clock.advance(5 * MINUTE_MS + 2 * reconcileMs);
        await holds();
      } catch (cause) {
        throw new Error(`the ${store.failed} that was call ${nth}: ${String(cause)}`, { cause });
      } finally {
        await opened.bot.stop({ graceMs: 0 });
      }
      if (store.failed === "") {
        expect(nth).toBeGreaterThan(3);
        return;
      }
    }
  });
});
