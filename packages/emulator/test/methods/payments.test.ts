import type { SuccessfulPayment, Transaction, Update } from "@balekit/api";
import { describe, expect, it } from "vitest";

import { emulator, type EmulatedUser, type Emulator } from "../../src/index.js";
import { TEST_PROVIDER_TOKEN } from "../../src/payments.js";
import { refusal, result } from "../calling.js";

const invoice = {
  title: "Tea",
  description: "A cup of tea",
  payload: "order-7",
  provider_token: TEST_PROVIDER_TOKEN,
  prices: [
    { label: "tea", amount: 20_000 },
    { label: "sugar", amount: 1000 },
  ],
};

async function started(): Promise<{ bale: Emulator; ali: EmulatedUser }> {
  const bale = emulator();
  const ali = bale.user({ first_name: "Ali" });
  await ali.sends("/start");
  await result(bale, "getUpdates", { offset: -1 });
  await result(bale, "getUpdates", { offset: 2 });
  return { bale, ali };
}

async function next(bale: Emulator, offset: number): Promise<Update> {
  const [update] = await result<Update[]>(bale, "getUpdates", { offset });
  if (update === undefined) throw new Error("no update");
  return update;
}

describe("a payment", () => {
  it("goes from invoice over pre_checkout_query to successful_payment, in rials", async () => {
    const { bale, ali } = await started();
    const message = await result(bale, "sendInvoice", { chat_id: ali.id, ...invoice });
    expect(message.invoice).toEqual({ title: "Tea", description: "A cup of tea", total_amount: 21_000 });
    const paying = ali.pays(message);
    const asked = (await next(bale, 2)).pre_checkout_query;
    expect(asked).toMatchObject({
      from: ali.user,
      currency: "IRR",
      total_amount: 21_000,
      invoice_payload: "order-7",
    });
    const transaction_id = asked?.id;
    const pending = await result<Transaction>(bale, "inquireTransaction", { transaction_id });
    expect(pending).toMatchObject({ status: "pending", userID: ali.id, amount: 21_000 });
    await result(bale, "answerPreCheckoutQuery", { pre_checkout_query_id: transaction_id, ok: true });
    const payment = await paying;
    expect([payment.status, payment.amount, payment.id]).toEqual(["paid", 21_000, transaction_id]);
    const paid = (await next(bale, 3)).message?.successful_payment as SuccessfulPayment;
    expect(paid).toMatchObject({
      currency: "IRR",
      total_amount: 21_000,
      telegram_payment_charge_id: transaction_id,
    });
    const after = await result<Transaction>(bale, "inquireTransaction", { transaction_id });
    expect(after.status).toBe("paid");
    const late = { pre_checkout_query_id: transaction_id, ok: false, error_message: "sold out" };
    expect(await refusal(bale, "answerPreCheckoutQuery", late)).toContain("too old");
  });

  it("fails when the bot does not confirm within ten seconds of the clock", async () => {
    const { bale, ali } = await started();
    const paying = ali.pays(await result(bale, "sendInvoice", { chat_id: ali.id, ...invoice }));
    const { pre_checkout_query } = await next(bale, 2);
    await bale.clock.advance(9_999);
    const id = pre_checkout_query?.id;
    expect(await result<object>(bale, "inquireTransaction", { transaction_id: id })).toMatchObject({
      status: "pending",
    });
    await bale.clock.advance(1);
    const payment = await paying;
    expect(payment.status).toBe("failed");
    expect(payment.reason).toContain("10 seconds");
    expect(await refusal(bale, "answerPreCheckoutQuery", { pre_checkout_query_id: id, ok: true })).toContain(
      "too old",
    );
    expect(await result<Update[]>(bale, "getUpdates", { offset: 3 })).toEqual([]);
  });

  it("is rejected with the bot's words", async () => {
    const { bale, ali } = await started();
    const paying = ali.pays(await result(bale, "sendInvoice", { chat_id: ali.id, ...invoice }));
    const pre_checkout_query_id = (await next(bale, 2)).pre_checkout_query?.id;
    expect(await refusal(bale, "answerPreCheckoutQuery", { pre_checkout_query_id, ok: false })).toContain(
      "error_message",
    );
    await result(bale, "answerPreCheckoutQuery", {
      pre_checkout_query_id,
      ok: false,
      error_message: "Sold out",
    });
    const payment = await paying;
    expect([payment.status, payment.reason]).toEqual(["rejected", "Sold out"]);
  });

  it("takes the bot's answer once more, as after a lost connection, but not another one", async () => {
    const { bale, ali } = await started();
    const paying = ali.pays(await result(bale, "sendInvoice", { chat_id: ali.id, ...invoice }));
    const pre_checkout_query_id = (await next(bale, 2)).pre_checkout_query?.id;
    const answer = { pre_checkout_query_id, ok: true };
    expect(await result(bale, "answerPreCheckoutQuery", answer)).toBe(true);
    expect(await result(bale, "answerPreCheckoutQuery", answer)).toBe(true);
    const other = { pre_checkout_query_id, ok: false, error_message: "no" };
    expect(await refusal(bale, "answerPreCheckoutQuery", other)).toContain("query is too old");
    expect((await paying).status).toBe("paid");
    const receipts = ali.chat.messages.filter((message) => message.successful_payment !== undefined);
    expect(receipts).toHaveLength(1);
  });

  it("is finished for somebody who left the group meanwhile", async () => {
    const { bale, ali } = await started();
    const group = bale.group({ title: "Family", members: [ali] });
    const paying = ali.pays(await result(bale, "sendInvoice", { chat_id: group.id, ...invoice }), {
      chat: group,
    });
    const pre_checkout_query_id = (await next(bale, 2)).pre_checkout_query?.id;
    await ali.leaves(group);
    await result(bale, "answerPreCheckoutQuery", { pre_checkout_query_id, ok: true });
    expect((await paying).status).toBe("paid");
    expect(group.last.successful_payment?.total_amount).toBe(21_000);
  });

  it("can begin at a link for a mini app", async () => {
    const { bale, ali } = await started();
    const link = await result<string>(bale, "createInvoiceLink", invoice);
    expect(link).not.toContain("/");
    const paying = ali.pays(link);
    const pre_checkout_query_id = (await next(bale, 2)).pre_checkout_query?.id;
    await result(bale, "answerPreCheckoutQuery", { pre_checkout_query_id, ok: "true" });
    expect((await paying).status).toBe("paid");
  });

  it("cannot be of what is no invoice", async () => {
    const { ali } = await started();
    await expect(ali.pays(1)).rejects.toThrow("is no invoice");
    await expect(ali.pays("inv9")).rejects.toThrow('"inv9" is no invoice');
  });
});

