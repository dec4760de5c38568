import { expect, it } from "vitest";
import { runExample } from "./example.js";

it("answers commands and words, greets a group by name, and ends well when asked to", {
  timeout: 60_000,
}, async () => {
  const { bale, ali, settled, output, stop } = await runExample("basic");
  const last = () => ali.inbox.last.text;

  await ali.sends("/start");
  await settled(() => expect(last()).toMatch(/^سلام! من یک بازوی ساده‌ام/));
  await ali.sends("/echo یک دو سه");
  await settled(() => expect(last()).toBe("یک دو سه"));
  await ali.sends("/echo");
  await settled(() => expect(last()).toBe("بعد از /echo چیزی بنویس."));
  await ali.sends("خب، خداحافظ همگی");
  await settled(() => expect(last()).toBe("به امید دیدار!"));
  expect(ali.inbox.last.reply_to_message?.text).toBe("خب، خداحافظ همگی");

  const group = bale.group({ title: "همکلاسی‌ها", members: [ali] });
  await ali.sends("/start", { chat: group });
  await settled(() => expect(group.last.text).toBe("خوشحالم که در گروه «همکلاسی‌ها» هستم."));

  expect(output()).toContain("is listening");
  expect(output()).toContain(`from user ${ali.id}`);
  expect(await stop()).toBe(0);
});
