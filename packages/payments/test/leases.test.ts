import { memoryLanes } from "balekit";
import { emulator } from "@balekit/emulator";
import { describe, expect, it } from "vitest";
import type { Fulfilment } from "../src/index.js";
import { askew, mortal, openShop } from "./shop.js";

const SKEWS = [-600_000, -50_000, 0, 50_000, 600_000];

describe("machines whose clocks disagree", () => {
  it.each(SKEWS)("leave goods to whoever gives them, at %d ms", async (aheadMs) => {
    const seen: number[] = [];
    let end = (): void => undefined;
    const product = {
      fulfil: ({ attempt }: Fulfilment) => {
        seen.push(attempt);
        return new Promise<string>((resolve) => {
          end = () => resolve("given");
        });
      },
    };
    const first = await openShop({ product });
    const { bale, ali, lanes, shop } = first;
    const second = await openShop({
      bale,
      lanes,
      product,
      isAttached: false,
      clock: askew(bale, aheadMs),
    });
    await second.bot.init();
    await ali.sends("/buy");
    const paying = ali.pays(ali.inbox.last);
    await expect.poll(() => seen).toHaveLength(1);
    await bale.clock.advance(900_000);
    await second.shop.reconcile();
    expect(seen).toEqual([1]);
    end();
    await paying;
    expect((await shop.list())[0]?.state).toBe("fulfilled");
  });

  it.each(SKEWS)("take goods over from a process that is gone, at %d ms", async (aheadMs) => {
    const bale = emulator();
    const lanes = memoryLanes({ clock: bale.clock });
    const seen: number[] = [];
    const product = {
      fulfil: ({ attempt }: Fulfilment) => {
        seen.push(attempt);
        return attempt === 1 ? new Promise(() => undefined) : "given";
      },
    };
    const life = mortal(lanes);
    const first = await openShop({ bale, lanes: life.lanes, product, clock: askew(bale, aheadMs) });
    await first.ali.sends("/buy");
    void first.ali.pays(first.ali.inbox.last);
    await expect.poll(() => seen).toHaveLength(1);
    life.die();
    first.detach();
    const second = await openShop({ bale, lanes, product });
    await second.bot.init();
    await bale.clock.advance(59_000);
    expect(seen).toEqual([1]);
    await bale.clock.advance(20_000);
    expect(seen).toEqual([1, 2]);
    expect((await second.shop.list())[0]).toMatchObject({ state: "fulfilled", outcome: "given" });
  });

  it("leave what is reserved to whoever gives it back", async () => {
    let told = 0;
    const product = {
      reserve: () => true as const,
      release: () => {
        told++;
        return new Promise(() => undefined);
      },
    };
    const first = await openShop({ product });
    const { bale, ali, lanes } = first;
    const second = await openShop({ bale, lanes, product, isAttached: false, clock: askew(bale, 50_000) });
    await second.bot.init();
    await ali.sends("/buy");
    await ali.pays(ali.inbox.last, { questionDelayMs: 11_000 });
    await bale.clock.advance(11_000);
    await expect
      .poll(async () => {
        if (told === 0) await bale.clock.advance(1_000);
        return told;
      })
      .toBe(1);
    await bale.clock.advance(50_000);
    expect(told).toBe(1);
  });
});
