import { BotStoppedError, type Context, type Message, type Plugin, plugin, WaitTimeoutError } from "balekit";
import { beyondLimits } from "./misuse.js";

/** How the items of an album are collected. */
export interface AlbumOptions {
  /** The album is whole when no further item has come for this long. @default 500 */
  readonly quietMs?: number | undefined;
  /** It is taken as whole with this many items. @default 10 */
  readonly maxItems?: number | undefined;
}

/** What `albums()` adds to contexts. */
export interface AlbumFlavor {
  /** All items of the album this update belongs to, in order. Absent when it is none. */
  readonly album: readonly Message[] | undefined;
}

const ALBUM: unique symbol = Symbol("album");

/**
 * Makes one event of an album that came as many updates: handlers run once, with the update of the first item, and find
 * all items in `ctx.album`. Waits in memory while items come, so an album is lost whole when the process is killed
 * within that time.
 * @throws RangeError for options that cannot work
 * @example
 * bot.extend(albums()).on("message:photo", (ctx) => ctx.reply(`${ctx.album?.length ?? 1} photos`));
 */
export function albums({ quietMs = 500, maxItems = 10 }: AlbumOptions = {}): Plugin<AlbumFlavor> {
  if (!(quietMs > 0 && quietMs <= 60_000)) {
    throw beyondLimits("ERR_BALE_ALBUM", `albums: quietMs is ${quietMs}. Give milliseconds, up to a minute.`);
  }
  if (!Number.isSafeInteger(maxItems) || maxItems < 2) {
    throw beyondLimits("ERR_BALE_ALBUM", `albums: maxItems is ${maxItems}. Give a number from 2 up.`);
  }
  return plugin<AlbumFlavor>("albums", (composer) =>
    composer
      .use((ctx, next) => {
        const { message } = ctx;
        if (!message?.media_group_id) return next();
        return collect(ctx, message, { quietMs, maxItems }).then((items) => {
          (ctx as unknown as Record<symbol, unknown>)[ALBUM] = items;
          return next();
        });
      })
      .define("album", {
        get: (ctx) => (ctx as unknown as Readonly<Record<symbol, readonly Message[] | undefined>>)[ALBUM],
      }),
  );
}

async function collect(
  ctx: Context,
  first: Message,
  { quietMs, maxItems }: Required<{ [Key in keyof AlbumOptions]: number }>,
): Promise<readonly Message[]> {
  const items = [first];
  while (items.length < maxItems) {
    try {
      const { message } = await ctx.waitFor("message:media_group_id", {
        check: (other) => other.message.media_group_id === first.media_group_id,
        timeoutMs: quietMs,
      });
      items.push(message);
    } catch (error) {
      // A bot that stops handles what has come.
      if (error instanceof WaitTimeoutError || error instanceof BotStoppedError) break;
      throw error;
    }
  }
  return items.sort((one, other) => one.message_id - other.message_id);
}
