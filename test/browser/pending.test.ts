/// <reference lib="dom" />
import { writeFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { stage } from "./stage.js";

const BOT = `import { Bot } from "balekit";

const bot = new Bot(process.env.BALE_TOKEN);
let free = () => {};
bot.command("free", () => free());
bot.command("hold", () => new Promise<void>((resolve) => (free = resolve)));
bot.command("ask", async (ctx) => {
  await ctx.reply("نام شما؟");
  const { text } = await ctx.waitFor("message:text");
  await ctx.reply("خوش آمدید، " + text);
});
bot.on("message:text", (ctx) => ctx.reply("شنیدم: " + ctx.text));
await bot.run();
`;

it("says which handler of a chat does not end, since when and what waits for it, until it ends", {
  timeout: 120_000,
}, async () => {
  const { page, play, say, sees } = await stage(BOT);
  const card = page.getByRole("status").filter({ has: page.locator(".pending") });
  const open = (name: string): Promise<void> =>
    page.locator(".chat-row", { hasText: name }).click({ timeout: 10_000 });
  const bubble = (text: string) => page.locator(".bubble", { hasText: text });

  // Sara's handler waits for longer than Ali's, but for what she will write.
  await say("/ask");
  await sees(bubble("نام شما؟"));
  await open("علی");
  await say("/hold");
  await say("هستی؟");
  await sees(card);
  const words = (): Promise<string> => card.innerText();
  expect(await words()).toMatch(
    /هنوز تمام نشده[\s\S]*گردانندهٔ command\("hold"\) از ساعت [۰-۹]{2}:[۰-۹]{2}:[۰-۹]{2} در کار است[\s\S]*پیام‌های بعدی این گفتگو[\s\S]*ذخیره کنید/,
  );
  expect(await card.locator(".place-link").innerText()).toBe("bot.ts:6");
  await page.getByRole("button", { name: "English", exact: true }).click();
  await expect
    .poll(words)
    .toMatch(
      /Not done yet[\s\S]*Handler command\("hold"\) has been at work since \d\d:\d\d:\d\d[\s\S]*following messages of this chat wait[\s\S]*save the file/,
    );
  // A page that comes later is told of it too.
  await page.reload();
  await page.locator("[data-ready=true]").waitFor();
  await page.getByRole("button", { name: "فارسی", exact: true }).click();
  expect(await card.count()).toBe(0);
  await say("سارا");
  await sees(bubble("خوش آمدید، سارا"));
  await open("علی");
  await sees(card);
  expect(await bubble("شنیدم").count()).toBe(0);

  // Who has come to the line by keyboard is not thrown to the beginning of the page when the note goes.
  await page.locator("textarea").focus();
  await expect
    .poll(async () => {
      await page.keyboard.press("Shift+Tab");
      return page.evaluate(() => document.activeElement?.className);
    })
    .toBe("place-link");
  await play.bale.user({ first_name: "رضا" }).sends("/free");
  await page.locator(".pending").waitFor({ state: "detached" });
  await sees(bubble("شنیدم: هستی؟"));
  expect(await page.evaluate(() => document.activeElement?.className)).toBe("messages");
});

it("takes the note away with the process, and brings the message to the one that is started", {
  timeout: 120_000,
}, async () => {
  const { page, play, file, say, sees } = await stage(BOT.replace("(free = resolve)", "{}"));
  const card = page.locator(".pending");
  const bubble = (text: string) => page.locator(".bubble", { hasText: text });
  await say("/hold");
  await say("هستی؟");
  await sees(card);
  await page.locator('.bot-state button[title="آغاز دوباره"]').click();
  await card.waitFor({ state: "detached" });
  // The same message is given to the same handler again.
  await sees(card);
  expect(play.status).toBe("running");

  const mended = BOT.replace(/new Promise.*\)\);/, 'ctx.reply("درست شد"));').replace(
    '("hold", ()',
    '("hold", (ctx)',
  );
  await writeFile(file, mended);
  await card.waitFor({ state: "detached" });
  await sees(bubble("درست شد"));
  await sees(bubble("شنیدم: هستی؟"));
});

it("names the handlers that a message came through before", { timeout: 60_000 }, async () => {
  const { page, say, sees } = await stage(
    BOT.replace(
      "bot.command",
      `bot.on("message", async (_, next) => {
  await next();
  await new Promise(() => {});
});
bot.command`,
    ),
  );
  await say("سلام");
  await sees(page.locator(".bubble", { hasText: "شنیدم: سلام" }));
  const card = page.locator(".pending");
  await sees(card);
  expect(await card.locator(".place-link").allInnerTexts()).toEqual(["bot.ts:16", "bot.ts:5"]);
  expect(await card.innerText()).toContain('on("message")');
});
