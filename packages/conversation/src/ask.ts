import type { StandardSchemaV1 } from "@standard-schema/spec";
import { type Contact, type Document, Keyboard, type Location, type PhotoSize } from "balekit";
import type { Answer, Reading } from "./answer.js";
import { ASK_TEXTS, type AskTexts } from "./ask-texts.js";
import { type Choice, Choices } from "./choices.js";
import { type AskedDate, dateText, dayAt, ordinalOf, readDate } from "./date-reader.js";
import { type AskedMenu, askMenu } from "./menu-asking.js";
import { misuse, shown } from "./misuse.js";
import { readInteger, readNumber } from "./number-reader.js";
import { readContactPhone, readPhone } from "./phone-reader.js";
import { type AskDoor, type AskKeyboard, type AskOptions, apart, ask, type Question } from "./question.js";

/** How a text is asked for. */
export interface AskTextOptions extends AskOptions<string> {
  /** The fewest characters. @default 1 */
  readonly min?: number | undefined;
  /** The most characters. @default no bound but Bale's */
  readonly max?: number | undefined;
  /** What it has to look like. With it digits become 0 to 9, and `ي` and `ك` Persian, before it is tested and returned. */
  readonly pattern?: RegExp | undefined;
}

/** How a number is asked for. */
export interface AskNumberOptions extends AskOptions<number> {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Reads what people type in place of the reader here: `parseInteger` of `@balekit/persian` knows «دو هزار». */
  readonly read?: ((text: string) => number | undefined) | undefined;
}

/** How a choice is offered. */
export interface AskChoiceOptions<Value> extends AskOptions<Value> {
  /** Buttons below the question, in place of the user's keyboard, or none: then the choices are a numbered list. @default "inline" */
  readonly keyboard?: "inline" | "reply" | "none" | undefined;
  /** How many buttons stand beside each other. @default 1 */
  readonly columns?: number | undefined;
}

/** How yes or no is asked for. */
export interface AskConfirmOptions extends AskOptions<boolean> {
  /** @default "inline" */
  readonly keyboard?: "inline" | "reply" | "none" | undefined;
}

/** A day that bounds others: as «1405/9/5», or today. */
export type DateBound = "today" | (string & {}) | Pick<AskedDate, "year" | "month" | "day">;

/** How a day is asked for. */
export interface AskDateOptions extends AskOptions<AskedDate> {
  readonly min?: DateBound | undefined;
  readonly max?: DateBound | undefined;
}

/** How a phone number is asked for. */
export interface AskPhoneOptions extends AskOptions<string> {
  /** Whether it comes by the button that shares one's own number, which proves it, or typed. @default "both" */
  readonly by?: "both" | "button" | "text" | undefined;
  /** Whether a number of a house, typed with the code of its city, counts. @default false */
  readonly landlines?: boolean | undefined;
}

/** How a contact is asked for. */
export interface AskContactOptions extends AskOptions<Contact> {
  /** Takes only the contact of whoever answers, and shows the button that shares it. @default false */
  readonly own?: boolean | undefined;
}

/** How a file is asked for. */
export interface AskFileOptions extends AskOptions<Document> {
  readonly maxBytes?: number | undefined;
  /** Ends of names or kinds of content that are taken: `[".pdf", "image/"]`. @default any */
  readonly kinds?: readonly string[] | undefined;
}

const YES = ["بله", "بلی", "آره", "آری", "باشه", "تایید", "درسته", "حتما", "اوکی", "yes", "y", "ok"];
const NO = ["خیر", "نه", "نخیر", "نمی‌خواهم", "نمیخوام", "no", "n"];

/**
 * The questions of a conversation: `c.ask`. Each says its prompt, waits, reads the answer in whichever digits it is
 * typed, and asks again until it can be used. The first argument names the question in the journal; once it is answered
 * only the answer is kept. Commands, payments and what happens in the chat are no answers, and go their own way.
 */
export class Ask {
  readonly #door: AskDoor;

  constructor(door: AskDoor) {
    this.#door = door;
  }

