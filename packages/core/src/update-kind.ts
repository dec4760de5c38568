import type { Update, UpdateKind } from "@balekit/api";

/**
 * The kind of an update: the name of the one payload it carries. `undefined` for a kind Bale has not documented;
 * such an update runs plain middleware and the query `update`, nothing else.
 */
export function kindOf(update: Update): UpdateKind | undefined {
  if (update.message !== undefined && update.message !== null) return "message";
  if (update.edited_message !== undefined && update.edited_message !== null) return "edited_message";
  if (update.callback_query !== undefined && update.callback_query !== null) return "callback_query";
  if (update.pre_checkout_query !== undefined && update.pre_checkout_query !== null)
    return "pre_checkout_query";
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
