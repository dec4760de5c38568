/// <reference lib="dom" />
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { stage } from "./stage.js";

const TEA_HOUSE = await readFile(fileURLToPath(new URL("./fixtures/tea-house.ts", import.meta.url)), "utf8");

/** What has the keyboard: its name as a screen reader says it, or its text. */
function holder(page: Page): Promise<string> {
  return page.evaluate(() => {
    const at = document.activeElement;
    if (at === null || at === document.body) return "(nothing)";
    return (
      at.getAttribute("aria-label") ??
      at.closest("label")?.textContent ??
      (at.textContent?.trim() || at.getAttribute("title") || at.tagName)
    ).trim();
  });
}

/** Presses a key until something with this name has the keyboard. Throws after a whole round of the page. */
async function goTo(page: Page, name: string | RegExp, key = "Tab"): Promise<void> {
  const passed: string[] = [];
  for (let step = 0; step < 80; step++) {
    await page.keyboard.press(key);
    const now = await holder(page);
    if (typeof name === "string" ? now === name : name.test(now)) return;
    passed.push(now);
  }
  throw new Error(`${key} does not lead to ${name}. It leads to: ${passed.join(" | ")}`);
}

/** How what has the keyboard shows it: the width of the ring around it, in pixels. */
function ring(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement ?? document.body);
    return outlineStyle === "none" ? 0 : Number.parseFloat(outlineWidth);
  });
}

it("is used by keyboard alone: a text, an inline button, a reply keyboard, a payment", async () => {
  const { page, sees, play } = await stage(TEA_HOUSE);
  const type = async (text: string): Promise<void> => {
    await page.keyboard.type(text);
    await page.keyboard.press("Enter");
  };
  await goTo(page, /^شروع$/);
  expect(await ring(page)).toBeGreaterThanOrEqual(2);
  await page.keyboard.press("Enter");
  await sees(page.locator(".bubble", { hasText: "خوش آمدید" }));

  // The button that was pressed is gone: its place is kept, and Tab goes on from there.
  await expect.poll(() => holder(page)).not.toBe("(nothing)");
  await goTo(page, "پیام");

  // From the box back to the newest buttons, the last of them first.
  await goTo(page, "چای", "Shift+Tab");
  expect(await ring(page)).toBeGreaterThanOrEqual(2);
  await page.keyboard.press("Enter");
  await sees(page.locator(".bubble", { hasText: "سفارش شما: چای" }));
  // The message was edited under the finger, and the same button still has the keyboard.
  await expect.poll(() => holder(page)).toBe("چای");
  await goTo(page, "ساعت کار");
  await page.keyboard.press("Space");
  await sees(page.locator("dialog[open]", { hasText: "هر روز از ۸ تا ۲۰" }));
  await page.keyboard.press("Escape");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  await expect.poll(() => holder(page)).toBe("ساعت کار");

  await goTo(page, "پیام");
  await type("/keys");
  await sees(page.locator(".reply-keyboard"));
  await goTo(page, "بستن");
  await page.keyboard.press("Enter");
  await page.locator(".reply-keyboard").waitFor({ state: "detached" });
  // The keyboard is gone and with it the button: writing goes on.
  await expect.poll(() => holder(page)).toBe("پیام");

  await type("/buy");
  await sees(page.locator(".invoice"));
  await goTo(page, "پرداخت", "Shift+Tab");
  await page.keyboard.press("Enter");
  await sees(page.locator(".service .paid"));
  await sees(page.locator(".bubble", { hasText: "پول رسید" }));
  expect(play.bale.calls.all("answerPreCheckoutQuery")).toHaveLength(1);
  await page.locator(".pay .spinner").waitFor({ state: "detached" });
  await expect.poll(() => holder(page)).toBe("پرداخت");
});

