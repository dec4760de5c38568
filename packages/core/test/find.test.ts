import { describe, expect, it } from "vitest";
import { find } from "../src/find.js";

describe("find", () => {
  it("answers the first element that passes, of any iterable", () => {
    expect(find([1, 2, 3, 4], (n) => n > 2)).toBe(3);
    expect(find(new Set(["a", "bb"]), (s) => s.length === 2)).toBe("bb");
    expect(find(new Map([["x", 1]]), ([key]) => key === "x")).toEqual(["x", 1]);
  });

  it("answers undefined when none passes", () => {
    expect(find([], () => true)).toBeUndefined();
    expect(find("abc", (letter) => letter === "d")).toBeUndefined();
  });

  it("reads no further than the element it found", () => {
    let read = 0;
    function* numbers(): Generator<number> {
      for (;;) yield ++read;
    }
    expect(find(numbers(), (n) => n === 3)).toBe(3);
    expect(read).toBe(3);
  });
});
