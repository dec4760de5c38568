/**
 * Makes what people type comparable: Persian and Arabic digits become ASCII digits, the Arabic letters yeh and kaf
 * become the Persian ones. Used to match commands, hears and arguments; what a handler reads stays raw.
 */
export function normalizeText(text: string): string {
  return hasForeign(text) ? text.replace(everyForeign, (letter) => replacements[letter] ?? letter) : text;
}

/** Commands and data of buttons are short and mostly ASCII: a look at each letter is quicker than a RegExp. */
function hasForeign(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) >= firstForeign) return foreign.test(text);
  return false;
}

const firstForeign = "ك".charCodeAt(0);
const replacements: Readonly<Record<string, string>> = {
  ...digits("۰۱۲۳۴۵۶۷۸۹"),
  ...digits("٠١٢٣٤٥٦٧٨٩"),
  ي: "ی",
  ى: "ی",
  ك: "ک",
};

const anyForeign = `[${Object.keys(replacements).join("")}]`;
const foreign = new RegExp(anyForeign);
const everyForeign = new RegExp(anyForeign, "g");

function digits(ten: string): Record<string, string> {
  return Object.fromEntries([...ten].map((digit, value) => [digit, String(value)]));
}
