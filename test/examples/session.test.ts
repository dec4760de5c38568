import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { runExample } from "./example.js";

it("remembers each person's language and visits over a restart, until it is asked to forget", {
  timeout: 90_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), "balekit-session-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const first = await runExample("session", { BOT_DATA: folder });
  const shows = ({ ali, settled }: typeof first, text: string) =>
    settled(() => expect(ali.inbox.last.text).toBe(text));

  await first.ali.sends("/start");
  await shows(first, "سلام! بار ۱ است که می‌آیی.");
  await first.ali.sends("/language");
  await shows(first, "زبان؟ Language?");
  await first.ali.presses("English");
  await shows(first, "English from now on.");
  expect(await first.stop()).toBe(0);

  // Another process, another Bale; the first user of each has the same id.
  const second = await runExample("session", { BOT_DATA: folder });
  expect(second.ali.id).toBe(first.ali.id);
  await second.ali.sends("/start");
  await shows(second, "Hello! This is visit 2.");
  await second.ali.sends("/forget");
  await shows(second, "فراموش شد. Forgotten.");
  await second.ali.sends("/start");
  await shows(second, "سلام! بار ۱ است که می‌آیی.");
  expect(await second.stop()).toBe(0);
});
