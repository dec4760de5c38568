import { Bot, type LaneStore, manualClock, memoryLanes, StorageUnavailableError } from "balekit";
import { emulator } from "@balekit/emulator";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Fulfilment, payments, PaymentError, persianTexts, TEST_WALLET } from "../src/index.js";
import { type Given, openShop } from "./shop.js";

describe("a sale", () => {
  it("goes from created to fulfilled, and gives the goods once", async () => {
    const { ali, shop, given, states, errors } = await openShop();
    await ali.sends("/buy");
    const invoice = ali.inbox.last;
    expect(invoice.invoice).toMatchObject({ title: "اشتراک", total_amount: 500_000 });
    const payment = await ali.pays(invoice);
    expect(payment.status).toBe("paid");
    expect(states).toEqual(["created", "invoiced", "checking", "paid", "fulfilled"]);
    const [order] = await shop.list();
    expect(order).toMatchObject({
      state: "fulfilled",
      userId: ali.id,
      messageId: invoice.message_id,
      amount: 500_000,
      attempts: 1,
      outcome: { code: "A1" },
      charge: { id: payment.id, providerId: `wallet-${payment.id}`, amount: 500_000, from: "message" },
    });
    expect(given).toEqual([{ key: payment.id, orderId: order?.id, attempt: 1 }]);
    expect((await shop.history(order?.id ?? "")).map(({ state }) => state)).toEqual(states);
    expect(errors).toEqual([]);
  });

  it("changes nothing when the success is told twice, or late", async () => {
    const { ali, shop, given } = await openShop();
    await ali.sends("/buy");
    await ali.pays(ali.inbox.last, { receipt: "twice" });
    await shop.reconcile();
    expect(given).toHaveLength(1);
    expect(await shop.list({ state: "fulfilled" })).toHaveLength(1);
  });

  it("is one order and one invoice for one buyer under one key", async () => {
    const { ali, bale, shop, product, given } = await openShop();
    await ali.sends("/start");
    const sara = bale.user({ first_name: "Sara" });
    await sara.sends("/start");
    const sold = await shop.sell(product, { userId: ali.id }, { idempotencyKey: "talk-1" });
    expect(sold).toMatchObject({ state: "invoiced", messageId: ali.inbox.last.message_id });
    expect(await shop.sell(product, { userId: ali.id }, { idempotencyKey: "talk-1" })).toEqual(sold);
    expect(await shop.sell(product, { userId: ali.id }, { idempotencyKey: "talk-2" })).not.toEqual(sold);
    const hers = await shop.sell(product, { userId: sara.id }, { idempotencyKey: "talk-1" });
    expect(hers.id).not.toBe(sold.id);
    expect(bale.calls.all("sendInvoice")).toHaveLength(3);
    await sara.pays(sara.inbox.last);
    expect(given).toEqual([{ key: expect.any(String), orderId: hers.id, attempt: 1 }]);
  });

  it("sends the invoice of a key again as long as nobody knows that it has come", async () => {
    const { ali, bale, bot, shop, product } = await openShop();
    await ali.sends("/start");
    let isLost = true;
    bot.api.use(async (call, next) => {
      if (call.method === "sendInvoice" && isLost) throw Object.assign(new Error("cut"), { maybeSent: true });
      return next(call);
    });
    const sell = () => shop.sell(product, { userId: ali.id }, { idempotencyKey: "talk-1" });
    await expect(sell()).rejects.toThrow("cut");
    isLost = false;
    await sell();
    expect(await shop.list()).toHaveLength(1);
    expect(bale.calls.all("sendInvoice")).toHaveLength(1);
  });

  it("sends the invoice of a key that Bale has refused when it is sold again, for as long as it is refused", async () => {
    const { ali, bale, bot, shop, product, given } = await openShop();
    await ali.sends("/start");
    let isRefused = true;
    bot.api.use(async (call, next) =>
      call.method === "sendInvoice" && isRefused
        ? { ok: false, error_code: 400, description: "Bad Request: no wallet" }
        : next(call),
    );
    const sell = () => shop.sell(product, { userId: ali.id }, { idempotencyKey: "talk-1" });
    await expect(sell()).rejects.toThrow("no wallet");
    await expect(sell()).rejects.toThrow("no wallet");
    expect((await shop.list()).map(({ state }) => state)).toEqual(["failed"]);
    isRefused = false;
    const sold = await sell();
    expect(sold).toMatchObject({ state: "invoiced", messageId: ali.inbox.last.message_id });
    expect(sold.failure).toBeUndefined();
    expect(await sell()).toEqual(sold);
    expect(bale.calls.all("sendInvoice")).toHaveLength(1);
    await ali.pays(ali.inbox.last);
    expect(given).toHaveLength(1);
    expect((await shop.history(sold.id)).map(({ state }) => state)).toEqual([
      "created",
      "failed",
      "created",
      "failed",
      "created",
      "invoiced",
      "checking",
      "paid",
      "fulfilled",
    ]);
  });

  it("begins anew under a key whose order has expired, found out or not, and is kept when it is paid", async () => {
    const { ali, bale, shop, product, given } = await openShop({ payments: { keepUnpaidMs: 1_000_000 } });
    await ali.sends("/start");
    const options = { idempotencyKey: "talk-1", expiresMs: 60_000 };
    const sell = () => shop.sell(product, { userId: ali.id }, options);
    const first = await sell();
    await bale.clock.advance(100_000);
    expect((await shop.order(first.id))?.state).toBe("expired");
    const second = await sell();
    expect(second).toMatchObject({ id: first.id, state: "invoiced", expiresAt: bale.clock.now() + 60_000 });
    // The looks are every fifteen seconds.
    await bale.clock.advance(60_001);
    expect((await shop.order(first.id))?.state).toBe("invoiced");
    await sell();
    expect(bale.calls.all("sendInvoice")).toHaveLength(3);
    expect((await ali.pays(ali.inbox.last)).status).toBe("paid");
    expect(await sell()).toMatchObject({ state: "fulfilled" });
    expect(bale.calls.all("sendInvoice")).toHaveLength(3);
    await bale.clock.advance(2_000_000);
    expect(await shop.list()).toMatchObject([{ id: first.id, state: "fulfilled" }]);
    expect(given).toHaveLength(1);
  });

  it("refuses a key under which the buyer has an order of something else, and one that is no text", async () => {
    const { ali, bale, shop, product } = await openShop();
    await ali.sends("/start");
    shop.product("car", {
      title: "car",
      description: "car",
      prices: [{ label: "car", amount: 900_000 }],
      fulfil: () => undefined,
    });
    const buyer = { userId: ali.id };
    const sold = await shop.sell(product, buyer, { idempotencyKey: "talk-1" });
    await expect(shop.sell("car", buyer, { idempotencyKey: "talk-1" })).rejects.toThrow(
      'Selling "car": under the idempotencyKey "talk-1" this buyer has an order of "vip". Give each sale a key of its own.',
    );
    await bale.clock.advance(2 * 86_400_000);
    await expect(shop.open("car", buyer, { idempotencyKey: "talk-1" })).rejects.toThrow('an order of "vip"');
    expect(await shop.list()).toMatchObject([{ id: sold.id, product: "vip", state: "expired" }]);
    for (const idempotencyKey of ["", null, 7]) {
      await expect(
        shop.sell(product, buyer, { idempotencyKey: idempotencyKey as unknown as string }),
      ).rejects.toThrow(/idempotencyKey is (""|null|7)\. Give a text/);
    }
    expect(bale.calls.all("sendInvoice")).toHaveLength(1);
  });

  it("finds out by itself when the success never comes", async () => {
    const { bale, ali, shop, given } = await openShop();
    await ali.sends("/buy");
    const payment = await ali.pays(ali.inbox.last, { receipt: "never" });
    expect(given).toEqual([]);
    expect((await shop.list())[0]?.state).toBe("checking");
    await bale.clock.advance(60_000);
    expect(given).toEqual([{ key: payment.id, orderId: expect.any(String), attempt: 1 }]);
    expect((await shop.list())[0]).toMatchObject({ state: "fulfilled", charge: { from: "inquiry" } });
  });

  it("is reconciled by hand, and says what was found", async () => {
    const { bale, ali, shop, given } = await openShop({ payments: { reconcileMs: 3_600_000 } });
    await ali.sends("/buy");
    await ali.pays(ali.inbox.last, { receipt: "never" });
    // Within Bale's ten seconds nothing is decided, so nobody is asked.
    const nothing = { asked: 0, paid: 0, unpaid: 0, pending: 0, fulfilled: 0, failed: 0 };
    expect(await shop.reconcile()).toEqual(nothing);
    await bale.clock.advance(20_000);
    expect(await shop.reconcile()).toEqual({ ...nothing, asked: 1, paid: 1, fulfilled: 1 });
    expect(given).toHaveLength(1);
    expect(await shop.reconcile()).toEqual(nothing);
  });

  it("refuses a second payment of one invoice", async () => {
    const { ali, given } = await openShop();
    await ali.sends("/buy");
    const invoice = ali.inbox.last;
    await ali.pays(invoice);
    const second = await ali.pays(invoice);
    expect(second).toMatchObject({ status: "rejected", reason: persianTexts.alreadyPaid });
    expect(given).toHaveLength(1);
  });

  it("keeps its own when the wallet takes money twice all the same: one fulfilment a charge", async () => {
    const { bot, bale, ali, shop, given } = await openShop();
    await ali.sends("/buy");
    await ali.pays(ali.inbox.last);
    const [order] = await shop.list();
    const update = {
      update_id: 90_000,
      message: {
        message_id: 900,
        date: 1,
        from: { id: ali.id, is_bot: false, first_name: "Ali" },
        chat: { id: ali.id, type: "private" as const, first_name: "Ali" },
        successful_payment: {
          currency: "IRR",
          total_amount: 500_000,
          invoice_payload: bale.calls.all("sendInvoice")[0]?.params["payload"] as string,
          telegram_payment_charge_id: "second-charge",
          provider_payment_charge_id: "wallet-second",
        },
      },
    };
    await bot.handle(update);
    await bot.handle({ ...update, update_id: 90_001 });
    expect(given.map(({ key }) => key)).toEqual([order?.charge?.id, "second-charge"]);
    expect(await shop.order("second-charge")).toMatchObject({ state: "fulfilled", again: order?.id });
  });
});

