import { comment, HEADER, importTypes, key, literal, typescript } from "./code.js";
import { carrier, queryRows, type Row } from "./query-rows.js";
import { namesIn, type Spec } from "./spec.js";

/** `queries.ts`: what a handler has behind each query, and how a program tests for it. */
export function printQueries(spec: Spec): string {
  const rows = queryRows(spec);
  const carriers = [
    ...Object.entries(spec.contents)
      .filter(([, { fields }]) => fields === undefined)
      .map(([field]) => printCarrier(spec, "Message", field)),
    ...Object.keys(spec.callbacks).map((field) => printCarrier(spec, "CallbackQuery", field)),
  ];
  const own = new Set(carriers.map((carrier) => carrier.name));
  const used = [
    ...carriers.flatMap(({ uses }) => uses),
    ...rows.flatMap(({ gives }) => Object.values(gives).flatMap(namesIn)),
  ];
  const printed = new Map(rows.map((row) => [row.interface, row] as const));
  const kinds = Object.keys(spec.updates);
  return [
    HEADER,
    importTypes(
      used.filter((name) => !own.has(name)),
      "./types.js",
    ),
    "\n",
    ...carriers.map(({ text }) => `${text}\n`),
    ...[...printed.values()].map((row) => `${printRow(row, rows)}\n`),
    comment("", ["What a context has behind each query."]),
    `export interface Queries {\n`,
    ...rows.map((row) => `${comment("  ", [row.doc])}  readonly ${key(row.name)}: ${row.interface};\n`),
    `}\n\n`,
    comment("", [
      "The kinds of update Bale documents. Another kind may come: it is in the raw update, and runs `update` only.",
    ]),
    `export type UpdateKind = ${kinds.map((kind) => JSON.stringify(kind)).join(" | ")};\n\n`,
    comment("", ["The kinds of update, in the order they are looked for."]),
    `export const UPDATE_KINDS: readonly UpdateKind[] = ${literal(kinds)};\n\n`,
    comment("", ["How a program tests for a query."]),
    `export interface QueryInfo {
  /** The kinds of update it looks at; \`undefined\` is every kind. */
  readonly kinds: readonly UpdateKind[] | undefined;
  /** Any one of these must be there; \`undefined\` asks for nothing more than the kind. */
  readonly fields: readonly string[] | undefined;
  /** Runs once for each element of this field. */
  readonly each?: "new_chat_members";
  readonly doc: string;
}\n\n`,
    comment("", ["Every query, by name."]),
    `export const QUERIES: Readonly<Record<keyof Queries, QueryInfo>> = {\n`,
    ...rows.map(({ name, kinds: of, fields, each, doc }) => {
      const info = `kinds: ${of === undefined ? "undefined" : literal(of)}, fields: ${fields === undefined ? "undefined" : literal(fields)}`;
      return `  ${key(name)}: { ${info}${each === undefined ? "" : `, each: ${literal(each)}`}, doc: ${literal(doc)} },\n`;
    }),
    "};\n",
  ].join("");
}

interface Carrier {
  readonly name: string;
  readonly text: string;
  readonly uses: readonly string[];
}

function printCarrier(spec: Spec, type: string, field: string): Carrier {
  const of = spec.types[type]?.fields?.[field];
  if (of === undefined)
    throw new Error(`A query names the field ${JSON.stringify(field)}, which ${type} does not have.`);
  const name = carrier(type, field);
  const noun = type === "Message" ? "message" : "callback query";
  const text = `${comment("", [`A ${noun} that has \`${field}\`.`])}export interface ${name} extends ${type} {\n  readonly ${field}: ${typescript(of.type)};\n}\n`;
  return { name, text, uses: [type, ...namesIn(of.type)] };
}

function printRow(row: Row, rows: readonly Row[]): string {
  const names = rows.filter((other) => other.interface === row.interface).map(({ name }) => `\`${name}\``);
  const members = Object.entries(row.gives).map(
    ([name, type]) => `  readonly ${name}: ${typescript(type)};\n`,
  );
  return `${comment("", [`What a context has behind ${names.join(" and ")}.`])}export interface ${row.interface} {\n${members.join("")}}\n`;
}
