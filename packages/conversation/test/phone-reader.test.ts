import fc from "fast-check";
import { expect, test } from "vitest";
import { readContactPhone, readPhone } from "../src/phone-reader.js";
import { spelled } from "./spelled.js";

test("every Iranian mobile number is read, however it is written", () => {
  const prefix = fc.constantFrom("0", "+98", "98", "0098", "", "+98 0", "(+98) ", "tel:+98");
  const gaps = fc.constantFrom("", " ", "-", "–", ".", "\u200c");
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 999_999_999 }),
      prefix,
      gaps,
      spelled,
      (rest, start, gap, spell) => {
        const own = `9${String(rest).padStart(9, "0")}`;
        const written = `${start}${own.slice(0, 3)}${gap}${own.slice(3, 6)}${gap}${own.slice(6)}`;
        expect(readPhone(spell(written), false)).toBe(`+98${own}`);
      },
    ),
  );
});

test("a number of a house counts only where it is wanted", () => {
  expect(readPhone("۰۲۱ ۸۸۸۸ ۸۸۸۸", false)).toBeUndefined();
  expect(readPhone("۰۲۱ ۸۸۸۸ ۸۸۸۸", true)).toBe("+982188888888");
});

test.each(["", "0912", "۰۹۱۲۱۲۳۴۵۶", "091212345678", "hello", "+1 212 555 0100", "0".repeat(70)])(
  "%j is no Iranian number",
  (text) => {
    expect(readPhone(text, true)).toBeUndefined();
  },
);

test("contacts come from all countries, with or without a plus", () => {
  expect(readContactPhone("989121234567")).toBe("+989121234567");
  expect(readContactPhone("+1 212 555 0100")).toBe("+12125550100");
  expect(readContactPhone("none")).toBeUndefined();
});
