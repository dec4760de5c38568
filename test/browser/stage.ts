import { deepEqual } from "node:assert/strict";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Playground, playground } from "@balekit/playground";
import type { BrowserContextOptions, Locator, Page } from "playwright-core";
import { onTestFinished } from "vitest";
import { freePort } from "../servers/free-port.js";
import { openChromium, Watch } from "./chromium.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A bot's file in a folder of its own, the playground that runs it, and the page of both in a browser. */
export interface Stage {
  readonly folder: string;
  readonly file: string;
  readonly page: Page;
  readonly watch: Watch;
  /** Another takes its place when a test starts it anew. */
  play: Playground;
  /** Writes in the box and presses Enter. */
  readonly say: (text: string) => Promise<void>;
  /** The last thing of this kind is to be seen. */
  readonly sees: (what: Locator) => Promise<void>;
}

/**
 * Opens the page on a bot of this source. All ends with the test, which fails if the page complained on its console or
 * asked anybody else for anything.
 */
export async function stage(
  source: string,
  options: BrowserContextOptions = {},
  prepare?: (page: Page) => Promise<void>,
): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "stage-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  const file = join(folder, "bot.ts");
  await writeFile(file, source);
  // Not one that the system hands out: a test that closes the playground opens it again on the same port.
  const play = await playground({ file, port: await freePort() });
  const browser = await openChromium();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const watch = new Watch(page, play.url);
  const made: Stage = {
    folder,
    file,
    page,
    watch,
    play,
    say: async (text) => {
      await page.locator("textarea").fill(text);
      await page.locator("textarea").press("Enter");
    },
    sees: (what) => what.last().waitFor({ state: "visible" }),
  };
  onTestFinished(async () => {
    await browser.close();
    await made.play.close();
    deepEqual(watch.complaints, []);
    deepEqual(watch.strangers, []);
  });
  await prepare?.(page);
  await page.goto(play.url);
  await page.locator("[data-ready=true]").waitFor();
  return made;
}
