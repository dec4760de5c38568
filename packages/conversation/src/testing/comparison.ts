import type { TapeEntry } from "./tape.js";

/**
 * Finds one record in another: what the other has besides, or `undefined` when it lacks something, or has it in another
 * order. With `isPart` the other may end early.
 */
export function matches(
  expected: readonly TapeEntry[],
  found: readonly TapeEntry[],
  isPart: boolean,
): readonly TapeEntry[] | undefined {
  const extras: TapeEntry[] = [];
  let at = 0;
  for (const entry of found) {
    if (entry.key === expected[at]?.key) at++;
    else extras.push(entry);
  }
  if (isPart) return extras.every(({ isRepeat }) => isRepeat) ? extras : undefined;
  return at === expected.length ? extras : undefined;
}

/** Two records side by side: what only the first has begins with `-`, what only the second has with `+`. */
export function difference(expected: readonly TapeEntry[], found: readonly TapeEntry[]): string {
  const lengths = longest(expected, found);
  const lines: string[] = [];
  let [at, other] = [0, 0];
  while (at < expected.length || other < found.length) {
    const [one, two] = [expected[at], found[other]];
    if (one !== undefined && two !== undefined && one.key === two.key) {
      lines.push(`  ${one.line}`);
      at++;
      other++;
    } else if (
      two === undefined ||
      (one !== undefined && lengthAt(lengths, at + 1, other) >= lengthAt(lengths, at, other + 1))
    ) {
      lines.push(`- ${saying(one as TapeEntry, found)}`);
      at++;
    } else {
      lines.push(`+ ${saying(two, expected)}`);
      other++;
    }
  }
  return lines.join("\n");
}

/** A line; with all it holds where the line alone would look like one of the other side. */
function saying({ line, key }: TapeEntry, others: readonly TapeEntry[]): string {
  return others.some((other) => other.line === line && other.key !== key) ? `${line}   ${key}` : line;
}

/** For each pair of places, how much the rests after them have in common. */
function longest(expected: readonly TapeEntry[], found: readonly TapeEntry[]): readonly number[][] {
  const row = (): number[] => Array.from({ length: found.length + 1 }, () => 0);
  const lengths = Array.from({ length: expected.length + 1 }, row);
  for (let at = expected.length - 1; at >= 0; at--) {
    for (let other = found.length - 1; other >= 0; other--) {
      const place = lengths[at] as number[];
      place[other] =
        expected[at]?.key === found[other]?.key
          ? lengthAt(lengths, at + 1, other + 1) + 1
          : Math.max(lengthAt(lengths, at + 1, other), lengthAt(lengths, at, other + 1));
    }
  }
  return lengths;
}

function lengthAt(lengths: readonly number[][], at: number, other: number): number {
  return lengths[at]?.[other] ?? 0;
}
