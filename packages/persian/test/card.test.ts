import { getBankNameFromCardNumber, verifyCardNumber } from "@persian-tools/persian-tools";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bankOfCardPrefix } from "../src/bank.js";
import { toPersianDigits } from "../src/digits.js";
import { maskCard, parseCard } from "../src/card.js";

const digits = (count: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: count, maxLength: count });

/** The card that begins with these fifteen digits. */
const completed = (head: string): string =>
  [..."0123456789"].map((last) => head + last).find((number) => parseCard(number) !== undefined) ?? "";

test("a card is read with any digits and marks between them, and its bank is named", () => {
  for (const text of ["6037701689095443", "۶۰۳۷-۷۰۱۶-۸۹۰۹-۵۴۴۳", "6037 7016 8909 5443"]) {
    expect(parseCard(text)).toEqual({ number: "6037701689095443", bank: "کشاورزی" });
  }
  expect(parseCard("6219861034529007")).toEqual({ number: "6219861034529007", bank: "سامان" });
  expect(maskCard("6037701689095443")).toBe("6037 **** **** 5443");
});

test("a wrong digit, a wrong length and nonsense are refused", () => {
  for (const text of [
    "6037701689095442",
    "603770168909544",
    "60377016890954433",
    "0000000000000000",
    "",
    "card",
  ]) {
    expect([text, parseCard(text), maskCard(text)]).toEqual([text, undefined, undefined]);
  }
});

test("one changed digit never makes another card", () => {
  fc.assert(
    fc.property(digits(14), fc.nat(15), fc.integer({ min: 1, max: 9 }), (tail, at, by) => {
      const card = completed(`6${tail}`);
      const changed = [...card].map((digit, place) =>
        place === at ? String((Number(digit) + by) % 10) : digit,
      );
      return parseCard(changed.join("")) === undefined;
    }),
  );
});

test("another library takes the same cards", () => {
  fc.assert(
    fc.property(digits(15), (tail) => {
      const number = `6${tail}`;
      expect(parseCard(number) !== undefined).toBe(verifyCardNumber(Number(number)) === true);
      expect(parseCard(toPersianDigits(number))?.number).toBe(parseCard(number)?.number);
    }),
    { numRuns: 2000 },
  );
});

test("another library knows the same banks, where it knows one and they were not merged since", () => {
  const merged = /انصار|مهر اقتصاد|قوامین|حکمت|کوثر/;
  const plain = (name: string): string => name.replace(/[\u200c\s]/g, "").replace(/ي/g, "ی");
  let known = 0;
  for (let prefix = 170_000; prefix < 999_999; prefix++) {
    if (bankOfCardPrefix(String(prefix)) === undefined) continue;
    const head = `${prefix}000000000`;
    const bank = parseCard(completed(head))?.bank ?? "";
    const theirs = getBankNameFromCardNumber(completed(head));
    if (theirs === undefined || theirs === null || merged.test(theirs)) continue;
    known++;
    expect([prefix, plain(theirs).includes(plain(bank))]).toEqual([prefix, true]);
  }
  expect(known).toBeGreaterThan(30);
});
