import { comment, HEADER, importTypes, pascal, typescript } from "./code.js";
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
  const { notes: _, ...rest } = method; // they speak of uploads and addresses
  return { ...(method.files === undefined ? method : rest), params };
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
