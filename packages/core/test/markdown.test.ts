import fc from "fast-check";
import { expect, test } from "vitest";
import { bold, italic, link, markdown, md, piece } from "../src/markdown.js";
import { escapeMarkdown } from "../src/markdown-escape.js";

/** What Bale documents: marks with a space or an edge outside, links, blocks. */
const MEANT = /(?<=^|\s)([*_])[^\n]*?\1(?=\s|$)|\[[^\]\n]*\]\([^)]*\)|```/gmu;
const seen = (text: string): string => text.replaceAll("\u2060", "");
const typed = fc.string({ unit: fc.constantFrom(..."ab_*[]()` \nسل۱/", "](") });

test("marks of the author count, marks of the user do not", () => {
  const name = "*علی* [x](http://x) ```";
  expect(md`*سلام* ${name}`.match(MEANT)).toEqual(["*سلام*"]);
  expect(seen(md`*سلام* ${name}`)).toBe(`*سلام* ${name}`);
});

test("nothing that a user types is read as a mark, and nobody sees that it was changed", () => {
  fc.assert(
    fc.property(typed, (text) => {
      expect(md`${text}`).not.toMatch(MEANT);
      expect(md`پیش ${text} پس`).not.toMatch(MEANT);
      expect(seen(escapeMarkdown(text))).toBe(text);
    }),
    { numRuns: 3000 },
  );
});

test("usernames and addresses stay as they are", () => {
  for (const text of ["@my_shop_bot", "https://ble.ir/a_b/_c?d=e_f", "2*3*4"])
    expect(escapeMarkdown(text)).toBe(text);
});

test("bold and italic have a space outside, wherever they are put", () => {
  expect(md`سلام${bold("علی")}!`).toBe("سلام *علی* !");
  expect(md`${bold("a")}${italic("b")}`).toBe("*a* _b_");
  expect(md`${bold("a")} و ${italic(5)}`).toBe("*a* و _5_");
  expect(String(bold(" a \nb"))).toBe(" *a* \n*b*");
  expect(String(bold(""))).toBe("");
  fc.assert(
    fc.property(
      fc.stringMatching(/^[ab]{0,3}$/),
      typed,
      fc.stringMatching(/^[ab]{0,3}$/),
      (before, value, after) => {
        const text = md`${before}${bold(value)}${after}`;
        const lines = value.split("\n").filter((line) => line.trim() !== "").length;
        expect(text.match(/(?<=^|\s)\*[^\n]*?\*(?=\s|$)/gm)?.length ?? 0).toBe(lines);
      },
    ),
    { numRuns: 2000 },
  );
});

test("a link keeps its text and its address apart", () => {
  expect(md`${link("سایت", "https://example.com/a(b)")}`).toBe("[سایت](https://example.com/a%28b%29)");
  expect(String(link("[x](y)", "https://example.com"))).toMatch(/^\[[^\]]*\]\(https:\/\/example\.com\)$/);
  expect(() => link("x", "example.com")).toThrow(/link: "example.com" is not an absolute address/);
  for (const script of ["javascript:alert(1)", "java\nscript:alert(1)", "\u0001JavaScript:alert(1)"]) {
    expect(() => link("x", script)).toThrow(TypeError);
  }
});

test("pieces are put into others as they are, and what is no text is refused", () => {
  expect(md`${piece`سلام ${bold("علی")}`}!`).toBe("سلام *علی* !");
  expect(() => md`${undefined as never}`).toThrow(/md: value 1: it is undefined/);
});

test("the way of escaping can be replaced", () => {
  const other = markdown({ escape: (text) => text.replace(/[*_]/g, "") });
  expect(other.md`${"*a*"} ${other.bold("*b*")}`).toBe("a *b*");
});
