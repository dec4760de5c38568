import { normalizeText } from "balekit";

/** Marks of direction and joiners that phones put into texts, and that nobody sees. */
const UNSEEN = /[\u00ad\u0640\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]|\u200d/g;

/**
 * What somebody typed, made comparable: digits from 0 to 9, Persian letters, one space where there is any, or a
 * half-space, and none around.
 */
export function plainText(text: string): string {
  return normalizeText(text)
    .replace(UNSEEN, "")
    .replace(/[\s\u200c]+/g, " ")
    .trim();
}

/** A text by which others that say the same are found. */
export function wordsOf(text: string): string {
  return plainText(text)
    .toLowerCase()
    .replace(/[أإٱآ]/g, "ا")
    .replace(/[\u064b-\u0652]/g, "")
    .replace(/[ .!؟?،,]+/g, "");
}
