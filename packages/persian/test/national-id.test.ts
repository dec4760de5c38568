import {
  validateNationalIdChecksum,
  verifyIranianLegalId,
  verifyIranianNationalId,
} from "@persian-tools/persian-tools";
import fc from "fast-check";
import { expect, test } from "vitest";
import { toPersianDigits } from "../src/digits.js";
import { parseCompanyId, parseNationalId } from "../src/national-id.js";

test("a national id is read with any digits and marks between them", () => {
  for (const text of ["0499370899", "۰۴۹۹۳۷۰۸۹۹", "049-937089-9", " ٠٤٩ ٩٣٧ ٠٨٩ ٩ "]) {
    expect(parseNationalId(text)).toBe("0499370899");
  }
  for (const id of ["0790419904", "0084575948", "0963695398", "0684159414", "0067749828"]) {
    expect(parseNationalId(id)).toBe(id);
  }
});

test("a wrong last digit, ten equal digits and other lengths are refused", () => {
  for (const text of [
    "0499370898",
    "1111111111",
    "0000000000",
    "499370899",
    "04993708990",
    "049937089a",
    "",
  ]) {
    expect([text, parseNationalId(text)]).toEqual([text, undefined]);
  }
});

test("another library agrees on the check digit of every number, and takes nothing that we refuse", () => {
  const ids = fc.integer({ min: 0, max: 9_999_999_999 }).map((value) => String(value).padStart(10, "0"));
  fc.assert(
    fc.property(ids, (id) => {
      const equal = /^(\d)\1{9}$/.test(id);
      if (!equal) expect(parseNationalId(id) !== undefined).toBe(validateNationalIdChecksum(id));
      if (verifyIranianNationalId(id)) expect(parseNationalId(toPersianDigits(id))).toBe(id);
    }),
    { numRuns: 3000 },
  );
});

test("of the ten last digits exactly one is right", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999_998 }), (value) => {
      const head = String(value).padStart(9, "0");
      const right = [..."0123456789"].filter((last) => parseNationalId(head + last) !== undefined);
      return /^(\d)\1{8}$/.test(head) ? right.length <= 1 : right.length === 1;
    }),
  );
});

test("the id of a company is read, and another library takes the same ones", () => {
  expect(parseCompanyId("۱۰۳۸۰۲۸۴۷۹۰")).toBe("10380284790");
  expect(parseCompanyId("10380284791")).toBeUndefined();
  expect(parseCompanyId("11111111111")).toBeUndefined();
  fc.assert(
    fc.property(fc.integer({ min: 10_000_000_000, max: 99_999_999_999 }), (value) => {
      if (/^\d{3}0{6}/.test(String(value)) || /^(\d)\1{10}$/.test(String(value))) return;
      expect(parseCompanyId(String(value)) !== undefined).toBe(verifyIranianLegalId(value));
    }),
    { numRuns: 3000 },
  );
});
