import { posix } from "node:path";
import ts from "typescript";
import { importsOf, lineOf, parse, resolveRelative, type SourceTree } from "./source-tree.js";

/** Names that say where something was put, not what it is. */
const WITHOUT_NOUN = new Set([
  "types",
  "type",
  "utils",
  "util",
  "helpers",
  "helper",
  "common",
  "misc",
  "shared",
  "lib",
  "stuff",
  "internal",
]);

/** Longest file that still passes; the house aims below 300. Generated files are free. */
export const LONGEST_FILE = 600;

/** From here on a file is named in the report, so that somebody asks whether it is one noun. */
export const LONG_FILE = 350;

const isGenerated = (path: string): boolean => path.includes("/src/generated/");

/** Files and folders whose name is no noun, or not in kebab-case. */
export function roomFaults(paths: Iterable<string>): readonly string[] {
  const faults: string[] = [];
  for (const path of paths) {
    if (isGenerated(path)) continue;
    for (const part of path.split("/").slice(2)) {
      const [stem = ""] = part.split(".");
      if (WITHOUT_NOUN.has(stem))
        faults.push(`${path}: "${stem}" is no noun of this house; put each thing with its maker`);
      else if (stem !== "" && !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(stem))
        faults.push(`${path}: "${stem}" is not in kebab-case`);
    }
  }
  return faults;
}

/** Files over the limit, and how long they are. */
export function longFiles(tree: SourceTree, limit: number): readonly string[] {
  return [...tree]
    .filter(([path]) => !isGenerated(path))
    .map(([path, text]) => ({ path, lines: text.split("\n").length - 1 }))
    .filter(({ lines }) => lines > limit)
    .sort((a, b) => b.lines - a.lines)
    .map(({ path, lines }) => `${lines} ${path}`);
}

/** Files that import an index.ts of their own package instead of the file that makes the thing. */
export function indexImports(tree: SourceTree): readonly string[] {
  const faults: string[] = [];
  for (const [path, text] of tree) {
    for (const specifier of importsOf(path, text).specifiers) {
      const target = resolveRelative(path, specifier, tree);
      if (target !== undefined && /\/src\/index\.tsx?$/.test(target))
        faults.push(`${path} imports ${target}`);
    }
  }
  return faults;
}

/**
 * What an index.ts may not hold: anything but re-exports; a star over a file of the same package that is not generated;
 * a group of exports without a line that says what it is.
 */
export function indexFaults(path: string, text: string): readonly string[] {
  const faults: string[] = [];
  const source = parse(path, text);
  let lastEnd = -2;
  for (const statement of source.statements) {
    const line = lineOf(statement);
    if (!ts.isExportDeclaration(statement) || statement.moduleSpecifier === undefined) {
      faults.push(`${path}:${line} is no re-export`);
      continue;
    }
    const from = ts.isStringLiteral(statement.moduleSpecifier) ? statement.moduleSpecifier.text : "";
    if (statement.exportClause === undefined && from.startsWith(".") && !from.includes("/generated/"))
      faults.push(`${path}:${line} exports everything of "${from}"; name what is public`);
    const comments = ts.getLeadingCommentRanges(text, statement.pos) ?? [];
    if (comments.length === 0 && line !== lastEnd + 1)
      faults.push(`${path}:${line} begins a group without saying what it is`);
    lastEnd = source.getLineAndCharacterOfPosition(statement.end).line + 1;
  }
  return faults;
}

/** Exported declarations that no doc comment speaks for. */
export function undocumentedExports(path: string, text: string): readonly string[] {
  if (posix.basename(path).startsWith("index.")) return [];
  const faults: string[] = [];
  const overloads = new Set<string>();
  for (const statement of parse(path, text).statements) {
    const exported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) === true;
    if (!exported) continue;
    const name = nameOf(statement);
    if (ts.getJSDocCommentsAndTags(statement).length > 0) overloads.add(name);
    else if (!overloads.has(name))
      faults.push(`${path}:${lineOf(statement)} exports ${name} without a doc comment`);
  }
  return faults;
}

function nameOf(statement: ts.Statement): string {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map((declaration) => declaration.name.getText()).join(", ");
  const named = statement as { readonly name?: ts.Node };
  return named.name?.getText() ?? "default";
}
