/**
 * A copy of plain data: objects, arrays, dates, maps, sets and bytes, at any depth. What is of another class is taken
 * over as it is.
 */
export function plainCopy<Value>(value: Value): Value {
  return copied(value) as Value;
}

function copied(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copied);
  if (isPlain(value)) {
    // Not by spreading: V8 makes a new shape for each object that is spread and then given one more field, which takes it
    // over a microsecond.
    const copy: Record<string, unknown> = {};
    for (const key in value) {
      if (!Object.hasOwn(value, key)) continue;
      const part = (value as Record<string, unknown>)[key];
      setOwn(copy, key, typeof part === "object" && part !== null ? copied(part) : part);
    }
    return copy;
  }
  if (value instanceof Date) return new Date(value.getTime());
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [copied(key), copied(item)]));
  if (value instanceof Set) return new Set([...value].map(copied));
  if (value instanceof Uint8Array) return new Uint8Array(value);
  return value;
}

/** Sets a field, also one named __proto__. */
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") target[key] = value;
  else {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  }
}

/**
 * Whether two pieces of plain data say the same; the order of keys is no difference. Of an object of another class
 * nothing is known, so it counts as changed: a write too many, never one too few.
 */
export function sameData(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || one === null || typeof other !== "object" || other === null) {
    return Object.is(one, other);
  }
  if (Array.isArray(one)) {
    return (
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((item: unknown, at) => sameData(item, other[at]))
    );
  }
  if (isPlain(one)) return isPlain(other) && sameFields(one, other);
  if (one instanceof Date) return other instanceof Date && Object.is(one.getTime(), other.getTime());
  if (one instanceof Map) return other instanceof Map && sameList([...one], [...other]);
  if (one instanceof Set) return other instanceof Set && sameList([...one], [...other]);
  if (one instanceof Uint8Array) return other instanceof Uint8Array && sameList([...one], [...other]);
  return false;
}

function sameFields(one: object, other: object): boolean {
  // How many fields `one` has beyond those of `other`, counted without a list of either.
  let more = 0;
  for (const key in one) {
    if (!Object.hasOwn(one, key)) continue;
    if (!Object.hasOwn(other, key)) return false;
    if (!sameData((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]))
      return false;
    more++;
  }
  for (const key in other) if (Object.hasOwn(other, key)) more--;
  return more === 0;
}

function sameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, at) => sameData(item, other[at]));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
