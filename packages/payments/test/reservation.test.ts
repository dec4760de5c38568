import { Bot, memoryLanes } from "balekit";
import { emulator } from "@balekit/emulator";
import { describe, expect, it } from "vitest";
import { payments, persianTexts, TEST_WALLET } from "../src/index.js";
import { mortal, openShop } from "./shop.js";

/** A `reserve` or `release` that stands still until it is told how to end. */
function held<Answer>() {
  const waiting: ((answer: Answer) => void)[] = [];
  return {
    run: () => new Promise<Answer>((resolve) => void waiting.push(resolve)),
    get count() {
      return waiting.length;
    },
    end: (answer: Answer) => {
      for (const resolve of waiting.splice(0)) resolve(answer);
    },
  };
}

describe("what is reserved", () => {
  it("is not given back when a late answer says that nothing was reserved", async () => {
    const stock = held<true | string>();
    const released: string[] = [];
    const { bale, ali, shop } = await openShop({
      product: { reserve: stock.run, release: ({ id }) => void released.push(id) },
    });
    await ali.sends("/buy");
    const paying = ali.pays(ali.inbox.last);
    await expect.poll(() => stock.count).toBe(1);
    await bale.clock.advance(8_000);
    expect(await paying).toMatchObject({ status: "rejected", reason: persianTexts.tryAgain });
    stock.end("تمام شد");
    await expect.poll(async () => (await shop.list())[0]?.state).toBe("invoiced");
    expect(released).toEqual([]);
  });

  it("is given back when it comes so late that Bale has been asked about the payment already", async () => {
    const stock = held<true>();
    const released: string[] = [];
    const { bale, ali, shop } = await openShop({
      product: { reserve: stock.run, release: ({ id }) => void released.push(id) },
    });
    await ali.sends("/buy");
    const paying = ali.pays(ali.inbox.last);
    await expect.poll(() => stock.count).toBe(1);
    await bale.clock.advance(8_000);
    await paying;
    await bale.clock.advance(30_000);
    await expect.poll(async () => (await shop.list())[0]?.state).toBe("invoiced");
    const before = released.length;
    stock.end(true);
    await expect.poll(() => released.length).toBe(before + 1);
  });

  it("is kept for a payment that came while a late answer was on its way", async () => {
    const first = held<true>();
    let asked = 0;
    const released: string[] = [];
    const { bale, ali, given } = await openShop({
      product: {
        reserve: () => (asked++ === 0 ? first.run() : true),
        release: ({ id }) => void released.push(id),
      },
    });
    await ali.sends("/buy");
    const invoice = ali.inbox.last;
    const paying = ali.pays(invoice);
    await expect.poll(() => first.count).toBe(1);
    await bale.clock.advance(8_000);
    await paying;
    await bale.clock.advance(30_000);
    expect((await ali.pays(invoice)).status).toBe("paid");
    expect(given).toHaveLength(1);
    const before = released.length;
    first.end(true);
    await new Promise((resolve) => setImmediate(resolve));
    expect(released).toHaveLength(before);
  });

  it("is given back when it comes while a second payment of the order is being refused", async () => {
    const first = held<true>();
    const second = held<string>();
    let asked = 0;
    const stock = new Set<string>();
    const { bale, ali, shop } = await openShop({
      product: {
        reserve: async ({ id }) => {
          if (asked++ > 0) return second.run();
          const said = await first.run();
          stock.add(id);
          return said;
        },
        release: ({ id }) => void stock.delete(id),
      },
    });
    await ali.sends("/buy");
    const invoice = ali.inbox.last;
    const paying = ali.pays(invoice);
    await expect.poll(() => first.count).toBe(1);
    await bale.clock.advance(8_000);
    await paying;
    await bale.clock.advance(30_000);
    const again = ali.pays(invoice);
    await expect.poll(() => second.count).toBe(1);
    first.end(true);
    await expect.poll(() => stock.size).toBe(1);
    second.end("تمام شد");
    expect(await again).toMatchObject({ status: "rejected", reason: "تمام شد" });
    await expect.poll(async () => (await shop.list())[0]?.state).toBe("invoiced");
    expect(stock.size).toBe(0);
  });

  it("is given back by the next process when one dies over a late yes, and cannot be reserved meanwhile", async () => {
    const bale = emulator();
    const lanes = memoryLanes({ clock: bale.clock });
    const stock = held<true>();
    const hanging = held<void>();
    const life = mortal(lanes);
    const first = await openShop({
      bale,
      lanes: life.lanes,
      product: { reserve: stock.run, release: () => (stock.count === 0 ? hanging.run() : undefined) },
    });
    const { ali } = first;
    await ali.sends("/buy");
    const invoice = ali.inbox.last;
    const paying = ali.pays(invoice);
    await expect.poll(() => stock.count).toBe(1);
    await bale.clock.advance(8_000);
    await paying;
    await bale.clock.advance(30_000);
    await expect.poll(async () => (await first.shop.list())[0]?.state).toBe("invoiced");
    stock.end(true);
    await expect.poll(() => hanging.count).toBe(1);
    expect((await ali.pays(invoice)).reason).toBe(persianTexts.inProgress);
    life.die();
    first.detach();
    const released: string[] = [];
    const second = await openShop({
      bale,
      lanes,
      ali,
      product: { reserve: () => true, release: ({ id }) => void released.push(id) },
    });
    await second.bot.init();
    await bale.clock.advance(90_000);
    await expect.poll(() => released).toHaveLength(1);
    expect((await ali.pays(invoice)).status).toBe("paid");
  });

  it("is left to another release of the bot, which sells the product", async () => {
    const released: string[] = [];
    const bale = emulator();
    const lanes = memoryLanes({ clock: bale.clock });
    const selling = { reserve: () => true as const, release: () => void released.push("new") };
    const life = mortal(lanes);
    const first = await openShop({ bale, lanes: life.lanes, product: selling });
    await first.ali.sends("/buy");
    await first.ali.pays(first.ali.inbox.last, { questionDelayMs: 11_000 });
    await bale.clock.advance(11_000);
    life.die();
    first.detach();
    const old = payments({ providerToken: TEST_WALLET, storage: lanes });
    const bot = new Bot("1000:not-a-real-secret").extend(old).catch(() => undefined);
    bot.connect({ transport: bale.transport(), clock: bale.clock });
    await bot.init();
    await bale.clock.advance(120_000);
    expect((await old.list())[0]?.state).toBe("checking");
    const second = await openShop({ bale, lanes, ali: first.ali, product: selling });
    await second.bot.init();
    await bale.clock.advance(120_000);
    expect((await old.list())[0]?.state).toBe("invoiced");
    expect(released).toEqual(["new"]);
    await bot.stop({ graceMs: 0 });
  });

  it("is given back by the next process when one dies over it, and can be reserved anew only then", async () => {
    const bale = emulator();
    const lanes = memoryLanes({ clock: bale.clock });
    const ali = bale.user({ first_name: "Ali" });
    const hanging = held<void>();
    const first = await openShop({
      bale,
      lanes,
      ali,
      product: { reserve: () => true, release: hanging.run },
    });
    await ali.sends("/buy");
    const invoice = ali.inbox.last;
    // The question comes too late, so the payment is over; the process that gives back is never heard of again.
    await ali.pays(invoice, { questionDelayMs: 11_000 });
    await bale.clock.advance(11_000);
    await bale.clock.advance(30_000);
    await expect.poll(() => hanging.count).toBe(1);
    expect((await ali.pays(invoice)).reason).toBe(persianTexts.inProgress);

    first.detach();
    const released: string[] = [];
    const second = await openShop({
      bale,
      lanes,
      ali,
      product: { reserve: () => true, release: ({ id }) => void released.push(id) },
    });
    await second.bot.init();
    await bale.clock.advance(90_000);
    await expect.poll(() => released).toHaveLength(1);
    expect((await second.shop.list())[0]?.state).toBe("invoiced");
    expect((await ali.pays(invoice)).status).toBe("paid");
    expect(second.given).toHaveLength(1);
    hanging.end();
  });
});

