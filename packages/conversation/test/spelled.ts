import fc from "fast-check";

const DIGITS = ["0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"];

/** Ways in which a phone may write the digits of a text, each digit by itself. */
export const spelled: fc.Arbitrary<(text: string) => string> = fc
  .array(fc.constantFrom(...DIGITS), { minLength: 1, maxLength: 20 })
  .map((sets) => (text: string) => {
    let at = 0;
    return text.replace(/[0-9]/g, (digit) => (sets[at++ % sets.length] ?? "").charAt(Number(digit)));
  });
