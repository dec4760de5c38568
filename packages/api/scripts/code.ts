import type { FieldSpec, TypeExpression } from "./spec.js";

const WIDTH = 110;

const PRIMITIVES: Readonly<Record<string, string>> = {
  Integer: "number",
  Float: "number",
  String: "string",
  Boolean: "boolean",
  True: "true",
};

/** The spec's type expression in TypeScript; lists come out readonly. */
export function typescript(expression: TypeExpression): string {
  const list = /^(.*)\[\]$/.exec(expression);
  if (list?.[1] !== undefined && !hasTopLevelBar(expression)) {
    const inner = typescript(list[1]);
    const simple = /^\w+$/.test(inner) || inner.startsWith("(");
    return `readonly ${simple ? inner : `(${inner})`}[]`;
  }
  if (expression.startsWith("(") && expression.endsWith(")")) {
    return `(${typescript(expression.slice(1, -1))})`;
  }
  return expression
    .split(" | ")
    .map((part) => (part.endsWith("[]") ? typescript(part) : (PRIMITIVES[part] ?? part)))
    .join(" | ");
}

function hasTopLevelBar(expression: string): boolean {
  let depth = 0;
  for (const character of expression) {
    if (character === "(") depth++;
    else if (character === ")") depth--;
    else if (character === "|" && depth === 0) return true;
  }
  return false;
}

/** A set of strings as a union of literals; an open one takes any other string too, and still completes. */
export function literals(values: readonly string[], open: boolean | undefined): string {
  const union = values.map((value) => JSON.stringify(value)).join(" | ");
  return open === true ? `${union} | (string & {})` : union;
}

/** The TypeScript type of one field. */
export function fieldType(field: FieldSpec): string {
  if (field.never === true) return "undefined";
  if (field.value !== undefined) return JSON.stringify(field.value);
  if (field.values !== undefined) return literals(field.values, field.open);
  return typescript(field.type);
}

/** A doc comment from paragraphs and tags, wrapped to the width of the house. */
export function comment(indent: string, paragraphs: readonly string[]): string {
  const width = WIDTH - indent.length - " * ".length;
  const lines = paragraphs.flatMap((paragraph) => wrap(paragraph.replaceAll("*/", "*\\/"), width));
  const only = lines[0] ?? "";
  if (lines.length === 1 && indent.length + only.length + "/**  */".length <= WIDTH) {
    return `${indent}/** ${only} */\n`;
  }
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join("")}${indent} */\n`;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}

/** `name` as an object key: quoted only when it has to be. */
export function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

/** A plain value as a TypeScript literal on one line. */
export function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, member]) => member !== undefined);
    if (entries.length === 0) return "{}";
    return `{ ${entries.map(([name, member]) => `${key(name)}: ${literal(member)}`).join(", ")} }`;
  }
  return JSON.stringify(value);
}

/** First letter large: `message_edit` → `MessageEdit`, `sendMessage` → `SendMessage`. */
export function pascal(name: string): string {
  return name.replaceAll(/(?:^|[_:])(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** What every generated file begins with. */
export const HEADER = "// generated from spec/bale-api.json, do not edit; run `npm run generate`\n\n";

/** One import line (type only), broken when it is long. */
export function importTypes(names: readonly string[], from: string): string {
  const sorted = [...new Set(names)].sort();
  if (sorted.length === 0) return "";
  const line = `import type { ${sorted.join(", ")} } from "${from}";\n`;
  if (line.length <= WIDTH + 1) return line;
  return `import type {\n${sorted.map((name) => `  ${name},\n`).join("")}} from "${from}";\n`;
}
