import { comment, HEADER, key } from "./code.js";
import type { LimitSpec, Spec } from "./spec.js";

/** `limits.ts`: Bale's numbers by name. */
export function printLimits(spec: Spec): string {
  const entries = Object.entries(spec.limits);
  const members = entries.map(([name, limit]) => {
    const type = Array.isArray(numberOf(limit)) ? "readonly number[]" : "number";
    return `${comment("  ", [limit.doc])}  readonly ${key(name)}: ${type};\n`;
  });
  const values = entries.map(([name, limit]) => `  ${key(name)}: ${print(numberOf(limit))},\n`);
  return `${HEADER}/** Bale's numbers: the upper bound of what it takes, and times and sizes worth knowing. */
export interface Limits {
${members.join("")}}

/** Bale's numbers by name. A megabyte is counted as 1024 × 1024 bytes: the documentation does not say. */
export const LIMITS: Limits = {
${values.join("")}};
`;
}

function numberOf(limit: LimitSpec): number | readonly number[] {
  const value = limit.value ?? limit.max;
  if (value === undefined) throw new Error(`A limit has neither "value" nor "max": ${limit.doc}`);
  return value;
}

function print(value: number | readonly number[]): string {
  if (typeof value !== "number") return `[${value.map(print).join(", ")}]`;
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, "_");
}

const UNITS = {
  length: "characters",
  bytes: "bytes",
  range: "",
  count: "elements",
} as const;

/** The bound as a sentence for a doc comment. */
export function limitSentence(spec: Spec, name: string): string {
  const { kind, min, max, level } = limitOf(spec, name);
  const unit = UNITS[kind];
  if (level === "warn") return `A warning is given above ${max === undefined ? "" : size(max, kind)}.`;
  if (kind === "range") return `Between ${min} and ${max}.`;
  const text = min === undefined ? `At most ${max}` : `${min} to ${max}`;
  return `${text} ${unit}.`;
}

function size(max: number, kind: BoundSpec["kind"]): string {
  const mega = 1024 * 1024;
  if (kind === "bytes" && max % mega === 0) return `${max / mega} MB`;
  return UNITS[kind] === "" ? String(max) : `${max} ${UNITS[kind]}`;
}

/** A limit that bounds a parameter. */
export interface BoundSpec extends LimitSpec {
  readonly kind: "length" | "bytes" | "range" | "count";
  readonly level: "reject" | "warn";
}

/** The bound named `name`; throws when there is none, or when it is only a fact to know. */
export function limitOf(spec: Spec, name: string): BoundSpec {
  const limit = spec.limits[name];
  if (limit?.kind === undefined || limit.level === undefined) {
    throw new Error(
      `Unknown limit ${JSON.stringify(name)}. Name one in "limits" that has "kind" and "level".`,
    );
  }
  return { ...limit, kind: limit.kind, level: limit.level };
}
