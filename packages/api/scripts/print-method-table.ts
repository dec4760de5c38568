import { HEADER, importTypes, literal } from "./code.js";
import { limitOf } from "./print-limits.js";
import { type FieldSpec, type MethodSpec, namesIn, type Spec } from "./spec.js";

/** A bound and where it applies, as it stands in the table. */
interface Bound {
  readonly param: string;
  readonly source: string;
}

/** `method-table.ts`: what a program needs to know of a method at run time. */
export function printMethodTable(spec: Spec): string {
  const shared = new Map<string, string>();
  const rows = Object.entries(spec.methods).map(([name, method]) => row(spec, name, method, shared));
  const sources = Object.values(spec.limits).filter(({ kind }) => kind !== undefined);
  const business = spec.business.methods.map((name) => JSON.stringify(name));
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
  /** Bounds on the parameters themselves. */
  readonly limits: readonly Limit[];
  /** Bounds on what lies inside a parameter: buttons of a keyboard, items of an album. */
  readonly nestedLimits?: readonly Limit[];
}

/**
 * A bound on one parameter, both ends included. \`length\` counts characters (code points, the lenient reading),
 * \`bytes\` counts UTF-8, or the size of a file; \`range\` bounds a number and \`count\` a list.
 */
export interface Limit {
  /** Where: a parameter, or a path into one with \`*\` for each element, such as \`media.*.caption\`. */
  readonly param: string;
  readonly kind: "length" | "bytes" | "range" | "count";
  readonly min?: number;
  readonly max?: number;
  /** \`reject\`: Bale documents it as a hard limit. \`warn\`: the call may still go through. */
  readonly level: "reject" | "warn";
  /** Who says so: \`docs\` is Bale, the others are listed in the spec. */
  readonly source: ${union(sources.map(({ source }) => source))};
}

${[...shared].map(([text, name]) => `const ${name}: readonly Limit[] = [\n${text}];\n`).join("\n")}
/** Every method the spec knows, by its name on the wire. */
export const METHODS: Readonly<Record<keyof Methods, MethodInfo>> = {
${rows.join("")}};

/** The methods of the Business API. */
export const BUSINESS_METHODS: readonly (${business.join(" | ")})[] = [
${business.map((name) => `  ${name},\n`).join("")}];
`;
}

function union(names: readonly string[]): string {
  return [...new Set(names)].map((name) => JSON.stringify(name)).join(" | ");
}

function row(spec: Spec, name: string, method: MethodSpec, shared: Map<string, string>): string {
  const { documented, confidence, files = [], nestedMedia, multipart, idempotent } = method;
  const head = literal({ documented, confidence, files, nestedMedia, multipart, idempotent }).slice(2, -2);
  const params = Object.entries(method.params);
  const own = params.map(([param, field]) => printBounds(bound(spec, param, field), "      ")).join("");
  const nested = params.flatMap(([param, { type }]) => {
    const inside = printBounds(boundsInside(spec, param, type), "  ");
    if (inside === "") return [];
    if (!shared.has(inside)) shared.set(inside, constantName(param, shared));
    return [shared.get(inside) ?? ""];
  });
  const limits = own === "" ? "limits: []" : `limits: [\n${own}    ]`;
  const [only = "", ...others] = nested;
  const lists = others.length === 0 ? only : `[${nested.map((list) => `...${list}`).join(", ")}]`;
  const rest = lists === "" ? limits : `${limits},\n    nestedLimits: ${lists}`;
  if (own === "" && lists === "") return `  ${name}: { ${head}, ${rest} },\n`;
  return `  ${name}: {\n    ${head},\n    ${rest},\n  },\n`;
}

/** `IN_REPLY_MARKUP`; a second list under one name gets a number. */
function constantName(param: string, shared: ReadonlyMap<string, string>): string {
  const name = `IN_${param.toUpperCase()}`;
  const taken = [...shared.values()].filter((other) => other === name || other.startsWith(`${name}_`)).length;
  return taken === 0 ? name : `${name}_${taken + 1}`;
}

function printBounds(bounds: readonly Bound[], indent: string): string {
  return [...new Set(bounds.map((of) => `${indent}${literal(of)},\n`))].join("");
}

function bound(spec: Spec, param: string, field: FieldSpec): Bound[] {
  if (field.limit === undefined) return [];
  const { kind, min, max, level, source } = limitOf(spec, field.limit);
  return [{ param, kind, min, max, level, source } as Bound];
}

/** The bounds on what lies inside a parameter: the buttons of a keyboard, the items of an album. */
function boundsInside(spec: Spec, path: string, type: string): Bound[] {
  const lists = "[]".length;
  const depth = (/(\[\])+$/.exec(type)?.[0].length ?? 0) / lists;
  const at = path + ".*".repeat(depth);
  return namesIn(type).flatMap((name) => {
    const { fields = {}, union: members = [] } = spec.types[name] ?? {};
    return [
      ...members.flatMap((member) => boundsInside(spec, at, member)),
      ...Object.entries(fields).flatMap(([field, of]) => [
        ...bound(spec, `${at}.${field}`, of),
        ...boundsInside(spec, `${at}.${field}`, of.type),
      ]),
    ];
  });
}
