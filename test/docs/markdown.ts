import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** The top of the repository. */
export const root: string = new URL("../..", import.meta.url).pathname;

/** A page of ours and what it says. */
export interface Page {
  /** From the top of the repository. */
  readonly path: string;
  readonly text: string;
}

/**
 * A piece of TypeScript on a page. Hidden comments around its fence say how it is run:
 * `<!-- given … -->` before it is code that comes first, `<!-- then … -->` after it is code that looks at what happened,
 * with the bot attached to an emulator.
 */
export interface Snippet {
  readonly path: string;
  /** The line of the page on which the code begins, from 1. */
  readonly line: number;
  readonly code: string;
  readonly before: string;
  readonly after: string;
}

/** Every page with prose of ours: the two READMEs, CONTRIBUTING, docs, and the README of each package. */
export function readPages(): Page[] {
  const paths = [
    ...markdownIn(root, { deep: false }),
    ...markdownIn(join(root, "docs"), { deep: true }),
    ...readdirSync(join(root, "packages")).flatMap((name) =>
      markdownIn(join(root, "packages", name), { deep: false }),
    ),
  ];
  return paths
    .filter((path) => !path.endsWith("CHANGELOG.md"))
    .map((path) => ({ path: relative(root, path), text: readFileSync(path, "utf8") }));
}

function markdownIn(folder: string, { deep }: { deep: boolean }): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return deep ? markdownIn(path, { deep }) : [];
    return entry.name.endsWith(".md") ? [path] : [];
  });
}

const FENCE =
  /^(?:<!-- given\n(?<before>[\s\S]*?)\n-->\n)?```(?<info>[^\n]*)\n(?<code>[\s\S]*?)\n```$(?:\n<!-- then\n(?<after>[\s\S]*?)\n-->)?/gm;

/** The TypeScript of a page, in order. Fences of other languages are left alone. */
export function snippetsOf({ path, text }: Page): Snippet[] {
  const snippets: Snippet[] = [];
  for (const match of text.matchAll(FENCE)) {
    const { info = "", code = "", before = "", after = "" } = match.groups ?? {};
    if (!/^(ts|typescript|tsx)\b/.test(info)) continue;
    if (info !== "ts") {
      throw new Error(
        `${path}: a fence says \`\`\`${info}. Write \`\`\`ts alone: every snippet is checked and run.`,
      );
    }
    const above = text.slice(0, match.index + match[0].indexOf(`\`\`\`ts\n${code}`));
    snippets.push({ path, line: above.split("\n").length + 1, code, before, after });
  }
  return snippets;
}
