import ts from "typescript";
import { lineOf, parse, type SourceTree, walk } from "./source-tree.js";

/**
 * The places where a published declaration says `any`. Declarations are made file by file, as the build makes them
 * (isolatedDeclarations: what a file exports is written out in it), and parsed, so a comment or a string is no fault.
 */
export function anyFaults(tree: SourceTree): readonly string[] {
  const faults: string[] = [];
  for (const [path, text] of tree) {
    const { outputText, diagnostics } = ts.transpileDeclaration(text, {
      fileName: path,
      reportDiagnostics: true,
      compilerOptions: {
        isolatedDeclarations: true,
        declaration: true,
        module: ts.ModuleKind.NodeNext,
        strict: true,
      },
    });
    for (const diagnostic of diagnostics ?? [])
      faults.push(`${path}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, " ")}`);
    walk(parse(path.replace(/\.tsx?$/, ".d.ts"), outputText), (node) => {
      if (node.kind !== ts.SyntaxKind.AnyKeyword) return;
      const around = outputText.split("\n")[lineOf(node) - 1]?.trim() ?? "";
      faults.push(`${path}: its declaration says any: ${around}`);
    });
  }
  return faults;
}

/** The places where a published file awaits at its top: `require()` cannot load such a module. */
export function topLevelAwaits(tree: SourceTree): readonly string[] {
  const faults: string[] = [];
  for (const [path, text] of tree) {
    const visit = (node: ts.Node): void => {
      if (ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node)) return;
      const waits =
        ts.isAwaitExpression(node) ||
        (ts.isForOfStatement(node) && node.awaitModifier !== undefined) ||
        (ts.isVariableDeclarationList(node) &&
          (node.flags & ts.NodeFlags.AwaitUsing) === ts.NodeFlags.AwaitUsing);
      if (waits) faults.push(`${path}:${lineOf(node)} awaits at the top of a module`);
      ts.forEachChild(node, visit);
    };
    visit(parse(path, text));
  }
  return faults;
}
