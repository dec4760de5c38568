import type { Update } from "@balekit/api";

import type { MethodTable } from "../method.js";
import { badRequest } from "../refusal.js";
import { webhookProblem } from "../webhook.js";
import type { World } from "../world.js";

/** The longest a poll is kept waiting. Low confidence: Bale's maximum is not published; 20 to 30 s are known to work (notes.md 3). */
const LONGEST_POLL_SECONDS = 60;

/**
 * What a poll is answered while a webhook is set. Low confidence: two field reports saw an empty list at once, and not
 * Telegram's 409 (notes.md 3).
 */
function updatesBesideWebhook(): readonly Update[] {
  return [];
}

/**
 * Takes the webhook away. Low confidence: drop_pending_updates is said to do nothing (notes.md 3: claimed by one project),
 * so it is ignored like any other extra.
 */
function deleteWebhook(world: World): true {
  world.webhook.set("");
  return true;
}

/** Getting updates, and the bot's own profile. */
export const updateMethods: MethodTable = {
  getMe: (world) => world.bot,

  getUpdates: (world, fields, { signal }) => {
    const offset = fields.optionalInteger("offset");
    const limit = fields.optionalInteger("limit") ?? 100;
    const timeout = fields.optionalInteger("timeout") ?? 0;
    if (limit < 1 || limit > 100) throw badRequest("limit must be between 1 and 100");
    if (timeout < 0) throw badRequest("timeout must not be negative");
    world.calls.polls++;
    if (world.webhook.url !== "") return updatesBesideWebhook();
    return world.updates.poll({
      offset,
      limit,
      timeoutMs: Math.min(timeout, LONGEST_POLL_SECONDS) * 1000,
      signal,
    });
  },

  setWebhook: (world, fields) => {
    // `url` is the only documented parameter (notes.md 3); an empty one removes the webhook.
    const url = fields.text("url", {});
    const problem = url === "" ? undefined : webhookProblem(url, world.options.strictWebhook === true);
    if (problem !== undefined) throw badRequest(problem);
    world.webhook.set(url);
    return true;
  },

  deleteWebhook,

  getWebhookInfo: (world) => ({
    url: world.webhook.url,
    has_custom_certificate: false,
    pending_update_count: world.updates.size,
  }),
};
