import { expect, it } from "vitest";
import { runExample } from "./example.js";

it("leads through pages, a calendar and a number pad in one message", { timeout: 60_000 }, async () => {
  const { ali, settled, stop } = await runExample("menu");
  const last = () => ali.inbox.last.text;
  const shows = (text: string) => settled(() => expect(last()).toContain(text));

  await ali.sends("/start");
  await settled(() => expect(ali.inbox.all).toHaveLength(1));
  await ali.presses("دربارهٔ چای");
  await shows("چای خوب است.");
  await ali.presses("بازگشت");
  await shows("چه می‌خواهید؟");
  await ali.presses("چای");
  await shows("روز را انتخاب کنید");
  await ali.presses("۲۰");
  await shows("عدد را وارد کنید");
  await ali.presses("۴");
  await shows("۴");
  await ali.presses("تأیید");
  await shows("چه می‌خواهید؟");
  expect(ali.inbox.all).toHaveLength(1);
  expect(await stop()).toBe(0);
});
