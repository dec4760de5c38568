/// <reference lib="dom" />
import { setTimeout as later } from "node:timers/promises";
import type { Message } from "@balekit/api";
import { expect, it } from "vitest";
import { stage } from "./stage.js";

const FLOOD = `
import { Bot } from "balekit";
const bot = new Bot(process.env.BALE_TOKEN);
bot.command("talk", async (ctx) => {
  await Promise.all(Array.from({ length: 500 }, (_, index) => ctx.reply("حرف " + (index + 1))));
  await ctx.reply("تمام شد");
});
bot.command("print", async (ctx) => {
  for (let line = 1; line <= 2000; line++) console.log("line " + line);
  await ctx.reply("چاپ شد");
});
bot.command("buy", (ctx) =>
  ctx.replyWithInvoice({
    title: "چای",
    description: "یک استکان",
    payload: "tea",
    provider_token: "WALLET-TEST-1111111111111111",
    prices: [{ label: "چای", amount: 120000 }],
  }),
);
bot.on("pre_checkout_query", (ctx) => ctx.answerPreCheckout(true));
await bot.run();
`;

/** Counts, in the page, its frames and how often the document was changed. Frames are counted after the page's own doing. */
interface Counts {
  changes: number;
  frames: number;
}

it("draws once a frame what a bot sends and prints in a moment, and only the last of it", async () => {
  const { page, say, sees } = await stage(FLOOD);
  await page.getByRole("tab", { name: /خروجی/ }).click();
  await page.evaluate(() => {
    const counts: Counts = { changes: 0, frames: 0 };
    Object.assign(window, { counts });
    // The marks of one task come together: each call is one drawing.
    new MutationObserver(() => {
      counts.changes += 1;
    }).observe(document.body, { childList: true, subtree: true });
    const frame = (): void => {
      counts.frames += 1;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  await say("/talk");
  await sees(page.locator(".bubble", { hasText: "تمام شد" }));
  await say("/print");
  await sees(page.locator(".bubble", { hasText: "چاپ شد" }));
  await sees(page.locator(".output-line", { hasText: "line 2000" }));

  const { changes, frames } = await page.evaluate(() => (window as unknown as { counts: Counts }).counts);
  console.log(`2,500 events were drawn ${changes} times in ${frames} frames`);
  // What a person does is drawn outside of the stream's frames: two texts typed and sent.
  expect(changes).toBeLessThanOrEqual(frames + 20);
  expect(await page.locator(".output-line").count()).toBe(300);
  expect(await page.locator(".thread .line").count()).toBe(150);

  // What is not drawn is there for who reads back. Texts sent at once need not come in their order: one of the first.
  expect(await page.locator(".bubble", { hasText: /^حرف 30\D/ }).count()).toBe(0);
  await page.locator(".messages").evaluate((box) => box.scrollTo({ top: 0 }));
  await page.getByRole("button", { name: "پیام‌های پیشین" }).click();
  await expect.poll(() => page.locator(".thread .line").count()).toBe(300);
});

it("leaves who reads back where they are when the bot writes, and offers the way to the end", async () => {
  const { page, play, say, sees } = await stage(FLOOD);
  await say("/talk");
  await sees(page.locator(".bubble", { hasText: "تمام شد" }));
  await page.locator(".messages").evaluate((box) => box.scrollTo({ top: 800 }));
  const end = page.getByRole("button", { name: "به آخرین پیام" });
  await sees(end);
  const place = () => page.locator(".messages").evaluate((box) => box.scrollTop);
  const top = await place();
  const answer = await fetch(`${play.url}/bot${play.token}/sendMessage`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ chat_id: 100_001, text: "تازه رسید" }),
  });
  expect(answer.status).toBe(200);
  await page.locator(".bubble", { hasText: "تازه رسید" }).waitFor({ state: "attached" });
  expect(await place()).toBe(top);

  await end.click();
  await end.waitFor({ state: "detached" });
  const distance = (): Promise<number> =>
    page.locator(".messages").evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop);
  await expect.poll(distance).toBeLessThan(2);
});

it("pays an invoice after hundreds of payments of others, and the button stops at once", async () => {
  const { page, play, say, sees } = await stage(FLOOD);
  await say("/buy");
  await sees(page.locator(".invoice"));
  const reza = play.bale.user({ first_name: "رضا" });
  await reza.sends("/buy");
  const bill: Message = await reza.inbox.next({ timeoutMs: 30_000 });
  const payments = await Promise.all(Array.from({ length: 320 }, () => reza.pays(bill)));
  await expect.poll(() => payments.filter(({ status }) => status === "paid").length).toBe(320);

  // Its patience is twelve seconds of the page's clock, which moves by less than that here.
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60_000);
  await page.locator(".pay").click();
  await expect.poll(() => play.bale.calls.all("answerPreCheckoutQuery").length).toBe(321);
  let moved = 0;
  while (moved < 5000 && (await page.locator(".service .paid").count()) === 0) {
    await page.clock.runFor(50);
    moved += 50;
    // What is drawn comes from the server, in the time of the machine.
    await later(100);
  }
  await page.clock.runFor(100);
  expect(await page.locator(".service .paid").count()).toBe(1);
  expect(await page.locator(".pay .spinner").count()).toBe(0);
});
