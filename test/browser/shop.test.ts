/// <reference lib="dom" />
import { deepEqual } from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Playground, playground } from "@balekit/playground";
import type { Locator, Page } from "playwright-core";
import { expect, it, onTestFinished } from "vitest";
import { openChromium, Watch } from "./chromium.js";

const SHOP = fileURLToPath(new URL("../../examples/shop.ts", import.meta.url));

/** Opens the shop in a page as wide as a phone. */
async function openShop(): Promise<{
  readonly page: Page;
  readonly play: Playground;
  readonly watch: Watch;
}> {
  const folder = await mkdtemp(join(tmpdir(), "shop-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const env = { ...process.env, DATABASE: join(folder, "shop.db"), SHOP_ADMINS: "100002" };
  const play = await playground({ file: SHOP, port: 0, watch: false, env: () => env });
  onTestFinished(() => play.close());
  const browser = await openChromium();
  onTestFinished(() => browser.close());
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const watch = new Watch(page, play.url);
  await page.goto(play.url);
  await page.locator("[data-ready=true]").waitFor();
  return { page, play, watch };
}

it("plays the shop from /start to a paid order on a phone, with its process killed in the middle", {
  timeout: 300_000,
}, async () => {
  const { page, play, watch } = await openShop();
  const bubble = (words: string | RegExp): Locator => page.locator(".bubble", { hasText: words }).last();
  const sees = (words: string | RegExp): Promise<void> => bubble(words).waitFor({ state: "visible" });
  const press = (label: string | RegExp): Promise<void> =>
    page
      .getByRole("button", { name: label, exact: typeof label === "string" })
      .last()
      .click();
  const say = async (text: string): Promise<void> => {
    await page.locator("textarea").fill(text);
    await page.locator("textarea").press("Enter");
  };
  const picture = async (name: string): Promise<void> => {
    const folder = process.env["SHOP_PICTURES"];
    if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) });
  };
  /** Kills the bot, sees that the page says so, and starts it again there. */
  const kill = async (): Promise<void> => {
    process.kill(play.pid ?? Number.NaN, "SIGKILL");
    await page.locator('.bot-state[data-status="crashed"]').first().waitFor({ state: "attached" });
    await page.locator(".thread .fault", { hasText: "Ended by SIGKILL" }).waitFor();
    await picture("killed");
    await play.restart();
    await expect.poll(() => play.status, { timeout: 60_000, interval: 50 }).toBe("running");
  };

  await page.locator("[data-start]").click();
  await sees("خوش آمدید");
  await press("چای");
  await press(/^چای فومن/);
  await sees("قلم درشت");
  await picture("product");
  await press("عکس‌ها");
  await expect.poll(() => page.locator(".picture img").count(), { timeout: 60_000 }).toBe(2);
  await press("افزودن به سبد");
  await sees("۱ بسته چای فومن");
  await press("+");
  await sees("۲ بسته چای فومن");
  await picture("cart");
  await kill();

  await press("خرید");
  await sees("نام و نام خانوادگی");
  await say("سارا رضایی");
  await sees("نشانی کامل");
  await say("رشت، خیابان سعدی، کوچهٔ سوم");
  await sees("پیک با چه شماره‌ای");
  await picture("phone");
  await say("۰۹۱۲ ۱۲۳ ۴۵۶۷");
  await sees("چه روزی برسد؟");
  await picture("calendar");
  await kill();
  const month = await bubble("چه روزی برسد؟").innerText();
  await press("‹ بعد");
  await expect.poll(() => bubble("چه روزی برسد؟").innerText(), { timeout: 60_000 }).not.toBe(month);
  await press("۱۵");
  await sees("درست است؟");
  await press("بله");
  await page.locator(".invoice").waitFor();
  await picture("invoice");
  await page.locator(".pay").click();
  await sees("پرداخت شد، سپاس! ۲ بسته چای فومن");
  await picture("paid");
  await say("/orders");
  await sees(/۲ بسته چای فومن \(در حال آماده‌سازی\)/);
  await picture("orders");

  const widths = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  expect(widths).toEqual([390, 390]);
  expect(play.bale.calls.all("answerPreCheckoutQuery")).toHaveLength(1);
  deepEqual(watch.complaints, []);
  deepEqual(watch.strangers, []);
});
