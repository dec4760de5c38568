/** What `plainValue` answers for a value that has to be written as text. */
export const notPlain: unique symbol = Symbol("not plain");

/** Deeper values are left to JSON, and with them those that hold themselves. */
const MOST_LEVELS = 32;

/** The most bytes JSON takes for a UTF-16 unit: `\u0000`. */
const UNIT_BYTES = 6;
/** A number of the most digits, such as -1.2345678901234567e-300, and the comma behind it. */
const NUMBER_BYTES = 25;
/** `false`, and the comma behind it. */
const WORD_BYTES = 6;
/** Two quotes or brackets, a colon and a comma. */
const MARK_BYTES = 4;

/** From this length on V8 makes a piece of a string by pointing into the whole, which then stays in memory. */
const SHORTEST_PIECE = 13;

/**
 * A copy of a value that JSON would give back the same: plain objects, arrays, strings, finite numbers, booleans and
 * null, at any depth. `notPlain` for all others, and for what might take more than `maxBytes` as JSON: whoever asks has
 * to write those to know.
 */
export function plainValue(value: unknown, maxBytes: number): unknown {
  try {
    return copied(value, { bytes: maxBytes }, MOST_LEVELS);
  } catch {
    // A getter has thrown: JSON meets it again, and the store tells of it.
    return notPlain;
  }
}

/** How many bytes the rest of a value may take. */
interface Room {
  bytes: number;
}

function copied(value: unknown, room: Room, levels: number): unknown {
  switch (typeof value) {
    case "string":
      room.bytes -= value.length * UNIT_BYTES + MARK_BYTES;
      if (room.bytes < 0) return notPlain;
      return value.length < SHORTEST_PIECE ? value : ownText(value);
    case "number":
      room.bytes -= NUMBER_BYTES;
      return room.bytes < 0 || !Number.isFinite(value) || Object.is(value, -0) ? notPlain : value;
    case "boolean":
      room.bytes -= WORD_BYTES;
      return room.bytes < 0 ? notPlain : value;
    case "object":
      room.bytes -= WORD_BYTES;
      if (room.bytes < 0) return notPlain;
      if (value === null) return null;
      if (levels === 0 || (value as { readonly toJSON?: unknown }).toJSON !== undefined) return notPlain;
      return Array.isArray(value)
        ? copiedList(value, room, levels - 1)
        : copiedFields(value, room, levels - 1);
    default:
      return notPlain;
  }
}

function copiedList(list: readonly unknown[], room: Room, levels: number): unknown {
  const copy: unknown[] = [];
  // By place, as JSON does: a class of lists may iterate over something else.
  for (let at = 0; at < list.length; at++) {
    const part = copied(list[at], room, levels);
    if (part === notPlain) return notPlain;
    copy.push(part);
  }
  return copy;
}

function copiedFields(fields: object, room: Room, levels: number): unknown {
  const prototype: unknown = Object.getPrototypeOf(fields);
  if (prototype !== Object.prototype && prototype !== null) return notPlain;
  const copy: Record<string, unknown> = {};
  // Not by Object.keys, whose lists would be most of what a store in memory leaves to the garbage collector.
  for (const key in fields) {
    if (!Object.hasOwn(fields, key)) continue;
    room.bytes -= key.length * UNIT_BYTES + MARK_BYTES;
    const part = copied((fields as Record<string, unknown>)[key], room, levels);
    // Assigning a field of this name would set the prototype.
    if (part === notPlain || key === "__proto__") return notPlain;
    copy[key] = part;
  }
  return copy;
}

/** The same text, without the long one it may be a piece of. */
function ownText(text: string): string {
  return ` ${text}`.slice(1);
}

/** A copy of what `plainValue` made. */
export function plainCopy<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  return (Array.isArray(value) ? listCopy(value) : fieldsCopy(value)) as Value;
}

function listCopy(list: readonly unknown[]): unknown[] {
  const copy = list.slice();
  for (let at = 0; at < copy.length; at++) {
    const part = copy[at];
    if (typeof part === "object" && part !== null) copy[at] = plainCopy(part);
  }
  return copy;
}

function fieldsCopy(fields: object): object {
  // Field by field: V8 makes a new shape for each object that is spread and then given one more field.
  const copy: Record<string, unknown> = {};
  for (const key in fields) {
    if (!Object.hasOwn(fields, key)) continue;
    const part = (fields as Record<string, unknown>)[key];
    copy[key] = typeof part === "object" && part !== null ? plainCopy(part) : part;
  }
  return copy;
}