it("answers a message, opens the menu and closes what is open by keyboard", async () => {
  const { page, sees } = await stage(TEA_HOUSE);
  await page.locator("textarea").focus();
  await page.keyboard.type("درود");
  await page.keyboard.press("Enter");
  await sees(page.locator(".bubble", { hasText: "سارا گفت: درود" }));
  await goTo(page, "پاسخ", "Shift+Tab");
  await page.keyboard.press("Enter");
  await sees(page.locator(".replying"));
  await expect.poll(() => holder(page)).toBe("پیام");
  await page.keyboard.press("Escape");
  await page.locator(".replying").waitFor({ state: "detached" });

  await goTo(page, "پیوست", "Shift+Tab");
  await page.keyboard.press("Enter");
  await sees(page.locator("[role=menu]"));
  await expect.poll(() => holder(page)).toBe("عکس");
  await page.keyboard.press("ArrowUp");
  await expect.poll(() => holder(page)).toBe("شمارهٔ من");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => holder(page)).toBe("پرونده");
  await page.keyboard.press("Escape");
  await page.locator("[role=menu]").waitFor({ state: "detached" });
  await expect.poll(() => holder(page)).toBe("پیوست");
  await page.keyboard.press("Enter");
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await sees(page.locator(".line:not(.mine) .place"));
});

it("makes a person in a dialog: what is wrong is said there, and the keyboard's place goes back", async () => {
  const { page, sees, watch } = await stage(TEA_HOUSE);
  await goTo(page, "آدم تازه");
  await page.keyboard.press("Enter");
  await sees(page.getByRole("dialog", { name: "آدم تازه" }));
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
  await expect.poll(() => holder(page)).toBe("آدم تازه");

  await page.keyboard.press("Enter");
  await page.route("**/emulator/users", (route) => route.fulfill({ status: 400, json: { error: "نه" } }), {
    times: 1,
  });
  await expect.poll(() => holder(page)).toBe("نام");
  await page.keyboard.type("نرگس");
  await page.keyboard.press("Enter");
  await sees(page.locator("dialog[open]").getByRole("alert").filter({ hasText: "نه" }));
  watch.complaints.splice(0);
  await page.keyboard.press("Enter");
  await page.locator("dialog").waitFor({ state: "detached" });
  // The new chat is open, and one can write at once.
  await expect.poll(() => holder(page)).toBe("پیام");
  await page.keyboard.type("سلام");
  await page.keyboard.press("Enter");
  await sees(page.locator(".bubble", { hasText: "نرگس گفت: سلام" }));
});

it("goes through the tabs of the panel with the arrows of a page from right to left", async () => {
  const { page, sees } = await stage(TEA_HOUSE);
  await goTo(page, "فراخوانی‌ها");
  await page.keyboard.press("ArrowLeft");
  await sees(page.getByRole("tabpanel", { name: /خروجی/ }));
  await expect.poll(() => holder(page)).toBe("خروجی");
  await page.keyboard.press("ArrowRight");
  await sees(page.getByRole("tabpanel", { name: "فراخوانی‌ها" }));
  await expect.poll(() => holder(page)).toBe("فراخوانی‌ها");
});

it("moves the keyboard into a drawer and back, and nothing behind it can be reached", async () => {
  const { page, sees } = await stage(TEA_HOUSE, { viewport: { width: 390, height: 844 } });
  await goTo(page, "فهرست");
  await page.keyboard.press("Enter");
  await sees(page.locator(".sidebar .chat-row"));
  await expect.poll(() => holder(page)).toBe("گفتگوها");
  const inside = (): Promise<boolean> =>
    page.evaluate(() => document.activeElement?.closest(".sidebar") !== null);
  for (let step = 0; step < 7; step++) {
    await page.keyboard.press("Tab");
    expect(await inside()).toBe(true);
  }
  await page.keyboard.press("Escape");
  await page.locator(".sidebar .chat-row").first().waitFor({ state: "hidden" });
  await expect.poll(() => holder(page)).toBe("فهرست");
  await goTo(page, "پشت صحنه");
  await page.keyboard.press("Enter");
  await expect.poll(() => holder(page)).toBe("پشت صحنه");
  await goTo(page, "بستن");
  await page.keyboard.press("Enter");
  await expect.poll(() => page.locator(".app").getAttribute("data-drawer")).toBeNull();
  await expect.poll(() => holder(page)).toBe("پشت صحنه");
});

