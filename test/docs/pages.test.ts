import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Page, readPages, root } from "./markdown.js";

const pages = readPages();

/** The headings of a page as GitHub names them in links. */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, title = ""] of text.matchAll(/^#+ (.+)$/gm)) {
    anchors.add(
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{M}\p{N}\s_-]/gu, "")
        .trim()
        .replace(/\s/g, "-"),
    );
  }
  return anchors;
}

/** The links of a page that lead nowhere. */
function deadLinks(page: Page): string[] {
  const prose = page.text.replace(/^```[\s\S]*?^```/gm, "").replace(/`[^`\n]+`/g, "");
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)].map(
    (match) => match[1] ?? match[2] ?? "",
  );
  return targets.filter((target) => {
    if (/^(https?|mailto):/.test(target)) return false;
    const [path = "", anchor] = target.split("#");
    const file = path === "" ? page.path : join(dirname(page.path), path);
    if (path !== "" && !existsSync(join(root, file))) return true;
    if (!anchor) return false;
    const text = pages.find((other) => other.path === file)?.text;
    return text === undefined || !anchorsOf(text).has(decodeURIComponent(anchor));
  });
}

describe("the pages", () => {
  it.each(pages)("$path has no dead links", (page) => {
    expect(deadLinks(page)).toEqual([]);
  });

  it.each(pages.filter(({ path }) => path.startsWith("docs/guide/")))(
    "$path ends with its sum in Persian",
    ({ text }) => {
      const [, last = ""] = text.split(/^## خلاصهٔ فارسی\n/m);
      expect(last.match(/[\u0600-\u06ff]/g)?.length ?? 0).toBeGreaterThan(150);
      expect(last).not.toMatch(/^#/m);
    },
  );

  it("find a link that leads nowhere", () => {
    const text = "# Here\n[a](#here) [b](#there) [c](no-such-page.md) [d](README.md) [e](https://bale.ai)";
    const page = { path: "imagined.md", text };
    pages.push(page);
    expect(deadLinks(page)).toEqual(["#there", "no-such-page.md"]);
    pages.pop();
  });
});
