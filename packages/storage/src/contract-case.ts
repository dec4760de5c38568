/** One promise of the contract: passes by resolving. */
export interface ContractCase {
  /** A fact, to be used as the title of a test. */
  readonly name: string;
  run(): Promise<void>;
}

/** Keys that have broken stores: languages, separators, prototypes, halves of pairs, look-alikes, file names. */
export const ODD_KEYS: readonly string[] = [
  "",
  " ",
  "علی:کلید",
  "نیم\u200cفاصله",
  "ي",
  "ی",
  "e\u0301",
  "\u00e9",
  "A",
  "a",
  "__proto__",
  "constructor",
  "toString",
  "../up",
  "a/b",
  "a\\b",
  "con",
  ".lock",
  "a\0b",
  "a\u007f0000b",
  "a\u007fb",
  "\ud83d",
  "\ude00",
  "😀",
  "%",
  "_",
  "*",
  "a'b\"c;--",
  "{a}",
  "line\nbreak",
  "long".repeat(100),
  `${"long".repeat(100)}!`,
  "ن".repeat(512),
  "\0".repeat(512),
];

/** Everything an async iteration gives, sorted. */
export async function sorted(keys: AsyncIterable<string>): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const key of keys) all.push(key);
  return all.sort();
}