it("tells a screen reader what comes in, what goes wrong, and names every control", async () => {
  const { page, say, sees } = await stage(TEA_HOUSE);
  const log = page.locator("[role=log]");
  expect(await log.innerText()).toBe("");
  await say("درود");
  await sees(page.locator(".bubble", { hasText: "سارا گفت: درود" }));
  await expect.poll(() => log.innerText()).toBe("ربات من: سارا گفت: درود");
  await say("/boom");
  await sees(page.locator(".thread").getByRole("alert"));
  // An error of the past is not called out again when its list is opened.
  await page.getByRole("tab", { name: /خروجی/ }).click();
  await sees(page.locator(".output .fault"));
  expect(await page.locator(".output [role=alert]").count()).toBe(0);
  await say("/start");
  await sees(page.locator(".inline-button"));
  const nameless = await page.evaluate(() =>
    [...document.querySelectorAll("button, a[href], input:not([hidden]), textarea, [role=tab]")]
      .filter((one) => {
        const label = one.closest("label")?.textContent ?? "";
        return (
          `${one.getAttribute("aria-label") ?? ""}${one.getAttribute("title") ?? ""}${one.textContent}${label}`.trim() ===
          ""
        );
      })
      .map((one) => one.outerHTML),
  );
  expect(nameless).toEqual([]);
});

/** Every text of the page against what is behind it: WCAG's 4.5, or 3 for what is large. */
function faintTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    if (canvas === null) throw new Error("There is no canvas.");
    type Colour = readonly [number, number, number, number];
    const parse = (text: string): Colour => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = text;
      canvas.fillRect(0, 0, 1, 1);
      const [r = 0, g = 0, b = 0, a = 0] = canvas.getImageData(0, 0, 1, 1).data;
      return [r, g, b, a / 255];
    };
    const over = (top: Colour, below: Colour): Colour => {
      const mixed = ([0, 1, 2] as const).map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
      return [mixed[0] ?? 0, mixed[1] ?? 0, mixed[2] ?? 0, 1];
    };
    const light = ([r, g, b]: Colour): number => {
      const [x = 0, y = 0, z = 0] = [r, g, b].map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const behind = (element: Element): Colour | undefined => {
      const layers: Colour[] = [];
      for (let at: Element | null = element; at !== null; at = at.parentElement) {
        const style = getComputedStyle(at);
        // A picture's colours are not to be known here; only letters that repeat a name stand on one.
        if (style.backgroundImage !== "none") return undefined;
        layers.push(parse(style.backgroundColor));
      }
      return layers.reduceRight((below, top) => over(top, below), [255, 255, 255, 1] as Colour);
    };
    const faint: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement;
      const words = node.textContent?.trim() ?? "";
      if (
        element === null ||
        words === "" ||
        element.closest(".avatar, [disabled], .unseen, script") !== null
      )
        continue;
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const ground = behind(element);
      if (ground === undefined) continue;
      const style = getComputedStyle(element);
      const [a, b] = [light(over(parse(style.color), ground)), light(ground)];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      const size = Number.parseFloat(style.fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      if (ratio < (isLarge ? 3 : 4.5))
        faint.push(`${ratio.toFixed(2)} ${element.className}: ${words.slice(0, 30)}`);
    }
    return faint;
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  it(`can be read by weak eyes: every text stands out, ${colorScheme}`, async () => {
    const { page, say, sees, watch } = await stage(TEA_HOUSE, { colorScheme, reducedMotion: "reduce" });
    await say("/start");
    await say("/keys");
    await say("/buy");
    await sees(page.locator(".invoice"));
    await say("/boom");
    await sees(page.locator(".thread .fault"));
    await page.route("**/emulator/messages", (route) => route.abort(), { times: 1 });
    await say("نرسید");
    await sees(page.locator(".line.unsent"));
    watch.complaints.splice(0);
    await page.locator('.call[data-method="sendMessage"] summary').first().click();
    await sees(page.locator(".json"));
    expect(await faintTexts(page)).toEqual([]);
    await page.getByRole("tab", { name: /خروجی/ }).click();
    await sees(page.locator(".output .fault"));
    await page.locator(".chat-row", { hasText: "گروه آزمایش" }).click();
    await say("سلام");
    await sees(page.locator(".bubble", { hasText: "سارا گفت" }));
    expect(await faintTexts(page)).toEqual([]);
  });
}
