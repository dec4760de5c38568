import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type Stage, stage } from "./stage.js";

const GOOD = `import { Bot } from "balekit";

const bot = new Bot(process.env.BALE_TOKEN);
bot.command("start", (ctx) => ctx.reply("سلام"));
bot.on("message:text", (ctx) => ctx.reply("شنیدم: " + ctx.text));
await bot.run();
`;

const START = 'ctx.reply("سلام")';

interface Way {
  readonly how: string;
  /** What is in the file instead, or what is done with it. */
  readonly source?: string | Buffer;
  readonly act?: (made: Stage) => Promise<void>;
  /** /start is sent: it goes wrong only then. */
  readonly starts?: true;
  readonly status: string;
  readonly fa: RegExp;
  readonly en: RegExp;
  readonly place?: string;
}

const WAYS: readonly Way[] = [
  {
    how: "a bracket is missing",
    source: GOOD.replace(`${START});`, `${START};`),
    status: "crashed",
    fa: /از کار افتاد[\s\S]*این خط، یا خط پیش از آن، درست نوشته نشده/,
    en: /crashed[\s\S]*SyntaxError: Expected "\)" but found ";"[\s\S]*is not written right/,
    place: "bot.ts:4",
  },
  {
    how: "it is saved half way",
    source: GOOD.slice(0, GOOD.indexOf("سلام") + 2),
    status: "crashed",
    fa: /نیمه‌کاره ذخیره شده/,
    en: /Unterminated string literal[\s\S]*saved half way/,
    place: "bot.ts:4",
  },
  {
    how: "a handler throws",
    source: GOOD.replace(START, '{ throw new Error("آخ"); }'),
    starts: true,
    status: "running",
    fa: /خطا در ربات[\s\S]*آخ[\s\S]*ربات روشن است/,
    en: /An error in the bot[\s\S]*آخ[\s\S]*The bot is on/,
    place: "bot.ts:4",
  },
  {
    how: "a handler loops without an end",
    source: GOOD.replace(START, "{ for (;;) {} }"),
    starts: true,
    status: "stuck",
    fa: /پاسخ نمی‌دهد[\s\S]*حلقه‌ای بی‌پایان/,
    en: /does not answer[\s\S]*an endless loop/,
    place: "bot.ts:4",
  },
  {
    how: "it loops before it starts",
    source: GOOD.replace("await bot.run", "for (;;) {}\nawait bot.run"),
    status: "stuck",
    fa: /پاسخ نمی‌دهد[\s\S]*حلقه‌ای بی‌پایان/,
    en: /does not answer[\s\S]*an endless loop/,
  },
  {
    how: "what it imports has another name",
    source: GOOD.replace("{ Bot }", "{ Boot }"),
    status: "crashed",
    fa: /نام «Bot» شناخته نیست/,
    en: /The name "Bot" is not known/,
    place: "bot.ts:3",
  },
  {
    how: "a file it imports is not there",
    source: `import { menu } from "./menu.js";\n${GOOD}console.log(menu);\n`,
    status: "crashed",
    fa: /پرونده‌ای به نام «menu.js» نیست/,
    en: /There is no file "menu.js"/,
    place: "bot.ts:1",
  },
  {
    how: "a package is not installed",
    source: `${GOOD}\nimport maps from "no-such-package-of-ours";\nconsole.log(maps);\n`,
    status: "crashed",
    fa: /«no-such-package-of-ours» نصب نیست[\s\S]*npm install no-such-package-of-ours/,
    en: /"no-such-package-of-ours" is not installed[\s\S]*npm install no-such-package-of-ours/,
    place: "bot.ts:8",
  },
  {
    how: "it is empty",
    source: "",
    status: "ended",
    fa: /به پایان رسید[\s\S]*await bot\.run\(\)/,
    en: /came to its end[\s\S]*await bot\.run\(\)/,
  },
  {
    how: "it is renamed",
    act: ({ file, folder }) => rename(file, join(folder, "other.ts")),
    status: "running",
    fa: /پروندهٔ bot\.ts دیگر نیست/,
    en: /bot\.ts is gone/,
  },
  {
    how: "it is deleted",
    act: ({ file }) => rm(file),
    status: "running",
    fa: /نام آن عوض شده یا پاک شده/,
    en: /renamed or deleted/,
  },
  {
    how: "it is saved in UTF-16",
    source: Buffer.from(`\uFEFF${GOOD}`, "utf16le"),
    status: "crashed",
    fa: /رمزگذاری UTF-8/,
    en: /not in UTF-8/,
    place: "bot.ts:1",
  },
];

it("says in Persian and in English what a beginner broke and where, and goes on with the next save", {
  timeout: 300_000,
}, async () => {
  const made = await stage(GOOD);
  const { page, play, file, say, sees } = made;
  const card = page.locator(".thread .fault");
  const words = async (): Promise<string> => ((await card.count()) === 0 ? "" : card.last().innerText());
  let saves = 0;
  for (const { how, source, act, starts, status, fa, en, place } of WAYS) {
    if (source !== undefined) await writeFile(file, source);
    await act?.(made);
    if (starts === true) {
      await expect.poll(() => play.status, { timeout: 20_000 }).not.toBe("running");
      await expect.poll(() => play.status, { timeout: 20_000 }).toBe("running");
      await say("/start");
    }
    await expect.poll(words, { timeout: 30_000, message: how }).toMatch(fa);
    expect(play.status, how).toBe(status);
    if (place !== undefined) expect(await card.last().locator(".place-link").innerText(), how).toBe(place);
    await page.getByRole("button", { name: "English", exact: true }).click();
    await expect.poll(words, { message: how }).toMatch(en);
    await page.getByRole("button", { name: "فارسی", exact: true }).click();

    saves += 1;
    // The bot that runs from before must not stand for that of this save, nor one for half of the save.
    const before = play.pid;
    await writeFile(`${file}.new`, `${GOOD}// ${saves}\n`);
    await rename(`${file}.new`, file);
    const isNew = (): boolean => play.pid !== undefined && play.pid !== before && play.status === "running";
    await expect.poll(isNew, { timeout: 30_000, message: how }).toBe(true);
    await say(`پس از ${how}`);
    await sees(page.locator(".bubble", { hasText: `شنیدم: پس از ${how}` }));
    await card.waitFor({ state: "detached" });
  }
});

it("brings a renamed file's bot back to rest when the file comes back as it was", async () => {
  const { page, play, file, folder, sees } = await stage(GOOD);
  await expect.poll(() => play.status, { timeout: 20_000 }).toBe("running");
  await rename(file, join(folder, "other.ts"));
  const card = page.locator(".thread .fault");
  await sees(card);
  await rename(join(folder, "other.ts"), file);
  await card.waitFor({ state: "detached" });
  expect(play.status).toBe("running");
  // A byte order mark before the first line changes nothing.
  await writeFile(file, `\uFEFF${GOOD.replace("سلام", "درود")}`);
  await expect.poll(() => play.status, { timeout: 20_000 }).not.toBe("running");
  await expect.poll(() => play.status, { timeout: 20_000 }).toBe("running");
  await page.locator("[data-start]").click();
  await sees(page.locator(".bubble", { hasText: "درود" }));
});
