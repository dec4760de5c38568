import {
  ApiError,
  type Context,
  ForbiddenError,
  type InlineKeyboardMarkup,
  isThenable,
  Keyboard,
  type Message,
  type ReplyKeyboardMarkup,
  type ReplyKeyboardRemove,
  type UpdateTest,
} from "balekit";
import { type Answer, answerOf, answerTest, type Reading } from "./answer.js";
import type { AskTexts } from "./ask-texts.js";
import type { Choices } from "./choices.js";
import { AttemptsSpentError } from "./errors.js";
import type { LoopEnd } from "./loop-end.js";
import { misuse, shown } from "./misuse.js";
import { scopes } from "./scope.js";

/** What `validate` says: nothing or `true` lets an answer pass, `false` or a text to be shown refuses it. */
export type Verdict = boolean | string | undefined;

/** How a question is asked. */
export interface AskOptions<Value> {
  /** Throws `WaitExpiredError` when no answer comes within so many milliseconds; counted anew for each answer. */
  readonly timeoutMs?: number | undefined;
  /** Whose answers count: ids of users, or anybody. @default whoever the conversation belongs to */
  readonly from?: number | readonly number[] | "anyone" | undefined;
  /** Ends the conversation, by an `AttemptsSpentError` that may be caught, after so many useless answers. @default no end */
  readonly maxAttempts?: number | undefined;
  /** Looks at a value that has been read; may be asynchronous: what it says is kept. */
  readonly validate?: ((value: Value) => Verdict | Promise<Verdict>) | undefined;
  /** What is said to a useless answer, whatever is wrong with it. @default what is wrong with it */
  readonly problem?: string | undefined;
  /** Words for this question, in place of the plugin's. */
  readonly texts?: Partial<AskTexts> | undefined;
}

/** What questions need of the conversation they are asked in. */
export interface AskDoor {
  readonly ctx: Context;
  readonly texts: Partial<AskTexts> | undefined;
  readonly now: () => number;
  readonly token: (key: string) => string;
  readonly step: <Value>(name: string, run: () => Promise<Value>) => Promise<Value>;
  readonly external: <Value>(name: string, run: () => Value | Promise<Value>) => Promise<Value>;
  readonly button: (text: string, value: string) => { readonly text: string; readonly callback_data: string };
  readonly wait: (key: string, test: UpdateTest, options: AskWait) => Promise<Context>;
  readonly loop: <State, Result>(
    name: string,
    first: State,
    round: (state: State) => Promise<State | LoopEnd<unknown>>,
  ) => Promise<Result>;
  readonly done: (result: unknown) => LoopEnd<unknown>;
}

/** How an answer is waited for. */
export interface AskWait extends Pick<AskOptions<never>, "timeoutMs" | "from"> {
  /** What the data of the question's buttons begins with. */
  readonly prefix: string | undefined;
}

/** The keyboard of a question: buttons below it, or in place of the user's own. */
export type AskKeyboard =
  | { readonly is: "inline"; readonly choices: Choices<unknown>; readonly columns: number }
  | { readonly is: "reply"; readonly markup: ReplyKeyboardMarkup };

/** A question that is ready to be asked. */
export interface Question<Value> {
  readonly kind: string;
  readonly id: string;
  readonly prompt: string;
  readonly options: AskOptions<Value>;
  readonly texts: AskTexts;
  readonly read: (answer: Answer) => Reading<Value> | Promise<Reading<Value>>;
  readonly keyboard?: AskKeyboard | undefined;
}

type Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove;

/** Bale's bound of a text. */
const MAX_TEXT = 4096;

/**
 * Asks, waits, reads and asks again until there is an answer. A step of the conversation, by the name of its id: once
 * answered, only the answer is kept, and `c.back(id)` leads back to it.
 */
export function ask<Value>(door: AskDoor, question: Question<Value>): Promise<Value> {
  check(question);
  return door.step(question.id, () => round(door, question));
}

async function round<Value>(door: AskDoor, question: Question<Value>): Promise<Value> {
  const { kind, id, prompt, options, texts, keyboard } = question;
  const { timeoutMs, from, maxAttempts = Number.POSITIVE_INFINITY } = options;
  // A token of its own tells this question's buttons from those of an earlier round of the same.
  const token = keyboard?.is === "inline" ? `${door.token(`ask:${id}`)}.` : undefined;
  const prefix = token === undefined ? undefined : door.button("", token).callback_data;
  const markup = markupOf(door, keyboard, token);
  const test = answerTest(prefix);
  let asked = await say(door, prompt, markup);
  for (let attempt = 1; ; attempt++) {
    const answer = answerOf(await door.wait(`wait:ask.${kind}#${id}`, test, { timeoutMs, from, prefix }));
    const reading = await judged(door, question, answer);
    if ("value" in reading) {
      await taken(door, question, asked, reading.value);
      return reading.value;
    }
    if (attempt >= maxAttempts) {
      await say(door, texts.enough, keyboard?.is === "reply" ? Keyboard.remove() : undefined);
      throw new AttemptsSpentError(id, attempt);
    }
    asked = await say(door, `${options.problem ?? reading.problem}\n${prompt}`, markup);
  }
}

/** Reads an answer and lets `validate` look at it. What takes time is kept in the journal. */
async function judged<Value>(
  door: AskDoor,
  question: Question<Value>,
  answer: Answer,
): Promise<Reading<Value>> {
  const { id, options, texts } = question;
  const reading = await settled(door, `ask:${id}`, () => question.read(answer));
  if ("problem" in reading) return reading;
  const problem = await verdictOn(door, id, options, texts, reading.value);
  return problem === undefined ? reading : { problem };
}

