import { normalizeText } from "balekit";
import fc from "fast-check";
import { expect, test } from "vitest";
import { normalizePersian, persianNormalizer } from "../src/normalizer.js";

const everyLetter = fc.string({
  unit: fc.oneof(
    fc.integer({ min: 0x600, max: 0x6ff }).map((code) => String.fromCharCode(code)),
    fc.integer({ min: 0xfb50, max: 0xfefc }).map((code) => String.fromCharCode(code)),
    fc.constantFrom(
      "\u200c",
      "\u200d",
      "\u200e",
      "\u2067",
      "\u00a0",
      " ",
      "\n",
      "a",
      "1",
      "😀",
      "\u0654",
      "¬",
    ),
  ),
});

test("the same word typed on other keyboards becomes the same text", () => {
  const same = [
    ["كتاب‌هاي ٣", "کتاب های 3"],
    ["سـلام", "سلام"],
    ["سَلامٌ", "سلام"],
    ["مسئول مؤسسه", "مسیول موسسه"],
    ["خانهٔ", "خانه"],
    ["خانۀ", "خانه"],
    ["ﺳﻼم", "سلام"],
    ["\u202bسلام\u202c", "سلام"],
    ["می‌خواهم", "می خواهم"],
    ["می‌‌خواهم", "می خواهم"],
    ["سلام \u00a0 دنیا", "سلام دنیا"],
  ] as const;
  for (const [typed, normal] of same) expect(normalizePersian(typed)).toBe(normal);
});

test("آ stays itself, however it is composed", () => {
  expect(normalizePersian("آب")).toBe("آب");
  expect(normalizePersian("ا\u0653ب")).toBe("آب");
});

test("lines, Latin text and emoji stay", () => {
  for (const text of ["سلام\nدنیا", "Hello, World-1!", "😀👨‍👩‍👧"]) {
    expect(normalizePersian(text).replace(/\u200d/g, "")).toBe(text.replace(/\u200d/g, ""));
  }
});

test("half-spaces can be joined or kept, and letters with a hamza can be kept", () => {
  expect(persianNormalizer({ halfSpace: "join" })("می‌خواهم")).toBe("میخواهم");
  expect(persianNormalizer({ halfSpace: "keep" })("می‌خواهم")).toBe("می‌خواهم");
  expect(persianNormalizer({ plainLetters: false })("مسئول")).toBe("مسئول");
});

test("normalizing twice is normalizing once, with every option", () => {
  for (const halfSpace of ["space", "join", "keep"] as const) {
    for (const plainLetters of [true, false]) {
      const normalize = persianNormalizer({ halfSpace, plainLetters });
      fc.assert(
        fc.property(everyLetter, (text) => normalize(normalize(text)) === normalize(text)),
        { numRuns: 500 },
      );
    }
  }
});

test("texts that the bot's own normalizing makes equal are equal here as well", () => {
  fc.assert(
    fc.property(everyLetter, (text) => normalizePersian(normalizeText(text)) === normalizePersian(text)),
    { numRuns: 1000 },
  );
});
