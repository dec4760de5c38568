import {
  ApiError,
  type Context,
  ForbiddenError,
  type InlineKeyboardButton,
  type InlineKeyboardMarkup,
  type Message,
} from "balekit";
import { answerTest } from "./answer.js";
import type { AskTexts } from "./ask-texts.js";
import { AttemptsSpentError } from "./errors.js";
import { unlessTooOld } from "./press-answer.js";
import { type AskDoor, type AskOptions, check, settle, verdictOn } from "./question.js";

/** Text and buttons, as a menu draws them. */
export interface AskedView {
  readonly text: string;
  readonly reply_markup: { readonly inline_keyboard: readonly (readonly InlineKeyboardButton[])[] };
}

/** What a press on a button of a menu leads to. */
export interface AskedPress<Value> {
  /** Shown once, in passing. */
  readonly notice?: string | undefined;
  /** Shown in place of what was shown before. */
  readonly view?: AskedView | undefined;
  /** Set when the question is answered; the value has to be data. `label` is how it is shown. */
  readonly answer?: { readonly value: Value; readonly label?: string | undefined } | undefined;
}

/** A question with pages of buttons, which knows where it stands from the data of a button alone: see `@balekit/menu`. */
export interface AskedMenu<Value> {
  /** What it shows at first. */
  open(viewer: Context): AskedView | Promise<AskedView>;
  press(data: string, viewer: Context): AskedPress<Value> | Promise<AskedPress<Value>>;
}

/** A question of buttons that is ready to be asked. */
export interface MenuAsking<Value> {
  readonly id: string;
  readonly prompt: string;
  readonly menu: AskedMenu<Value>;
  readonly options: AskOptions<Value>;
  readonly texts: AskTexts;
}

/** Where the question stands between two presses. */
interface Standing {
  readonly shown: Pick<Message, "message_id" | "chat">;
  readonly view: AskedView;
  readonly useless: number;
}

/**
 * Asks with a menu, one message edited in place, until it has an answer. A step of the conversation like any question;
 * of the presses on the way only the last is kept.
 */
export function askMenu<Value>(door: AskDoor, asking: MenuAsking<Value>): Promise<Value> {
  check(asking);
  return door.step(asking.id, () => walk(door, asking));
}

async function walk<Value>(door: AskDoor, asking: MenuAsking<Value>): Promise<Value> {
  const { id, menu } = asking;
  const { ctx } = door;
  // A token of its own tells this question's buttons from those of an earlier round of the same.
  const token = `${door.token(`ask:${id}`)}.`;
  const view = await door.external(`menu:${id}`, async () => viewOf(await menu.open(ctx)));
  const shown = await send(door, asking, view, token);
  return door.loop<Standing, Value>(`menu:${id}`, { shown, view, useless: 0 }, (standing) =>
    round(door, asking, token, standing),
  );
}

async function round<Value>(
  door: AskDoor,
  asking: MenuAsking<Value>,
  token: string,
  standing: Standing,
): Promise<Standing | ReturnType<AskDoor["done"]>> {
  const { id, menu, options, texts } = asking;
  const { timeoutMs, from } = options;
  const prefix = door.button("", token).callback_data;
  const got = await door.wait(`wait:ask.menu#${id}`, answerTest(prefix), { timeoutMs, from, prefix });
  if (got.update.callback_query === undefined || got.update.callback_query === null) {
    return again(door, asking, token, standing, texts.menu);
  }
  const { notice, view, answer } = await door.external(`menu:${id}`, async () => {
    const pressed = await menu.press(String(got.match), got);
    const next = pressed.view === undefined ? undefined : viewOf(pressed.view);
    return { notice: pressed.notice, view: next, answer: pressed.answer };
  });
  if (notice !== undefined) await unlessTooOld(got.answer(notice));
  if (answer !== undefined) {
    const problem = await verdictOn(door, id, options, texts, answer.value);
    if (problem !== undefined) return again(door, asking, token, standing, problem);
    await settle(door, asking.prompt, standing.shown, answer.label && texts.chosen(answer.label));
    return door.done(answer.value);
  }
  if (view === undefined) return standing;
  return { ...standing, view, shown: await replace(door, asking, token, standing.shown, view) };
}

/** Says what is wrong with an answer, below which the buttons stand anew. */
async function again<Value>(
  door: AskDoor,
  asking: MenuAsking<Value>,
  token: string,
  { view, useless }: Standing,
  problem: string,
): Promise<Standing> {
  const { maxAttempts = Number.POSITIVE_INFINITY } = asking.options;
  if (useless + 1 >= maxAttempts) {
    await door.ctx.reply(asking.texts.enough);
    throw new AttemptsSpentError(asking.id, useless + 1);
  }
  const shown = await send(door, asking, view, token, asking.options.problem ?? problem);
  return { shown, view, useless: useless + 1 };
}

async function send<Value>(
  door: AskDoor,
  asking: MenuAsking<Value>,
  view: AskedView,
  token: string,
  problem?: string,
): Promise<Standing["shown"]> {
  const lines = [problem, asking.prompt, view.text].filter((line) => line !== undefined && line !== "");
  const { message_id, chat } = await door.ctx.reply(lines.join("\n"), {
    reply_markup: markupOf(door, view, token),
  });
  return { message_id, chat };
}

/** Shows another page in the same message; in a fresh one where that can't be edited. */
async function replace<Value>(
  door: AskDoor,
  asking: MenuAsking<Value>,
  token: string,
  shown: Standing["shown"],
  view: AskedView,
): Promise<Standing["shown"]> {
  try {
    await door.ctx.api.editMessageText({
      chat_id: shown.chat.id,
      message_id: shown.message_id,
      text: [asking.prompt, view.text].filter((line) => line !== "").join("\n"),
      reply_markup: markupOf(door, view, token),
    });
    return shown;
  } catch (error) {
    if (!(error instanceof ApiError) || error instanceof ForbiddenError) throw error;
    // What is shown already need not be shown.
    if (/not modified/i.test(error.message)) return shown;
    return send(door, asking, view, token);
  }
}

/** The menu's buttons as buttons of this conversation. */
function markupOf(door: AskDoor, view: AskedView, token: string): InlineKeyboardMarkup {
  return {
    inline_keyboard: view.reply_markup.inline_keyboard.map((row) =>
      row.map((button) =>
        typeof button.callback_data === "string"
          ? door.button(button.text, token + button.callback_data)
          : button,
      ),
    ),
  };
}

/** A view as plain data, for the journal. */
function viewOf({ text, reply_markup }: AskedView): AskedView {
  const inline_keyboard = reply_markup.inline_keyboard.map((row) => row.map((button) => ({ ...button })));
  return { text, reply_markup: { inline_keyboard } };
}
