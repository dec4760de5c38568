import { normalizePersian } from "./normalizer.js";
import { type NumberWord, numberWord } from "./number-words.js";

/** Digits kept behind the point while reading; more of them are refused, never rounded. */
const FRACTION = 18;
const ONE = 10n ** BigInt(FRACTION);

/** A number that was read, exactly: `value / 10^18`. */
export interface SpokenNumber {
  readonly value: bigint;
  readonly isWhole: boolean;
}

/** One thing in a number: plain digits, a word, or «نیم». */
type Piece = { readonly digits: bigint } | { readonly word: NumberWord } | "half";

/**
 * Reads a number in digits, words or both, normalized or not: «۲ میلیون و ۵۰۰ هزار», «سه و نیم میلیون», `1,250,000`.
 * `undefined` for what is no number, or could be two: `2.500` may be two and a half or two thousand five hundred.
 */
export function readSpoken(text: string): SpokenNumber | undefined {
  const pieces = piecesOf(normalizePersian(text).trim().replace(APART, "$1صد"));
  const value = pieces === undefined || pieces.length === 0 ? undefined : evaluate(pieces);
  return value === undefined ? undefined : { value, isWhole: value % ONE === 0n };
}

/** `value` times `factor`, when that is whole. */
export function wholeTimes(number: SpokenNumber, factor: bigint): bigint | undefined {
  const product = number.value * factor;
  return product % ONE === 0n ? product / ONE : undefined;
}

/**
 * The largest scale multiplies what stands before it, and what stands behind it is less than it: «دو هزار میلیارد و
 * سیصد میلیون» is (2 × 10^3) × 10^9 + 300 × 10^6.
 */
function evaluate(pieces: readonly Piece[]): bigint | undefined {
  let largest = 0n;
  let at = -1;
  pieces.forEach((piece, place) => {
    if (typeof piece === "object" && "word" in piece && piece.word.place === "scale") {
      if (piece.word.value > largest) {
        largest = piece.word.value;
        at = place;
      }
    }
  });
  if (at === -1) return belowScale(pieces);
  const before = at === 0 ? ONE : evaluate(pieces.slice(0, at));
  const behind = pieces.slice(at + 1);
  if (before === undefined) return undefined;
  if (behind.length === 0) return before * largest;
  // «دو میلیون و نیم» is two and a half millions.
  if (behind.length === 1 && behind[0] === "half") return before * largest + (largest * ONE) / 2n;
  const rest = evaluate(behind);
  return rest === undefined || rest >= largest * ONE ? undefined : before * largest + rest;
}

/** Hundreds, tens and ones in this order, each once; or digits alone; «نیم» last. */
function belowScale(pieces: readonly Piece[]): bigint | undefined {
  let sum = 0n;
  let room = 1000n;
  for (const piece of pieces) {
    if (room === 0n) return undefined;
    if (piece === "half") {
      sum += ONE / 2n;
      room = 0n;
    } else if ("digits" in piece) {
      if (room !== 1000n) return undefined;
      sum += piece.digits;
      room = piece.digits % ONE === 0n ? 1n : 0n;
    } else {
      const { value, place } = piece.word;
      if (place === "scale" || BigInt(place) >= room || (value >= 10n && room <= 10n)) return undefined;
      if (value === 0n && pieces.length > 1) return undefined;
      sum += value * ONE;
      room = value === 0n ? 0n : BigInt(place);
    }
  }
  return sum;
}

function piecesOf(text: string): Piece[] | undefined {
  const pieces: Piece[] = [];
  let left = text;
  while (left !== "") {
    const digits = DIGITS.exec(left)?.[0];
    if (digits !== undefined) {
      const value = readDigits(digits);
      if (value === undefined) return undefined;
      pieces.push({ digits: value });
      left = left.slice(digits.length);
    } else {
      const word = WORD.exec(left)?.[0];
      if (word === undefined) return undefined;
      const read = readWord(word);
      if (read === undefined) return undefined;
      pieces.push(...read);
      left = left.slice(word.length);
    }
    left = left.trimStart();
    // «و» may be written onto the next word, «بیست وپنج»: no word of a number begins with it.
    if (left.startsWith("و")) {
      left = left.slice(1).trimStart();
      if (left === "") return undefined;
    }
  }
  return pieces;
}

/** «چهار صد» for «چهارصد». */
const APART = /(?<!\p{L})(چهار|شش|هفت|هشت|نه) صد(?!\p{L})/gu;
const DIGITS = /^\d[\d,٬،.٫ ]*\d|^\d/;
const WORD = /^\p{L}+/u;

/** A word, or two words written together: «پنجهزار», «سیصدهزار». */
function readWord(word: string): readonly Piece[] | undefined {
  if (word === "نیم") return ["half"];
  const whole = numberWord(word);
  if (whole !== undefined) return [{ word: whole }];
  for (const scale of GLUED) {
    if (!word.endsWith(scale)) continue;
    const first = numberWord(word.slice(0, -scale.length));
    const second = numberWord(scale);
    if (first !== undefined && first.place !== "scale" && second !== undefined) {
      return [{ word: first }, { word: second }];
    }
  }
  return undefined;
}

const GLUED = ["هزار", "میلیون", "میلیارد", "تریلیون"] as const;

/** Digits with or without marks between thousands and a point. What can be read in two ways is not read. */
function readDigits(text: string): bigint | undefined {
  if (/^\d+$/.test(text)) return BigInt(text) * ONE;
  for (const mark of [",", "٬", "،", " "]) {
    const grouped = new RegExp(`^(\\d{1,3}(?:\\${mark}\\d{3})+)(?:[.٫](\\d+))?$`).exec(text);
    if (grouped?.[1] !== undefined) return fixed(grouped[1].replaceAll(mark, ""), grouped[2]);
  }
  // Dots between thousands are plain only when there are two of them.
  if (/^\d{1,3}(?:\.\d{3}){2,}$/.test(text)) return fixed(text.replaceAll(".", ""), undefined);
  const pointed = /^(\d+)([.٫])(\d+)$/.exec(text);
  if (pointed === null) return undefined;
  const [, whole = "", point, fraction = ""] = pointed;
  if (point === "." && fraction.length === 3) return undefined;
  return fixed(whole, fraction);
}

function fixed(whole: string, fraction = ""): bigint | undefined {
  const digits = fraction.replace(/0+$/, "");
  if (digits.length > FRACTION) return undefined;
  return BigInt(whole) * ONE + BigInt(digits.padEnd(FRACTION, "0"));
}
