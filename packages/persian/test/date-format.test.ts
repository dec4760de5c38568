import { expect, test } from "vitest";
import { formatJalali } from "../src/date-format.js";

const date = { year: 1405, month: 9, day: 5 };

test("a day is written short, long and in full", () => {
  expect(formatJalali(date)).toBe("۵ آذر ۱۴۰۵");
  expect(formatJalali(date, { style: "short" })).toBe("۱۴۰۵/۰۹/۰۵");
  expect(formatJalali(date, { style: "full" })).toBe("پنجشنبه ۵ آذر ۱۴۰۵");
  expect(formatJalali(date, { style: "short", digits: "latin" })).toBe("1405/09/05");
});

test("a moment is written as the day and the time it is in Tehran, or elsewhere", () => {
  const moment = new Date("2026-11-25T21:05:00Z");
  expect(formatJalali(moment, { time: true })).toBe("۵ آذر ۱۴۰۵، ساعت ۰۰:۳۵");
  expect(formatJalali(moment.getTime(), { time: true, timeZone: "UTC" })).toBe("۴ آذر ۱۴۰۵، ساعت ۲۱:۰۵");
});

test("a day that is not in the calendar is refused", () => {
  expect(() => formatJalali({ year: 1404, month: 12, day: 30 })).toThrow(
    /is not a day of the Persian calendar/,
  );
});
