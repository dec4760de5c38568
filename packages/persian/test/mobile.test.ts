import { isPhoneNumberValid } from "@persian-tools/persian-tools";
import fc from "fast-check";
import { expect, test } from "vitest";
import { toPersianDigits } from "../src/digits.js";
import { formatMobile, parseMobile } from "../src/mobile.js";

test("a mobile number is read in every way it is written", () => {
  for (const text of [
    "۰۹۱۲۱۲۳۴۵۶۷",
    "٠٩١٢١٢٣٤٥٦٧",
    "09121234567",
    "0912 123 4567",
    "0912-123-45-67",
    "9121234567",
    "+989121234567",
    "+98 (912) 123 4567",
    "+9809121234567",
    "00989121234567",
    "989121234567",
    "\u202a+989121234567\u202c",
    "tel:+989121234567",
  ]) {
    expect([text, parseMobile(text)]).toEqual([text, "+989121234567"]);
  }
});

test("what is no Iranian mobile number is not read", () => {
  for (const text of ["", "0912123456", "091212345678", "02112345678", "+19121234567", "0912a234567", "+"]) {
    expect([text, parseMobile(text)]).toEqual([text, undefined]);
  }
  expect(parseMobile(undefined as never)).toBeUndefined();
});

test("it is written as it is read out, and read back", () => {
  expect(formatMobile("+989121234567")).toBe("۰۹۱۲ ۱۲۳ ۴۵۶۷");
  expect(formatMobile("09121234567", { digits: "latin" })).toBe("0912 123 4567");
  expect(() => formatMobile("123")).toThrow(/is not an Iranian mobile number/);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999 }), (rest) => {
      const mobile = `+989${String(rest).padStart(9, "0")}`;
      expect(parseMobile(formatMobile(mobile))).toBe(mobile);
      expect(parseMobile(toPersianDigits(`0${mobile.slice(3)}`))).toBe(mobile);
    }),
  );
});

test("whatever another library takes for a number of an operator is one here", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999 }), (rest) => {
      const mobile = `09${String(rest).padStart(9, "0")}`;
      return !isPhoneNumberValid(mobile) || parseMobile(mobile) !== undefined;
    }),
    { numRuns: 2000 },
  );
});
