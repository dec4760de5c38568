import fc from "fast-check";
import { expect, test } from "vitest";
import {
  addDays,
  addMonths,
  compareJalali,
  daysInMonth,
  fromJalali,
  isJalaliDate,
  isLeapYear,
  toJalali,
  weekdayOf,
} from "../src/jalali-date.js";

const intl = new Intl.DateTimeFormat("en-u-ca-persian-nu-latn", {
  timeZone: "Asia/Tehran",
  year: "numeric",
  month: "numeric",
  day: "numeric",
  weekday: "short",
});
const partsOf = (ms: number): Map<string, string> =>
  new Map(intl.formatToParts(ms).map(({ type, value }) => [type, value]));

/** Within these years our rule and the one of Intl are known to agree. */
const moments = fc.integer({ min: Date.UTC(1850, 0, 1), max: Date.UTC(2100, 0, 1) });

test("days that everybody knows are the right days", () => {
  const known = [
    ["1979-02-11", { year: 1357, month: 11, day: 22 }],
    ["2000-03-20", { year: 1379, month: 1, day: 1 }],
    ["2017-03-20", { year: 1395, month: 12, day: 30 }],
    ["2021-03-20", { year: 1399, month: 12, day: 30 }],
    ["2025-03-21", { year: 1404, month: 1, day: 1 }],
    ["2026-11-26", { year: 1405, month: 9, day: 5 }],
    ["1990-08-23", { year: 1369, month: 6, day: 1 }],
  ] as const;
  for (const [gregorian, jalali] of known) {
    expect(toJalali(new Date(`${gregorian}T08:00:00Z`))).toEqual(jalali);
  }
});

test("the leap years are those of the official calendar", () => {
  const leap = [
    1309, 1313, 1317, 1321, 1325, 1329, 1333, 1337, 1342, 1346, 1350, 1354, 1358, 1362, 1366, 1370, 1375,
    1379, 1383, 1387, 1391, 1395, 1399, 1403, 1408, 1412, 1416, 1420, 1424, 1428, 1432, 1436, 1441,
  ];
  const found: number[] = [];
  for (let year = 1309; year <= 1441; year++) if (isLeapYear(year)) found.push(year);
  expect(found).toEqual(leap);
});

test("the calendar of Intl says the same day and day of the week, from 1850 to 2100", () => {
  const names = ["Sat", "Sun", "Mon", "Tue", "Wed", "Thu", "Fri"];
  fc.assert(
    fc.property(moments, (ms) => {
      const jalali = toJalali(ms);
      const parts = partsOf(ms);
      expect([jalali.year, jalali.month, jalali.day]).toEqual(
        ["year", "month", "day"].map((type) => Number(parts.get(type))),
      );
      expect(names[weekdayOf(jalali)]).toBe(parts.get("weekday"));
    }),
    { numRuns: 2000 },
  );
});

test("a day begins in Tehran, also when Iran still had summer time", () => {
  expect(fromJalali({ year: 1405, month: 9, day: 5 }).toISOString()).toBe("2026-11-25T20:30:00.000Z");
  expect(fromJalali({ year: 1400, month: 4, day: 1 }).toISOString()).toBe("2021-06-21T19:30:00.000Z");
  expect(fromJalali({ year: 1405, month: 9, day: 5 }, { hour: 14, minute: 5 }).toISOString()).toBe(
    "2026-11-26T10:35:00.000Z",
  );
  expect(fromJalali({ year: 1405, month: 9, day: 5 }, {}, "UTC").toISOString()).toBe(
    "2026-11-26T00:00:00.000Z",
  );
  expect(toJalali(Date.parse("2026-11-25T20:29:59Z"))).toEqual({ year: 1405, month: 9, day: 4 });
  expect(toJalali(Date.parse("2026-11-25T20:30:00Z"))).toEqual({ year: 1405, month: 9, day: 5 });
});

test("a time that summer time skipped is moved on, and of a time that came twice it is the first", () => {
  // 1400-01-02 00:00 to 01:00 did not exist in Tehran; 1400-06-30 23:00 to 24:00 came twice.
  expect(fromJalali({ year: 1400, month: 1, day: 2 }, { minute: 30 }).toISOString()).toBe(
    "2021-03-21T21:00:00.000Z",
  );
  expect(fromJalali({ year: 1400, month: 6, day: 30 }, { hour: 23, minute: 30 }).toISOString()).toBe(
    "2021-09-21T19:00:00.000Z",
  );
});

