import type { Context } from "balekit";
import { type AmbiguityTable, checkTable } from "./ambiguity.js";
import type { ConversationHandle } from "./handle.js";
import { misuse, shown } from "./misuse.js";

/**
 * Whose a conversation is: only the updates of these are answers. A function names it for each update; updates with one
 * name share the conversation, and those for which it answers `undefined` have none. It looks at nothing but the context.
 */
export type Per<C extends Context = Context> =
  | "user-in-chat"
  | "chat"
  | "user"
  | ((ctx: C) => string | undefined);

/** What is done when a user enters a conversation that is under way already. */
export type OnActive = "replace" | "reject" | "stack" | "ignore";

/** The code of a conversation. Await only `c` and `ctx` in it; everything else goes into `c.external`. */
export type ConversationCode<C extends Context, Args, Result> = (
  c: ConversationHandle<C>,
  ctx: C,
  args: Args,
) => Promise<Result>;

/** An open conversation whose journal the code there is now does not fit. Nothing has been sent. */
export interface MismatchInfo {
  readonly id: string;
  readonly name: string;
  /** The version and the hash of the source it ran on. */
  readonly version: number;
  readonly source: string;
  /** In ms since 1970. */
  readonly enteredAt: number;
  /** What it was entered with. */
  readonly args: unknown;
  /** Which record of the journal, counted from 1; what it says, and what the code does there. */
  readonly record: number;
  readonly recorded: string;
  readonly found: string;
  /** What it has been through, a line a record. */
  readonly journal: readonly string[];
}

/**
 * What becomes of it: it is kept aside (`"park"`), entered again with the same arguments (`"restart"`), ended
 * (`"exit"`), or entered again so that the first `c.steps` with a way of that name begins there, with that state.
 */
export type MismatchVerdict =
  | "park"
  | "restart"
  | "exit"
  | { readonly goto: string; readonly state: unknown };

/** How a conversation behaves. */
export interface ConversationOptions<C extends Context = Context> {
  /** Counts changes that old conversations can't go on with; see `previous`. @default 1 */
  readonly version?: number | undefined;
  /** The code of older versions, for conversations that began on them. */
  readonly previous?: Readonly<Record<number, ConversationCode<C, never, unknown>>> | undefined;
  /** @default "user-in-chat" */
  readonly per?: Per<C> | undefined;
  /** Texts that end it (`"/cancel"`, `"لغو"`): compared normalized, and whole. */
  readonly cancel?: readonly string[] | undefined;
  /** How long every wait lasts that does not say so itself. Absent: as long as the conversation is kept. */
  readonly timeoutMs?: number | undefined;
  /** @default "replace" */
  readonly onActive?: OnActive | undefined;
  /**
   * Keeps messages and presses that fit no wait from the other handlers; commands, payments and all other updates pass.
   * @default false
   */
  readonly exclusive?: boolean | undefined;
  /** What is done, after a crash, about effects that may have been carried out; goes before the plugin's table. */
  readonly ambiguity?: AmbiguityTable | undefined;
  /**
   * What is done when the code has changed so that an open conversation can't go on. A function may be asked more than
   * once for the same one: it decides and does nothing else. @default "park"
   */
  readonly onMismatch?:
    | "park"
    | "restart"
    | "exit"
    | ((info: MismatchInfo) => MismatchVerdict | Promise<MismatchVerdict>)
    | undefined;
  /** Runs when a wait has expired and nobody caught it. */
  readonly onTimeout?: ((c: ConversationHandle<C>, ctx: C) => unknown) | undefined;
  /** Runs when it was cancelled. */
  readonly onCancel?: ((c: ConversationHandle<C>, ctx: C) => unknown) | undefined;
  /**
   * Runs last, however it ends: `"done"`, `"exit"`, `"cancel"`, `"timeout"`, `"replaced"`, `"expired"`, `"blocked"`,
   * `"mismatch"`, `"error"`, … Of one whose code could not be brought back it is all that runs.
   */
  readonly onExit?: ((reason: string, c: ConversationHandle<C>, ctx: C) => unknown) | undefined;
}

/** A conversation that can be entered. Make one with `conversation`. */
export interface ConversationDefinition<C extends Context = Context, Args = void, Result = unknown> {
  readonly name: string;
  readonly options: ConversationOptions<C>;
  readonly code: ConversationCode<C, Args, Result>;
  /** A hash of the source of `code`: tells that it has changed. */
  readonly source: string;
}

