import { comment, HEADER, importTypes, key, literal, pascal, typescript } from "./code.js";
import { type ContentSpec, type Gives, namesIn, type Spec } from "./spec.js";

/** One row of the query table. */
export interface Row {
  readonly name: string;
  readonly doc: string;
  readonly interface: string;
  readonly gives: Gives;
  readonly kinds: readonly string[] | undefined;
  readonly fields: readonly string[] | undefined;
  readonly each?: string;
}

const MESSAGE_KINDS = ["message", "edited_message"] as const;

/** Every row, in the order they are printed. */
export function queryRows(spec: Spec): readonly Row[] {
  const rows: Row[] = [
    {
      name: "update",
      doc: "Every update, whatever is in it.",
      interface: "AnyUpdateQuery",
      gives: { update: "Update" },
      kinds: undefined,
      fields: undefined,
    },
  ];
  for (const [kind, { doc, gives }] of Object.entries(spec.updates)) {
    rows.push({
      name: kind,
      doc,
      interface: interfaceOf(kind),
      gives,
      kinds: [kind],
      fields: undefined,
    });
  }
  for (const [field, content] of Object.entries(spec.contents)) {
    for (const kind of MESSAGE_KINDS) {
      if (kind === "edited_message" && !content.edited) continue;
      rows.push(contentRow(spec, `${kind}:${field}`, [kind], field, content));
    }
    rows.push(contentRow(spec, `:${field}`, content.edited ? MESSAGE_KINDS : ["message"], field, content));
  }
  for (const [field, content] of Object.entries(spec.callbacks)) {
    const name = `callback_query:${field}`;
    const gives = {
      ...spec.updates["callback_query"]?.gives,
      callbackQuery: carrier("CallbackQuery", field),
    };
    rows.push({
      ...base(name, content),
      gives: { ...gives, ...content.gives },
      kinds: ["callback_query"],
      fields: [field],
    });
  }
  for (const [name, { of, doc, each, gives }] of Object.entries(spec.aliases)) {
    const row = rows.find((candidate) => candidate.name === of);
    if (row === undefined)
      throw new Error(`The alias ${JSON.stringify(name)} stands for an unknown query ${JSON.stringify(of)}.`);
    rows.push({
      ...row,
      name,
      doc,
      interface: gives === undefined ? row.interface : interfaceOf(name),
      gives: { ...row.gives, ...gives },
      ...(each === undefined ? {} : { each }),
    });
  }
  return rows;
}

function base(name: string, content: ContentSpec): Pick<Row, "name" | "doc" | "interface"> {
  return { name, doc: content.doc, interface: interfaceOf(name) };
}

function contentRow(
  spec: Spec,
  name: string,
  kinds: readonly string[],
  field: string,
  content: ContentSpec,
): Row {
  const message = content.fields === undefined ? carrier("Message", field) : "Message";
  const [only, ...others] = kinds;
  const gives: Record<string, string> = { msg: message };
  if (only !== undefined && others.length === 0) gives[spec.updates[only]?.member ?? "msg"] = message;
  return {
    ...base(name, content),
    gives: { ...gives, chat: "Chat", chatId: "Integer", ...content.gives },
    kinds,
    fields: content.fields ?? [field],
  };
}

/** The name of a message (or callback query) that has the field: `TextMessage`, `DataCallbackQuery`. */
function carrier(type: string, field: string): string {
  return `${pascal(field)}${type}`;
}

function interfaceOf(query: string): string {
  return `${query.startsWith(":") ? "Any" : ""}${pascal(query)}Query`;
}

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
