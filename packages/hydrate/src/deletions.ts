import {
  capability,
  type Capability,
  type Context,
  type LaneStore,
  type Message,
  type Plugin,
  plugin,
} from "balekit";
import type { Deletion } from "./deletion.js";
import { DeletionTimers } from "./deletion-timers.js";
import { wrongUse } from "./misuse.js";

/** What is read of a message that is to be deleted. */
export type DeletableMessage = Pick<Message, "message_id"> & { readonly chat: { readonly id: number } };

/** How messages are deleted later. */
export interface DeletionsOptions {
  /** Keeps what is to be deleted, so that a restart does not forget it. @default in memory */
  readonly lanes?: LaneStore | undefined;
  /**
   * What happens to what is still to be deleted when the bot stops: it is deleted at once, or forgotten. With `lanes`
   * it is always kept for the next start.
   * @default "delete"
   */
  readonly onStop?: "delete" | "forget" | undefined;
}

/** What `deletions()` adds to contexts. */
export interface DeletionsFlavor {
  /**
   * Deletes a message after a delay, and returns as soon as that is noted. Bale deletes for 48 hours only.
   * @throws RangeError for a delay that cannot work
   */
  readonly deleteAfter: (message: DeletableMessage, delayMs: number) => Promise<Deletion>;
}

/** Where the deletions of a bot are found. */
export const deletionTimers: Capability<DeletionTimers> = capability<DeletionTimers>("deletions");

/**
 * Deletes messages later without making anybody wait: `await ctx.deleteAfter(message, 60_000)`. What cannot be deleted
 * is logged. With a lane store it outlives a restart.
 * @throws TypeError for options that cannot work
 * @example
 * bot.extend(deletions()).command("code", async (ctx) => {
 *   await ctx.deleteAfter(await ctx.reply("4321"), 60_000);
 * });
 */
export function deletions({ lanes, onStop = "delete" }: DeletionsOptions = {}): Plugin<DeletionsFlavor> {
  if (onStop !== "delete" && onStop !== "forget") {
    throw wrongUse(
      "ERR_BALE_OPTION",
      `deletions: onStop is ${JSON.stringify(onStop)}. Give "delete" or "forget".`,
    );
  }
  if (lanes !== undefined && typeof (lanes as Partial<LaneStore>).commit !== "function") {
    const hint = "Give one such as sqliteLanes(db) or memoryLanes().";
    throw wrongUse("ERR_BALE_OPTION", `deletions: lanes is no lane store. ${hint}`);
  }
  return plugin<DeletionsFlavor>("deletions", (composer) => {
    const timers = new DeletionTimers({ find: (token) => composer.find(token), lanes, onStop });
    return composer
      .provide(deletionTimers, timers)
      .onStart(() => timers.start())
      .onStop((signal) => timers.stop(signal))
      .define("deleteAfter", {
        get: (_ctx: Context) => (message: DeletableMessage, delayMs: number) =>
          timers.after(message.chat.id, message.message_id, delayMs),
      });
  });
}