describe("the ten seconds", () => {
  it("are enough for a question that comes after 9.5 of them", async () => {
    const { bale, ali, given } = await openShop();
    await ali.sends("/buy");
    const payment = await ali.pays(ali.inbox.last, { questionDelayMs: 9_500 });
    await bale.clock.advance(9_500);
    await bale.clock.advance(100);
    expect(payment.status).toBe("paid");
    expect(given).toHaveLength(1);
  });

  it("are over for one that comes after 11: nothing is given, what was reserved goes back, and it can be paid anew", async () => {
    const released: string[] = [];
    const { bale, ali, shop, given, errors } = await openShop({
      product: { reserve: () => true, release: (order) => void released.push(order.id) },
    });
    await ali.sends("/buy");
    const invoice = ali.inbox.last;
    const payment = await ali.pays(invoice, { questionDelayMs: 11_000 });
    await bale.clock.advance(11_100);
    expect(payment.status).toBe("failed");
    expect(errors).not.toEqual([]);
    await bale.clock.advance(60_000);
    expect(given).toEqual([]);
    const [order] = await shop.list();
    expect(order?.state).toBe("invoiced");
    expect(released).toEqual([order?.id]);
    expect((await ali.pays(invoice)).status).toBe("paid");
    expect(given).toHaveLength(1);
  });

  it("are kept when reserve hangs: the payment is refused, and a late yes does not hold the goods", async () => {
    let answer: (() => void) | undefined;
    const released: string[] = [];
    const { bale, ali, shop, given } = await openShop({
      product: {
        reserve: () =>
          new Promise<true>((resolve) => {
            answer = () => resolve(true);
          }),
        release: (order) => void released.push(order.id),
      },
    });
    await ali.sends("/buy");
    const paying = ali.pays(ali.inbox.last);
    await expect.poll(() => answer).toBeDefined();
    await bale.clock.advance(8_000);
    expect(await paying).toMatchObject({ status: "rejected", reason: persianTexts.tryAgain });
    answer?.();
    await expect.poll(() => released).toHaveLength(1);
    expect((await shop.list())[0]?.state).toBe("invoiced");
    expect(given).toEqual([]);
  });

  it("are kept while the chat is busy with something else", async () => {
    const { bot, bale, ali, given } = await openShop();
    let release: (() => void) | undefined;
    bot.command("slow", () => new Promise<void>((resolve) => (release = resolve)));
    await ali.sends("/buy");
    const invoice = ali.inbox.last;
    const slow = ali.sends("/slow");
    await expect.poll(() => release).toBeDefined();
    const paying = ali.pays(invoice);
    await expect.poll(() => bale.calls.all("answerPreCheckoutQuery").length).toBe(1);
    release?.();
    await slow;
    expect((await paying).status).toBe("paid");
    expect(given).toHaveLength(1);
  });

  it("are kept when the store is away: refused, and nobody is charged", async () => {
    const lanes = memoryLanes();
    let isAway = false;
    const flaky: LaneStore = {
      ...lanes,
      find: (token) => (isAway ? Promise.reject(new Error("the store is away")) : lanes.find(token)),
    };
    const { ali, given, errors } = await openShop({ lanes: flaky });
    await ali.sends("/buy");
    isAway = true;
    const payment = await ali.pays(ali.inbox.last);
    expect(payment).toMatchObject({ status: "rejected", reason: persianTexts.tryAgain });
    expect(errors.map(({ message }) => message).join()).toContain("the store is away");
    isAway = false;
    expect((await ali.pays(ali.inbox.last)).status).toBe("paid");
    expect(given).toHaveLength(1);
  });
});

