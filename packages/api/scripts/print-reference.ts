import { pascal } from "./code.js";
import { limitSentence } from "./print-limits.js";
import { queryRows } from "./query-rows.js";
import type { FieldSpec, MethodSpec, Spec, TypeSpec } from "./spec.js";

const HEADER =
  "<!-- generated from packages/api/spec/bale-api.json, do not edit; run `npm run generate` -->\n\n";

/** What the groups of methods are called, in the order they are printed. */
const GROUPS: Readonly<Record<string, string>> = {
  bot: "The bot itself",
  updates: "Updates",
  messages: "Messages",
  media: "Photos, files and albums",
  files: "Downloads",
  edit: "Changing messages",
  callbacks: "Pressed buttons",
  chats: "Chats",
  chat_admin: "Running a chat",
  payments: "Payments",
  stickers: "Stickers",
  undocumented: "Not in Bale's documentation",
};

/** `docs/reference/methods.md`: every method with its parameters. */
export function printMethodReference(spec: Spec): string {
  const methods = Object.entries(spec.methods);
  const known = Object.keys(GROUPS);
  const strange = methods.filter(([, { group }]) => !known.includes(group));
  if (strange.length > 0)
    throw new Error(`No heading for the group of ${strange.map(([name]) => name).join(", ")}.`);
  const sections = Object.entries(GROUPS).map(([group, title]) => {
    const inside = methods.filter(([, method]) => method.group === group);
    const intro =
      group === "undocumented"
        ? "Seen in working code only: any of them may be gone tomorrow. They are at `api.undocumented`.\n\n"
        : "";
    return `## ${title}\n\n${intro}${inside.map(([name, method]) => printMethod(spec, name, method)).join("\n")}`;
  });
  const business = spec.business.methods.map((name) => link(name, "#")).join(", ");
  return `${HEADER}# Methods

Each method takes one object, named as on the wire, and then [how to carry the call out](../guide/README.md):
\`await api.sendMessage({ chat_id, text }, { signal })\`.

${sections.join("\n")}
## The Business API

${[spec.business.doc, ...spec.business.notes].join(" ")} Methods: ${business}.
`;
}

function printMethod(spec: Spec, name: string, method: MethodSpec): string {
  const params = Object.entries(method.params).map(([param, field]) => fieldRow(spec, param, field));
  const table =
    params.length === 0 ? "Takes nothing.\n" : `| parameter | type | |\n|---|---|---|\n${params.join("")}`;
  const source = method.documented
    ? `[Bale's page](${method.see})`
    : `[seen here](${method.see}), confidence: ${method.confidence}`;
  const repeat = method.idempotent ? "safe to repeat" : "not safe to repeat";
  return `### ${name}

${[method.doc, ...(method.notes ?? [])].join("\n")}

${table}
Gives ${typeLinks(spec, method.result)}; ${repeat}; ${source}.
`;
}

function fieldRow(spec: Spec, name: string, field: FieldSpec): string {
  const bound = field.limit === undefined ? "" : ` ${limitSentence(spec, field.limit)}`;
  const undocumented = field.undocumented === true ? " Not in Bale's documentation." : "";
  const optional = field.optional === true ? "?" : "";
  return `| \`${name}\`${optional} | ${fieldType(spec, field)} | ${field.doc}${bound}${undocumented} |\n`;
}

function fieldType(spec: Spec, field: FieldSpec): string {
  if (field.value !== undefined) return `\`"${field.value}"\``;
  const values = field.values?.map((value) => `\`"${value}"\``).join(", ");
  if (values !== undefined) return field.open === true ? `${values} or another String` : values;
  return typeLinks(spec, field.type);
}

/** A type expression with its types linked to their place in types.md. */
function typeLinks(spec: Spec, expression: string): string {
  return expression
    .replaceAll(" | ", " or ")
    .replaceAll(/\w+/g, (name) => (spec.types[name] === undefined ? name : link(name, "types.md#")))
    .replaceAll("[]", "\\[\\]");
}

function link(name: string, page: string): string {
  return `[${name}](${page}${name.toLowerCase()})`;
}

/** `docs/reference/types.md`: every object with its fields. */
export function printTypeReference(spec: Spec): string {
  const types = Object.entries(spec.types).map(([name, type]) => printType(spec, name, type));
  return `${HEADER}# Types

What Bale sends and takes, named as on the wire. A field marked with \`?\` can be missing; \`null\` counts as missing.

${types.join("\n")}`;
}

function printType(spec: Spec, name: string, type: TypeSpec): string {
  const rows = Object.entries(type.fields ?? {})
    .filter(([, field]) => field.never !== true)
    .map(([field, of]) => fieldRow(spec, field, of));
  const members = (type.union ?? []).map((member) => `- ${link(member, "#")}\n`).join("");
  const body =
    type.union === undefined
      ? `| field | type | |\n|---|---|---|\n${rows.join("")}`
      : `One of:\n\n${members}`;
  const source = type.undocumented === true ? `[Seen here](${type.see}).` : `[Bale's page](${type.see}).`;
  return `## ${name}\n\n${[type.doc, ...(type.notes ?? [])].join("\n")}\n\n${body}\n${source}\n`;
}

/** `docs/reference/queries.md`: every query and what a context has behind it. */
export function printQueryReference(spec: Spec): string {
  const rows = queryRows(spec).map(({ name, doc, gives, each }) => {
    const members = Object.entries(gives).map(([member, type]) => `\`${member}\`: ${queryType(spec, type)}`);
    const once = each === undefined ? "" : ` Once for each of \`${each}\`.`;
    return `| \`${name}\` | ${doc}${once} | ${members.join(", ")} |\n`;
  });
  return `${HEADER}# Queries

What \`bot.on(query, handler)\` takes, and what \`ctx\` surely has in the handler. Everything else on \`ctx\` may be missing
there. \`on("message:text").on(":reply_to_message")\` asks for both; \`on(["message:photo", "message:video"])\` for either.

| query | runs for | \`ctx\` has |
|---|---|---|
${rows.join("")}`;
}

/** A message that has a field is described by both: \`Message with text\`. */
function queryType(spec: Spec, expression: string): string {
  const narrowed = /^(\w+?)(Message|CallbackQuery)$/.exec(expression);
  const [, fields = "", type = ""] = narrowed ?? [];
  const names = [...Object.keys(spec.contents), ...Object.keys(spec.callbacks)];
  const field = names.find((name) => pascal(name) === fields);
  return field === undefined ? typeLinks(spec, expression) : `${link(type, "types.md#")} with \`${field}\``;
}
