import ts from "typescript";
import { parse, resolveRelative, type SourceTree } from "./source-tree.js";

/** What a name stands for: something that is there when the program runs, or a type. */
export type NameKind = "value" | "type";

/** Names of a package that another one passes on, and those it does not, each with the reason. */
export interface Passing {
  /** The `index.ts` of the package whose names are passed on, and how it is imported. */
  readonly from: string;
  readonly specifier: string;
  /** The `index.ts` that passes them on. */
  readonly through: string;
  readonly kept: Readonly<Record<string, string>>;
}

/** What the names are that an `index.ts` makes public, with what is behind a star in the same package. */
export function publicNames(path: string, tree: SourceTree): ReadonlyMap<string, NameKind> {
  const names = new Map<string, NameKind>();
  for (const statement of parse(path, tree.get(path) ?? "").statements) {
    if (!ts.isExportDeclaration(statement)) {
      for (const [name, kind] of declaredNames(statement)) names.set(name, kind);
      continue;
    }
    if (statement.exportClause === undefined) {
      const target = resolveRelative(path, specifierOf(statement), tree);
      if (target !== undefined) for (const [name, kind] of publicNames(target, tree)) names.set(name, kind);
      continue;
    }
    for (const [name, kind] of namedIn(statement)) names.set(name, kind);
  }
  return names;
}

/**
 * What is wrong with how a package passes on the names of another: a star, which hides a name of the other's behind one of
 * its own without a word; a name that is not passed on, or only as a type; a reason that is out of date.
 */
export function passingFaults(
  tree: SourceTree,
  { from, specifier, through, kept }: Passing,
): readonly string[] {
  const faults: string[] = [];
  const passed = new Map<string, NameKind>();
  for (const statement of parse(through, tree.get(through) ?? "").statements) {
    if (!ts.isExportDeclaration(statement) || specifierOf(statement) !== specifier) continue;
    if (statement.exportClause === undefined) faults.push(`${through} passes on everything of ${specifier}`);
    for (const [name, kind] of namedIn(statement)) passed.set(name, kind);
  }
  const names = publicNames(from, tree);
  for (const [name, kind] of names) {
    const isKept = Object.hasOwn(kept, name);
    if (passed.get(name) === undefined) {
      if (!isKept) faults.push(`${through} does not pass on ${name} of ${specifier}, and nothing says why`);
    } else if (isKept) faults.push(`${name} of ${specifier} is passed on: the reason why not is out of date`);
    else if (passed.get(name) !== kind) faults.push(`${through} passes ${name} on as a ${passed.get(name)}`);
  }
  for (const name of Object.keys(kept)) {
    if (!names.has(name)) faults.push(`${specifier} has no ${name}: the reason why not is out of date`);
  }
  return faults;
}

function namedIn(statement: ts.ExportDeclaration): readonly (readonly [string, NameKind])[] {
  const clause = statement.exportClause;
  if (clause === undefined || !ts.isNamedExports(clause)) return [];
  return clause.elements.map(({ name, isTypeOnly }) => [
    name.text,
    statement.isTypeOnly || isTypeOnly ? "type" : "value",
  ]);
}

function declaredNames(statement: ts.Statement): readonly (readonly [string, NameKind])[] {
  const isExported =
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
  if (!isExported) return [];
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map(({ name }) => [name.getText(), "value"]);
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement))
    return [[statement.name.text, "type"]];
  const named = statement as { readonly name?: ts.Node };
  return named.name === undefined ? [] : [[named.name.getText(), "value"]];
}

function specifierOf({ moduleSpecifier }: ts.ExportDeclaration): string {
  return moduleSpecifier !== undefined && ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : "";
}
