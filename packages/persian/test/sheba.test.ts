import { getShebaInfo, isShebaValid } from "@persian-tools/persian-tools";
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatSheba, parseSheba } from "../src/sheba.js";
import { toPersianDigits } from "../src/digits.js";

/** A Sheba with right check digits: what is left of 98 after the rest is divided by 97. */
const sheba = (bban: string): string =>
  `IR${String(98n - (BigInt(`${bban}182700`) % 97n)).padStart(2, "0")}${bban}`;
const bbans = fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 22, maxLength: 22 });

test("a Sheba is read with or without its country, and its bank is named", () => {
  for (const text of [
    "IR820540102680020817909002",
    "ir82 0540 1026 8002 0817 9090 02",
    "۸۲۰۵۴۰۱۰۲۶۸۰۰۲۰۸۱۷۹۰۹۰۰۲",
    "IR-82-0540102680020817909002",
  ]) {
    expect(parseSheba(text)).toEqual({ number: "IR820540102680020817909002", bank: "پارسیان" });
  }
  expect(formatSheba("820540102680020817909002")).toBe("IR82 0540 1026 8002 0817 9090 02");
});

test("a wrong digit, length or country is refused", () => {
  for (const text of [
    "IR820540102680020817909003",
    "IR82054010268002081790900",
    "DE820540102680020817909002",
    "IR00",
    "",
  ]) {
    expect([text, parseSheba(text), formatSheba(text)]).toEqual([text, undefined, undefined]);
  }
});

test("every Sheba with right check digits is read, no other; another library agrees", () => {
  fc.assert(
    fc.property(bbans, fc.integer({ min: 1, max: 9 }), fc.nat(23), (bban, by, at) => {
      const right = sheba(bban);
      expect(parseSheba(toPersianDigits(right))?.number).toBe(right);
      expect(isShebaValid(right)).toBe(true);
      const digits = [...right.slice(2)];
      digits[at] = String((Number(digits[at]) + by) % 10);
      expect(parseSheba(`IR${digits.join("")}`)).toBeUndefined();
    }),
    { numRuns: 1000 },
  );
});

test("another library knows the same banks, where it knows one and they were not merged since", () => {
  const merged = /انصار|مهر اقتصاد|قوامین|حکمت|کوثر|عسکریه/;
  const plain = (name: string): string =>
    name
      .replace(/[\u200c\s‌]/g, "")
      .replace(/ي/g, "ی")
      .replace(/آ/g, "ا");
  let known = 0;
  for (let code = 0; code < 1000; code++) {
    const number = sheba(String(code).padStart(3, "0").padEnd(22, "0"));
    const bank = parseSheba(number)?.bank;
    const theirs = getShebaInfo(number)?.persianName;
    if (bank === undefined || theirs === undefined || merged.test(theirs)) continue;
    known++;
    expect([code, theirs, plain(theirs).includes(plain(bank))]).toEqual([code, theirs, true]);
  }
  expect(known).toBeGreaterThan(20);
});
