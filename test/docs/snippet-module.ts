import ts from "typescript";
import type { Snippet } from "./markdown.js";

/** What a snippet may use without making it: the stage hands it over. */
const PROPS = ["bot", "bale", "api", "ali", "expect", "settled"] as const;

/** A snippet as a module that can be checked and run. */
export interface SnippetModule {
  readonly text: string;
  /** The line of the module on which the snippet's own code begins, from 1. */
  readonly codeLine: number;
  /** Whether it ends in `bot.run()`: such a one is talked to over HTTP while it runs, and stopped afterwards. */
  readonly runs: boolean;
}

/** Puts a snippet between what it takes for granted and what is expected of it. */
export function moduleOf(snippet: Snippet): SnippetModule {
  const own = `${snippet.before}\n${snippet.code}\n`;
  const runs = /\bbot\.run\(\)/.test(snippet.code);
  // Code that makes an api of its own finds the emulator under the address that stands for Bale's.
  const listens = runs || /\bcreateApi\(/.test(snippet.code);
  const attaches = snippet.after !== "" && !runs && !own.includes("bale.attach(");

  const shown = scan(own);
  const all = scan(`${own}${snippet.after}`);
  const hasBot = all.used.has("bot") || all.declared.has("bot");
  const props = PROPS.filter(
    (name) => !shown.declared.has(name) && (all.used.has(name) || (name === "bale" && attaches && hasBot)),
  );

  const head = [
    `import { stage } from "../../stage.js";`,
    `const set = await stage({ listens: ${listens} });`,
  ];
  if (props.length > 0) head.push(`const { ${props.join(", ")} } = set;`);
  // While the bot runs, the module stands still at its `await`: what is expected goes ahead of it and waits for the bot.
  if (runs) head.push("const seen = set.whileRunning(async () => {", snippet.after, "});");
  if (snippet.before !== "") head.push(snippet.before);

  const tail: string[] = [];
  if (runs) tail.push("await seen;");
  else {
    if (attaches && hasBot) tail.push("bale.attach(bot);");
    if (snippet.after !== "") tail.push(snippet.after);
  }
  tail.push("await set.clear();", "export {};");

  const above = head.join("\n");
  return {
    text: `${above}\n${snippet.code}\n${tail.join("\n")}\n`,
    codeLine: above.split("\n").length + 1,
    runs,
  };
}

/** The names a piece of code declares at its top, and all the names it mentions. */
function scan(code: string): { declared: Set<string>; used: Set<string> } {
  const file = ts.createSourceFile("snippet.ts", code, ts.ScriptTarget.ES2022, true);
  const declared = new Set<string>();
  const used = new Set<string>();
  const bind = (name: ts.BindingName): void => {
    if (ts.isIdentifier(name)) declared.add(name.text);
    else for (const element of name.elements) if (ts.isBindingElement(element)) bind(element.name);
  };
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) bind(name);
    } else if (ts.isImportDeclaration(statement)) {
      const { name, namedBindings } = statement.importClause ?? {};
      if (name) declared.add(name.text);
      if (namedBindings && ts.isNamedImports(namedBindings)) {
        for (const element of namedBindings.elements) declared.add(element.name.text);
      }
    } else if (
      (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) &&
      statement.name !== undefined
    ) {
      declared.add(statement.name.text);
    }
  }
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node)) {
      used.add(node.text);
    }
    node.forEachChild(visit);
  };
  visit(file);
  return { declared, used };
}
