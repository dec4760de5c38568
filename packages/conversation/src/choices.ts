import { misuse, shown } from "./misuse.js";
import { readInteger } from "./number-reader.js";
import { wordsOf } from "./plain-text.js";

/** One of several answers. */
export interface Choice<Value> {
  readonly value: Value;
  /** What stands on its button. */
  readonly label: string;
  /** What counts as this answer as well, when it is typed. */
  readonly also?: readonly string[] | undefined;
}

/** The answers a question lets one choose from. */
export class Choices<Value> {
  readonly all: readonly Choice<Value>[];
  readonly #words = new Map<string, Choice<Value>>();
  readonly #numbered: boolean;

  /** @throws TypeError when there are none, or two that look alike */
  constructor(
    id: string,
    choices: readonly (string | Choice<Value>)[] | Readonly<Record<string, string>>,
    numbered = true,
  ) {
    this.all = listOf<Value>(id, choices);
    for (const choice of this.all) {
      if (typeof choice.label !== "string" || wordsOf(choice.label) === "") {
        throw refused(id, `the label of ${shown(choice.value)} is ${shown(choice.label)}. Give a text.`);
      }
      const key = wordsOf(choice.label);
      if (this.#words.has(key)) {
        throw refused(id, `two choices are called ${shown(choice.label)}. Give each a label of its own.`);
      }
      this.#words.set(key, choice);
    }
    for (const choice of this.all) {
      const also = [...(choice.also ?? []), ...(typeof choice.value === "string" ? [choice.value] : [])];
      for (const word of also) if (!this.#words.has(wordsOf(word))) this.#words.set(wordsOf(word), choice);
    }
    // Where a label is a number, a number that is typed means the label, not the place in the list.
    this.#numbered = numbered && this.all.every(({ label }) => readInteger(label) === undefined);
  }

  /** The choice a text means: its label, its value, or its number in the list. */
  find(text: string): Choice<Value> | undefined {
    const said = this.#words.get(wordsOf(text));
    if (said !== undefined || !this.#numbered) return said;
    const place = readInteger(text);
    return place === undefined ? undefined : this.all[place - 1];
  }

  /** The choices in rows of so many. */
  rows<Made>(
    columns: number,
    make: (choice: Choice<Value>, at: number) => Made,
  ): readonly (readonly Made[])[] {
    const rows: Made[][] = [];
    this.all.forEach((choice, at) => {
      if (at % columns === 0) rows.push([]);
      rows.at(-1)?.push(make(choice, at));
    });
    return rows;
  }
}

function listOf<Value>(id: string, choices: unknown): readonly Choice<Value>[] {
  if (typeof choices !== "object" || choices === null) {
    throw refused(id, `the choices are ${shown(choices)}. Give a list, or an object of labels by value.`);
  }
  const list: readonly unknown[] = Array.isArray(choices)
    ? (choices as readonly unknown[])
    : Object.entries(choices).map(([value, label]) => ({ value, label: label as unknown }));
  if (list.length === 0) throw refused(id, "there is nothing to choose from. Give at least one choice.");
  return list.map((one) =>
    typeof one === "string" ? { value: one, label: one } : one,
  ) as readonly Choice<Value>[];
}

function refused(id: string, what: string): TypeError {
  return misuse("ERR_BALE_CONVERSATION_ASK", `Asking ${shown(id)}: ${what}`);
}
