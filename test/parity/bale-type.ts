import { readFileSync } from "node:fs";

interface Field {
  readonly type: string;
  readonly optional?: boolean;
  readonly never?: boolean;
  readonly value?: unknown;
  readonly values?: readonly unknown[];
  readonly open?: boolean;
}

interface BaleType {
  readonly fields?: Readonly<Record<string, Field>>;
  readonly union?: readonly string[];
  readonly on?: string;
}

/** A method as the spec has it. */
export interface BaleMethod {
  readonly documented: boolean;
  readonly params: Readonly<Record<string, Field>>;
  readonly result: string;
}

interface Spec {
  readonly types: Readonly<Record<string, BaleType>>;
  readonly methods: Readonly<Record<string, BaleMethod>>;
}

const path = new URL("../../packages/api/spec/bale-api.json", import.meta.url);

/** Bale's API as data: what the types, and the table of methods, are generated from. */
export const spec: Spec = JSON.parse(readFileSync(path, "utf8")) as Spec;

/** What is wrong with a value that is to have a type of the spec, each with its place; nothing when it fits. */
export function faultsOf(value: unknown, type: string, place = "result"): readonly string[] {
  if (type.endsWith("[]")) {
    if (!Array.isArray(value)) return [`${place} is no list`];
    const inner = type.slice(0, -2).replace(/^\((.*)\)$/, "$1");
    return value.flatMap((one, at) => faultsOf(one, inner, `${place}[${at}]`));
  }
  const choices = type.split(" | ");
  if (choices.length > 1) {
    const tried = choices.map((choice) => faultsOf(value, choice, place));
    return tried.some((faults) => faults.length === 0) ? [] : [`${place} is none of ${type}`];
  }
  const known = spec.types[type];
  if (known === undefined)
    return isPlain(value, type) ? [] : [`${place} is ${String(value)}, and no ${type}`];
  if (typeof value !== "object" || value === null) return [`${place} is no ${type}`];
  if (known.union !== undefined) return unionFaults(value, type, known, place);
  return fieldFaults(value as Readonly<Record<string, unknown>>, type, known, place);
}

function isPlain(value: unknown, type: string): boolean {
  if (type === "Integer") return Number.isSafeInteger(value);
  if (type === "Float") return typeof value === "number" && Number.isFinite(value);
  if (type === "String") return typeof value === "string";
  if (type === "Boolean") return typeof value === "boolean";
  if (type === "True") return value === true;
  throw new Error(`The spec has no type ${type}.`);
}

function unionFaults(
  value: object,
  type: string,
  { union = [], on }: BaleType,
  place: string,
): readonly string[] {
  const tried = union.map((name) => ({ name, faults: faultsOf(value, name, place) }));
  if (tried.some(({ faults }) => faults.length === 0)) return [];
  const mark = on === undefined ? undefined : (value as Readonly<Record<string, unknown>>)[on];
  const meant = tried.find(({ name }) => on !== undefined && spec.types[name]?.fields?.[on]?.value === mark);
  return meant?.faults ?? [`${place} is no ${type}`];
}

function fieldFaults(
  value: Readonly<Record<string, unknown>>,
  type: string,
  { fields = {} }: BaleType,
  place: string,
): readonly string[] {
  const strange = Object.keys(value)
    .filter((name) => fields[name] === undefined)
    .map((name) => `${place}.${name} is no field of ${type}`);
  const wrong = Object.entries(fields).flatMap(([name, field]): readonly string[] => {
    const at = `${place}.${name}`;
    const own = value[name];
    if (own === undefined) return field.optional || field.never ? [] : [`${at} is missing`];
    if (field.never) return [`${at} is never there`];
    if (field.value !== undefined && own !== field.value) return [`${at} is not ${String(field.value)}`];
    if (field.values !== undefined && !field.open && !field.values.includes(own)) {
      return [`${at} is none of ${field.values.join(", ")}`];
    }
    return faultsOf(own, field.type, at);
  });
  return [...strange, ...wrong];
}
