import { AsyncLocalStorage } from "node:async_hooks";
import { misuse } from "./misuse.js";

/** A step or loop that runs: which records were written since it began, and whether all of them are its own. */
export interface Block {
  readonly id: number;
  readonly key: string;
  /** How many records the history had, its own call included, when it began. */
  readonly lengthBefore: number;
  readonly bytesBefore: number;
  /** The turn it began in. */
  readonly turn: number;
  /** Operations called inside that are not over. */
  open: number;
  /** Whether somebody else has written since it began: then it can't be folded. */
  isMixed: boolean;
}

/** Where in a conversation a piece of code runs. */
export interface Scope {
  /** The coroutine the code belongs to. */
  readonly owner: object;
  readonly blocks: readonly Block[];
  /** The instance whose effect this is: set inside `external`. */
  readonly instance?: string | undefined;
  /** Set where no operation may be called: inside `external`, and inside the check of a wait. */
  readonly closed?: string | undefined;
}

/** Finds, from anywhere in code that a conversation runs, the conversation. */
export const scopes: AsyncLocalStorage<Scope | undefined> = new AsyncLocalStorage<Scope | undefined>();

/** @throws TypeError when this is called inside a conversation. @param advice what to do there */
export function refuseInside(doing: string, advice: string): void {
  if (scopes.getStore() === undefined) return;
  throw misuse("ERR_BALE_CONVERSATION_SCOPE", `${doing}: this is called inside a conversation. ${advice}`);
}
