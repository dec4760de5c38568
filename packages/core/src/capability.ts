import { shown, wrongType } from "./misuse.js";

/**
 * A typed name under which one plugin offers something and others find it, without importing each other:
 * `composer.provide(token, value)`, `composer.find(token)`. Two tokens of one name are two different tokens.
 */
export interface Capability<Value> {
  readonly name: string;
  /** Never set: carries the type. */
  readonly value?: ((value: Value) => Value) | undefined;
}

/** Makes a capability token. Keep it in a module that provider and user both import. */
export function capability<Value>(name: string): Capability<Value> {
  if (typeof name !== "string" || name === "") {
    throw wrongType(
      "ERR_BALE_PLUGIN",
      `capability: its name is a text for error messages, not ${shown(name)}.`,
    );
  }
  return Object.freeze({ name });
}
