import { comment, fieldType, HEADER, importTypes, key } from "./code.js";
import { limitSentence } from "./print-limits.js";
import type { FieldSpec, Spec, TypeSpec } from "./spec.js";

/** `types.ts`: one plain interface for each of Bale's objects. */
export function printTypes(spec: Spec): string {
  const body = Object.entries(spec.types)
    .map(([name, type]) => printType(spec, name, type))
    .join("\n");
  return `${HEADER}${importTypes(["InputFile"], "../input-file.js")}\n${body}`;
}

function printType(spec: Spec, name: string, type: TypeSpec): string {
  const doc = comment("", [
    type.doc,
    ...(type.notes ?? []),
    ...(type.undocumented === true ? ["Not defined in Bale's documentation."] : []),
    `@see ${type.see}`,
  ]);
  if (type.union !== undefined) return `${doc}export type ${name} = ${type.union.join(" | ")};\n`;
  const fields = Object.entries(type.fields ?? {}).map(([field, of]) => printField(spec, field, of, true));
  return `${doc}export interface ${name} {\n${fields.join("")}}\n`;
}

/** One member of an interface, with its sentence. What is received is readonly; parameters are not. */
export function printField(spec: Spec, name: string, field: FieldSpec, readonly: boolean): string {
  const doc = comment("  ", [
    field.doc,
    ...(field.limit === undefined ? [] : [limitSentence(spec, field.limit)]),
    ...(field.undocumented === true ? ["Not in Bale's documentation."] : []),
  ]);
  const type = fieldType(field);
  const optional = field.optional === true || field.never === true;
  const end = optional && type !== "undefined" ? `${type} | undefined` : type;
  return `${doc}  ${readonly ? "readonly " : ""}${key(name)}${optional ? "?" : ""}: ${end};\n`;
}
