import { expect, it } from "vitest";
import { runExample } from "./example.js";

it("asks, waits, and remembers the first answer when the second comes", { timeout: 60_000 }, async () => {
  const { ali, settled, stop } = await runExample("conversation");

  await ali.sends("/start");
  await settled(() => expect(ali.inbox.last.text).toBe("سلام! نامت چیست؟"));
  await ali.sends("رضا");
  await settled(() => expect(ali.inbox.last.text).toMatch(/^خوشوقتم رضا! چند سال داری؟/));
  await ali.sends("۲۵");
  await settled(() => expect(ali.inbox.last.text).toBe("رضا، ۲۵ ساله. یادم می‌ماند!"));
  expect(await stop()).toBe(0);
});

it("gives up after ten seconds and says so", { timeout: 60_000 }, async () => {
  const { ali, settled } = await runExample("conversation");

  await ali.sends("/start");
  await settled(() => expect(ali.inbox.last.text).toBe("سلام! نامت چیست؟"));
  await ali.sends("رضا");
  await settled(() => expect(ali.inbox.last.text).toMatch(/ده ثانیه وقت داری/));
  const asked = Date.now();
  await settled(() => expect(Date.now() - asked).toBeGreaterThan(8_000));
  await settled(() => expect(ali.inbox.last.text).toMatch(/^دیر شد!/));
  expect(Date.now() - asked).toBeGreaterThan(9_000);
});

it("listens only to the one it asked, in a group", { timeout: 60_000 }, async () => {
  const { bale, ali, settled } = await runExample("conversation");
  const sara = bale.user({ first_name: "سارا" });
  const group = bale.group({ title: "جمع", members: [ali, sara] });
  const last = () => group.last.text;

  await ali.sends("/start", { chat: group });
  await settled(() => expect(last()).toBe("سلام! نامت چیست؟"));
  await sara.sends("من سارا هستم", { chat: group });
  await ali.sends("علی", { chat: group });
  await settled(() => expect(last()).toMatch(/^خوشوقتم علی!/));
});
