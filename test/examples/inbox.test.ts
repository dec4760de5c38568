import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { runExample } from "./example.js";

it("keeps its updates in a file, tries again what fails, and shows what was set aside", {
  timeout: 90_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), "balekit-inbox-example-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const env = { DATABASE: join(folder, "bot.db"), BAKE_MS: "50" };
  const { bale, ali, settled, output, stop } = await runExample("inbox", env);

  await ali.sends("/bake");
  await settled(() => expect(ali.inbox.texts).toEqual(["کیک در فر است…", "کیک آماده است!"]));
  await ali.sends("/break");
  await settled(() => expect(output()).toMatch(/attempt 1: .*the oven does not work \(again in \d+ ms\)/));
  await settled(() => expect(output()).toMatch(/attempt 3: .*\(set aside\)/));
  await ali.sends("/broken");
  await settled(() => expect(ali.inbox.last.text).toBe("کارهای کنارگذاشته: 1"));
  await ali.sends("/broken");
  await settled(() => expect(ali.inbox.last.text).toBe("کارهای کنارگذاشته: 0"));

  await settled(() => expect(bale.pendingUpdates).toBe(0));
  expect(await stop()).toBe(0);
});
