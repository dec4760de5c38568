import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CommandTest } from "../src/command-test.js";
import { normalizeText } from "../src/normalize-text.js";
import { RouteIndex } from "../src/route-index.js";
import { Subject } from "../src/subject.js";
import { said } from "./routing-fixture.js";

const rules = { args: undefined, invalid: undefined, mistyped: undefined, meantBy: () => undefined };
const viewerOf = (normalize: (text: string) => string) => ({
  me: { username: "Shop_Bot" },
  normalizeText: normalize,
});

const normalizers: Record<string, (text: string) => string> = {
  "the usual one": normalizeText,
  "one that changes what it has changed": (text) => `${text}x`,
  "one that turns texts round": (text) => [...text].reverse().join(""),
  "one that makes two words": (text) => text.replace("-", " @"),
};

describe("commands that are known by their whole text", () => {
  it.each(Object.entries(normalizers))("are read as they are without that, under %s", (_, normalize) => {
    const name = fc
      .string({
        unit: fc.constantFrom("a", "B", "-", "۱", "ي", "ß", "İ", "1", "_"),
        minLength: 1,
        maxLength: 40,
      })
      .filter((text) => /^[^\s@/]+$/.test(text));
    const ending = fc.constantFrom("", " ", "x", " x", "@Shop_Bot", "@other", "\n");
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 8 }), fc.array(ending), (names, endings) => {
        const index = new RouteIndex([new CommandTest(names, rules)], normalize);
        const viewer = viewerOf(normalize);
        const bare = [...names.map((each) => `/${each}`), ...index.known.keys()];
        for (const text of bare.flatMap((each) => ["", ...endings].map((end) => each + end))) {
          const usual = new Subject(said(text), viewer);
          const quick = new Subject(said(text), viewer, index.known);
          expect(quick.command).toEqual(usual.command);
          expect(quick.isForUs).toBe(usual.isForUs);
        }
      }),
    );
  });

  it("are those that are registered: what users write adds none", () => {
    const index = new RouteIndex([new CommandTest(["start", "/Help"], rules)], normalizeText);
    expect([...index.known.keys()]).toEqual(["/start", "/help"]);
    const viewer = viewerOf(normalizeText);
    for (let n = 0; n < 1_000; n++) index.find(new Subject(said(`/start${n}`), viewer, index.known), 0);
    expect(index.find(new Subject(said("/start"), viewer, index.known), 0)).toBe(0);
    expect(index.hit).toEqual({ match: "" });
    expect([...index.known.keys()]).toEqual(["/start", "/help"]);
  });
});
