import type { Arg } from "./command-args.js";
import { outOfRange, shown, wrongType } from "./misuse.js";
import type { PatternParams } from "./pattern-params.js";

const CODE = "ERR_BALE_ROUTE";

/** The types of a route's parts, by their names: `{ id: arg.integer() }`. A part that is not named is a text. */
export type RouteShape<Path extends string> = {
  readonly [Name in keyof PatternParams<Path>]?: Arg<unknown> | undefined;
};

/** What a handler behind a route finds in `ctx.params`. */
export type RouteParams<Path extends string, Shape> = [keyof Shape] extends [never]
  ? PatternParams<Path>
  : {
      readonly [Name in keyof PatternParams<Path>]: Name extends keyof Shape
        ? Shape[Name] extends Arg<infer Value>
          ? Value
          : string
        : string;
    };

const asItIs = (text: string): string => text;

/** The parts of a route that are more than texts: checked when they are written, and read when they come back. */
export class RouteParts {
  readonly #typed: readonly (readonly [name: string, arg: Arg<unknown>])[];

  /** @throws TypeError for a name the route has not, and for what is no `arg` that is always there */
  constructor(shape: object, names: readonly string[], label: string) {
    const given = Object.entries(shape as Readonly<Record<string, Arg<unknown> | undefined>>);
    this.#typed = given.flatMap(([name, one]) => (one === undefined ? [] : [[name, one] as const]));
    for (const [name, one] of this.#typed) {
      if (!names.includes(name)) {
        const known = names.length === 0 ? "It has none." : `It has ${names.join(", ")}.`;
        throw wrongType(CODE, `${label}: parts.${name}: the route has no such part. ${known}`);
      }
      if (typeof one?.read !== "function" || one.isOptional) {
        const hint = "Give one like arg.integer(); a part is never missing.";
        throw wrongType(CODE, `${label}: parts.${name} is ${shown(one)}. ${hint}`);
      }
    }
  }

  /** @throws RangeError for a value that would not be read back as it is */
  check(values: object, doing: string): void {
    for (const [name, one] of this.#typed) {
      const value = (values as Readonly<Record<string, unknown>>)[name];
      // What is missing, or no value at all, is told with the layout.
      if (typeof value !== "string" && typeof value !== "number" && typeof value !== "bigint") continue;
      const back = one.read(String(value), asItIs);
      if (back !== undefined && String(back) === String(value)) continue;
      throw outOfRange(CODE, `${doing}: the value of ${name} is ${shown(value)}. Give ${one.expects}.`);
    }
  }

  /** Texts as what they stand for; `undefined` when one of them stands for nothing. */
  read(texts: Readonly<Record<string, string>> | undefined): Record<string, unknown> | undefined {
    if (texts === undefined || this.#typed.length === 0) return texts;
    const values: Record<string, unknown> = Object.assign(Object.create(null) as object, texts);
    for (const [name, one] of this.#typed) {
      const value = one.read(texts[name] ?? "", asItIs);
      // Another spelling of the same is not what this route writes.
      if (value === undefined || String(value) !== texts[name]) return undefined;
      values[name] = value;
    }
    return values;
  }
}
