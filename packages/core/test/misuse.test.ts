import { describe, expect, it } from "vitest";
import { outOfRange, shown, wrongType } from "../src/misuse.js";

function outer(): Error {
  return inner();
}

function inner(): Error {
  return wrongType("ERR_BALE_BUTTON", "Doing: this is wrong. Do that.", outer);
}

describe("misuse", () => {
  it("is a TypeError or RangeError with a stable code", () => {
    const wrong = wrongType("ERR_BALE_BUTTON", "a");
    expect(wrong).toBeInstanceOf(TypeError);
    expect(wrong).toMatchObject({ name: "TypeError", code: "ERR_BALE_BUTTON", message: "a" });
    expect(outOfRange("ERR_BALE_LOCATION", "b")).toBeInstanceOf(RangeError);
  });

  it("has a stack that begins at the caller, without our own frames", () => {
    expect(outer().stack).not.toMatch(/\binner\b|\bouter\b|misuse\.ts/);
    expect(outer().stack).toContain("misuse.test.ts");
  });
});

describe("shown", () => {
  it.each([
    ["سلام", '"سلام"'],
    ["x".repeat(100), `"${"x".repeat(80)}…"`],
    [7, "7"],
    [undefined, "undefined"],
    [null, "null"],
    [Number.NaN, "NaN"],
    [10n, "10"],
    [{ a: 1 }, '{"a":1}'],
    [{ a: 10n }, "[object Object]"],
    [function named() {}, "[function named]"],
  ])("writes %s in short", (value, text) => {
    expect(shown(value)).toBe(text);
  });

  it("cuts long objects, and survives circles", () => {
    expect(shown({ text: "x".repeat(500) })).toHaveLength(121);
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(shown(circle)).toBe("[object Object]");
  });
});
