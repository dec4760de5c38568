import ts from "typescript";
import { lineOf, parse, type SourceTree, walk } from "./source-tree.js";

const CODE = /^ERR_BALE_[A-Z_]*[A-Z]$/;

/** Every error code that the sources spell out as a string or a type, with the first place that does. */
export function codesIn(tree: SourceTree): ReadonlyMap<string, string> {
  const codes = new Map<string, string>();
  for (const [path, text] of tree) {
    if (!text.includes("ERR_BALE_")) continue;
    walk(parse(path, text), (node) => {
      if (ts.isStringLiteralLike(node) && CODE.test(node.text) && !codes.has(node.text))
        codes.set(node.text, `${path}:${lineOf(node)}`);
    });
  }
  return codes;
}

/** Codes without a page, pages without a code, and pages that do not say what to do. */
export function pageFaults(
  codes: ReadonlyMap<string, string>,
  pages: ReadonlyMap<string, string>,
): readonly string[] {
  const faults: string[] = [];
  for (const [code, place] of codes)
    if (!pages.has(code)) faults.push(`${code} (${place}) has no page in docs/errors`);
  for (const [page, text] of pages) {
    if (!codes.has(page)) faults.push(`docs/errors/${page}.md is the page of no error`);
    if (!text.startsWith(`# ${page}\n`)) faults.push(`docs/errors/${page}.md does not begin with its code`);
    if (text.trim().split("\n").length < 4) faults.push(`docs/errors/${page}.md says too little`);
  }
  return faults;
}