describe("release that throws", () => {
  const refusing = async (throwing: number) => {
    let told = 0;
    const opened = await openShop({
      product: {
        reserve: () => true,
        release: () => {
          if (++told <= throwing) throw new Error("the shelves are away");
        },
      },
    });
    const { bale, ali } = opened;
    await ali.sends("/buy");
    await ali.pays(ali.inbox.last, { questionDelayMs: 11_000 });
    await bale.clock.advance(50_000);
    return { ...opened, told: () => told };
  };

  it("is told again, and the order can be paid anew when it has come to a good end", async () => {
    const { bale, ali, shop, told, errors } = await refusing(2);
    expect(told()).toBe(1);
    expect((await ali.pays(ali.inbox.last)).reason).toBe(persianTexts.inProgress);
    await bale.clock.advance(200_000);
    expect(told()).toBe(3);
    expect((await shop.list())[0]?.state).toBe("invoiced");
    expect(errors.filter(({ message }) => message.includes("the shelves are away"))).toHaveLength(2);
    expect((await ali.pays(ali.inbox.last)).status).toBe("paid");
  });

  it("is told five times and no more, and the order can be paid anew all the same", async () => {
    const { bale, ali, told } = await refusing(Number.POSITIVE_INFINITY);
    await bale.clock.advance(1_000_000);
    expect(told()).toBe(5);
    expect((await ali.pays(ali.inbox.last)).status).toBe("paid");
  });
});

