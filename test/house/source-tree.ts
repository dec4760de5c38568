import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** Where the repository lies, without a slash at the end. */
export const root: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Files by their path from the root, with `/` on every system. A rule takes this, so that a test can invent one. */
export type SourceTree = ReadonlyMap<string, string>;

/** What one file imports: the text of each specifier, type-only imports and re-exports included. */
export interface Imports {
  readonly file: string;
  readonly specifiers: readonly string[];
}

/** Reads the sources of every package: what is published, and what the playground's page is built from. */
export function readSources(rooms: readonly string[] = ["src", "ui"]): SourceTree {
  const tree = new Map<string, string>();
  for (const name of packageFolders()) {
    for (const room of rooms) {
      const folder = join(root, "packages", name, room);
      for (const path of files(folder)) {
        if (/\.(ts|tsx)$/.test(path) && !path.endsWith(".d.ts"))
          tree.set(posix.join("packages", name, room, path), readFileSync(join(folder, path), "utf8"));
      }
    }
  }
  return tree;
}

/** The folders under packages/, in order. */
export function packageFolders(): readonly string[] {
  return readdirSync(join(root, "packages"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** What a package says of itself. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly type?: string;
  readonly description?: string;
  readonly engines?: { readonly node?: string };
  readonly files?: readonly string[];
  readonly bin?: string | Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Reads the package.json of a folder under packages/. */
export function manifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, "packages", folder, "package.json"), "utf8")) as Manifest;
}

/** Parses one file; no type checker, so it takes a millisecond. */
export function parse(path: string, text: string): ts.SourceFile {
  const kind = path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind);
}

/** Visits a node and everything below it. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/** The line of a node, counted from 1, as editors do. */
export function lineOf(node: ts.Node): number {
  const source = node.getSourceFile();
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}

/** Every module a file names: import, export from, import type, import() and require(). */
export function importsOf(path: string, text: string): Imports {
  const specifiers: string[] = [];
  walk(parse(path, text), (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      if (node.moduleSpecifier !== undefined && ts.isStringLiteral(node.moduleSpecifier))
        specifiers.push(node.moduleSpecifier.text);
    } else if (ts.isImportTypeNode(node)) {
      if (ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal))
        specifiers.push(node.argument.literal.text);
    } else if (ts.isCallExpression(node)) {
      const [first] = node.arguments;
      const loads =
        node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === "require";
      if (loads && first !== undefined && ts.isStringLiteralLike(first)) specifiers.push(first.text);
    }
  });
  return { file: path, specifiers };
}

/** The file of the tree that a relative specifier stands for, or undefined when it is not one of ours. */
export function resolveRelative(from: string, specifier: string, tree: SourceTree): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  const plain = posix.join(posix.dirname(from), specifier);
  const stem = plain.replace(/\.jsx?$/, "");
  return [plain, `${stem}.ts`, `${stem}.tsx`, `${plain}/index.ts`].find((path) => tree.has(path));
}

function files(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => posix.join(entry.parentPath.slice(folder.length + 1).replaceAll("\\", "/"), entry.name))
      .sort();
  } catch {
    return []; // a package without such a room
  }
}
