import { comment, HEADER, importTypes, literal, pascal, typescript } from "./code.js";
import { limitOf } from "./print-limits.js";
import { printField } from "./print-types.js";
import { type FieldSpec, type MethodSpec, namesIn, type Spec } from "./spec.js";

/** `methods.ts`: parameters and result of each method, and the faces that have them as functions. */
export function printMethods(spec: Spec): string {
  const entries = Object.entries(spec.methods);
  const documented = entries.filter(([, method]) => method.documented);
  const undocumented = entries.filter(([, method]) => !method.documented);
  const business = spec.business.methods.map((name): [string, MethodSpec] => {
    const method = spec.methods[name];
    if (method === undefined)
      throw new Error(`The Business API names an unknown method ${JSON.stringify(name)}.`);
    return [name, businessMethod(method)];
  });
  const used = entries.flatMap(([, { params, result }]) => [
    ...namesIn(result),
    ...Object.values(params).flatMap((param) => namesIn(param.type)),
  ]);
  return [
    HEADER,
    importTypes(["CallOptions"], "../call-options.js"),
    importTypes(["InputFile"], "../input-file.js"),
    importTypes(used, "./types.js"),
    "\n",
    ...entries.map(([name, method]) => printParams(spec, paramsName(name), name, method)),
    ...business.map(([name, method]) => printParams(spec, `Business${paramsName(name)}`, name, method)),
    comment("", ["What each method takes and gives back, documented or not."]),
    "export interface Methods {\n",
    ...entries.map(
      ([name, method]) =>
        `  readonly ${name}: { readonly params: ${paramsType("", name, method)}; readonly result: ${typescript(method.result)} };\n`,
    ),
    "}\n\n",
    face(
      "DocumentedApi",
      "",
      ["The methods Bale documents, one object each, named as on the wire."],
      documented,
    ),
    "\n",
    face(
      "UndocumentedApi",
      "",
      ["Methods seen in working code but not in Bale's documentation: any of them may be gone tomorrow."],
      undocumented,
    ),
    "\n",
    face(
      "BusinessApi",
      "Business",
      [spec.business.doc, ...spec.business.notes, `@see ${spec.business.see}`],
      business,
    ),
  ].join("");
}

/** The Business API takes no uploads and writes to private chats only. */
function businessMethod(method: MethodSpec): MethodSpec {
  const params: Record<string, FieldSpec> = {};
  for (const [name, param] of Object.entries(method.params)) {
    if (name === "chat_id")
      params[name] = {
        ...param,
        type: "Integer",
        doc: "The private chat to write to: the user's id.",
      };
    else if (method.files?.includes(name) === true) {
      const { limit: _, ...rest } = param;
      params[name] = {
        ...rest,
        type: "String",
        doc: "The `file_id` of a file Bale already has; nothing is uploaded here.",
      };
    } else params[name] = param;
  }
  return { ...method, params };
}

function paramsName(method: string): string {
  return `${pascal(method)}Params`;
}

function paramsType(prefix: string, name: string, method: MethodSpec): string {
  return Object.keys(method.params).length === 0 ? "Record<string, never>" : `${prefix}${paramsName(name)}`;
}

function printParams(spec: Spec, type: string, name: string, method: MethodSpec): string {
  const params = Object.entries(method.params);
  if (params.length === 0) return "";
  const fields = params.map(([param, of]) => printField(spec, param, of, false));
  const doc = comment("", [`What \`${name}\` takes.`, `@see ${method.see}`]);
  return `${doc}export interface ${type} {\n${fields.join("")}}\n\n`;
}

type Entries = readonly (readonly [name: string, method: MethodSpec])[];

function face(name: string, prefix: string, doc: readonly string[], methods: Entries): string {
  const members = methods.map(([method, of]) => {
    const required = Object.values(of.params).some((param) => param.optional !== true);
    const params = `params${required ? "" : "?"}: ${paramsType(prefix, method, of)}`;
    const lines = [
      of.doc,
      ...(of.notes ?? []),
      ...(of.documented ? [] : [`Confidence: ${of.confidence}.`]),
      `@see ${of.see}`,
    ];
    return `${comment("  ", lines)}  ${method}(${params}, options?: CallOptions): Promise<${typescript(of.result)}>;\n`;
  });
  return `${comment("", doc)}export interface ${name} {\n${members.join("\n")}}\n`;
}

/** `method-table.ts`: what a program needs to know of a method at run time. */
export function printMethodTable(spec: Spec): string {
  const rows = Object.entries(spec.methods).map(([name, method]) => {
    const limits = Object.entries(method.params).flatMap(([param, { limit }]) => {
      if (limit === undefined) return [];
      const { kind, min, max, level, source } = limitOf(spec, limit);
      return [{ param, kind, min, max, level, source }];
    });
    const { documented, confidence, files = [], nestedMedia, multipart, idempotent } = method;
    return row(name, { documented, confidence, files, nestedMedia, multipart, idempotent }, limits);
  });
  return `${HEADER}${importTypes(["Methods"], "./methods.js")}
/** What is known of a method at run time. */
export interface MethodInfo {
  /** In Bale's documentation. */
  readonly documented: boolean;
  /** How sure we are that Bale does it. */
  readonly confidence: "high" | "medium" | "low";
  /** Top-level parameters that take a file: each is sent as a part that bears its name. */
  readonly files: readonly string[];
  /** The parameter whose objects carry files inside. */
  readonly nestedMedia?: string;
  /** Goes out as multipart even when no file is inside. */
  readonly multipart?: true;
  /** Safe to repeat when nobody knows whether the first call arrived. */
  readonly idempotent: boolean;
  readonly limits: readonly Limit[];
}

/**
 * A bound on one parameter. \`length\` counts characters (code points) and \`bytes\` counts UTF-8, of a file its
 * size; \`range\` bounds a number, \`count\` a list. Both ends are included.
 */
export interface Limit {
  readonly param: string;
  readonly kind: "length" | "bytes" | "range" | "count";
  readonly min?: number;
  readonly max?: number;
  /** \`reject\`: Bale documents it as a hard limit. \`warn\`: it may go through. */
  readonly level: "reject" | "warn";
  /** Who says so: a name from the spec's \`sources\`. */
  readonly source: ${Object.keys(spec.sources)
    .map((source) => JSON.stringify(source))
    .join(" | ")};
}

/** Every method the spec knows, by its name on the wire. */
export const METHODS: Readonly<Record<keyof Methods, MethodInfo>> = {
${rows.join("")}};

/** The methods of the Business API. */
export const BUSINESS_METHODS: readonly (${spec.business.methods.map((name) => JSON.stringify(name)).join(" | ")})[] = [
${spec.business.methods.map((name) => `  ${JSON.stringify(name)},\n`).join("")}];
`;
}

function row(name: string, info: object, limits: readonly object[]): string {
  const head = literal(info).slice(2, -2);
  if (limits.length === 0) return `  ${name}: { ${head}, limits: [] },\n`;
  return `  ${name}: {\n    ${head},\n    limits: [\n${limits.map((limit) => `      ${literal(limit)},\n`).join("")}    ],\n  },\n`;
}
