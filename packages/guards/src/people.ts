import { type Guard, guard, guardMisuse } from "./guard.js";

/** Why somebody is none of those who may. */
export type PeopleRefusal =
  | { readonly is: "not-listed"; readonly userId: number }
  /** Nobody is known to have caused the update. */
  | { readonly is: "no-user" };

/**
 * Lets these people through, by their ids; nobody when there are none.
 * @throws TypeError for what is no id of a user
 * @example
 * const owners = isUser(100001, 100002).orElse((ctx) => ctx.reply("فقط برای فروشنده"));
 * bot.command("ledger").filter(owners, (ctx) => ctx.reply("…"));
 */
export function isUser(...ids: readonly number[]): Guard<PeopleRefusal> {
  for (const id of ids) {
    if (Number.isSafeInteger(id) && id > 0) continue;
    throw guardMisuse(`isUser: ${JSON.stringify(id)} is no id of a user. Give whole numbers above 0.`);
  }
  const known: ReadonlySet<number> = new Set(ids);
  return guard("isUser", ({ from }) => {
    if (from === undefined) return { is: "no-user" };
    return known.has(from.id) ? undefined : { is: "not-listed", userId: from.id };
  });
}
