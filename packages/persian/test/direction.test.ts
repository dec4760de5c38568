import fc from "fast-check";
import { expect, test } from "vitest";
import { isolate, isolateLatin, stripDirection } from "../src/direction.js";

const shown = (text: string): string =>
  isolateLatin(text)
    .replace(/\u2068/g, "<")
    .replace(/\u2069/g, ">");

test("runs of Latin words in a Persian text are isolated, with the signs that belong to them", () => {
  const isolated = [
    ["زبان C++ خوب است", "زبان <C++> خوب است"],
    ["گوشی Galaxy S24 Ultra رسید", "گوشی <Galaxy S24 Ultra> رسید"],
    ["به @my_shop_bot پیام بده.", "به <@my_shop_bot> پیام بده."],
    ["نشانی https://ble.ir/a?b=c#d را ببین", "نشانی <https://ble.ir/a?b=c#d> را ببین"],
    ["تلفن +98-912 است", "تلفن <+98-912> است"],
    ["نسخهٔ Beta (v2).", "نسخهٔ <Beta> (<v2>)."],
    ["تابع f(x) را ببین", "تابع <f(x)> را ببین"],
    ["گفت: Hello!", "گفت: <Hello>!"],
    ["۱۲ عدد", "۱۲ عدد"],
    ["12 عدد", "12 عدد"],
  ] as const;
  for (const [text, result] of isolated) expect(shown(text)).toBe(result);
});

test("a text without Persian letters stays, and so does what is isolated already", () => {
  expect(isolateLatin("Hello, C++!")).toBe("Hello, C++!");
  expect(isolateLatin("سلام \u2068Ali\u2069")).toBe("سلام \u2068Ali\u2069");
});

test("isolating twice is isolating once, marks stand in pairs, and only marks are added", () => {
  const unit = fc.constantFrom(..."ابپ abc12@#+/().,:! ", "\u2068", "\u2069", "\u200c", "«", "»", "۱");
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 30 }), (typed) => {
      const text = stripDirection(typed);
      const once = isolateLatin(text);
      expect(isolateLatin(once)).toBe(once);
      expect(stripDirection(once)).toBe(text);
      expect(once.match(/\u2068/g)?.length).toBe(once.match(/\u2069/g)?.length);
    }),
    { numRuns: 2000 },
  );
});

test("a bracket at the end belongs to a run if it was opened inside, whatever stands around it", () => {
  const isolated = [
    ["الف f(x)). ب", "الف <f(x)>). ب"],
    ["الف f(g(x)). ب", "الف <f(g(x))>. ب"],
    ["الف a[1]}]. ب", "الف <a[1]>}]. ب"],
    ["الف f(x!). ب", "الف <f(x!)>. ب"],
    ["الف x)))) ب", "الف <x>)))) ب"],
  ] as const;
  for (const [text, result] of isolated) expect(shown(text)).toBe(result);
});

test("a long text is gone through once, whatever it is made of", () => {
  for (const filler of ["@", "#$+", "1.", "+1", "a)", ")", "a(", "1 ", "a.", "\u2066"]) {
    // Going through it again from each place would take minutes of work, however idle the machine is.
    const before = process.cpuUsage();
    isolateLatin(`س a${filler.repeat(100_000)}`);
    isolateLatin(`س ${filler.repeat(100_000)}`);
    expect(process.cpuUsage(before).user).toBeLessThan(10_000_000);
  }
});

test("a name somebody typed can't turn what stands around it", () => {
  expect(isolate("\u202eevil\u2069\u2069")).toBe("\u2068evil\u2069");
  expect(stripDirection("\u200fسلام\u200e \u2067x\u2069\u061c")).toBe("سلام x");
});
