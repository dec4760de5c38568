import { type Call, InputFile, type Message, type Reply, type Update } from "balekit";
import type { ProbedEffect } from "../probe.js";

/** One thing that happened in a play, in the order it happened. */
export interface TapeEntry {
  /** As people read it. */
  readonly line: string;
  /** As plays are compared: without what is numbered anew in each. */
  readonly key: string;
  /** Whether it is done over again for a reason that is documented, so that a play may have it more often. */
  readonly isRepeat: boolean;
  /** The effect of a conversation it is, over all attempts. */
  readonly operation?: string | undefined;
}

/** What a call, or a piece of outside work, is made for. */
export interface Cause {
  readonly effect?: ProbedEffect | undefined;
  /** The process it is made in. */
  readonly process: string;
  readonly isRepeat: boolean;
}

/** Calls that only ask, and that every start makes: not part of what a bot does. */
const SILENT = /^(?:get(?!Chat)|sendChatAction$|deleteWebhook$|setWebhook$)/;
/** Ids that count anew in every play. */
const NUMBERED = /^(?:callback_query_id|pre_checkout_query_id|transaction_id)$/;
const MESSAGE_IDS = /^(?:message_id|reply_to_message_id)$/;

/** The record of a play: what people and the bot did. */
export class Tape {
  readonly entries: TapeEntry[] = [];
  readonly #messageText: (chatId: number, messageId: number) => string | undefined;

  constructor(messageText: (chatId: number, messageId: number) => string | undefined) {
    this.#messageText = messageText;
  }

  /** What has happened, a line each. */
  get lines(): string[] {
    return this.entries.map(({ line }) => line);
  }

  /** Somebody did something. */
  update(update: Update): void {
    this.#add(saidIn(update), { process: "", isRepeat: false });
  }

  /** Says something that stands for itself, such as time that passed. */
  note(line: string): void {
    this.#add(line, { process: "", isRepeat: false });
  }

  /** The bot made a call, and Bale has carried it out. */
  call(call: Call, reply: Reply, cause: Cause): void {
    if (SILENT.test(call.method)) return;
    const params = call.params as Readonly<Record<string, unknown>> | undefined;
    const outcome = reply.ok ? "" : ` → ${reply.error_code} ${reply.description}`;
    const key = `${call.method} ${JSON.stringify(this.#comparable(params ?? {}))}${outcome}`;
    // The answer to a press may be given again by anybody who is not sure that it was.
    const isRepeat = cause.isRepeat || (call.method === "answerCallbackQuery" && cause.effect === undefined);
    this.#add(`${spoken(call.method, params ?? {})}${outcome}`, { ...cause, isRepeat }, key);
  }

  /** Something outside was done by `c.external`. */
  external(name: string, cause: Cause): void {
    this.#add(`bot does "${name}" outside`, cause);
  }

  #add(line: string, { effect, isRepeat }: Cause, key: string = line): void {
    this.entries.push({ line, key, isRepeat, operation: effect?.operation });
  }

  #comparable(params: Readonly<Record<string, unknown>>): unknown {
    const chatId = Number(params["chat_id"]);
    const text = JSON.stringify(params, (name, value: unknown) => {
      if (NUMBERED.test(name)) return "…";
      if (MESSAGE_IDS.test(name)) return `«${this.#messageText(chatId, Number(value)) ?? "?"}»`;
      if (typeof value === "bigint") return String(value);
      return value instanceof InputFile ? `file ${value.name ?? ""}` : value;
    });
    return JSON.parse(text);
  }
}

/** What people see of a message in a few words. */
export function wordsOf(message: Message): string {
  const text = message.text ?? message.caption;
  if (text !== undefined && text !== null) return text;
  if (message.invoice) return `[invoice ${message.invoice.title}]`;
  if (message.successful_payment) return "[has paid]";
  const kinds = [
    "photo",
    "document",
    "contact",
    "location",
    "video",
    "audio",
    "voice",
    "animation",
    "sticker",
  ];
  const kind = kinds.find((name) => (message as unknown as Record<string, unknown>)[name] !== undefined);
  return `[${kind ?? "message"}]`;
}

function saidIn(update: Update): string {
  const { message, edited_message: edited, callback_query: press, pre_checkout_query: query } = update;
  const who = (message ?? edited ?? press ?? query)?.from?.first_name ?? "somebody";
  if (message) return `${who}: ${wordsOf(message)}`;
  if (edited) return `${who} edits: ${wordsOf(edited)}`;
  if (press) return `${who} presses ${labelOf(press.message ?? undefined, press.data ?? "")}`;
  if (query) return `${who} pays`;
  return `${who} does something`;
}

function labelOf(message: Message | undefined, data: string): string {
  for (const row of message?.reply_markup?.inline_keyboard ?? []) {
    for (const { text, callback_data } of row) if (callback_data === data) return `[${text}]`;
  }
  return data;
}

function spoken(method: string, params: Readonly<Record<string, unknown>>): string {
  const { text, caption, title } = params;
  const words = [text, caption, title].find((value) => typeof value === "string") as string | undefined;
  const buttons = buttonsIn(params["reply_markup"]);
  const said = words === undefined ? "" : `: ${words}`;
  if (method === "sendMessage") return `bot${said}${buttons}`;
  return `bot ${method}${said}${buttons}`;
}

function buttonsIn(markup: unknown): string {
  if (markup === undefined || markup === null) return "";
  // A keyboard is an object that knows how to be written, or a text that has been.
  const given: unknown = JSON.parse(typeof markup === "string" ? markup : JSON.stringify(markup));
  const { inline_keyboard, keyboard } = given as {
    inline_keyboard?: readonly (readonly { text: string }[])[];
    keyboard?: readonly (readonly (string | { text: string })[])[];
  };
  const labels = (inline_keyboard ?? keyboard ?? [])
    .flat()
    .map((button) => `[${typeof button === "string" ? button : button.text}]`);
  return labels.length === 0 ? "" : ` ${labels.join(" ")}`;
}
