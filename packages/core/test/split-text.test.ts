import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitText } from "../src/split-text.js";
import { markdownSpans } from "../src/text-spans.js";

/** Puts the pieces back: each must be found in order with nothing but white space before, between and after. */
function lost(text: string, pieces: readonly string[]): string {
  let rest = text;
  let gone = "";
  for (const piece of pieces) {
    const at = rest.indexOf(piece.trimStart());
    const found = rest.indexOf(piece);
    const start = found >= 0 ? found : at;
    if (start < 0) throw new Error(`The piece ${JSON.stringify(piece)} is not in the rest of the text`);
    gone += rest.slice(0, start);
    rest = rest.slice(start + piece.length);
  }
  return gone + rest;
}

describe("splitText", () => {
  it("leaves a text that fits as it is, spaces at its edges included", () => {
    expect(splitText("  سلام \n")).toEqual(["  سلام \n"]);
    expect(splitText("x".repeat(4096))).toEqual(["x".repeat(4096)]);
  });

  it("cuts at 4096 when no limit is given", () => {
    expect(splitText("x".repeat(4097)).map((piece) => piece.length)).toEqual([4096, 1]);
  });

  it("has no pieces for a blank text, however long", () => {
    expect(splitText("")).toEqual([]);
    expect(splitText(" \n\t".repeat(3000))).toEqual([]);
  });

  it("prefers a paragraph to a line, a line to a sentence, a sentence to a word", () => {
    expect(splitText("aaaa bbbb\n\ncc\ndd. ee ff", 18)).toEqual(["aaaa bbbb", "cc\ndd. ee ff"]);
    expect(splitText("aaaa bbbb\ncc. dd ff gg", 18)).toEqual(["aaaa bbbb", "cc. dd ff gg"]);
    expect(splitText("aaaa bbbb. dd ff gg", 18)).toEqual(["aaaa bbbb.", "dd ff gg"]);
    expect(splitText("aaaa bbbb dd ff gg h", 18)).toEqual(["aaaa bbbb dd ff gg", "h"]);
  });

  it("does not take a paragraph break that would leave the piece less than half full", () => {
    expect(splitText("a\n\nbbbb cccc dddd", 12)).toEqual(["a\n\nbbbb cccc", "dddd"]);
  });

  it("takes a break in the first half when the second half is one long word", () => {
    expect(splitText(`ab ${"x".repeat(9)}`, 10)).toEqual(["ab", "x".repeat(9)]);
  });

  it("ends a sentence at Persian marks and after a closing quotation mark", () => {
    expect(splitText("آمدی؟ دیر شد", 8)).toEqual(["آمدی؟", "دیر شد"]);
    expect(splitText("گفت «بله!» و رفت آن مرد", 16)).toEqual(["گفت «بله!»", "و رفت آن مرد"]);
  });

  it("keeps a word with half-spaces whole", () => {
    const word = "نمی\u200cخواهیم";
    expect(splitText(`${word} ${word}`, word.length + 4)).toEqual([word, word]);
  });

  it("keeps the indent of the line after a cut, and drops blank lines and trailing spaces around it", () => {
    expect(splitText("if (x) {  \n\n    y();\n}", 14)).toEqual(["if (x) {", "    y();\n}"]);
  });

  it("keeps surrogate pairs, letters with marks and joined emoji whole", () => {
    const family = "👩‍👩‍👧";
    expect(splitText("😀😀😀", 3)).toEqual(["😀", "😀", "😀"]);
    expect(splitText("e\u0301e\u0301e\u0301", 3)).toEqual(["e\u0301", "e\u0301", "e\u0301"]);
    expect(splitText(`ab${family}${family}`, 10)).toEqual([`ab${family}`, family]);
    expect(splitText("aaa👍🏽", 5)).toEqual(["aaa", "👍🏽"]);
  });

  it("tears a letter longer than the limit between its characters, never inside a pair", () => {
    const pieces = splitText("👩‍👩‍👧‍👧", 3);
    expect(pieces.join("")).toBe("👩‍👩‍👧‍👧");
    for (const piece of pieces) expect(piece).not.toMatch(/\p{Surrogate}/u);
  });

  it("keeps links, bold parts and blocks whole when they fit", () => {
    expect(splitText("aaa [x y](https://a.ir) b", 20)).toEqual(
      ["aaa", "[x y](https://a.ir)", "b"].slice(0, 3),
    );
    expect(splitText("aaaa aaaa *bb cc dd* ee", 16)).toEqual(["aaaa aaaa", "*bb cc dd* ee"]);
    expect(splitText("aaaa ```[t]b\n\nc``` d", 16)).toEqual(["aaaa", "```[t]b\n\nc``` d"]);
    expect(splitText(`*${"ab ".repeat(20)}c*`, 16).every((piece) => piece.length <= 16)).toBe(true);
  });

  it("tears no part of Bale's markdown that fits, whatever stands around it", () => {
    const part = fc.constantFrom("*a b*", "_سلام دنیا_", "[a b](https://x.ir/y)", "```[t]a b```");
    const word = fc.stringMatching(/^[abسل\u200c]{1,12}$/);
    const limits = fc.integer({ min: 24, max: 60 });
    fc.assert(
      fc.property(fc.array(fc.oneof(part, word), { maxLength: 40 }), limits, (words, limit) => {
        const pieces = splitText(words.join(" "), limit);
        const whole = pieces.flatMap(
          (piece) => piece.match(/\*a b\*|_سلام دنیا_|\[a b\]\(https:\/\/x\.ir\/y\)|```\[t\]a b```/g) ?? [],
        );
        expect(whole).toEqual(words.filter((one) => /[*_[`]/.test(one)));
        for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(limit);
        expect(pieces.join(" ").split(/\s+/).join(" ")).toBe(words.join(" "));
      }),
      { numRuns: 1000 },
    );
  });

  it("does not break a line at a no-break space while it can break elsewhere", () => {
    expect(splitText("مبلغ 1400\u00a0تومان", 10)).toEqual(["مبلغ", "1400\u00a0تومان"]);
  });

  it("loses nothing but white space, and keeps to the limit, whatever the text", () => {
    const alphabet = fc.constantFrom(
      ..."ab. \n\t؟!".split(""),
      "سلا",
      "می\u200cروم",
      "😀",
      "👩‍👩‍👧",
      "e\u0301",
      "\r\n",
      "\n\n",
      "    ",
      "»",
      "\u00a0",
    );
    const text = fc.array(alphabet, { maxLength: 200 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 40 }), (whole, limit) => {
        const pieces = splitText(whole, limit);
        expect(lost(whole, pieces).trim()).toBe("");
        expect(pieces.join("").replace(/\s/g, "")).toBe(whole.replace(/\s/g, ""));
        for (const piece of pieces) {
          expect(piece.length).toBeLessThanOrEqual(limit);
          expect(piece.trim()).not.toBe("");
          expect(piece).not.toMatch(/\p{Surrogate}/u);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("goes once through a megabyte of spaces, letters, line ends, brackets, marks without an end", () => {
    const openings = ["[", "[a](", " *a", " _a b", "``` `a", "`", '"', "*", "[a] "];
    for (const filler of [" ", "a", "\n", "a ", ") ", "\n ", ...openings]) {
      // Going through it again from each place would take minutes of work, however idle the machine is.
      const before = process.cpuUsage();
      splitText(filler.repeat(1_000_000 / filler.length));
      expect(process.cpuUsage(before).user).toBeLessThan(10_000_000);
    }
  });

  it("finds the parts of Bale's markdown where a plain reading of its rules finds them", () => {
    const rules =
      /```[^`]*(?:`{1,2}(?!`)[^`]*)*```|\[[^\]\n]*\]\([^)\s]*\)|(?<=^|\s)([*_])(?=[^\s*_])(?:(?!\1(?:\s|$)).)*\1(?=\s|$)/gm;
    const unit = fc.constantFrom(..."a[]()*_` \n\r\u2028".split(""), "](", "```", " *", "* ", "_ ");
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 40 }), fc.integer({ min: 1, max: 40 }), (units, limit) => {
        const text = units.join("");
        const found = Array.from(text.matchAll(rules), (match) => ({
          from: match.index,
          to: match.index + match[0].length,
        }));
        expect(markdownSpans(text, limit)).toEqual(found.filter(({ from, to }) => to - from <= limit));
      }),
      { numRuns: 3000 },
    );
  });

  it("refuses a limit in which a letter may not fit, with the value", () => {
    for (const limit of [1, 0, -5, 2.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => splitText("abc", limit)).toThrow(RangeError);
      expect(() => splitText("abc", limit)).toThrow(`the limit is ${limit}`);
    }
    expect(() => splitText(undefined as never)).toThrow(TypeError);
  });
});
