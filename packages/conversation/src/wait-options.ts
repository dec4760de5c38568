import type { Context } from "balekit";
import { misuse, shown } from "./misuse.js";

/** How one wait is named, narrowed and bounded. */
export interface WaitOptions<Found extends Context = Context, Sent extends Context = Context> {
  /** Names the wait in the journal: a wait with a name can be told from others when the code has changed. */
  readonly id?: string | undefined;
  /** Throws `WaitExpiredError` after so many milliseconds, whether an update comes or not. */
  readonly timeoutMs?: number | undefined;
  /** Whose answers count: ids of users, or anybody. @default whoever the conversation belongs to */
  readonly from?: number | readonly number[] | "anyone" | undefined;
  /** Lets only those through for which it says yes. Must look at nothing but the context. */
  readonly check?: ((ctx: Found) => boolean | Promise<boolean>) | undefined;
  /** Whether texts that begin with a slash count as answers. @default false */
  readonly commands?: boolean | undefined;
  /**
   * Told of each update that does not do: of what fits the query and not the check, and of whatever else they send that is
   * no command, which other handlers see no more. It may reply. The wait goes on, to the same deadline.
   */
  readonly otherwise?: ((ctx: Sent) => unknown) | undefined;
  /**
   * Gives the wait up, which throws the signal's reason: that of an `AbortController` which this conversation has made
   * and aborts itself. Aborted from anywhere else it does nothing but a warning, since no replay could follow.
   */
  readonly signal?: AbortSignal | undefined;
}

/** @throws TypeError for a piece of code without a name, or a name without code */
export function named(what: string, name: unknown, run: unknown): void {
  if (typeof name === "string" && name !== "" && typeof run === "function") return;
  const wrong =
    typeof name === "string" && name !== ""
      ? `${shown(name)} is given ${shown(run)}`
      : `its name is ${shown(name)}`;
  throw misuse(
    "ERR_BALE_CONVERSATION_WAIT",
    `${what}: ${wrong}. Give a name, which stands in the journal, and then a function: ${what}("name", …).`,
  );
}

/** @throws TypeError when nobody, or nothing, could ever fit */
export function checkWait({ from, check, otherwise }: WaitOptions<never, never>): void {
  const refuse = (what: string, value: unknown, hint: string): TypeError =>
    misuse("ERR_BALE_CONVERSATION_WAIT", `Waiting: ${what} is ${shown(value)}. ${hint}`);
  if (from !== undefined && from !== "anyone" && typeof from !== "number" && !Array.isArray(from)) {
    throw refuse("from", from, 'Give the id of a user, a list of ids, or "anyone".');
  }
  if (check !== undefined && typeof check !== "function") throw refuse("check", check, "Give a function.");
  if (otherwise !== undefined && typeof otherwise !== "function") {
    throw refuse("otherwise", otherwise, "Give a function.");
  }
}

/** @throws TypeError for what is no name, or no text for a button */
export function checkText(what: string, text: unknown): void {
  if (typeof text === "string" && text !== "") return;
  throw misuse("ERR_BALE_CONVERSATION_WAIT", `${what} is ${shown(text)}. Give a text.`);
}
