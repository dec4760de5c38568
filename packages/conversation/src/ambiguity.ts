import { AsyncLocalStorage } from "node:async_hooks";
import type { Call } from "balekit";
import { misuse, shown } from "./misuse.js";

/** What is done, after a crash, about an effect of which nobody knows whether it was carried out. */
export type AmbiguityPolicy = "retry" | "throw";

/** What is done about such effects: by method of Bale's, and for all of `c.external` and of `c.session`. */
export type AmbiguityTable = {
  readonly [Effect in Call["method"] | "external" | "session"]?: AmbiguityPolicy | undefined;
};

/** How effects are carried out that are called inside a function; see `c.with`. */
export interface EffectOptions {
  /**
   * After a crash in the moment of the effect: `"retry"` does it again, `"throw"` throws an `AmbiguousEffectError` into the
   * conversation, which is to find out.
   * @default what the tables of the definition and the plugin say; else money throws, and all else is done again
   */
  readonly ambiguous?: AmbiguityPolicy | undefined;
}

/** Finds, from anywhere in the function that `c.with` runs, what it was told. */
const options: AsyncLocalStorage<EffectOptions> = new AsyncLocalStorage<EffectOptions>();

/** Runs a function whose effects are carried out in a way of their own. */
export function withEffectOptions<Value>(given: EffectOptions, run: () => Value): Value {
  checkPolicy("c.with: ambiguous", given?.ambiguous);
  return options.run({ ...options.getStore(), ...given }, run);
}

/** What `c.with` has said about an effect that is called here. */
export function ambiguousHere(): AmbiguityPolicy | undefined {
  return options.getStore()?.ambiguous;
}

/** Money is never moved twice by guess. Everything else is repeated: a doubled question is better than a lost one. */
const MONEY = /invoice|refund|transfer|withdraw|payout/i;

/** The verdict on an effect, by the first table that names it. */
export function ambiguityOf(
  effect: string,
  ...tables: readonly (AmbiguityTable | undefined)[]
): AmbiguityPolicy {
  for (const table of tables) {
    const policy = table?.[effect as Call["method"]];
    if (policy !== undefined) return policy;
  }
  return MONEY.test(effect) ? "throw" : "retry";
}

/** @throws TypeError for a table that says something else than it may */
export function checkTable(where: string, table: AmbiguityTable | undefined): void {
  for (const [effect, policy] of Object.entries(table ?? {})) {
    checkPolicy(`${where}: ambiguity.${effect}`, policy);
  }
}

function checkPolicy(what: string, policy: unknown): void {
  if (policy === undefined || policy === "retry" || policy === "throw") return;
  throw misuse("ERR_BALE_OPTION", `${what} is ${shown(policy)}. Give "retry" or "throw".`);
}

/**
 * What a repeated call resolves to that Bale refuses because it had been carried out already; `undefined` where it is
 * refused for another reason.
 */
export function doneAlready(method: string, params: unknown, description: string): unknown {
  if (/^(?:delete|unpin|unban)/i.test(method)) return /not found/i.test(description) ? true : undefined;
  if (method === "answerCallbackQuery") return /too old|is invalid/i.test(description) ? true : undefined;
  if (!method.startsWith("edit") || !/not modified/i.test(description)) return undefined;
  // Bale's own answer to an edit is such a stub.
  const { chat_id: id } = params as { readonly chat_id?: number | string };
  return { message_id: 0, date: 0, chat: { id } };
}
