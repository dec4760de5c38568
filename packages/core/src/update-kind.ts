import type { Update, UpdateKind } from "@balekit/api";

/**
 * The kind of an update: the name of the one payload it carries. `undefined` for a kind Bale has not documented;
 * such an update runs plain middleware and the query `update`, nothing else.
 */
export function kindOf(update: Update): UpdateKind | undefined {
  if (isThere(update.message)) return "message";
  if (isThere(update.edited_message)) return "edited_message";
  if (isThere(update.callback_query)) return "callback_query";
  if (isThere(update.pre_checkout_query)) return "pre_checkout_query";
  return undefined;
}

/**
 * Whether a field of an update says anything. Bale writes absence as a missing field, as `null`, and for lists and
 * texts sometimes as an empty one.
 */
export function isThere(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return false;
  return !Array.isArray(value) || value.length > 0;
}