/** Any definition, as `conversations({ definitions })` takes it. */
export type AnyDefinition = ConversationDefinition<never, never, unknown>;

/**
 * Defines a conversation: a plain async function that may wait for days, and goes on after a restart.
 * @param name names it in the store: never changes while conversations are open
 * @example
 * const signup = conversation("signup", async (c, ctx) => {
 *   await ctx.reply("نام شما؟");
 *   const name = await c.waitFor("message:text", { id: "name" });
 *   await name.reply(`خوش آمدید، ${name.text}!`);
 * });
 */
export function conversation<C extends Context = Context, Args = void, Result = unknown>(
  name: string,
  code: (c: ConversationHandle<C>, ctx: C, args: Args) => Promise<Result>,
  options: ConversationOptions<NoInfer<C>> = {},
): ConversationDefinition<C, Args, Result> {
  if (typeof name !== "string" || !/^[^\s:]+$/.test(name)) {
    throw misuse(
      "ERR_BALE_CONVERSATION_DEFINITION",
      `conversation: its name is ${shown(name)}. Give one word without a colon.`,
    );
  }
  if (typeof code !== "function") {
    throw misuse(
      "ERR_BALE_CONVERSATION_DEFINITION",
      `conversation(${shown(name)}): its code is ${shown(code)}. Give an async function (c, ctx, args) => ….`,
    );
  }
  checkOptions(name, options);
  return Object.freeze({ name, options, code, source: hashOf(Function.prototype.toString.call(code)) });
}

function checkOptions(name: string, options: ConversationOptions<never>): void {
  const { per, onActive, ambiguity, cancel, timeoutMs, exclusive, version, previous, onMismatch } = options;
  const doing = `conversation(${shown(name)})`;
  const refuse = (what: string, value: unknown, hint: string): TypeError =>
    misuse("ERR_BALE_CONVERSATION_DEFINITION", `${doing}: ${what} is ${shown(value)}. ${hint}`);
  if (per !== undefined && typeof per !== "function" && !["user-in-chat", "chat", "user"].includes(per)) {
    throw refuse("per", per, 'Give "user-in-chat", "chat", "user", or a function of the context.');
  }
  if (onActive !== undefined && !["replace", "reject", "stack", "ignore"].includes(onActive)) {
    throw refuse("onActive", onActive, 'Give "replace", "reject", "stack" or "ignore".');
  }
  if (cancel !== undefined) {
    if (!Array.isArray(cancel)) throw refuse("cancel", cancel, 'Give a list of texts: ["/cancel", "لغو"].');
    for (const word of cancel as readonly unknown[]) {
      if (typeof word !== "string" || word.trim() === "")
        throw refuse("a word of cancel", word, "Give a text.");
    }
  }
  if (timeoutMs !== undefined && !(typeof timeoutMs === "number" && timeoutMs >= 0)) {
    throw refuse("timeoutMs", timeoutMs, "Give milliseconds from 0 up.");
  }
  if (exclusive !== undefined && typeof exclusive !== "boolean") {
    throw refuse("exclusive", exclusive, "Give true or false.");
  }
  if (version !== undefined && !(Number.isSafeInteger(version) && version >= 1)) {
    throw refuse("version", version, "Give a whole number from 1 up.");
  }
  for (const [old, code] of Object.entries(previous ?? {}) as [string, unknown][]) {
    if (typeof code !== "function") throw refuse(`previous[${old}]`, code, "Give the code of that version.");
    if (!(Number(old) >= 1 && Number(old) < (version ?? 1))) {
      throw refuse(
        "a version of previous",
        old,
        `Give versions below ${version ?? 1}, which is that of the code.`,
      );
    }
  }
  if (
    onMismatch !== undefined &&
    typeof onMismatch !== "function" &&
    !["park", "restart", "exit"].includes(onMismatch)
  ) {
    throw refuse("onMismatch", onMismatch, 'Give "park", "restart", "exit", or a function.');
  }
  for (const hook of ["onTimeout", "onCancel", "onExit"] as const) {
    const given: unknown = options[hook];
    if (given !== undefined && typeof given !== "function") throw refuse(hook, given, "Give a function.");
  }
  checkTable(doing, ambiguity);
}

/** A short hash of a text: for comparing, not for secrets. */
export function hashOf(text: string): string {
  let hash = 2_166_136_261;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619);
  return (hash >>> 0).toString(36);
}
