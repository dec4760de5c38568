/** A value that a path leads to, and where it is: `reply_markup.inline_keyboard[0][1].callback_data`. */
export interface PlacedValue {
  readonly where: string;
  readonly value: unknown;
}

/** Paths come from the method table, so there are only a few. */
const paths = new Map<string, Steps>();

/** The parameter a path begins with, and what follows it. */
type Steps = readonly [param: string, rest: readonly string[]];

/**
 * Everything a path of the method table leads to. `*` in a path stands for each element of a list; what is missing on
 * the way, or is of another shape, leads to nothing.
 */
export function valuesAt(path: string, params: Readonly<Record<string, unknown>>): readonly PlacedValue[] {
  const [param, rest] = stepsOf(path);
  const value = params[param];
  // Nearly every call: no keyboard, no album. It costs one look and nothing is made.
  if (value === undefined || value === null) return NOTHING;
  let found: PlacedValue[] = [{ where: param, value }];
  for (const step of rest)
    found = found.flatMap((from) => (step === "*" ? elementsOf(from) : memberOf(from, step)));
  return found;
}

const NOTHING: readonly PlacedValue[] = [];

function stepsOf(path: string): Steps {
  const known = paths.get(path);
  if (known !== undefined) return known;
  const [param = "", ...rest] = path.split(".");
  const steps: Steps = [param, rest];
  paths.set(path, steps);
  return steps;
}

function elementsOf({ where, value }: PlacedValue): PlacedValue[] {
  if (!Array.isArray(value)) return [];
  return value.map((element: unknown, index) => ({ where: `${where}[${index}]`, value: element }));
}

function memberOf({ where, value }: PlacedValue, name: string): PlacedValue[] {
  if (typeof value !== "object" || value === null) return [];
  const member = (value as Readonly<Record<string, unknown>>)[name];
  return member === undefined ? [] : [{ where: `${where}.${name}`, value: member }];
}
