/// <reference lib="dom" />
import { deepEqual } from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Playground, playground } from "@balekit/playground";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { areAtRest } from "../examples/data-folder.js";
import { openChromium, Watch } from "./chromium.js";

let browser: Browser;
let folder: string;
let play: Playground;
let context: BrowserContext;
let page: Page;
let watch: Watch;
let output: string[];

beforeAll(async () => {
  browser = await openChromium();
});
afterAll(() => browser?.close());

afterEach(async () => {
  await context?.close();
  await play?.close();
  await rm(folder, { recursive: true, force: true });
  deepEqual(watch.complaints, []);
  deepEqual(watch.strangers, []);
});

const bubble = (words: string | RegExp): Locator => page.locator(".bubble", { hasText: words });
const button = (words: string): Locator => page.getByRole("button", { name: words, exact: true });

/** Opens the playground with an example, whose data is in a folder of this test's own. */
async function open(example: string): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), "balekit-talks-"));
  const file = fileURLToPath(new URL(`../../examples/${example}.ts`, import.meta.url));
  output = [];
  play = await playground({
    file,
    port: 0,
    env: () => ({ ...process.env, BOT_DATA: folder }),
    onOutput: ({ text }) => void output.push(text),
  });
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(60_000);
  page = await context.newPage();
  watch = new Watch(page, play.url);
  await page.goto(play.url);
  await page.locator("[data-ready=true]").waitFor();
}

async function say(text: string): Promise<void> {
  await page.locator("textarea").fill(text);
  await page.locator("textarea").press("Enter");
}

async function sees(what: Locator): Promise<void> {
  await what.last().waitFor({ state: "visible" });
}

/**
 * Kills the bot's process, and starts it again with the button on the page. A message is seen a moment before the
 * conversation has noted that it was sent, and would be sent again by one that is killed in that moment.
 */
async function killAndRestart(): Promise<void> {
  await expect.poll(() => areAtRest({ BOT_DATA: folder }), { timeout: 60_000 }).toBe(true);
  const { pid } = play;
  if (pid === undefined) throw new Error("The bot has no process.");
  process.kill(pid, "SIGKILL");
  await sees(page.locator('.bot-state[data-status="crashed"]'));
  await page.locator(".bot-state button").click();
  await sees(page.locator('.bot-state[data-status="running"]'));
  expect(play.pid).not.toBe(pid);
}

it("a conversation goes on where it stood when its process was killed", async () => {
  await open("conversation");
  await say("/start");
  await sees(bubble("سلام! نامت چیست؟"));
  await killAndRestart();
  await say("رضا");
  await sees(bubble("خوشوقتم رضا!"));
  await say("۲۵");
  await sees(bubble("رضا، ۲۵ ساله. یادم می‌ماند!"));
  expect(await bubble("سلام! نامت چیست؟").count()).toBe(1);
});

it("an order is filled in, paid and shipped once, though its process is killed in the form and before the payment", async () => {
  await open("checkout");
  await say("/buy");
  await sees(bubble("کدام چای؟"));
  await button("چای فومن").click();
  await sees(bubble("چند بسته؟"));
  await say("۲");
  await sees(bubble("پیک با چه شماره‌ای"));
  await killAndRestart();
  await say("۰۹۱۲ ۱۲۳ ۴۵۶۷");
  await sees(bubble("نشانی؟"));
  await say("رشت، خیابان سعدی، کوچهٔ سوم");
  await sees(bubble("۲ بسته چای فومن به «رشت"));
  await button("بله").click();
  await sees(page.locator(".invoice", { hasText: "۲ بسته چای فومن" }));
  await killAndRestart();
  await page.locator(".pay").click();
  await sees(page.locator(".service .paid"));
  await sees(bubble("۲٬۴۰۰٬۰۰۰ ریال رسید. ۲ بسته چای فومن فردا در راه است."));
  expect(await page.locator(".invoice").count()).toBe(1);
  expect(output.filter((line) => /^ship \S+: 2 × fuman, \+989121234567, رشت/.test(line))).toHaveLength(1);
});
