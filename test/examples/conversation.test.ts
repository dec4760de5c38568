import { exhaust } from "@balekit/conversation/testing";
import { expect, it } from "vitest";
import { greeting } from "../../examples/talks/greeting.js";
import { areAtRest, dataFolder } from "./data-folder.js";
import { runExample } from "./example.js";

it("asks, waits, and remembers the first answer when the second comes", { timeout: 60_000 }, async () => {
  const { ali, settled, stop } = await runExample("conversation", await dataFolder());

  await ali.sends("/start");
  await settled(() => expect(ali.inbox.last.text).toBe("سلام! نامت چیست؟"));
  await ali.sends("رضا");
  await settled(() => expect(ali.inbox.last.text).toMatch(/^خوشوقتم رضا! چند سال داری؟/));
  await ali.sends("۲۵");
  await settled(() => expect(ali.inbox.last.text).toBe("رضا، ۲۵ ساله. یادم می‌ماند!"));
  expect(await stop()).toBe(0);
});

it("asks again when the age is none, and reads Persian digits", { timeout: 60_000 }, async () => {
  const { ali, settled } = await runExample("conversation", await dataFolder());

  await ali.sends("/start");
  await settled(() => expect(ali.inbox.last.text).toBe("سلام! نامت چیست؟"));
  await ali.sends("رضا");
  await settled(() => expect(ali.inbox.last.text).toMatch(/^خوشوقتم رضا!/));
  await ali.sends("جوانم");
  await settled(() => expect(ali.inbox.last.text).toMatch(/^لطفاً یک عدد بی‌ممیز بنویسید\./));
  await ali.sends("٢٥");
  await settled(() => expect(ali.inbox.last.text).toBe("رضا، ۲۵ ساله. یادم می‌ماند!"));
});

it("goes on where it stood after the program was replaced", { timeout: 120_000 }, async () => {
  const { ali, settled, restart } = await runExample("conversation", await dataFolder());

  await ali.sends("/start");
  await settled(() => expect(ali.inbox.last.text).toBe("سلام! نامت چیست؟"));
  await restart();
  await ali.sends("رضا");
  await settled(() => expect(ali.inbox.last.text).toMatch(/^خوشوقتم رضا!/));
  await ali.sends("۲۵");
  await settled(() => expect(ali.inbox.last.text).toBe("رضا، ۲۵ ساله. یادم می‌ماند!"));
  expect(ali.inbox.all.filter(({ text }) => text === "سلام! نامت چیست؟")).toHaveLength(1);
});

it("goes on at once after it was killed between two questions, and in the middle of asking one", {
  timeout: 120_000,
}, async () => {
  const folder = await dataFolder();
  const { ali, settled, kill } = await runExample("conversation", folder);
  const says = async (text: RegExp): Promise<void> => {
    await settled(() => expect(ali.inbox.all.at(-1)?.text).toMatch(text));
    await settled(() => expect(areAtRest(folder)).toBe(true));
  };

  await kill({ method: "sendMessage", act: () => ali.sends("/start") });
  // Well before the claim of the dead process runs out, and with no word from anybody.
  await says(/^سلام! نامت چیست؟$/);
  await kill();
  await kill({ method: "sendMessage", act: () => ali.sends("رضا") });
  await says(/^خوشوقتم رضا!/);
  await kill({ method: "sendMessage", act: () => ali.sends("۲۵") });
  await says(/^رضا، ۲۵ ساله\. یادم می‌ماند!$/);
  expect(ali.inbox.all).toHaveLength(3);
});

it("gives up after ten seconds and says so", { timeout: 60_000 }, async () => {
  const { ali, settled } = await runExample("conversation", await dataFolder());

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
  const { bale, ali, settled } = await runExample("conversation", await dataFolder());
  const sara = bale.user({ first_name: "سارا" });
  const group = bale.group({ title: "جمع", members: [ali, sara] });
  const last = () => group.last.text;

  await ali.sends("/start", { chat: group });
  await settled(() => expect(last()).toBe("سلام! نامت چیست؟"));
  await sara.sends("من سارا هستم", { chat: group });
  await ali.sends("علی", { chat: group });
  await settled(() => expect(last()).toMatch(/^خوشوقتم علی!/));
});

it("says the same under crashes at every point, duplicates, restarts and two machines", {
  timeout: 300_000,
}, async () => {
  const report = await exhaust(
    greeting,
    async (t) => {
      await t.enter();
      await t.sends("رضا");
      await t.sends("جوانم");
      await t.advance("9s");
      await t.sends("۲۵");
      expect(t.last.text).toBe("رضا، ۲۵ ساله. یادم می‌ماند!");
    },
    { secondCrashes: 10 },
  );
  expect(report.points).toBeGreaterThan(30);
  expect(report.refused).toBe(0);
});

it("gives up after ten seconds, whatever happens meanwhile", { timeout: 300_000 }, async () => {
  await exhaust(
    greeting,
    async (t) => {
      await t.enter();
      await t.sends("رضا");
      await t.advance("10s");
      expect(t.last.text).toMatch(/^دیر شد!/);
    },
    { secondCrashes: 5 },
  );
});
