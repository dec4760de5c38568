import { shown, wrongType } from "./misuse.js";
import type { Hook } from "./tree.js";

/** A property that a plugin puts on the bot, as it goes up to the bot. */
export type BotProperty = Extract<Hook, { readonly is: "property" }>;

/** What a plugin puts on the bot it is extended with. @throws TypeError when that is no object with properties */
export function botPropertiesOf(
  { id, bot }: { readonly id?: string | undefined; readonly bot?: unknown },
  composer: object,
): BotProperty[] {
  if (bot === undefined) return [];
  const plugin = id === undefined ? "a plugin" : `the plugin ${shown(id)}`;
  if (typeof bot !== "function") {
    throw wrongType(
      "ERR_BALE_PLUGIN",
      `extend: what ${plugin} puts on the bot is made by a function, not ${shown(bot)}.`,
    );
  }
  const source: unknown = (bot as (composer: object) => unknown)(composer);
  if (typeof source !== "object" || source === null) {
    throw wrongType(
      "ERR_BALE_PLUGIN",
      `extend: what ${plugin} puts on the bot is ${shown(source)}. Give an object: { cache }.`,
    );
  }
  return Object.keys(source).map((name) => ({ is: "property", name, source, plugin }));
}

/** Puts a plugin's property on a bot, where it is read as it is now. @throws TypeError for a name the bot has already */
export function addBotProperty(bot: object, { name, source, plugin }: BotProperty): void {
  if (name in bot) {
    throw wrongType(
      "ERR_BALE_PLUGIN",
      `extend: ${plugin} puts a property on the bot, but bot.${name} is there already. It has to choose another name.`,
    );
  }
  Object.defineProperty(bot, name, {
    enumerable: true,
    get: () => (source as Readonly<Record<string, unknown>>)[name],
  });
}
