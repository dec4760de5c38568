/**
 * How a store writes values as text and reads them again. `encode` gives well-formed text without NUL characters;
 * `decode` gives back what was encoded. Throwing is fine: the store says which key it was.
 */
export interface Codec {
  encode(value: unknown): string;
  decode(text: string): unknown;
}

/** Plain JSON: fast, and readable by everything. Dates come back as strings; Map, Set and bigint are refused at the top. */
export const json: Codec = {
  encode(value: unknown): string {
    if (value instanceof Map || value instanceof Set) {
      throw new TypeError(`JSON writes a ${value.constructor.name} as {}. Use the codec richJson.`);
    }
    const text: string | undefined = JSON.stringify(value);
    if (text === undefined) {
      throw new TypeError(
        `the value is ${typeof value}, which JSON cannot carry. To remove a key use delete().`,
      );
    }
    return text;
  },
  decode: (text: string): unknown => JSON.parse(text),
};