  /** Asks for a text. The answer comes as it was typed, without spaces around. */
  text(id: string, prompt: string, options: AskTextOptions = {}): Promise<string> {
    const { min = 1, max = Number.POSITIVE_INFINITY, pattern } = options;
    return this.#ask("text", id, prompt, options, ({ raw, text }, words) => {
      if (raw === undefined || text === undefined) return { problem: words.text };
      const value = pattern === undefined ? raw : text;
      const length = [...value].length;
      if (length < min) return { problem: words.tooShort(min) };
      if (length > max) return { problem: words.tooLong(max) };
      if (pattern !== undefined && value.search(pattern) < 0) return { problem: words.pattern };
      return { value };
    });
  }

  /** Asks for a number: «۱۲٬۵۰۰», «۲٫۵», `-3`. */
  number(id: string, prompt: string, options: AskNumberOptions = {}): Promise<number> {
    const { read = readNumber } = options;
    return this.#ask("number", id, prompt, options, (answer, words) =>
      inBounds(
        answer.text === undefined ? undefined : apart(() => read(answer.text ?? "")),
        words.number,
        options,
        words,
      ),
    );
  }

  /** Asks for a whole number. */
  integer(id: string, prompt: string, options: AskNumberOptions = {}): Promise<number> {
    const { read = readInteger } = options;
    return this.#ask("integer", id, prompt, options, (answer, words) => {
      const value = answer.text === undefined ? undefined : apart(() => read(answer.text ?? ""));
      return inBounds(Number.isSafeInteger(value) ? value : undefined, words.integer, options, words);
    });
  }

  /** Asks to choose: by a button, by the label, or by the number in the list. The type of the answer is that of the values. */
  choice<const Value extends string>(
    id: string,
    prompt: string,
    choices: readonly Value[],
    options?: AskChoiceOptions<NoInfer<Value>>,
  ): Promise<Value>;
  choice<const Value>(
    id: string,
    prompt: string,
    choices: readonly Choice<Value>[],
    options?: AskChoiceOptions<NoInfer<Value>>,
  ): Promise<Value>;
  choice<const Value extends string>(
    id: string,
    prompt: string,
    choices: Readonly<Record<Value, string>>,
    options?: AskChoiceOptions<NoInfer<Value>>,
  ): Promise<Value>;
  choice(
    id: string,
    prompt: string,
    choices: readonly string[] | readonly Choice<unknown>[] | Readonly<Record<string, string>>,
    options: AskChoiceOptions<never> = {},
  ): Promise<unknown> {
    const { keyboard = "inline", columns = 1 } = options;
    if (!(Number.isInteger(columns) && columns >= 1)) {
      throw misuse(
        "ERR_BALE_CONVERSATION_ASK",
        `Asking ${shown(id)}: columns is ${shown(columns)}. Give a whole number from 1 up.`,
      );
    }
    const list = new Choices<unknown>(id, choices);
    return this.#choose("choice", id, prompt, list, keyboard, columns, options as AskOptions<unknown>);
  }

  /** Asks yes or no: by a button, or in words. */
  confirm(id: string, prompt: string, options: AskConfirmOptions = {}): Promise<boolean> {
    const { keyboard = "inline" } = options;
    const { yes, no } = this.#texts(options);
    const list = new Choices<boolean>(
      id,
      [
        { value: true, label: yes, also: YES },
        { value: false, label: no, also: NO },
      ],
      false,
    );
    return this.#choose("confirm", id, prompt, list, keyboard, 2, options);
  }

  /** Asks for a day: «۱۴۰۵/۹/۵», «۵ آذر», «فردا». */
  date(id: string, prompt: string, options: AskDateOptions = {}): Promise<AskedDate> {
    const now = (): number => this.#door.now();
    const bound = (name: "min" | "max"): Pick<AskedDate, "year" | "month" | "day"> | undefined => {
      const given = options[name];
      if (typeof given === "object" || given === undefined) return given;
      const read = given === "today" ? dayAt(now()) : readDate(given, now);
      if (read !== undefined) return read;
      throw misuse(
        "ERR_BALE_CONVERSATION_ASK",
        `Asking ${shown(id)}: ${name} is ${shown(given)}, which is no day. Write it as "1405/9/5", or "today".`,
      );
    };
    return this.#ask("date", id, prompt, options, ({ text }, words) => {
      const value = text === undefined ? undefined : readDate(text, now);
      if (value === undefined) return { problem: words.date };
      const min = bound("min");
      if (min !== undefined && ordinalOf(value) < ordinalOf(min)) {
        return { problem: words.tooEarly(dateText(min)) };
      }
      const max = bound("max");
      if (max !== undefined && ordinalOf(value) > ordinalOf(max)) {
        return { problem: words.tooLate(dateText(max)) };
      }
      return { value };
    });
  }

  /** Asks for a phone number, as `+989121234567`. A contact counts only when it is that of whoever sends it. */
  phone(id: string, prompt: string, options: AskPhoneOptions = {}): Promise<string> {
    const { by = "both", landlines = false } = options;
    const { contactButton } = this.#texts(options);
    const keyboard = by === "text" ? undefined : replyKeyboard([[Keyboard.requestContact(contactButton)]]);
    return this.#ask(
      "phone",
      id,
      prompt,
      options,
      ({ message, from, text }, words) => {
        const contact = message?.contact;
        if (contact) {
          if (!isOwn(contact, from)) return { problem: by === "text" ? words.phone : words.notOwn };
          const value = readContactPhone(contact.phone_number);
          return value === undefined ? { problem: words.phone } : { value };
        }
        const value = by === "button" || text === undefined ? undefined : readPhone(text, landlines);
        if (value !== undefined) return { value };
        return { problem: by === "button" ? words.phoneByButton : words.phone };
      },
      keyboard,
    );
  }

  /** Asks with pages of buttons, one message edited in place: a calendar, a number pad, … of `@balekit/menu`. */
  menu<Value>(
    id: string,
    prompt: string,
    menu: AskedMenu<Value>,
    options: AskOptions<NoInfer<Value>> = {},
  ): Promise<Value> {
    if (typeof menu?.open !== "function" || typeof menu.press !== "function") {
      throw misuse(
        "ERR_BALE_CONVERSATION_ASK",
        `Asking ${shown(id)}: the menu is ${shown(menu)}. Give a question of @balekit/menu, such as calendarQuestion().`,
      );
    }
    return askMenu(this.#door, { id, prompt, menu, options, texts: this.#texts(options) });
  }

  /** Asks for a contact. */
  contact(id: string, prompt: string, options: AskContactOptions = {}): Promise<Contact> {
    const { own = false } = options;
    const { contactButton } = this.#texts(options);
    const keyboard = own ? replyKeyboard([[Keyboard.requestContact(contactButton)]]) : undefined;
    return this.#ask(
      "contact",
      id,
      prompt,
      options,
      ({ message, from }, words) => {
        const value = message?.contact;
        if (value === undefined || value === null) return { problem: own ? words.notOwn : words.contact };
        return own && !isOwn(value, from) ? { problem: words.notOwn } : { value };
      },
      keyboard,
    );
  }

  /** Asks for a place, with the button that sends where one is. */
  location(id: string, prompt: string, options: AskOptions<Location> = {}): Promise<Location> {
    const { locationButton } = this.#texts(options);
    const keyboard = replyKeyboard([[Keyboard.requestLocation(locationButton)]]);
    return this.#ask(
      "location",
      id,
      prompt,
      options,
      ({ message }, words) => (message?.location ? { value: message.location } : { problem: words.location }),
      keyboard,
    );
  }

  /** Asks for a photo; the answer is its largest size. */
  photo(id: string, prompt: string, options: AskOptions<PhotoSize> = {}): Promise<PhotoSize> {
    return this.#ask("photo", id, prompt, options, ({ message }, words) => {
      const value = message?.photo?.reduce((best, one) =>
        one.width * one.height > best.width * best.height ? one : best,
      );
      return value === undefined ? { problem: words.photo } : { value };
    });
  }

  /** Asks for a file. */
  file(id: string, prompt: string, options: AskFileOptions = {}): Promise<Document> {
    const { maxBytes, kinds } = options;
    if (kinds !== undefined && !Array.isArray(kinds as unknown)) {
      throw misuse(
        "ERR_BALE_CONVERSATION_ASK",
        `Asking ${shown(id)}: kinds is ${shown(kinds)}. Give a list: [".pdf", "image/"].`,
      );
    }
    return this.#ask("file", id, prompt, options, ({ message }, words) => {
      const value = message?.document;
      if (value === undefined || value === null) return { problem: words.file };
      if (maxBytes !== undefined && (value.file_size ?? 0) > maxBytes) {
        return { problem: words.fileTooLarge(maxBytes) };
      }
      const { file_name: name = "", mime_type: type = "" } = value;
      const fits = kinds?.some(
        (kind) =>
          (kind.startsWith(".") && name.toLowerCase().endsWith(kind.toLowerCase())) ||
          (kind.includes("/") && type.startsWith(kind)),
      );
      return fits === false ? { problem: words.fileKind(kinds ?? []) } : { value };
    });
  }

  /**
   * Asks for a text that a Standard Schema (valibot, zod, arktype, …) takes, and answers with what it makes of it. The
   * schema is given the text with digits from 0 to 9; what it makes has to be data, because it is kept.
   */
  schema<Schema extends StandardSchemaV1>(
    id: string,
    prompt: string,
    schema: Schema,
    options: AskOptions<StandardSchemaV1.InferOutput<Schema>> = {},
  ): Promise<StandardSchemaV1.InferOutput<Schema>> {
    type Output = StandardSchemaV1.InferOutput<Schema>;
    const standard = (schema as unknown as StandardSchemaV1<unknown, Output> | undefined)?.["~standard"];
    if (typeof standard?.validate !== "function") {
      throw misuse(
        "ERR_BALE_CONVERSATION_ASK",
        `Asking ${shown(id)}: the schema is ${shown(schema)}, which is no Standard Schema. Give one of valibot, zod or the like.`,
      );
    }
    return this.#ask("schema", id, prompt, options, ({ text }, words) => {
      if (text === undefined) return { problem: words.text };
      const read = ({ issues, ...result }: StandardSchemaV1.Result<Output>): Reading<Output> =>
        issues === undefined
          ? { value: (result as StandardSchemaV1.SuccessResult<Output>).value }
          : { problem: issues.map(({ message }) => message).join("\n") || words.refused };
      const result = apart(() => standard.validate(text));
      return result instanceof Promise ? result.then(read) : read(result);
    });
  }

  #choose<Value>(
    kind: string,
    id: string,
    prompt: string,
    choices: Choices<Value>,
    keyboard: "inline" | "reply" | "none",
    columns: number,
    options: AskOptions<Value>,
  ): Promise<Value> {
    const numbered = choices.all.map(({ label }, at) => `${(at + 1).toLocaleString("fa")}. ${label}`);
    const shownPrompt =
      keyboard === "none" && kind === "choice" ? `${prompt}\n${numbered.join("\n")}` : prompt;
    return this.#ask(
      kind,
      id,
      shownPrompt,
      options,
      ({ pressed, text }, words) => {
        const found =
          pressed === undefined
            ? text === undefined
              ? undefined
              : choices.find(text)
            : choices.all[pressed];
        return found === undefined ? { problem: words.choice } : { value: found.value };
      },
      keyboard === "inline"
        ? { is: "inline", choices, columns }
        : keyboard === "reply"
          ? replyKeyboard(choices.rows(columns, ({ label }) => Keyboard.text(label)))
          : undefined,
    );
  }

  #texts(options: { readonly texts?: Partial<AskTexts> | undefined }): AskTexts {
    return { ...ASK_TEXTS, ...this.#door.texts, ...options.texts };
  }

  #ask<Value>(
    kind: string,
    id: string,
    prompt: string,
    options: AskOptions<Value>,
    read: (answer: Answer, texts: AskTexts) => Reading<Value> | Promise<Reading<Value>>,
    keyboard?: AskKeyboard,
  ): Promise<Value> {
    const texts = this.#texts(options);
    const question: Question<Value> = {
      kind,
      id,
      prompt,
      options,
      texts,
      keyboard,
      read: (answer) => read(answer, texts),
    };
    return ask(this.#door, question);
  }
}

function inBounds(
  value: number | undefined,
  problem: string,
  { min, max }: AskNumberOptions,
  texts: AskTexts,
): Reading<number> {
  if (value === undefined || Number.isNaN(value)) return { problem };
  if (min !== undefined && value < min) return { problem: texts.tooSmall(min) };
  if (max !== undefined && value > max) return { problem: texts.tooLarge(max) };
  return { value };
}

/** Whether a contact is that of whoever sent it: anybody can send anybody's. */
function isOwn(contact: Contact, from: number | undefined): boolean {
  return from !== undefined && contact.user_id === from;
}

function replyKeyboard(keyboard: readonly (readonly ReturnType<typeof Keyboard.text>[])[]): AskKeyboard {
  return { is: "reply", markup: { keyboard } };
}
