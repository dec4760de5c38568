import { Bot, type LaneStore, memoryLanes } from "balekit";
import { emulator } from "@balekit/emulator";
import { describe, expect, it } from "vitest";
import { type Fulfilment, payments, TEST_WALLET } from "../src/index.js";
import { openShop } from "./shop.js";

/** A store that fails whenever it is told to. */
function faulty(lanes: LaneStore): { readonly lanes: LaneStore; isAway: boolean } {
  const fault = {
    isAway: false,
    lanes: {
      ...lanes,
      load: (...args: Parameters<LaneStore["load"]>) =>
        fault.isAway ? Promise.reject(new Error("the store is away")) : lanes.load(...args),
    },
  };
  return fault;
}

describe("an outcome", () => {
  it("that makes the order too large for its store is left out, and told", async () => {
    const bale = emulator();
    const lanes = memoryLanes({ clock: bale.clock, maxBytes: 2_500 });
    const { ali, shop, given, errors } = await openShop({
      bale,
      lanes,
      product: {
        fulfil: ({ idempotencyKey: key, order, attempt }) => {
          given.push({ key, orderId: order.id, attempt });
          return "x".repeat(3_000);
        },
      },
    });
    await ali.sends("/buy");
    await ali.pays(ali.inbox.last);
    const [order] = await shop.list();
    expect(order).toMatchObject({ state: "fulfilled", attempts: 1 });
    expect(order?.outcome).toBeUndefined();
    expect(errors.map(({ message }) => message).join()).toContain("too large for the store");
    await bale.clock.advance(600_000);
    expect(given).toHaveLength(1);
  });

  it("of an error with a long message fits, and the whole of it is told", async () => {
    const bale = emulator();
    let runs = 0;
    const { ali, shop, errors } = await openShop({
      bale,
      lanes: memoryLanes({ clock: bale.clock, maxBytes: 1_400 }),
      product: {
        fulfil: () => {
          runs++;
          throw new Error("آ".repeat(5_000));
        },
      },
    });
    await ali.sends("/buy");
    await ali.pays(ali.inbox.last);
    await bale.clock.advance(600_000);
    expect((await shop.list())[0]).toMatchObject({ state: "failed", failure: "fulfil threw" });
    expect(errors.map(({ cause }) => String((cause as Error).cause)).join()).toContain("آ".repeat(5_000));
    expect(runs).toBe(1);
  });

  it("is written when the store is back, and the goods are not given once more", async () => {
    const bale = emulator();
    const memory = memoryLanes({ clock: bale.clock });
    const store = faulty(memory);
    const runs: number[] = [];
    const { ali, shop, errors } = await openShop({
      bale,
      lanes: store.lanes,
      product: {
        fulfil: ({ attempt }) => {
          runs.push(attempt);
          store.isAway = true;
          return "given";
        },
      },
    });
    const other = await openShop({ bale, lanes: memory, given: [], isAttached: false });
    await other.bot.init();
    await ali.sends("/buy");
    const paying = ali.pays(ali.inbox.last);
    await expect.poll(() => errors.length).toBeGreaterThan(0);
    await bale.clock.advance(40_000);
    store.isAway = false;
    await bale.clock.advance(30_000);
    await paying;
    expect((await shop.list())[0]).toMatchObject({ state: "fulfilled", outcome: "given", attempts: 1 });
    await bale.clock.advance(600_000);
    expect(runs).toEqual([1]);
    expect(other.given).toEqual([]);
    expect(errors.map(({ message }) => message).join()).toContain(
      "fulfil has succeeded, and that could not be written",
    );
  });
});

describe("room for money", () => {
  it("is looked for before the wallet may take it: an order that could not be paid is refused", async () => {
    const bale = emulator();
    const store = memoryLanes({ clock: bale.clock, maxBytes: 1_200 });
    const { ali, shop, given, errors } = await openShop({ bale, lanes: store });
    await ali.sends("/start");
    await shop.sell("vip", { userId: ali.id }, { data: "x".repeat(600) });
    expect((await ali.pays(ali.inbox.last)).status).toBe("rejected");
    expect(errors).not.toEqual([]);
    expect(given).toEqual([]);
  });
});

