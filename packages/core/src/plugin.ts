import type { Composer, Plugin } from "./composer.js";
import type { Context } from "./context.js";
import { shown, wrongType } from "./misuse.js";

/** What a plugin is beside what it does to a composer. */
export interface PluginOptions<OnBot> {
  /**
   * Makes the properties the bot gets, after the plugin is installed: `() => ({ cache })` is read as `bot.cache`. A
   * getter of the object is read each time, so what exists only from the bot's start can be found there.
   */
  readonly bot?: ((composer: Composer) => OnBot) | undefined;
}

/**
 * Makes a plugin out of its id and what it does to a composer. `Added` is what its `derive` calls add to contexts,
 * `Needs` what other plugins must have added before it, `OnBot` what it puts on the bot itself.
 * @example
 * const shop = plugin<{ shop: Shop }>("shop", (composer) => composer.derive("shop", () => new Shop()));
 */
export function plugin<Added extends object = object, Needs extends object = object, OnBot = unknown>(
  id: string,
  install: <C extends Context & Needs>(composer: Composer<C>) => Composer<C & Added>,
  { bot }: PluginOptions<OnBot> = {},
): Plugin<Added, Needs, OnBot> {
  if (typeof id !== "string" || id === "") {
    throw wrongType("ERR_BALE_PLUGIN", `plugin: its id is a text that names it, not ${shown(id)}.`);
  }
  if (typeof install !== "function") {
    throw wrongType("ERR_BALE_PLUGIN", `plugin: ${shown(id)} is made of a function, not ${shown(install)}.`);
  }
  const made = <C extends Context & Needs>(composer: Composer<C>): Composer<C & Added> => install(composer);
  return Object.assign(made, { id, bot });
}
