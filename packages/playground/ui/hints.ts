import type { Fault } from "../src/fault.js";
import type { Language } from "./words.js";

/** What an error of a beginner's bot means, and what to do: by what it says, the first that fits. */
const HINTS: readonly {
  readonly on: (fault: Fault) => RegExpExecArray | boolean | null;
  readonly fa: (...found: readonly string[]) => string;
  readonly en: (...found: readonly string[]) => string;
}[] = [
  {
    on: ({ where }) => where === "stuck",
    fa: () =>
      "ربات چند ثانیه است سرگرم کاری است که تمام نمی‌شود، مانند حلقه‌ای بی‌پایان (یا در اشکال‌زدا ایستاده است). حلقه را درست کنید و پرونده را ذخیره کنید.",
    en: () =>
      "The bot has been busy for seconds with something that does not end, such as an endless loop (or it stands still in a debugger). Mend the loop and save the file.",
  },
  {
    on: ({ excerpt }) => excerpt?.some(({ text }) => text.includes("\0")) === true,
    fa: () => "رمزگذاری پرونده UTF-8 نیست. در ویرایشگر آن را با رمزگذاری UTF-8 ذخیره کنید.",
    en: () => "The file is not in UTF-8. Save it in UTF-8 in your editor.",
  },
  {
    on: ({ message }) => /does not provide an export named '([^']+)'/.exec(message),
    fa: (name) => `«${name}» در آنچه import شده نیست. نام آن را درست بنویسید.`,
    en: (name) => `What is imported has no "${name}". Check how it is spelled.`,
  },
  {
    on: ({ name }) => name === "SyntaxError",
    fa: () =>
      "این خط، یا خط پیش از آن، درست نوشته نشده است: شاید پرانتز، آکولاد، گیومه یا ویرگولی کم یا زیاد است، یا پرونده نیمه‌کاره ذخیره شده.",
    en: () =>
      "This line, or the one before it, is not written right: a bracket, a quote or a comma may be missing or too many, or the file was saved half way.",
  },
  {
    on: ({ message }) => /^Cannot find package '([^']+)'/.exec(message),
    fa: (name) => `بستهٔ «${name}» نصب نیست. اگر نام آن درست است در ترمینال بزنید: npm install ${name}`,
    en: (name) =>
      `The package "${name}" is not installed. If it is spelled right, run in a terminal: npm install ${name}`,
  },
  {
    on: ({ message }) => /^Cannot find module '(?:[^']*[/\\])?([^']+)'/.exec(message),
    fa: (name) => `پرونده‌ای به نام «${name}» نیست. نام و جای آن را در import درست کنید.`,
    en: (name) => `There is no file "${name}". Mend its name or its place in the import.`,
  },
  {
    on: ({ message }) => /^require is not defined/.exec(message),
    fa: () => 'به جای require بنویسید: import { Bot } from "balekit"',
    en: () => 'Instead of require write: import { Bot } from "balekit"',
  },
  {
    on: ({ message }) => /^(\S+) is not defined/.exec(message),
    fa: (name) => `نام «${name}» شناخته نیست: درست نوشته شده است؟ import یا تعریف شده است؟`,
    en: (name) => `The name "${name}" is not known: is it spelled right? Is it imported or defined?`,
  },
  {
    on: ({ message }) => /^(\S+) is not a function/.exec(message),
    fa: (name) => `«${name}» تابع نیست: نام آن درست نوشته شده است؟`,
    en: (name) => `"${name}" is not a function: is its name spelled right?`,
  },
  {
    on: ({ message }) =>
      /^Cannot (?:read|set) properties of (undefined|null) \(\w+ '([^']+)'\)/.exec(message),
    fa: (what, name) => `«${name}» از چیزی خواسته شده که ${what} است. پیش از آن ببینید که هست.`,
    en: (what, name) => `"${name}" was asked of something that is ${what}. Check first that it is there.`,
  },
  {
    on: ({ name }) => name === "InvalidTokenError",
    fa: () => "در زمین بازی توکن لازم نیست؛ بنویسید: new Bot(process.env.BALE_TOKEN)",
    en: () => "The playground needs no token of yours; write: new Bot(process.env.BALE_TOKEN)",
  },
  {
    on: ({ message, stack }) => /heap out of memory/.exec(`${message}\n${stack}`),
    fa: () => "حافظه تمام شد: چیزی بی‌پایان انباشته می‌شود.",
    en: () => "The memory is used up: something is piled up without an end.",
  },
  {
    on: ({ message }) => /^The process ended with code (\d+)/.exec(message),
    fa: (code) => `پروسهٔ ربات خودش با کد ${code} پایان یافت؛ شاید process.exit در آن هست.`,
    en: (code) => `The bot's process ended by itself with code ${code}; there may be a process.exit in it.`,
  },
  {
    on: ({ message }) => /^Ended by (SIG\w+)/.exec(message),
    fa: (name) => `پروسهٔ ربات از بیرون بسته شد (${name}).`,
    en: (name) => `The bot's process was ended from outside (${name}).`,
  },
];

/** What an error means and what to do, in the page's language; nothing for one that is not known. */
export function hintOf(fault: Fault, language: Language): string | undefined {
  for (const hint of HINTS) {
    const found = hint.on(fault);
    if (found === null || found === false) continue;
    return hint[language](...(found === true ? [] : found.slice(1)));
  }
  return undefined;
}