describe("an invoice", () => {
  it("keeps to its bounds", async () => {
    const { bale, ali } = await started();
    const send = (change: object): Promise<string> =>
      refusal(bale, "sendInvoice", { chat_id: ali.id, ...invoice, ...change });
    expect(await send({ title: "x".repeat(33) })).toContain("title is too long");
    expect(await send({ description: "x".repeat(256) })).toContain("description is too long");
    expect(await send({ payload: "ا".repeat(65) })).toContain("payload is too long: 130 bytes");
    expect(await send({ payload: "" })).toContain("payload is empty");
    expect(await send({ provider_token: "6037 9912 3456 7890" })).toContain("card numbers");
    expect(await send({ prices: [] })).toContain("prices");
    expect(await send({ prices: [{ label: "a", amount: 1.5 }] })).toContain("whole amount");
    for (const amount of ["", null, true, [5]]) {
      const prices = [{ label: "a", amount }, ...invoice.prices];
      expect(await send({ prices }), String(amount)).toContain("whole amount");
    }
    expect(await send({ prices: [{ label: "a", amount: 0 }] })).toContain("more than nothing");
    expect(await refusal(bale, "inquireTransaction", { transaction_id: "5" })).toContain("not found");
  });

  it("forgets the oldest of ten thousand payments, but none that is under way", async () => {
    const { bale, ali } = await started();
    bale.attach({
      connect: () => undefined,
      handle: async ({ pre_checkout_query: query }) => {
        if (query !== undefined && query.invoice_payload !== "slow")
          await result(bale, "answerPreCheckoutQuery", { pre_checkout_query_id: query.id, ok: true });
      },
    });
    const slow = await ali.pays(
      await result(bale, "sendInvoice", { chat_id: ali.id, ...invoice, payload: "slow" }),
    );
    const bill = await result(bale, "sendInvoice", { chat_id: ali.id, ...invoice });
    const first = await ali.pays(bill);
    for (let count = 0; count < 9_998; count++) await ali.pays(bill);
    expect(await result(bale, "inquireTransaction", { transaction_id: first.id })).toMatchObject({
      status: "paid",
    });
    await ali.pays(bill);
    expect(await refusal(bale, "inquireTransaction", { transaction_id: first.id })).toContain(
      "transaction not found",
    );
    await result(bale, "answerPreCheckoutQuery", { pre_checkout_query_id: slow.id, ok: true });
    expect(slow.status).toBe("paid");
  });
});