test("a day and its moment lead back to each other, in any zone", () => {
  const zones = fc.constantFrom("Asia/Tehran", "UTC", "America/New_York", "Pacific/Apia", "Asia/Kathmandu");
  fc.assert(
    fc.property(moments, zones, fc.nat(86_399), (ms, zone, ofDay) => {
      const day = toJalali(ms, zone);
      const hour = 4 + Math.floor(ofDay / 4320);
      expect(toJalali(fromJalali(day, { hour }, zone), zone)).toEqual(day);
    }),
    { numRuns: 500 },
  );
});

test("days and months are added, and a day that a month does not have is its last", () => {
  expect(addDays({ year: 1403, month: 12, day: 30 }, 1)).toEqual({ year: 1404, month: 1, day: 1 });
  expect(addDays({ year: 1404, month: 1, day: 1 }, -1)).toEqual({ year: 1403, month: 12, day: 30 });
  expect(addMonths({ year: 1405, month: 6, day: 31 }, 1)).toEqual({ year: 1405, month: 7, day: 30 });
  expect(addMonths({ year: 1405, month: 1, day: 31 }, -1)).toEqual({ year: 1404, month: 12, day: 29 });
  expect(addMonths({ year: 1405, month: 5, day: 2 }, 20)).toEqual({ year: 1407, month: 1, day: 2 });
  fc.assert(
    fc.property(moments, fc.integer({ min: -40_000, max: 40_000 }), (ms, days) => {
      const day = toJalali(ms);
      const then = addDays(day, days);
      expect(addDays(then, -days)).toEqual(day);
      expect(Math.sign(compareJalali(then, day))).toBe(Math.sign(days));
      expect((((weekdayOf(day) + days) % 7) + 7) % 7).toBe(weekdayOf(then));
    }),
  );
});

test("days that are not in the calendar are refused, and the year 1 and 3177 are in it", () => {
  for (const [year, month, day] of [
    [1404, 12, 30],
    [1405, 7, 31],
    [1405, 13, 1],
    [1405, 0, 1],
    [1405, 1, 0],
    [0, 1, 1],
    [3178, 1, 1],
    [1405, 1.5, 1],
    [Number.NaN, 1, 1],
  ] as const) {
    expect(isJalaliDate({ year, month, day })).toBe(false);
    expect(() => fromJalali({ year, month, day })).toThrow(RangeError);
  }
  expect(isJalaliDate({ year: 1, month: 1, day: 1 })).toBe(true);
  expect(daysInMonth(3177, 12)).toBeGreaterThan(28);
  expect(() => isLeapYear(0)).toThrow(RangeError);
  expect(() => daysInMonth(1405, 13)).toThrow(/Give 1 \(Farvardin\) to 12/);
  expect(() => toJalali(new Date(Number.NaN))).toThrow(TypeError);
  expect(() => toJalali("today" as never)).toThrow(/milliseconds since 1970/);
  expect(() => fromJalali({ year: 1405, month: 1, day: 1 }, { hour: "x" as never })).toThrow(TypeError);
});

test("what lies outside of the calendar is told in words, with the code of this package", () => {
  const last = { year: 3177, month: 12, day: 29 };
  const first = { year: 1, month: 1, day: 1 };
  const faults = [
    () => addDays(last, 400),
    () => addDays(first, -1),
    () => addDays(last, 1e12),
    () => toJalali(8.64e15),
    () => toJalali(-8.64e15),
    () => toJalali(Date.UTC(600, 0, 1)),
  ];
  for (const fault of faults) {
    expect(fault).toThrow(RangeError);
    expect(fault).toThrow(/outside of the years 1 to 3177/);
    expect(fault).toThrow(expect.objectContaining({ code: "ERR_BALE_PERSIAN" }));
  }
  expect(addDays(addDays(last, -1), 1)).toEqual(last);
  expect(addDays(addDays(first, 1), -1)).toEqual(first);
  for (const days of [0.5, Number.NaN, Number.POSITIVE_INFINITY, "1"]) {
    expect(() => addDays(first, days as number)).toThrow(TypeError);
  }
});
