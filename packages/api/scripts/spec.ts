import { readFileSync } from "node:fs";

/** How sure we are that Bale really does what the spec says. */
export type Confidence = "high" | "medium" | "low";

/**
 * A type as the spec writes it: `Integer`, `Float`, `String`, `Boolean`, `True`, `InputFile`, the name of
 * another type, `X[]` for a list, ` | ` between alternatives, and brackets around alternatives in a list.
 */
export type TypeExpression = string;

/** Where a statement about Bale comes from. */
export interface Source {
  readonly doc: string;
  readonly url?: string;
}

/** A number of Bale's: either a bound on parameters, or (without `kind`) a fact to know. */
export interface LimitSpec {
  readonly doc: string;
  readonly kind?: "length" | "bytes" | "range" | "count";
  readonly min?: number;
  readonly max?: number;
  readonly level?: "reject" | "warn";
  readonly value?: number | readonly number[];
  readonly source: string;
}

/** A member of an object Bale sends, or a parameter of a method. */
export interface FieldSpec {
  readonly type: TypeExpression;
  readonly doc: string;
  readonly optional?: true;
  /** The only value this field takes: it tells the members of a union apart. */
  readonly value?: string;
  /** The values a String is known to take. */
  readonly values?: readonly string[];
  /** The set of `values` may grow: any string is taken too. */
  readonly open?: true;
  /** This member never has the field; it is typed so that a union can be read without narrowing. */
  readonly never?: true;
  /** Name of the limit that bounds it, see `limits`. */
  readonly limit?: string;
  /** Seen in working code, absent from Bale's documentation. */
  readonly undocumented?: true;
}

export interface TypeSpec {
  readonly doc: string;
  readonly see: string;
  readonly undocumented?: true;
  readonly notes?: readonly string[];
  readonly fields?: Readonly<Record<string, FieldSpec>>;
  /** The members of a union, told apart by the field named in `on`. */
  readonly union?: readonly string[];
  readonly on?: string;
}

export interface MethodSpec {
  readonly group: string;
  readonly doc: string;
  readonly see: string;
  readonly confidence: Confidence;
  readonly documented: boolean;
  /** Who shows that Bale has it: names from `sources`. */
  readonly sources: readonly string[];
  /** Safe to repeat when the fate of a call is unknown. */
  readonly idempotent: boolean;
  readonly notes?: readonly string[];
  readonly params: Readonly<Record<string, FieldSpec>>;
  readonly result: TypeExpression;
  /** Parameters that take a file at the top level. */
  readonly files?: readonly string[];
  /** The parameter whose objects carry files inside. */
  readonly nestedMedia?: string;
  /** Goes out as multipart even when no file is inside. */
  readonly multipart?: true;
}

export interface BusinessSpec {
  readonly doc: string;
  readonly see: string;
  readonly sources: readonly string[];
  readonly confidence: Confidence;
  readonly root: string;
  readonly methods: readonly string[];
  readonly notes: readonly string[];
}

/** What a context has: name of its member to the type of it. */
export type Gives = Readonly<Record<string, TypeExpression>>;

export interface UpdateKindSpec {
  readonly type: TypeExpression;
  readonly doc: string;
  /** The context's name of it. */
  readonly member: string;
  readonly gives: Gives;
}

/** Something a message may carry, and what the context has when it does. */
export interface ContentSpec {
  readonly doc: string;
  /** Any of these fields; without it, the field that bears the name of the content. */
  readonly fields?: readonly string[];
  /** Can be found in an edited message too. */
  readonly edited: boolean;
  readonly gives?: Gives;
}

/** A second name for a query, kept because bots were written with it. */
export interface AliasSpec {
  readonly of: string;
  readonly doc: string;
  /** Run once for each element of this field. */
  readonly each?: string;
  readonly gives?: Gives;
}

export interface Spec {
  readonly documentation: string;
  readonly sources: Readonly<Record<string, Source>>;
  readonly limits: Readonly<Record<string, LimitSpec>>;
  readonly types: Readonly<Record<string, TypeSpec>>;
  readonly methods: Readonly<Record<string, MethodSpec>>;
  readonly business: BusinessSpec;
  readonly updates: Readonly<Record<string, UpdateKindSpec>>;
  /** What a callback_query can carry. */
  readonly callbacks: Readonly<Record<string, ContentSpec>>;
  readonly contents: Readonly<Record<string, ContentSpec>>;
  readonly aliases: Readonly<Record<string, AliasSpec>>;
}

/** Where the spec lies. */
export const SPEC_FILE: URL = new URL("../spec/bale-api.json", import.meta.url);

/** Reads the spec from its file. */
export function readSpec(): Spec {
  return JSON.parse(readFileSync(SPEC_FILE, "utf8")) as Spec;
}

const PRIMITIVES: ReadonlySet<string> = new Set([
  "Integer",
  "Float",
  "String",
  "Boolean",
  "True",
  "InputFile",
]);

/** The names of the spec's own types inside a type expression, in order. */
export function namesIn(expression: TypeExpression): string[] {
  return (expression.match(/\w+/g) ?? []).filter((name) => !PRIMITIVES.has(name));
}
