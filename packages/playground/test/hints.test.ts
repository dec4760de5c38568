import { expect, it } from "vitest";
import type { Fault } from "../src/fault.js";
import { hintOf } from "../ui/hints.js";

const fault = (name: string, message: string, more: Partial<Fault> = {}): Fault => ({
  id: 1,
  at: 0,
  where: "crash",
  name,
  message,
  stack: "",
  ...more,
});

/** What Node and balekit say, and the word of it that the hint must name. */
const KNOWN: readonly (readonly [Fault, string])[] = [
  [fault("Stuck", "", { where: "stuck" }), ""],
  [fault("SyntaxError", "Expected", { excerpt: [{ line: 1, text: "i\0m", guilty: true }] }), "UTF-8"],
  [fault("SyntaxError", "The requested module './x.js' does not provide an export named 'Bott'"), "Bott"],
  [fault("SyntaxError", "Unexpected token"), ""],
  [fault("Error", "Cannot find package 'axios' imported from /bot.ts"), "npm install axios"],
  [fault("Error", "Cannot find module '/home/u/menu.js' imported from /home/u/bot.ts"), "menu.js"],
  [fault("Error", "Cannot find module 'C:\\bots\\menu.js' imported from C:\\bots\\bot.ts"), "menu.js"],
  [fault("ReferenceError", "require is not defined in ES module scope"), "import { Bot }"],
  [fault("ReferenceError", "Bot is not defined"), "Bot"],
  [fault("TypeError", "bot.comand is not a function"), "bot.comand"],
  [fault("TypeError", "Cannot read properties of undefined (reading 'text')"), "text"],
  [fault("InvalidTokenError", "createApi: the token does not look like one"), "BALE_TOKEN"],
  [fault("Crash", "FATAL ERROR: JavaScript heap out of memory"), ""],
  [fault("Crash", "The process ended with code 3"), "3"],
  [fault("Crash", "Ended by SIGKILL"), "SIGKILL"],
];

it("explains every known error in both languages, each in its own words", () => {
  for (const language of ["fa", "en"] as const) {
    const hints = KNOWN.map(([known]) => hintOf(known, language) ?? "");
    for (const [index, [known, word]] of KNOWN.entries()) {
      expect(hints[index], known.message).toContain(word);
      expect(hints[index], known.message).toMatch(language === "fa" ? /[آ-ی]{3}/ : /^[A-Za-z"][ -~]+$/);
    }
    // The two modules differ in their file alone.
    expect(new Set(hints).size).toBe(KNOWN.length - 1);
  }
});

it("says nothing of an error that it does not know", () => {
  expect(hintOf(fault("RangeError", "قوری شکست", { where: "handler" }), "fa")).toBeUndefined();
});