describe("goods", () => {
  it("are not begun by a process whose claim was written so slowly that another has the order by now", async () => {
    const bale = emulator();
    const memory = memoryLanes({ clock: bale.clock });
    let answer = (): void => undefined;
    const runs: string[] = [];
    const slow: LaneStore = {
      ...memory,
      commit: async (...args) => {
        const version = await memory.commit(...args);
        const head = args[2].head as { readonly claim?: unknown; readonly state?: string } | undefined;
        if (head?.state === "paid" && head.claim !== undefined) {
          await new Promise<void>((resolve) => {
            answer = resolve;
          });
        }
        return version;
      },
    };
    const product = (name: string) => ({ fulfil: () => void runs.push(name) });
    const first = await openShop({ bale, lanes: slow, product: product("first") });
    await first.ali.sends("/buy");
    const paying = first.ali.pays(first.ali.inbox.last);
    await expect.poll(async () => (await first.shop.list())[0]?.attempts).toBe(1);
    const second = await openShop({ bale, lanes: memory, product: product("second"), isAttached: false });
    await second.bot.init();
    await bale.clock.advance(90_000);
    expect(runs).toEqual(["second"]);
    answer();
    await paying;
    expect(runs).toEqual(["second"]);
  });

  it("are told to stop when the claim could not be renewed for so long that another process may have them", async () => {
    const bale = emulator();
    const store = faulty(memoryLanes({ clock: bale.clock }));
    const signals: AbortSignal[] = [];
    const { ali, shop, errors } = await openShop({
      bale,
      lanes: store.lanes,
      product: {
        fulfil: ({ signal, attempt }: Fulfilment) => {
          signals.push(signal);
          if (attempt > 1) return "given";
          return new Promise((_, reject) => {
            signal.addEventListener("abort", () => reject(signal.reason as Error));
          });
        },
      },
    });
    await ali.sends("/buy");
    const paying = ali.pays(ali.inbox.last);
    await expect.poll(() => signals).toHaveLength(1);
    await bale.clock.advance(30_000);
    store.isAway = true;
    await bale.clock.advance(40_000);
    expect(signals[0]?.aborted).toBe(false);
    await bale.clock.advance(10_000);
    expect(signals[0]?.aborted).toBe(true);
    store.isAway = false;
    await bale.clock.advance(90_000);
    await paying;
    expect((await shop.list())[0]).toMatchObject({ state: "fulfilled", outcome: "given", attempts: 2 });
    // What was broken off is no failure that anybody has to look at.
    expect(
      errors.map(({ message }) => message).filter((message) => message.includes("payments.retry")),
    ).toEqual([]);
  });

  it("that never come to an end are told of once, and hold up nothing else, however many they are", async () => {
    let isHanging = true;
    const { bale, ali, shop, given, errors } = await openShop({
      product: {
        fulfil: ({ idempotencyKey: key, order, attempt }) => {
          if (isHanging) return new Promise(() => undefined);
          given.push({ key, orderId: order.id, attempt });
          return undefined;
        },
      },
    });
    const users = Array.from({ length: 20 }, (_, place) => bale.user({ first_name: `u${place}` }));
    for (const user of users) {
      await user.sends("/buy");
      await user.pays(user.inbox.last, { receipt: "never" });
    }
    await bale.clock.advance(120_000);
    expect((await shop.list({ state: "paid" })).filter(({ attempts }) => attempts === 1)).toHaveLength(20);
    isHanging = false;
    await ali.sends("/buy");
    await ali.pays(ali.inbox.last, { receipt: "never" });
    await bale.clock.advance(60_000);
    expect(given).toHaveLength(1);
    await bale.clock.advance(1_800_000);
    const told = errors.filter(({ message }) => message.includes("has been running for 10 minutes"));
    expect(told).toHaveLength(20);
  });

  it("are given by the release of the bot that sells them, beside one that does not", async () => {
    const bale = emulator();
    const lanes = memoryLanes({ clock: bale.clock });
    const selling = await openShop({ bale, lanes, isAttached: false });
    const errors: unknown[] = [];
    const other = payments({ providerToken: TEST_WALLET, storage: lanes });
    const bot = new Bot("1000:not-a-real-secret").extend(other).catch((error) => void errors.push(error));
    bot.connect({ transport: bale.transport(), clock: bale.clock });
    const { ali, bot: seller } = await openShop({ bale, lanes });
    await ali.sends("/buy");
    await ali.pays(ali.inbox.last, { receipt: "never" });
    await seller.stop({ graceMs: 0 });
    // It looks first each time.
    await bot.init();
    await bale.clock.advance(1_000);
    await selling.bot.init();
    await bale.clock.advance(60_000);
    expect(selling.given).toHaveLength(1);
    await bot.stop({ graceMs: 0 });
  });

  it("are left when the bot stops in a process that lives on, and taken up by the next start", async () => {
    const bale = emulator();
    const lanes = memoryLanes({ clock: bale.clock });
    const runs: number[] = [];
    const product = {
      fulfil: ({ attempt }: Fulfilment) => {
        runs.push(attempt);
        return attempt === 1 ? new Promise(() => undefined) : "given";
      },
    };
    const first = await openShop({ bale, lanes, product });
    await first.ali.sends("/buy");
    await first.ali.pays(first.ali.inbox.last, { receipt: "never" });
    await bale.clock.advance(60_000);
    expect(runs).toEqual([1]);
    first.detach();
    await first.bot.stop({ graceMs: 0 });
    const second = await openShop({ bale, lanes, product, ali: first.ali });
    await second.bot.init();
    await bale.clock.advance(90_000);
    expect(runs).toEqual([1, 2]);
  });
});
