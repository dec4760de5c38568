import { describe, expect, it } from "vitest";

import { Fields } from "../src/fields.js";

function fields(params: Record<string, unknown>): Fields {
  return new Fields({ method: "test", params, files: new Map(), encoding: "json" });
}

describe("reading parameters", () => {
  it("takes numbers and booleans as strings", () => {
    const read = fields({ a: "12", b: "-3", c: "1.5", d: "True", e: 0, f: "false" });
    expect(read.integer("a")).toBe(12);
    expect(read.integer("b")).toBe(-3);
    expect(read.number("c")).toBe(1.5);
    expect(read.boolean("d")).toBe(true);
    expect(read.boolean("e")).toBe(false);
    expect(read.boolean("f")).toBe(false);
  });

  it("takes objects and their JSON, and null as absent", () => {
    const read = fields({ a: { x: 1 }, b: '{"x":1}', c: null });
    expect(read.structure("a")).toEqual({ x: 1 });
    expect(read.structure("b")).toEqual({ x: 1 });
    expect(read.structure("c")).toBeUndefined();
    expect(read.optionalText("c")).toBeUndefined();
  });

  it("refuses what does not fit, saying which parameter", () => {
    const read = fields({ a: "12x", b: {}, c: "{", d: "maybe", e: "", f: 1.5 });
    expect(() => read.integer("a")).toThrow("Bad Request: a must be an integer");
    expect(() => read.integer("f")).toThrow("f must be an integer");
    expect(() => read.text("b")).toThrow("b must be a string");
    expect(() => read.structure("c")).toThrow("can't parse c JSON object");
    expect(() => read.boolean("d")).toThrow("d must be a boolean");
    expect(() => read.text("e")).toThrow("e is empty");
    expect(() => read.integer("missing")).toThrow("missing is not specified");
  });

  it("counts characters by code point, and bytes where asked", () => {
    const read = fields({ emoji: "😀".repeat(10), persian: "سلام" });
    expect(read.text("emoji", { max: 10 })).toHaveLength(20);
    expect(() => read.text("emoji", { max: 9 })).toThrow("emoji is too long: 10 characters, at most 9");
    expect(() => read.text("persian", { max: 7, bytes: true })).toThrow("8 bytes, at most 7");
  });

  it("knows what was never read", () => {
    const read = fields({ text: "a", parse_mode: "HTML" });
    read.text("text");
    expect(read.ignored()).toEqual(["parse_mode"]);
  });
});
