const brands: WeakMap<object, symbol> = new WeakMap();

/** What every error of this package is made of. */
export interface BaleErrorInit {
  /** The method of Bale, or our own verb (`download`), that was being carried out. */
  readonly method: string;
  readonly cause?: unknown;
}

/**
 * The root of everything this package throws while talking to Bale. Narrow it by class, or by `code` in a `switch`.
 * `instanceof` also recognises the errors of a second installed copy of this package.
 */
export class BaleError extends Error {
  /** Stable; has a page in docs/errors. */
  declare readonly code: string;
  /** The method that was called, e.g. `sendMessage`. */
  readonly method: string;

  constructor(message: string, init: BaleErrorInit) {
    super(message, init.cause === undefined ? undefined : { cause: init.cause });
    // From the prototype to the instance, so that console.error prints it.
    Object.defineProperty(this, "code", { value: this.code, enumerable: true });
    this.method = init.method;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isRecognised(this, value);
  }

  static {
    recognisable(this, "BaleError", "ERR_BALE");
  }
}

/**
 * Names a class of errors and gives it an identity that survives two copies of this package in one program: a
 * registered symbol on its prototype, which `instanceof` then looks for.
 */
export function recognisable(constructor: { readonly prototype: object }, name: string, code: string): void {
  Object.defineProperties(constructor.prototype, {
    // On the prototype, not the instance: V8 reads it there for the first line of the stack.
    name: { value: name, configurable: true, writable: true },
    code: { value: code, configurable: true, writable: true },
  });
  alsoKnownAs(constructor, name);
  brands.set(constructor, brandOf(name));
}

/** Makes a class's errors `instanceof` the class called `name` without inheriting from it. */
export function alsoKnownAs(constructor: { readonly prototype: object }, name: string): void {
  Object.defineProperty(constructor.prototype, brandOf(name), { value: true });
}

/** The body of every `Symbol.hasInstance` of this package. */
export function isRecognised(constructor: object, value: unknown): boolean {
  const brand = brands.get(constructor);
  // A subclass made by somebody else has no brand of its own: it gets the ordinary test.
  if (brand === undefined) return Function.prototype[Symbol.hasInstance].call(constructor, value);
  return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[brand] === true;
}

function brandOf(name: string): symbol {
  return Symbol.for(`@balekit/api:${name}`);
}
