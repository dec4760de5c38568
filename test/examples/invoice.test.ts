import { expect, it } from "vitest";
import { runExample } from "./example.js";

it("sends an invoice, lets the payment through, and thanks for what came in", {
  timeout: 60_000,
}, async () => {
  const { bale, ali, settled, output, stop } = await runExample("invoice");

  await ali.sends("/donate");
  await settled(() => expect(ali.inbox.last.invoice?.title).toBe("یک فنجان چای"));
  await ali.pays(ali.inbox.last);
  await settled(() => expect(ali.inbox.last.text).toBe("۲۰۰٬۰۰۰ ریال رسید. سپاس از مهربانی‌ات!"));
  const answer = bale.calls.last("answerPreCheckoutQuery");
  expect(answer?.params).toMatchObject({ ok: true });
  expect(output()).toContain(`paid: 200000 rials for tea:${ali.id}`);
  expect(await stop()).toBe(0);
});
