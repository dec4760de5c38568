import { shown, wrongType } from "./misuse.js";

/** One typed argument of a command; made by `arg.integer()` and its sisters. */
export interface Arg<Value> {
  /** What it accepts, for people: `a whole number from 1 to 100`. */
  readonly expects: string;
  /** Takes everything that is left instead of one word. */
  readonly takesRest: boolean;
  /** May be missing. */
  readonly isOptional: boolean;
  /** Reads what was typed; `undefined` when it is not acceptable. */
  read(typed: string, normalize: (text: string) => string): Value | undefined;
}

/** The arguments of a command in the order they are typed. */
export type ArgShape = Readonly<Record<string, Arg<unknown>>>;

/** What a handler finds in `ctx.args`. */
export type ArgValues<Shape extends ArgShape> = {
  readonly [Name in keyof Shape]: Shape[Name] extends Arg<infer Value> ? Value : never;
};

/** Bounds of a number, both included. */
export interface NumberBounds {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** What was wrong with the arguments that were typed. */
export interface ArgProblem {
  /** The argument that is missing or not acceptable; `undefined` when there was more than the command takes. */
  readonly name: string | undefined;
  /** What was typed for it; `undefined` when nothing was. */
  readonly typed: string | undefined;
  /** What it accepts. */
  readonly expects: string;
  /** How the command is to be typed: `/pay <amount> [note]`. */
  readonly usage: string;
}

/** Makers of typed arguments. */
export const arg: {
  /** One word, or several in quotes. */
  word(): Arg<string>;
  /** A whole number; Persian digits count. @throws TypeError for bounds that accept nothing */
  integer(bounds?: NumberBounds | undefined): Arg<number>;
  /** A number with or without a fraction; Persian digits count. @throws TypeError for bounds that accept nothing */
  number(bounds?: NumberBounds | undefined): Arg<number>;
  /** One of these words. */
  oneOf<const Choice extends string>(...choices: readonly Choice[]): Arg<Choice>;
  /** Everything that is left, as typed. Only as the last argument. */
  rest(): Arg<string>;
  /** The same argument, but it may be missing. Only behind the required ones. */
  optional<Value>(inner: Arg<Value>): Arg<Value | undefined>;
  /** Your own: `read` returns the value, or `undefined` when the word is not acceptable. */
  custom<Value>(expects: string, read: (typed: string) => Value | undefined): Arg<Value>;
} = {
  word: () => single("a word", (typed) => typed),
  integer: (bounds) =>
    single(`a whole number${within("arg.integer", bounds)}`, (typed, normalize) => {
      const text = normalize(typed);
      return /^[+-]?\d+$/.test(text) ? bounded(Number(text), bounds, Number.isSafeInteger) : undefined;
    }),
  number: (bounds) =>
    single(`a number${within("arg.number", bounds)}`, (typed, normalize) => {
      const text = normalize(typed).replace("٫", ".");
      return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(text)
        ? bounded(Number(text), bounds, Number.isFinite)
        : undefined;
    }),
  oneOf: (...choices) => {
    if (choices.length === 0) throw wrongType("ERR_BALE_COMMAND", "arg.oneOf: give it at least one word.");
    return single(`one of ${choices.join(", ")}`, (typed, normalize) =>
      choices.find((choice) => normalize(choice) === normalize(typed)),
    );
  },
  rest: () => ({ expects: "some text", takesRest: true, isOptional: false, read: (typed) => typed }),
  optional: (inner) => ({
    expects: inner.expects,
    takesRest: inner.takesRest,
    isOptional: true,
    read: (typed, normalize) => inner.read(typed, normalize),
  }),
  custom: (expects, read) => single(expects, (typed) => read(typed)),
};

/** Checks the order of the arguments when the command is registered. */
export function checkShape(shape: ArgShape): void {
  let optional: string | undefined;
  let rest: string | undefined;
  for (const [name, one] of Object.entries(shape)) {
    if (typeof one?.read !== "function") {
      throw wrongType(
        "ERR_BALE_COMMAND",
        `command: args.${name} is ${shown(one)}, not an arg. Use arg.word() or so.`,
      );
    }
    if (rest !== undefined) {
      throw wrongType(
        "ERR_BALE_COMMAND",
        `command: args.${rest} takes the rest of the text, so args.${name} can't follow.`,
      );
    }
    if (optional !== undefined && !one.isOptional) {
      throw wrongType(
        "ERR_BALE_COMMAND",
        `command: args.${name} is required, so it can't follow args.${optional}, which is optional.`,
      );
    }
    if (one.isOptional) optional = name;
    if (one.takesRest) rest = name;
  }
}

/** Reads the arguments out of what follows a command. */
export function readArgs(
  shape: ArgShape,
  payload: string,
  command: string,
  normalize: (text: string) => string,
): { readonly values: object } | { readonly problem: ArgProblem } {
  const values: Record<string, unknown> = {};
  let left = payload;
  for (const [name, one] of Object.entries(shape)) {
    const { typed, after } = one.takesRest ? { typed: left, after: "" } : firstWord(left);
    if (typed === "") {
      if (!one.isOptional) return { problem: problem(shape, command, name, one.expects, undefined) };
      values[name] = undefined;
      continue;
    }
    const value = one.read(typed, normalize);
    if (value === undefined) return { problem: problem(shape, command, name, one.expects, typed) };
    values[name] = value;
    left = after;
  }
  if (left !== "") return { problem: problem(shape, command, undefined, "nothing more", left) };
  return { values };
}

function problem(
  shape: ArgShape,
  command: string,
  name: string | undefined,
  expects: string,
  typed: string | undefined,
): ArgProblem {
  const parts = Object.entries(shape).map(([part, one]) => (one.isOptional ? `[${part}]` : `<${part}>`));
  return { name, typed, expects, usage: [`/${command}`, ...parts].join(" ") };
}

/** The first word of a text, or what stands in quotes at its beginning, and what follows it. */
function firstWord(text: string): { typed: string; after: string } {
  const parts = /^(?:"([^"]*)"|\u00ab([^\u00bb]*)\u00bb|(\S+))(?:\s+|$)/.exec(text) ?? /^(\S+)\s*/.exec(text);
  if (parts === null) return { typed: "", after: "" };
  return { typed: parts[1] ?? parts[2] ?? parts[3] ?? "", after: text.slice(parts[0].length) };
}

function single<Value>(
  expects: string,
  read: (typed: string, normalize: (text: string) => string) => Value | undefined,
): Arg<Value> {
  return { expects, takesRest: false, isOptional: false, read };
}

function within(doing: string, bounds: NumberBounds | undefined): string {
  const { min, max } = bounds ?? {};
  for (const [name, bound] of Object.entries({ min, max })) {
    if (bound === undefined || (typeof bound === "number" && !Number.isNaN(bound))) continue;
    throw wrongType("ERR_BALE_COMMAND", `${doing}: ${name} is ${shown(bound)}. Give a number.`);
  }
  if (min !== undefined && max !== undefined && min > max) {
    const message = `${doing}: min is ${min} and max ${max}, so nothing would be accepted. Give a min that is not above max.`;
    throw wrongType("ERR_BALE_COMMAND", message);
  }
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return `, at least ${min}`;
  return max === undefined ? "" : `, at most ${max}`;
}

function bounded(
  value: number,
  bounds: NumberBounds | undefined,
  isSound: (value: number) => boolean,
): number | undefined {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = bounds ?? {};
  return isSound(value) && value >= min && value <= max ? value : undefined;
}
