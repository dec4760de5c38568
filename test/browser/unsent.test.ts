/// <reference lib="dom" />
import { playground } from "@balekit/playground";
import { expect, it } from "vitest";
import { stage } from "./stage.js";

const ECHO = `
import { Bot } from "balekit";
const bot = new Bot(process.env.BALE_TOKEN);
bot.on("message:document", (ctx) => ctx.reply("پرونده: " + ctx.message.document.file_name));
bot.on("message:text", (ctx) => ctx.reply("شنیدم: " + ctx.text));
await bot.run();
`;

it("keeps a text that could not be sent, over a reload too, and sends it when the playground is back", async () => {
  const made = await stage(ECHO);
  const { page, say, sees, file, watch } = made;
  await say("یک");
  await sees(page.locator(".bubble", { hasText: "شنیدم: یک" }));
  const { port } = made.play;
  await made.play.close();
  await say("دو\nخط");
  await say("سه");
  const unsent = page.locator(".line.unsent");
  await sees(unsent.filter({ hasText: "سه" }));
  await expect.poll(() => unsent.count()).toBe(2);
  expect(await unsent.first().locator(".rich-text").innerText()).toBe("دو\nخط");
  expect(await unsent.first().getByRole("alert").innerText()).toContain("زمین بازی در دسترس نیست");

  await page.locator("textarea").fill("نیمه‌کاره");
  made.play = await playground({ file, port });
  expect(made.play.port).toBe(port);
  await page.reload();
  await sees(unsent.filter({ hasText: "سه" }));
  expect(await page.locator("textarea").inputValue()).toBe("نیمه‌کاره");

  await unsent.first().getByRole("button", { name: "دوباره بفرست" }).click();
  await sees(page.locator(".bubble", { hasText: "شنیدم: دو" }));
  await expect.poll(() => unsent.count()).toBe(1);
  await expect.poll(() => page.locator(".line.mine", { hasText: "خط" }).count()).toBe(1);

  // One that is to be changed comes back into the box, before what is there.
  await unsent.getByRole("button", { name: "ویرایش" }).click();
  await expect.poll(() => page.locator("textarea").inputValue()).toBe("سه\nنیمه‌کاره");
  await expect.poll(() => unsent.count()).toBe(0);
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("TEXTAREA");
  await page.locator("textarea").press("Enter");
  await sees(page.locator(".bubble", { hasText: "شنیدم: سه" }));
  await page.reload();
  await sees(page.locator(".bubble", { hasText: "شنیدم: سه" }));
  expect(await page.locator("textarea").inputValue()).toBe("");
  expect(await unsent.count()).toBe(0);
  // Chromium itself notes each connection that was refused meanwhile.
  watch.complaints.splice(0);
});

it("says why the playground refused a text, and keeps a file that was not sent", async () => {
  const { page, sees, say, watch } = await stage(ECHO);
  await page.route("**/emulator/messages", (route) => route.fulfill({ status: 400, json: { error: "نه" } }), {
    times: 1,
  });
  await say("بار یکم");
  const unsent = page.locator(".line.unsent");
  await sees(unsent);
  expect(await unsent.getByRole("alert").innerText()).toBe("نه");
  await unsent.getByRole("button", { name: "حذف" }).click();
  await unsent.waitFor({ state: "detached" });

  await page.route("**/emulator/messages", (route) => route.abort(), { times: 1 });
  await page.locator(".attach > button").click();
  const [picker] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("menuitem", { name: "پرونده", exact: true }).click(),
  ]);
  await picker.setFiles({ name: "فهرست.txt", mimeType: "text/plain", buffer: Buffer.from("چای") });
  await sees(unsent.filter({ hasText: "فهرست.txt" }));
  await unsent.getByRole("button", { name: "دوباره بفرست" }).click();
  await sees(page.locator(".bubble", { hasText: "پرونده: فهرست.txt" }));
  await unsent.waitFor({ state: "detached" });
  watch.complaints.splice(0);
});

it("keeps what is half written in each chat with that chat", async () => {
  const { page } = await stage(ECHO);
  const box = page.locator("textarea");
  await box.fill("برای خودم");
  await page.locator(".chat-row", { hasText: "گروه آزمایش" }).click();
  await expect.poll(() => box.inputValue()).toBe("");
  await box.fill("برای گروه");
  await page.locator(".chat-row", { hasText: "گفتگوی خصوصی" }).first().click();
  await expect.poll(() => box.inputValue()).toBe("برای خودم");
  await page.locator(".chat-row", { hasText: "گروه آزمایش" }).click();
  await expect.poll(() => box.inputValue()).toBe("برای گروه");
});

it("shows a text that is under way until it has arrived", async () => {
  const { page, say, sees } = await stage(ECHO);
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/emulator/messages", async (route) => {
    await held;
    await route.continue();
  });
  await say("در راه");
  await sees(page.locator(".line.sending", { hasText: "در راه" }));
  await expect.poll(() => page.locator("textarea").inputValue()).toBe("");
  release();
  await sees(page.locator(".bubble", { hasText: "شنیدم: در راه" }));
  await page.locator(".line.sending").waitFor({ state: "detached" });
  expect(await page.locator(".line.mine").count()).toBe(1);
});
