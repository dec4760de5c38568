import { expect, it } from "vitest";
import { runExample } from "./example.js";

it("reads amounts, dates and mobile numbers as people type them", { timeout: 60_000 }, async () => {
  const { ali, settled, stop } = await runExample("persian");
  const talk = async (said: string, answer: string): Promise<void> => {
    await ali.sends(said);
    await settled(() => expect(ali.inbox.last.text).toBe(answer));
  };
  await talk("مي خواهم", "مبلغ، تاریخ یا شماره‌ای بنویس.");
  await talk("۲ میلیون و ۵۰۰ هزار تومان", "دو میلیون و پانصد هزار تومان");
  await talk("پنجم آذر ۱۴۰۵", "پنجشنبه ۵ آذر ۱۴۰۵");
  await talk("۰۹۱۲ ۱۲۳ ۴۵۶۷", "+989121234567");
  await talk("هیچ", "نفهمیدم.");
  expect(await stop()).toBe(0);
});