/** What `validate` has against a value; nothing when it lets it pass. */
export async function verdictOn<Value>(
  door: AskDoor,
  id: string,
  { validate }: AskOptions<Value>,
  texts: AskTexts,
  value: Value,
): Promise<string | undefined> {
  if (validate === undefined) return undefined;
  const verdict = await settled(door, `validate:${id}`, () => apart(() => validate(value)));
  if (verdict === undefined || verdict === true) return undefined;
  return typeof verdict === "string" ? verdict : texts.refused;
}

/** Runs code of the author's that looks at an answer, and may ask nothing of the conversation meanwhile. */
export function apart<Value>(run: () => Value): Value {
  const owner = scopes.getStore()?.owner ?? apart;
  return scopes.run({ owner, blocks: [], closed: "the check of an answer" }, run);
}

/** What a function answers: at once, or later and then written down. */
function settled<Value>(
  door: AskDoor,
  name: string,
  run: () => Value | Promise<Value>,
): Value | Promise<Value> {
  const value = run();
  if (!isThenable(value)) return value;
  // In a replay its outcome comes from the journal, and nobody listens to this one.
  value.then(undefined, () => undefined);
  return door.external(name, () => value);
}

/** Shows that an answer has been taken, where the question has a keyboard. */
async function taken<Value>(
  door: AskDoor,
  { prompt, texts, keyboard }: Question<Value>,
  asked: Message,
  value: Value,
): Promise<void> {
  if (keyboard?.is === "reply") await say(door, texts.noted, Keyboard.remove());
  if (keyboard?.is !== "inline") return;
  const { label = "" } = keyboard.choices.all.find((choice) => choice.value === value) ?? {};
  await settle(door, prompt, asked, texts.chosen(label));
}

/** Takes the buttons away, and shows what was chosen. */
export async function settle(
  door: AskDoor,
  prompt: string,
  asked: Pick<Message, "message_id" | "chat">,
  chosen: string | undefined,
): Promise<void> {
  const whole = chosen === undefined ? prompt : `${prompt}\n${chosen}`;
  const text = whole.length > MAX_TEXT && chosen !== undefined ? chosen : whole;
  try {
    await door.ctx.api.editMessageText({ chat_id: asked.chat.id, message_id: asked.message_id, text });
  } catch (error) {
    // The question has been deleted, or is too old to be changed.
    if (!(error instanceof ApiError) || error instanceof ForbiddenError) throw error;
    if (chosen !== undefined) await say(door, chosen, undefined);
  }
}

function say(door: AskDoor, text: string, markup: Markup | undefined): Promise<Message> {
  return door.ctx.reply(text, markup === undefined ? undefined : { reply_markup: markup });
}

function markupOf(
  door: AskDoor,
  keyboard: AskKeyboard | undefined,
  token: string | undefined,
): Markup | undefined {
  if (keyboard?.is !== "inline") return keyboard?.markup;
  return {
    inline_keyboard: keyboard.choices.rows(keyboard.columns, ({ label }, at) =>
      door.button(label, `${token ?? ""}${at}`),
    ),
  };
}

/** What some questions may have beside. */
interface Bounded {
  readonly min?: unknown;
  readonly max?: unknown;
  readonly keyboard?: unknown;
}

/** @throws TypeError for a question that can't be asked, or that nothing could answer */
export function check<Value>({
  id,
  prompt,
  options,
}: Pick<Question<Value>, "id" | "prompt" | "options">): void {
  const { maxAttempts, validate, min, max, keyboard } = options as AskOptions<Value> & Bounded;
  if (typeof id !== "string" || !/^[^\s#]+$/.test(id)) {
    throw misuse(
      "ERR_BALE_CONVERSATION_ASK",
      `Asking ${shown(id)}: a question needs a name of its own, one word. Give it first: c.ask.text("name", "نام شما؟").`,
    );
  }
  if (typeof prompt !== "string" || prompt.trim() === "") {
    throw misuse(
      "ERR_BALE_CONVERSATION_ASK",
      `Asking ${shown(id)}: the question is ${shown(prompt)}. Give a text after the name.`,
    );
  }
  if (maxAttempts !== undefined && !(maxAttempts >= 1)) {
    throw misuse(
      "ERR_BALE_CONVERSATION_ASK",
      `Asking ${shown(id)}: maxAttempts is ${shown(maxAttempts)}. Give a number from 1 up.`,
    );
  }
  const refuse = (what: string, value: unknown, hint: string): TypeError =>
    misuse("ERR_BALE_CONVERSATION_ASK", `Asking ${shown(id)}: ${what} is ${shown(value)}. ${hint}`);
  if (validate !== undefined && typeof validate !== "function") {
    throw refuse("validate", validate, "Give a function.");
  }
  for (const [name, bound] of [
    ["min", min],
    ["max", max],
  ] as const) {
    if (typeof bound === "number" && Number.isNaN(bound)) throw refuse(name, bound, "Give a number.");
  }
  if (typeof min === "number" && typeof max === "number" && min > max) {
    throw refuse("min", min, `No answer could be as small as max, which is ${max}.`);
  }
  if (keyboard !== undefined && !["inline", "reply", "none"].includes(keyboard as string)) {
    throw refuse("keyboard", keyboard, 'Give "inline", "reply" or "none".');
  }
}
