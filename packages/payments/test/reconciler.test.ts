import { type LaneStore, memoryLanes } from "balekit";
import { emulator } from "@balekit/emulator";
import { describe, expect, it } from "vitest";
import type { Fulfilment } from "../src/index.js";
import { OrderBook, type OrderLanes } from "../src/order-book.js";
import type { StoredOrder } from "../src/order.js";
import { openShop } from "./shop.js";

/** A store that cannot write certain orders, or cannot read them. */
function flawed(lanes: LaneStore) {
  const unwritable = new Set<string>();
  const unreadable = new Set<string>();
  const torn = (): Promise<never> => Promise.reject(new Error("the disk is torn here"));
  return {
    unwritable,
    unreadable,
    lanes: {
      ...lanes,
      load: (...args) => (unreadable.has(args[0]) ? torn() : lanes.load(...args)),
      commit: (...args) => (unwritable.has(args[0]) ? torn() : lanes.commit(...args)),
    } satisfies LaneStore as LaneStore,
  };
}

async function keyOf(lanes: LaneStore, userId: number): Promise<string> {
  for await (const key of lanes.keys("pay:")) if (key.includes(`:${userId}:`)) return key;
  throw new Error(`there is no order of ${userId}`);
}

describe("looking for what is owed", () => {
  it("goes on beside goods that never come to an end, and so does the end of the bot", async () => {
    const signals: AbortSignal[] = [];
    const given: string[] = [];
    const { bale, ali, bot, shop } = await openShop({
      product: {
        fulfil: ({ order, signal }: Fulfilment) => {
          signals.push(signal);
          if (signals.length === 1) return new Promise(() => undefined);
          given.push(order.id);
          return undefined;
        },
      },
    });
    const sara = bale.user({ first_name: "Sara" });
    for (const buyer of [ali, sara]) {
      await buyer.sends("/buy");
      await buyer.pays(buyer.inbox.last, { receipt: "never" });
    }
    await bale.clock.advance(60_000);
    await expect.poll(() => given).toHaveLength(1);
    expect((await shop.list()).map(({ state }) => state).sort()).toEqual(["fulfilled", "paid"]);
    await bot.stop({ graceMs: 0 });
    expect(signals[0]?.aborted).toBe(true);
  });

  it("takes up goods that were broken off by the end of the bot, with the same key", async () => {
    const bale = emulator();
    const lanes = memoryLanes({ clock: bale.clock });
    const ali = bale.user({ first_name: "Ali" });
    const attempts: { readonly attempt: number; readonly key: string }[] = [];
    const product = {
      fulfil: ({ attempt, idempotencyKey: key, signal }: Fulfilment) => {
        attempts.push({ attempt, key });
        if (attempt > 1) return "given";
        return new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason as Error));
        });
      },
    };
    const first = await openShop({ bale, lanes, ali, product });
    await ali.sends("/buy");
    await ali.pays(ali.inbox.last, { receipt: "never" });
    await bale.clock.advance(60_000);
    await expect.poll(() => attempts).toHaveLength(1);
    first.detach();
    await first.bot.stop({ graceMs: 0 });
    const second = await openShop({ bale, lanes, ali, product });
    await second.bot.init();
    await bale.clock.advance(15_000);
    await expect.poll(async () => (await second.shop.list())[0]?.outcome).toBe("given");
    expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(attempts[0]?.key).toBe(attempts[1]?.key);
    expect(first.errors).toEqual([]);
  });

  it("passes over an order that cannot be written, and tells of it", async () => {
    const bale = emulator();
    const lanes = memoryLanes({ clock: bale.clock });
    const store = flawed(lanes);
    const { ali, shop, errors } = await openShop({ bale, lanes: store.lanes });
    const sara = bale.user({ first_name: "Sara" });
    for (const buyer of [ali, sara]) {
      await buyer.sends("/buy");
      await buyer.pays(buyer.inbox.last, { receipt: "never" });
    }
    store.unwritable.add(await keyOf(lanes, ali.id));
    await bale.clock.advance(60_000);
    await expect.poll(async () => (await shop.list({ userId: sara.id }))[0]?.state).toBe("fulfilled");
    expect(errors.map(({ message }) => message).join()).toContain("the disk is torn here");
  });

  it("reaches what is behind any number of paid orders that cannot be written, and asks for those ever less often", async () => {
    const bale = emulator();
    const memory = memoryLanes({ clock: bale.clock });
    const store = flawed(memory);
    const { ali, bot, shop, errors, given } = await openShop({ bale, lanes: store.lanes });
    await bot.init();
    const template = await shop.open("vip", { userId: ali.id });
    const lanes = memory as OrderLanes;
    const book = new OrderBook({
      lanes,
      botId: bot.me.id,
      clock: bale.clock,
      keepUnpaidMs: 1_000,
      onChange: () => undefined,
    });
    const many = 350;
    for (let n = 0; n < many; n++) {
      const charge = { id: `charge-${n}`, amount: 500_000, at: 0, from: "message" } as const;
      const id = `order-${String(n).padStart(10, "0")}`;
      const paid: StoredOrder = { ...template, id, userId: 5_000 + n, state: "paid", charge, lookAt: 0 };
      await book.create(paid);
      store.unwritable.add(await keyOf(memory, paid.userId));
    }
    const sara = bale.user({ first_name: "Sara" });
    await sara.sends("/buy");
    await sara.pays(sara.inbox.last, { receipt: "never" });
    await bale.clock.advance(60_000);
    await expect.poll(() => given).toHaveLength(1);
    expect((await shop.list({ userId: sara.id }))[0]?.state).toBe("fulfilled");
    for (let minute = 0; minute < 10; minute++) await bale.clock.advance(60_000);
    expect(errors.length).toBeGreaterThanOrEqual(2 * many);
    expect(errors.length).toBeLessThan(8 * many);
    store.unwritable.clear();
    for (let minute = 0; minute < 6; minute++) await bale.clock.advance(60_000);
    await expect.poll(() => given).toHaveLength(many + 1);
  });
});

describe("reconciling by hand", () => {
  it("goes on with the others when the store fails, and tells of every order that it failed for", async () => {
    const bale = emulator();
    const memory = memoryLanes({ clock: bale.clock });
    const store = flawed(memory);
    const { shop, errors, given } = await openShop({
      bale,
      lanes: store.lanes,
      payments: { reconcileMs: 3_600_000 },
    });
    const buyers = ["Ali", "Sara", "Reza", "Mina", "Omid"].map((first_name) => bale.user({ first_name }));
    for (const buyer of buyers) {
      await buyer.sends("/buy");
      await buyer.pays(buyer.inbox.last, { receipt: "never" });
    }
    await bale.clock.advance(20_000);
    const keys = await Promise.all(buyers.map(({ id }) => keyOf(memory, id)));
    store.unwritable.add(keys[0] as string).add(keys[3] as string);
    store.unreadable.add(keys[1] as string);
    expect(await shop.reconcile()).toMatchObject({ asked: 4, fulfilled: 2, failed: 3 });
    expect(given).toHaveLength(2);
    const told = errors.map(({ message, cause }) => `${message} ${String(cause)}`).join();
    for (const key of [keys[0], keys[1], keys[3]]) expect(told).toContain(key);
    expect(told).toContain("the disk is torn here");
    store.unwritable.clear();
    store.unreadable.clear();
    expect(await shop.reconcile()).toMatchObject({ asked: 3, fulfilled: 3, failed: 0 });
    expect(given).toHaveLength(5);
  });
});