describe("a payment", () => {
  it("is refused with the product's reason when it is out of stock", async () => {
    const { ali, given, shop } = await openShop({ product: { reserve: () => "تمام شد" } });
    await ali.sends("/buy");
    expect(await ali.pays(ali.inbox.last)).toMatchObject({ status: "rejected", reason: "تمام شد" });
    expect((await shop.list())[0]?.state).toBe("invoiced");
    expect(given).toEqual([]);
  });

  it("is refused for another amount, another person, an unknown order and one that has expired", async () => {
    const { bale, ali, bot, shop } = await openShop();
    const reza = bale.user({ first_name: "Reza" });
    await ali.sends("/buy");
    await reza.sends("/buy");
    const payload = bale.calls.all("sendInvoice")[0]?.params["payload"] as string;
    const ask = async (over: object): Promise<unknown> => {
      await bot.handle({
        update_id: 70_000 + bale.calls.all("answerPreCheckoutQuery").length,
        pre_checkout_query: {
          id: "none",
          from: { id: ali.id, is_bot: false, first_name: "Ali" },
          currency: "IRR",
          total_amount: 500_000,
          invoice_payload: payload,
          ...over,
        },
      });
      return bale.calls.all("answerPreCheckoutQuery").at(-1)?.params["error_message"];
    };
    expect(await ask({ total_amount: 5_000 })).toBe(persianTexts.changed);
    expect(await ask({ from: { id: reza.id, is_bot: false, first_name: "Reza" } })).toBe(
      persianTexts.notYours,
    );
    expect(await ask({ invoice_payload: "pay:o:AAAAAAAAAAAAAAAA" })).toBe(persianTexts.unknown);
    await bale.clock.advance(86_400_001);
    expect(await ask({})).toBe(persianTexts.expired);
    expect((await shop.list()).map(({ state }) => state)).toEqual(["expired", "expired"]);
  });

  it("of something else is left to other handlers", async () => {
    const { bale, bot, ali } = await openShop();
    const seen: string[] = [];
    bot.command("own", (ctx) =>
      ctx.replyWithInvoice({
        title: "ت",
        description: "ت",
        payload: "mine",
        provider_token: TEST_WALLET,
        prices: [{ label: "ت", amount: 10 }],
      }),
    );
    bot.on("pre_checkout_query", async (ctx) => {
      seen.push("asked");
      await ctx.answerPreCheckout(true);
    });
    bot.on("successful_payment", () => void seen.push("paid"));
    await ali.sends("/own");
    expect((await ali.pays(ali.inbox.last)).status).toBe("paid");
    expect(seen).toEqual(["asked", "paid"]);
    expect(bale.calls.all("answerPreCheckoutQuery")).toHaveLength(1);
  });

  it("is written down when the store is back, and the bot's own handlers hear of it then", async () => {
    const clock = manualClock();
    const lanes = memoryLanes({ clock });
    let isAway = false;
    let seen = 0;
    const { bot, ali, shop, bale, given, errors } = await openShop({
      bale: emulator({ clock }),
      lanes: {
        ...lanes,
        commit: (key, expected, change) => {
          const message = "Writing: Redis cannot be reached: ECONNREFUSED.";
          const error = new StorageUnavailableError(message, { maybeDone: false, timedOut: false });
          return isAway ? Promise.reject(error) : lanes.commit(key, expected, change);
        },
      },
      // So that it is not Bale that is asked.
      payments: { reconcileMs: 86_400_000 },
    });
    bot.on("successful_payment", () => void seen++);
    await ali.sends("/buy");
    // Let through, and away from then on.
    bale.onEvent((event) => {
      if (event.type === "call" && event.data.method === "answerPreCheckoutQuery") isAway = true;
    });
    const paying = ali.pays(ali.inbox.last);
    await clock.advance(10_000);
    expect([given, seen]).toEqual([[], 0]);
    isAway = false;
    await clock.advance(4_000);
    expect((await paying).status).toBe("paid");
    expect([given.length, seen]).toEqual([1, 1]);
    expect((await shop.list())[0]).toMatchObject({ state: "fulfilled", charge: { from: "message" } });
    expect(errors.map(({ where, retryInMs }) => [where, retryInMs])).toEqual([["handler", 500]]);
  });

  it("of the wrong amount is kept and told, and nothing is given", async () => {
    const { bot, bale, ali, shop, given, errors } = await openShop();
    await ali.sends("/buy");
    await bot.handle({
      update_id: 80_000,
      message: {
        message_id: 901,
        date: 1,
        from: { id: ali.id, is_bot: false, first_name: "Ali" },
        chat: { id: ali.id, type: "private", first_name: "Ali" },
        successful_payment: {
          currency: "IRR",
          total_amount: 50,
          invoice_payload: bale.calls.all("sendInvoice")[0]?.params["payload"] as string,
          telegram_payment_charge_id: "cheap",
          provider_payment_charge_id: "w",
        },
      },
    });
    expect(given).toEqual([]);
    expect((await shop.list())[0]).toMatchObject({ state: "failed", charge: { id: "cheap", amount: 50 } });
    expect(errors[0]?.cause).toMatchObject({ code: "ERR_BALE_PAYMENT_AMOUNT" });
  });

  it("for an order that nobody knows is in the ledger and told", async () => {
    const { bot, ali, shop, errors } = await openShop();
    await bot.handle({
      update_id: 80_001,
      message: {
        message_id: 902,
        date: 1,
        from: { id: ali.id, is_bot: false, first_name: "Ali" },
        chat: { id: ali.id, type: "private", first_name: "Ali" },
        successful_payment: {
          currency: "IRR",
          total_amount: 70,
          invoice_payload: "pay:o:AAAAAAAAAAAAAAAA",
          telegram_payment_charge_id: "orphan",
          provider_payment_charge_id: "w",
        },
      },
    });
    expect(await shop.order("orphan")).toMatchObject({ state: "failed", amount: 70, userId: ali.id });
    expect(errors[0]?.cause).toBeInstanceOf(PaymentError);
  });
});

