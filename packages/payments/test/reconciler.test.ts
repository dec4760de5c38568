import { type LaneStore, memoryLanes } from "balekit";
import { emulator } from "@balekit/emulator";
import { describe, expect, it } from "vitest";
import type { Fulfilment } from "../src/index.js";
import { openShop } from "./shop.js";

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
    let broken: string | undefined;
    const flawed: LaneStore = {
      ...lanes,
      commit: (key, version, change) =>
        key === broken
          ? Promise.reject(new Error("the disk is torn here"))
          : lanes.commit(key, version, change),
    };
    const { ali, shop, errors } = await openShop({ bale, lanes: flawed });
    const sara = bale.user({ first_name: "Sara" });
    for (const buyer of [ali, sara]) {
      await buyer.sends("/buy");
      await buyer.pays(buyer.inbox.last, { receipt: "never" });
    }
    for await (const key of lanes.keys("pay:")) if (key.includes(`:${ali.id}:`)) broken = key;
    expect(broken).toBeDefined();
    await bale.clock.advance(60_000);
    await expect.poll(async () => (await shop.list({ userId: sara.id }))[0]?.state).toBe("fulfilled");
    expect(errors.map(({ message }) => message).join()).toContain("the disk is torn here");
  });
});
