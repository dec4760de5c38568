import { outOfRange, shown, wrongType } from "./misuse.js";

const ONES = ["", "یک", "دو", "سه", "چهار", "پنج", "شش", "هفت", "هشت", "نه"] as const;
const TEENS = [
  "ده",
  "یازده",
  "دوازده",
  "سیزده",
  "چهارده",
  "پانزده",
  "شانزده",
  "هفده",
  "هجده",
  "نوزده",
] as const;
const TENS = ["", "", "بیست", "سی", "چهل", "پنجاه", "شصت", "هفتاد", "هشتاد", "نود"] as const;
const HUNDREDS = ["", "صد", "دویست", "سیصد", "چهارصد", "پانصد", "ششصد", "هفتصد", "هشتصد", "نهصد"] as const;
const SCALES = ["", "هزار", "میلیون", "میلیارد", "تریلیون", "کوادریلیون", "کوینتیلیون", "سکستیلیون"] as const;

/** The smallest number that has no words here: 10 to the 24th. */
const TOO_LARGE = 10n ** 24n;

/**
 * A whole number in Persian words: `1405` is «هزار و چهارصد و پنج».
 * @throws TypeError for a fraction, and RangeError for a `number` that is not safe, or from 10^24 on
 */
export function toWords(value: number | bigint): string {
  const whole = wholeNumber(value, "toWords");
  if (whole < 0n) return `منفی ${toWords(-whole)}`;
  if (whole === 0n) return "صفر";
  if (whole >= TOO_LARGE) {
    throw outOfRange(`toWords: ${shown(value)} has no name in Persian. Give a number below 10 to the 24th.`);
  }
  const parts: string[] = [];
  let left = whole;
  for (let scale = 0; left > 0n; scale++, left /= 1000n) {
    const group = Number(left % 1000n);
    if (group === 0) continue;
    const name = SCALES[scale] ?? "";
    // «هزار» and not «یک هزار», but «یک میلیون».
    parts.unshift(scale === 1 && group === 1 ? name : [below1000(group), name].filter(Boolean).join(" "));
  }
  return parts.join(" و ");
}

function below1000(value: number): string {
  const rest = value % 100;
  const parts: (string | undefined)[] = [HUNDREDS[Math.floor(value / 100)]];
  if (rest >= 10 && rest < 20) parts.push(TEENS[rest - 10]);
  else parts.push(TENS[Math.floor(rest / 10)], ONES[rest % 10]);
  return parts.filter(Boolean).join(" و ");
}

/** Refuses what is not exactly a whole number; a `number` beyond 2^53 may have lost a digit already. */
export function wholeNumber(value: unknown, what: string): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value !== "number" || !Number.isFinite(value) || !Number.isInteger(value)) {
    throw wrongType(`${what}: ${shown(value)} is not a whole number. Give one, as a number or a bigint.`);
  }
  if (!Number.isSafeInteger(value)) {
    throw outOfRange(
      `${what}: ${value} is beyond what a number holds exactly, and may have lost digits. Give a bigint.`,
    );
  }
  return BigInt(value);
}

/** What a word stands for in a number: its value, and whether it multiplies what stands before it. */
export interface NumberWord {
  readonly value: bigint;
  /** 1 for ones and teens, 10 for tens, 100 for hundreds; a scale has none. */
  readonly place: 1 | 10 | 100 | "scale";
}

/** The meaning of one normalized word of a number. */
export function numberWord(word: string): NumberWord | undefined {
  return WORDS.get(word);
}

const WORDS: ReadonlyMap<string, NumberWord> = makeWords();

function makeWords(): Map<string, NumberWord> {
  const words = new Map<string, NumberWord>();
  const put = (names: readonly string[], place: NumberWord["place"], value: (at: number) => bigint): void => {
    names.forEach((name, at) => {
      if (name !== "") words.set(name, { value: value(at), place });
    });
  };
  put(["صفر", ...ONES.slice(1)], 1, (at) => BigInt(at));
  put(TEENS, 1, (at) => BigInt(at + 10));
  put(TENS, 10, (at) => BigInt(at * 10));
  put(HUNDREDS, 100, (at) => BigInt(at * 100));
  put(SCALES, "scale", (at) => 1000n ** BigInt(at));
  const said: Readonly<Record<string, string>> = {
    یه: "یک",
    شیش: "شش",
    هیجده: "هجده",
    هژده: "هجده",
    پونزده: "پانزده",
    شونزده: "شانزده",
    هیفده: "هفده",
    پونصد: "پانصد",
    شیشصد: "ششصد",
    یکصد: "صد",
    ملیون: "میلیون",
    ملیارد: "میلیارد",
    میلیاد: "میلیارد",
  };
  // «بیلیون» is not among them: a thousand millions to some, a million millions to others, and money is not guessed.
  for (const [name, meant] of Object.entries(said)) {
    const word = words.get(meant);
    if (word !== undefined) words.set(name, word);
  }
  return words;
}
