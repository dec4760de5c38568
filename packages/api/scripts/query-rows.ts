import { pascal } from "./code.js";
import type { ContentSpec, Gives, Spec } from "./spec.js";

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
export function carrier(type: string, field: string): string {
  return `${pascal(field)}${type}`;
}

function interfaceOf(query: string): string {
  return `${query.startsWith(":") ? "Any" : ""}${pascal(query)}Query`;
}
