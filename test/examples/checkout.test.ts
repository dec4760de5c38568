import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { exhaust } from "@balekit/conversation/testing";
import type { Message } from "balekit";
import { expect, it, vi } from "vitest";
import { checkout } from "../../examples/talks/checkout.js";
import { areAtRest, dataFolder } from "./data-folder.js";
import { type RunningExample, runExample } from "./example.js";

it("takes an order, its payment, and ships once, killed in the form, in a step of it, before the payment and after it", {
  timeout: 240_000,
}, async () => {
  const folder = await dataFolder();
  const { ali, bale, settled, output, kill, stop } = await runExample("checkout", folder);
  const rests = (): Promise<void> => settled(() => expect(areAtRest(folder)).toBe(true));
  const says = (text: string): Promise<void> =>
    settled(() => expect(ali.inbox.last.text ?? "").toContain(text));

  await ali.sends("/buy");
  await says("کدام چای؟");
  await ali.presses("چای فومن");
  await says("چند بسته؟");
  await ali.sends("۲۵");
  await says("بیش از ۲۰ نباشد.");
  await ali.sends("۲");
  await says("پیک با چه شماره‌ای");
  await rests();
  await kill();
  await kill({ method: "sendMessage", act: () => ali.sends("۰۹۱۲ ۱۲۳ ۴۵۶۷") });
  await says("نشانی؟");
  await ali.sends("رشت، خیابان سعدی، کوچهٔ سوم");
  await says("۲ بسته چای فومن به «رشت");
  await ali.sends("آره");
  await settled(() => expect(ali.inbox.last.invoice?.title).toBe("۲ بسته چای فومن"));

  const invoice = ali.inbox.last;
  await rests();
  await kill();
  // The goods are on their way, and the thanks for the payment are not: what is done is not done again.
  await kill({ method: "sendMessage", act: () => ali.pays(invoice) });
  await says("۲٬۴۰۰٬۰۰۰ ریال رسید. ۲ بسته چای فومن فردا در راه است.");
  expect(bale.calls.last("answerPreCheckoutQuery")?.params).toMatchObject({ ok: true });
  expect(output().match(/ship \S+: 2 × fuman, \+989121234567, رشت/g)).toHaveLength(1);
  expect(ali.inbox.all.filter((message) => message.invoice !== undefined)).toHaveLength(1);
  expect(await stop()).toBe(0);
});

/** From /buy to the invoice of one pack. */
async function orderOne({ ali, settled }: RunningExample): Promise<Message> {
  const says = (text: string): Promise<void> =>
    settled(() => expect(ali.inbox.last.text ?? "").toContain(text));

  await ali.sends("/buy");
  await says("کدام چای؟");
  await ali.sends("۱");
  await says("چند بسته؟");
  await ali.sends("۱");
  await says("پیک با چه شماره‌ای");
  await ali.sends("09121234567");
  await says("نشانی؟");
  await ali.sends("رشت، خیابان سعدی");
  await says("درست است؟");
  await ali.presses("بله");
  await settled(() => expect(ali.inbox.last.invoice?.title).toBe("۱ بسته چای لاهیجان"));
  return ali.inbox.last;
}

it("takes no money for an order that was cancelled", { timeout: 60_000 }, async () => {
  const example = await runExample("checkout", await dataFolder());
  const { ali, bale, settled } = example;
  const invoice = await orderOne(example);
  await ali.sends("لغو");
  await settled(() => expect(ali.inbox.last.text).toBe("سفارش لغو شد."));
  await ali.pays(invoice);
  await settled(() => expect(bale.calls.last("answerPreCheckoutQuery")?.params).toMatchObject({ ok: false }));
});

it("writes a payment down, once, that comes after its order was let through and cancelled, and tells the buyer", {
  timeout: 60_000,
}, async () => {
  const folder = await dataFolder();
  const example = await runExample("checkout", folder);
  const { ali, bale, settled, output, stop } = example;
  const invoice = await orderOne(example);
  // The wallet has its yes, and tells of the payment after this.
  const stopListening = bale.onEvent((event) => {
    if (event.type === "payment" && event.data.status === "paid") void ali.sends("لغو");
  });
  const payment = await ali.pays(invoice, { receipt: "twice" });
  await settled(() => expect(payment.status).toBe("paid"));
  stopListening();
  await settled(() => expect(ali.inbox.last.text).toContain(`را با شمارهٔ ${payment.id} ثبت کردیم`));
  expect(ali.inbox.texts).toContain("سفارش لغو شد.");
  // What the program has begun it ends: the second telling as well.
  await settled(() => expect(bale.pendingUpdates).toBe(0));
  expect(await stop()).toBe(0);
  expect(output()).not.toContain("ship ");
  expect(output().match(/no order waits for it/g)).toHaveLength(1);
  expect(ali.inbox.texts.filter((text) => text.includes("ثبت کردیم"))).toHaveLength(1);
  const unclaimed = join(folder.BOT_DATA, "unclaimed");
  const kept = readdirSync(unclaimed).filter((name) => name.startsWith("k-"));
  expect(kept.map((name) => readFileSync(join(unclaimed, name), "utf8"))).toEqual([
    expect.stringContaining(payment.id),
  ]);
});

it("takes the same order under crashes, duplicates, restarts and two machines, and never sends two invoices", {
  timeout: 600_000,
}, async () => {
  vi.spyOn(console, "log").mockReturnValue(undefined);
  const invoices: number[] = [];
  const report = await exhaust(
    checkout,
    async (t) => {
      await t.enter();
      await t.presses("چای فومن");
      await t.sends("۲");
      await t.sends("۰۹۱۲ ۱۲۳ ۴۵۶۷");
      await t.sends("رشت، خیابان سعدی، کوچهٔ سوم");
      await t.presses("بله");
      invoices.push(t.inbox.all.filter(({ invoice }) => invoice).length);
      await t.pays();
      expect(t.last.text).toContain("۲٬۴۰۰٬۰۰۰ ریال رسید.");
      expect(t.ending?.reason).toBe("done");
    },
    { maxCrashes: 90, secondCrashes: 10 },
  );
  expect(report.points).toBeGreaterThan(90);
  expect(report.doubled).toBeGreaterThan(0);
  // Whether an invoice was sent by a process that died is for its author to find out.
  expect(Math.max(...invoices)).toBe(1);
});
