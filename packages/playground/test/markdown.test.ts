import { describe, expect, it } from "vitest";
import { markdown, type Piece, safeHref } from "../ui/markdown.js";

/** The pieces as a short text, so that a row of the table can be read. */
function shape(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => {
      switch (piece.kind) {
        case "text":
          return piece.text;
        case "bold":
          return `<b>${shape(piece.pieces)}</b>`;
        case "italic":
          return `<i>${shape(piece.pieces)}</i>`;
        case "link":
          return `<a ${piece.href}>${shape(piece.pieces)}</a>`;
        case "article":
          return `<article ${piece.title}>${piece.body}</article>`;
        case "command":
          return `<command>${piece.text}</command>`;
        case "mention":
          return `<mention>${piece.text}</mention>`;
      }
    })
    .join("");
}

describe("markdown", () => {
  it.each([
    ["*سلام* دنیا", "<b>سلام</b> دنیا"],
    ["a *b c* d", "a <b>b c</b> d"],
    ["_نرم_", "<i>نرم</i>"],
    ["*_هر دو_*", "<b><i>هر دو</i></b>"],
    ["*یک* *دو*", "<b>یک</b> <b>دو</b>"],
    // No space or edge outside the marks: they stay as they are.
    ["a*b*c", "a*b*c"],
    ["2*3*4", "2*3*4"],
    ["snake_case_name", "snake_case_name"],
    ["*باز", "*باز"],
    ["* نه *", "* نه *"],
    ["خط *یک\nدو* پایان", "خط *یک\nدو* پایان"],
    ["[بله](https://bale.ai/x?y=1)", "<a https://bale.ai/x?y=1>بله</a>"],
    ["[بد](javascript:alert(1))", "[بد](javascript:alert(1))"],
    ["[بد](data:text/html,x)", "[بد](data:text/html,x)"],
    ["ببین https://bale.ai/a، همین", "ببین <a https://bale.ai/a>https://bale.ai/a</a>، همین"],
    ["بزن /start یا /help@my_bot.", "بزن <command>/start</command> یا <command>/help@my_bot</command>."],
    ["/a/b 1/2", "/a/b 1/2"],
    ["سلام @sara", "سلام <mention>@sara</mention>"],
    ["x@sara.ir", "x@sara.ir"],
    ["```[عنوان]متن بلند```", "<article عنوان>متن بلند</article>"],
    ["<b>x</b>", "<b>x</b>"],
    ["", ""],
  ])("reads %j", (text, expected) => {
    expect(shape(markdown(text))).toBe(expected);
  });

  it("loses no character of a text without marks, and ends on a long one full of them", () => {
    const text = "*a _b [c](d `e /f @".repeat(500);
    const before = process.cpuUsage();
    expect(shape(markdown(text)).replace(/<\/?(mention|command)>/g, "")).toBe(text);
    expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
  });
});

describe("safeHref", () => {
  it("lets the web, mail and phone pass, and completes a bare address", () => {
    expect(safeHref("https://bale.ai")).toBe("https://bale.ai/");
    expect(safeHref("bale.ai/x")).toBe("https://bale.ai/x");
    expect(safeHref("mailto:a@b.ir")).toBe("mailto:a@b.ir");
    expect(safeHref("tel:+98912")).toBe("tel:+98912");
  });

  it.each([
    "javascript:alert(1)",
    " JavaScript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "blob:x",
    "",
    "نه",
  ])("refuses %j", (address) => {
    expect(safeHref(address)).toBeUndefined();
  });
});
