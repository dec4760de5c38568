import { toLatinDigits } from "./digits.js";

const ASCII = /^[\0-\x7f]*$/;
/** Letters as they look at the beginning, in the middle and at the end of a word, each with a code of its own. */
const OLD_FORMS = /[\ufb50-\ufdff\ufe70-\ufefc]/g;
/** Kashida, vowel marks, the marks of the Quran, marks of direction, joiners, byte order marks, soft hyphens. */
const UNSEEN =
  /\u0640|[\u0610-\u061a]|[\u064b-\u065f]|\u0670|[\u06d6-\u06dc]|[\u06df-\u06e8]|[\u06ea-\u06ed]|[\u200b\u200e\u200f\u061c\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]|\u200d|\ufe0f/g;
const HALF_SPACES = /[\u200c\u00ac]+/g;
const SPACES = /[^\S\n\r]+/g;

const LETTERS: Readonly<Record<string, string>> = {
  ي: "ی",
  ى: "ی",
  ے: "ی",
  ۍ: "ی",
  ې: "ی",
  ك: "ک",
  ڪ: "ک",
  ګ: "گ",
  ہ: "ه",
  ھ: "ه",
  ە: "ه",
};

const PLAIN: Readonly<Record<string, string>> = {
  أ: "ا",
  إ: "ا",
  ٱ: "ا",
  ؤ: "و",
  ئ: "ی",
  ة: "ه",
  ۀ: "ه",
  ۂ: "ه",
};

/** What a normalizer evens out. */
export interface NormalizerOptions {
  /**
   * What becomes of a half-space (ZWNJ): a space, because most phones type «می خواهم» for «می‌خواهم»; nothing
   * («میخواهم»); or itself. @default "space"
   */
  readonly halfSpace?: "space" | "join" | "keep" | undefined;
  /** Whether letters with a hamza, teh marbuta and the like become their plain sisters (`أ` → `ا`, `ة` → `ه`). @default true */
  readonly plainLetters?: boolean | undefined;
}

/**
 * Makes a function that writes one Persian text one way, for `new Bot(token, { normalizeText: persianNormalizer() })`:
 * what the bot's own `normalizeText` does (digits, `ي`, `ك`), and beyond it kashida, vowel marks, half-spaces, letters
 * of other keyboards, the forms of letters that old systems send, and marks nobody sees. Using it twice changes
 * nothing. Line ends stay, and so does Latin text.
 */
export function persianNormalizer(options: NormalizerOptions = {}): (text: string) => string {
  const { halfSpace = "space", plainLetters = true } = options;
  const table = plainLetters ? { ...LETTERS, ...PLAIN } : LETTERS;
  const letters = new RegExp(`[${Object.keys(table).join("")}]`, "gu");
  const even = (text: string): string => {
    const composed = text.replace(OLD_FORMS, (form) => form.normalize("NFKC")).normalize("NFC");
    const plain = composed.replace(letters, (letter) => table[letter] ?? letter).replace(UNSEEN, "");
    const spaced = halfSpace === "keep" ? plain : plain.replace(HALF_SPACES, halfSpace === "join" ? "" : " ");
    return toLatinDigits(spaced).replace(SPACES, " ");
  };
  // What stood between two letters may have kept them apart: until nothing changes any more, which is at once.
  return (text) => {
    if (ASCII.test(text) && !text.includes("  ") && !text.includes("\t")) return text;
    let before = text;
    let after = even(before);
    while (after !== before) {
      before = after;
      after = even(before);
    }
    return after;
  };
}

/** The normalizer with its defaults: see {@link persianNormalizer}. */
export const normalizePersian: (text: string) => string = persianNormalizer();
