import type { ContextServices } from "./context.js";
import { sayingOf } from "./errors.js";
import { shown, wrongType } from "./misuse.js";
import type { Hook } from "./tree.js";
import type { ExportHook, ForgetHook } from "./user-hook.js";

/** What all plugins of a bot hold of one user, by the name each gave to its part. */
export type ExportedUser = Readonly<Record<string, unknown>>;

/** Some of those who were to forget or hand out a user's data could not: `errors` says why, each for itself. */
export class UserDataError extends AggregateError {
  override readonly name: string = "UserDataError";
  readonly code: string = "ERR_BALE_USER_DATA";

  constructor(doing: string, errors: readonly unknown[]) {
    const whys = errors.map(sayingOf).join("; ");
    super(errors, `${doing}: ${errors.length} of the plugins failed, the others did it. ${whys}`);
  }
}

/** All who keep something about users, and how they are asked. */
export class UserData {
  readonly #forget: ForgetHook[] = [];
  readonly #export = new Map<string, ExportHook>();

  /** Takes the hooks that are about users. */
  take(hook: Hook): void {
    if (hook.is === "forget") this.#forget.push(hook.run);
    else if (hook.is === "export") this.#export.set(hook.name, hook.run);
  }

  /** Has everybody forget a user: all of them, also when one fails. @throws UserDataError with what failed */
  async forget(userId: number, services: ContextServices): Promise<void> {
    const runs = this.#forget.map(async (run) => run(userId, services));
    failTogether(`Forgetting user ${userId}`, await Promise.allSettled(runs));
  }

  /** Asks everybody what they hold of a user. @throws UserDataError when one fails: half an answer is none */
  async export(userId: number, services: ContextServices): Promise<ExportedUser> {
    const parts = [...this.#export].map(async ([name, run]) => [name, await run(userId, services)] as const);
    const settled = await Promise.allSettled(parts);
    failTogether(`Collecting what is kept of user ${userId}`, settled);
    const found = settled.flatMap((part) => (part.status === "fulfilled" ? [part.value] : []));
    return Object.fromEntries(found.filter(([, data]) => data !== undefined));
  }
}

/** @throws TypeError for what is no id of a user */
export function checkUserId(doing: string, userId: number): void {
  if (Number.isSafeInteger(userId)) return;
  throw wrongType("ERR_BALE_USER_DATA", `${doing}: the user's id is a whole number, not ${shown(userId)}.`);
}

function failTogether(doing: string, settled: readonly PromiseSettledResult<unknown>[]): void {
  const errors = settled.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
  if (errors.length > 0) throw new UserDataError(doing, errors);
}