describe("fulfil", () => {
  it("is not run again by itself when it threw, and is by hand", async () => {
    let isBroken = true;
    const given: Given[] = [];
    const { bale, ali, shop, errors } = await openShop({
      given,
      product: {
        fulfil: ({ idempotencyKey, attempt, order }) => {
          given.push({ key: idempotencyKey, orderId: order.id, attempt });
          if (isBroken) throw new Error("the printer is off");
          return "ok";
        },
      },
    });
    await ali.sends("/buy");
    await ali.pays(ali.inbox.last);
    await bale.clock.advance(600_000);
    await shop.reconcile();
    expect(given).toHaveLength(1);
    const [order] = await shop.list({ state: "failed" });
    expect(order?.failure).toContain("the printer is off");
    expect(errors[0]?.message).toContain(`payments.retry("${order?.id}")`);
    isBroken = false;
    expect(await shop.retry(order?.id ?? "")).toBe(true);
    expect(await shop.retry(order?.id ?? "")).toBe(false);
    expect((await shop.list())[0]).toMatchObject({ state: "fulfilled", outcome: "ok" });
    expect(new Set(given.map(({ key }) => key)).size).toBe(1);
  });

  it("is taken over from a process that has been silent for a minute, with the same key; the first is told when it thaws", async () => {
    const bale = emulator();
    const lanes = memoryLanes({ clock: bale.clock });
    let thaw: () => void = () => undefined;
    let frozen: Promise<void> | undefined;
    const icy: LaneStore = {
      ...lanes,
      load: async (...args) => {
        await frozen;
        return lanes.load(...args);
      },
    };
    const seen: { readonly attempt: number; readonly key: string; readonly signal: AbortSignal }[] = [];
    const ends: ((outcome: string) => void)[] = [];
    const product = {
      fulfil: ({ attempt, idempotencyKey: key, signal }: Fulfilment) => {
        seen.push({ attempt, key, signal });
        return new Promise<string>((resolve) => ends.push(resolve));
      },
    };
    const first = await openShop({ bale, lanes: icy, product });
    const { ali } = first;
    await ali.sends("/buy");
    void ali.pays(ali.inbox.last).catch(() => undefined);
    await expect.poll(() => seen).toHaveLength(1);
    // As long as it lives it keeps its claim, however long the goods take.
    await bale.clock.advance(300_000);
    frozen = new Promise((resolve) => (thaw = resolve));
    first.detach();
    const second = await openShop({ bale, lanes, product, ali });
    await second.bot.init();
    await bale.clock.advance(100_000);
    expect(seen.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(seen[0]?.key).toBe(seen[1]?.key);
    thaw();
    frozen = undefined;
    await bale.clock.advance(30_000);
    expect([seen[0]?.signal.aborted, seen[1]?.signal.aborted]).toEqual([true, false]);
    ends[0]?.("the first");
    ends[1]?.("the second");
    await expect.poll(async () => (await second.shop.list())[0]?.outcome).toBe("the second");
  });

  it("that resolves to what cannot be kept has succeeded all the same", async () => {
    const { ali, shop, errors } = await openShop({ product: { fulfil: () => 1n } });
    await ali.sends("/buy");
    await ali.pays(ali.inbox.last);
    expect((await shop.list())[0]).toMatchObject({ state: "fulfilled" });
    expect(errors[0]?.message).toContain("cannot be written as JSON");
  });

  it("waits for a product that this release does not sell", async () => {
    const bale = emulator();
    const lanes = memoryLanes({ clock: bale.clock });
    const given: Given[] = [];
    const first = await openShop({ bale, lanes, given });
    await first.ali.sends("/buy");
    await first.ali.pays(first.ali.inbox.last, { receipt: "never" });
    await first.bot.stop({ graceMs: 0 });
    first.detach();
    const errors: unknown[] = [];
    const bare = payments({ providerToken: TEST_WALLET, storage: lanes });
    const bot = new Bot("1000:not-a-real-secret").extend(bare).catch((error) => void errors.push(error));
    bale.attach(bot);
    await bot.init();
    await bale.clock.advance(60_000);
    expect(String(errors[0])).toContain('no product "vip"');
    expect((await bare.list())[0]?.state).toBe("paid");
    bare.product("vip", {
      title: "ا",
      description: "ب",
      prices: [{ label: "ا", amount: 1 }],
      fulfil: ({ idempotencyKey, order, attempt }) =>
        void given.push({ key: idempotencyKey, orderId: order.id, attempt }),
    });
    await bale.clock.advance(400_000);
    expect(given).toHaveLength(1);
    expect(errors).toHaveLength(1);
    await bot.stop({ graceMs: 0 });
  });
});

describe("links and offers", () => {
  it("let one buyer pay a link once", async () => {
    const { bale, ali, shop, given } = await openShop();
    const reza = bale.user({ first_name: "Reza" });
    const link = await shop.link("vip", { userId: ali.id });
    expect(await reza.pays(link)).toMatchObject({ status: "rejected", reason: persianTexts.notYours });
    expect((await ali.pays(link)).status).toBe("paid");
    expect((await ali.pays(link)).status).toBe("rejected");
    expect(given).toHaveLength(1);
  });

  it("let anybody pay an open link, each with an order of their own", async () => {
    const { bale, ali, shop, given } = await openShop();
    const reza = bale.user({ first_name: "Reza" });
    const link = await shop.link("vip", undefined, { data: { from: "site" } });
    const one = await ali.pays(link);
    const other = await reza.pays(link);
    const again = await ali.pays(link);
    expect([one.status, other.status, again.status]).toEqual(["paid", "paid", "paid"]);
    expect(given.map(({ key }) => key)).toEqual([one.id, other.id, again.id]);
    const orders = await shop.list({ userId: ali.id });
    expect(orders.map(({ id, data }) => [id, data])).toEqual(
      expect.arrayContaining([
        [one.id, { from: "site" }],
        [again.id, { from: "site" }],
      ]),
    );
    await bale.clock.advance(86_400_001);
    expect(await ali.pays(link)).toMatchObject({ status: "rejected", reason: persianTexts.expired });
  });
});

describe("the ledger", () => {
  it("is listed by state and buyer, and written as CSV that runs no formula", async () => {
    const { bale, ali, shop, bot } = await openShop({ product: { title: '=1+1, "x"' } });
    const reza = bale.user({ first_name: "Reza" });
    await ali.sends("/buy");
    await ali.pays(ali.inbox.last);
    await reza.sends("/buy");
    expect(await shop.list({ state: ["fulfilled"] })).toHaveLength(1);
    expect(await shop.list({ userId: reza.id })).toMatchObject([{ state: "invoiced" }]);
    await expect(shop.list({ state: "payed" as never })).rejects.toThrow("there is no state");
    const lines: string[] = [];
    for await (const line of shop.csv({ state: "fulfilled" })) lines.push(line);
    expect(lines[0]?.startsWith("\uFEFFid,state,product")).toBe(true);
    expect(lines[1]).toContain(`"'=1+1, ""x"""`);
    expect(lines).toHaveLength(2);
    expect(bot).toBeDefined();
  });

  it("answers /receipt with what somebody has paid, and nobody else", async () => {
    const { bale, ali } = await openShop();
    const reza = bale.user({ first_name: "Reza" });
    await ali.sends("/buy");
    const payment = await ali.pays(ali.inbox.last);
    await ali.sends("/receipt");
    expect(ali.inbox.last.text).toContain("۵۰٬۰۰۰ تومان");
    expect(ali.inbox.last.text).toContain(`wallet-${payment.id}`);
    await reza.sends("/receipt");
    expect(reza.inbox.last.text).toBe(persianTexts.noReceipts);
  });

  it("leaves /receipt in a group to others: what somebody has bought is not for all to read", async () => {
    const { bale, bot, ali } = await openShop();
    const group = bale.group({ title: "g", members: [ali] });
    bot.command("receipt", (ctx) => ctx.reply("در خصوصی بپرسید"));
    await ali.sends("/buy");
    await ali.pays(ali.inbox.last);
    await ali.sends("/receipt", { chat: group });
    expect(ali.inboxOf(group).texts.at(-1)).toBe("در خصوصی بپرسید");
  });

  it("forgets an unpaid order in its time, and never a paid one", async () => {
    const { bale, ali, shop } = await openShop({ payments: { keepUnpaidMs: 1_000 } });
    await ali.sends("/buy");
    await ali.pays(ali.inbox.last);
    await ali.sends("/buy");
    await bale.clock.advance(86_500_000);
    await bale.clock.advance(60_000);
    expect((await shop.list()).map(({ state }) => state)).toEqual(["fulfilled"]);
  });
});

describe("a user's data", () => {
  it("is exported whole, and forgotten but for what was paid", async () => {
    const { bale, bot, ali, shop } = await openShop();
    await ali.sends("/buy");
    await ali.pays(ali.inbox.last);
    await bale.clock.advance(1_000);
    await ali.sends("/buy");
    expect(await bot.exportUser(ali.id)).toMatchObject({
      payments: [{ state: "invoiced" }, { state: "fulfilled" }],
    });
    await bot.forget(ali.id);
    expect((await shop.list()).map(({ state }) => state)).toEqual(["fulfilled"]);
  });

  it("is not forgotten when the order is paid at that very moment", async () => {
    const bale = emulator();
    const memory = memoryLanes({ clock: bale.clock });
    let atDeletion: (() => Promise<unknown>) | undefined;
    const lanes: LaneStore = {
      ...memory,
      delete: async (...args) => {
        await atDeletion?.();
        return memory.delete(...args);
      },
    };
    const { bot, ali, shop, given } = await openShop({ bale, lanes });
    await ali.sends("/buy");
    const invoice = ali.inbox.last;
    atDeletion = async () => {
      atDeletion = undefined;
      expect((await ali.pays(invoice)).status).toBe("paid");
    };
    await bot.forget(ali.id);
    expect(atDeletion).toBeUndefined();
    expect((await shop.list()).map(({ state }) => state)).toEqual(["fulfilled"]);
    expect(given).toHaveLength(1);
  });

  it("is forgotten when the order is changed at that very moment and may go all the same, once and for all", async () => {
    const bale = emulator();
    const memory = memoryLanes({ clock: bale.clock });
    let deletions = 0;
    const lanes: LaneStore = {
      ...memory,
      delete: async (key, expected) => {
        if (++deletions > 1) return memory.delete(key, expected);
        const lane = await memory.load(key);
        await memory.commit(key, lane?.version ?? null, { head: lane?.head });
        return memory.delete(key, expected);
      },
    };
    const { bot, ali, shop } = await openShop({ bale, lanes });
    await ali.sends("/buy");
    await bot.forget(ali.id);
    expect(deletions).toBe(2);
    expect(await shop.list()).toEqual([]);
  });
});

describe("onChange", () => {
  it("that throws or rejects is told to bot.catch, and changes nothing about the sale", async () => {
    const loose: unknown[] = [];
    const hear = (reason: unknown): void => void loose.push(reason);
    process.on("unhandledRejection", hear);
    onTestFinished(() => void process.off("unhandledRejection", hear));
    const { ali, shop, errors } = await openShop({
      payments: {
        onChange: (order) => {
          if (order.state === "created") throw new Error("at once");
          return Promise.reject(new Error("later"));
        },
      },
    });
    await ali.sends("/buy");
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(loose).toEqual([]);
    expect(errors.map(({ cause }) => (cause as Error).message)).toEqual(["at once", "later"]);
    expect((await shop.list())[0]?.state).toBe("invoiced");
  });
});

describe("misuse", () => {
  it("is told at once, in words", async () => {
    const storage = memoryLanes();
    expect(() => payments({ providerToken: "", storage })).toThrow(/providerToken is ""/);
    expect(() => payments({ providerToken: "6037-9911-1111-1111", storage })).toThrow(/mistyped/);
    const warnings: string[] = [];
    payments({ providerToken: "۶۰۳۷۹۹۱۱۱۱۱۱۱۱۱۲", storage, onWarning: (text) => void warnings.push(text) });
    expect(warnings.join()).toContain("invoices to a card were removed");
    expect(warnings.join()).not.toContain("6037");
    expect(() => payments({ providerToken: TEST_WALLET, storage: {} as LaneStore })).toThrow(/lane store/);
    const shop = payments({ providerToken: TEST_WALLET, storage });
    const good = { title: "ا", description: "ب", prices: [{ label: "ا", amount: 1 }], fulfil: () => 1 };
    expect(() => shop.product("vip", { ...good, prices: [{ label: "ا", amount: 1.5 }] })).toThrow(
      /whole number of rials/,
    );
    expect(() => shop.product("vip", { ...good, title: "ا".repeat(33) })).toThrow(/33 characters/);
    expect(() => shop.product("نام", good)).toThrow(/1 to 64/);
    shop.product("vip", good);
    expect(() => shop.product("vip", good)).toThrow(/there is one of this name/);
    await expect(shop.list()).rejects.toThrow(/in no bot yet/);
  });

  it("of a span of time that cannot be stored is told at once", async () => {
    const storage = memoryLanes();
    for (const name of ["expiresMs", "reconcileMs", "keepUnpaidMs"]) {
      for (const bad of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, "60000"]) {
        expect(() => payments({ providerToken: TEST_WALLET, storage, [name]: bad })).toThrow(
          new RegExp(`payments: ${name} is .*up to a hundred years`),
        );
      }
    }
    const { ali, bale, shop, product } = await openShop();
    await ali.sends("/start");
    for (const expiresMs of [0, Number.NaN, Number.POSITIVE_INFINITY]) {
      await expect(shop.sell(product, { userId: ali.id }, { expiresMs })).rejects.toThrow(/expiresMs is/);
      await expect(shop.link(product, undefined, { expiresMs })).rejects.toThrow(/expiresMs is/);
    }
    expect(bale.calls.all("sendInvoice")).toEqual([]);
    expect(await shop.list()).toEqual([]);
  });

  it("of prices that are no list names the product", async () => {
    const { ali, shop } = await openShop();
    await ali.sends("/start");
    for (const prices of [async () => [{ label: "ا", amount: 1 }], () => undefined, () => [null]]) {
      const name = `p${Math.random().toString(36).slice(2)}`;
      shop.product(name, { title: "ا", description: "ب", prices: prices as never, fulfil: () => 1 });
      await expect(shop.sell(name, { userId: ali.id })).rejects.toThrow(
        new RegExp(`Selling "${name}".*price`),
      );
    }
  });

  it("of an unknown product names those there are", async () => {
    const { bot, ali, errors } = await openShop();
    bot.command("bad", (ctx) => ctx.sell("vpi"));
    await ali.sends("/bad");
    expect(errors[0]?.message).toContain("There are vip");
  });
});