describe("a payment of which Bale never says what became", () => {
  const DAY_MS = 86_400_000;
  const unknown = async (throwing: number) => {
    const released: string[] = [];
    const opened = await openShop({
      payments: { expiresMs: 30 * DAY_MS },
      product: {
        reserve: () => true,
        release: ({ state }) => {
          released.push(state);
          if (released.length <= throwing) throw new Error("the shelves are away");
        },
      },
    });
    const { bale, bot, ali, shop, errors } = opened;
    bot.api.use(async (call, next) =>
      call.method === "inquireTransaction"
        ? { ok: true, result: { id: "t", status: "pending", userID: ali.id, amount: 500_000, createdAt: 0 } }
        : next(call),
    );
    await ali.sends("/buy");
    await ali.pays(ali.inbox.last, { receipt: "never" });
    for (let day = 0; day < 7; day++) await bale.clock.advance(DAY_MS);
    expect(released).toEqual([]);
    expect((await shop.list())[0]?.state).toBe("checking");
    await bale.clock.advance(4_000_000);
    const told = (): number => errors.filter(({ message }) => message.includes("Bale never said")).length;
    return { ...opened, released, told };
  };

  it("gives back after a week what was reserved for it, and is told of", async () => {
    const { shop, released, told } = await unknown(0);
    expect(released).toEqual(["failed"]);
    expect(told()).toBe(1);
    const [order] = await shop.list();
    expect(order).toMatchObject({ state: "failed", failure: "Bale never said what became of its payment" });
    expect(order?.queryId).toEqual(expect.any(String));
  });

  it("gives it back again when release throws, and is told of once, at its end", async () => {
    const { shop, released, told } = await unknown(2);
    expect(released).toHaveLength(3);
    expect(told()).toBe(1);
    expect((await shop.list())[0]?.state).toBe("failed");
  });
});

describe("reserve that throws", () => {
  it("has what it may hold given back, and the order can be paid anew", async () => {
    const stock = new Set<string>();
    let asked = 0;
    const { ali, shop, errors } = await openShop({
      product: {
        reserve: ({ id }) => {
          stock.add(id);
          if (++asked === 1) throw new Error("the answer of the shelves was lost");
          return true;
        },
        release: ({ id }) => void stock.delete(id),
      },
    });
    await ali.sends("/buy");
    expect(await ali.pays(ali.inbox.last)).toMatchObject({
      status: "rejected",
      reason: persianTexts.tryAgain,
    });
    expect(stock.size).toBe(0);
    expect((await shop.list())[0]?.state).toBe("invoiced");
    expect(errors.map(({ message }) => message).join()).toContain("the answer of the shelves was lost");
    expect((await ali.pays(ali.inbox.last)).status).toBe("paid");
    expect(stock.size).toBe(1);
  });

  it("long after Bale was answered has it given back as well", async () => {
    let fail = (_error: Error): void => undefined;
    const stock = new Set<string>();
    const { bale, ali, shop } = await openShop({
      product: {
        reserve: ({ id }) =>
          new Promise<true>((_, reject) => {
            fail = (error) => {
              stock.add(id);
              reject(error);
            };
          }),
        release: ({ id }) => void stock.delete(id),
      },
    });
    await ali.sends("/buy");
    const paying = ali.pays(ali.inbox.last);
    await bale.clock.advance(8_000);
    await paying;
    await bale.clock.advance(30_000);
    await expect.poll(async () => (await shop.list())[0]?.state).toBe("invoiced");
    fail(new Error("the answer of the shelves was lost"));
    expect(stock.size).toBe(1);
    await expect.poll(() => stock.size).toBe(0);
    await expect.poll(async () => (await shop.list())[0]?.state).toBe("invoiced");
  });

  it("asks for nothing to be given back when it has refused", async () => {
    const released: string[] = [];
    const { ali, shop } = await openShop({
      product: { reserve: () => "تمام شد", release: ({ id }) => void released.push(id) },
    });
    await ali.sends("/buy");
    expect((await ali.pays(ali.inbox.last)).reason).toBe("تمام شد");
    expect((await shop.list())[0]?.state).toBe("invoiced");
    expect(released).toEqual([]);
  });
});

describe("an order that is paid after all", () => {
  it("says no longer why it had failed", async () => {
    const { ali, bot, shop, given } = await openShop();
    bot.api.use(async (call, next) =>
      call.method === "sendInvoice"
        ? { ok: false, error_code: 400, description: "Bad Request: no wallet" }
        : next(call),
    );
    await ali.sends("/buy");
    const [order] = await shop.list();
    expect(order).toMatchObject({ state: "failed", failure: "the invoice could not be sent" });
    await bot.handle({
      update_id: 80_000,
      message: {
        message_id: 901,
        date: 1,
        from: { id: ali.id, is_bot: false, first_name: "Ali" },
        chat: { id: ali.id, type: "private", first_name: "Ali" },
        successful_payment: {
          currency: "IRR",
          total_amount: 500_000,
          invoice_payload: `pay:o:${order?.id}`,
          telegram_payment_charge_id: "after-all",
          provider_payment_charge_id: "w",
        },
      },
    });
    const [paid] = await shop.list();
    expect(paid?.state).toBe("fulfilled");
    expect(paid?.failure).toBeUndefined();
    expect(given).toHaveLength(1);
  });
});
