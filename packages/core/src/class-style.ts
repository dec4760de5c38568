import type { Composer } from "./composer.js";
import type { Context } from "./context.js";
import type { Middleware } from "./middleware.js";
import type { QueryName } from "./queries.js";

/** The methods a subclass of `Bot` may have, and what each is run for; in the order they run for one update. */
const METHODS: readonly (readonly [name: string, query: QueryName])[] = [
  ["onUpdate", "update"],
  ["onCallback", "callback_query"],
  ["onMessage", "message"],
  ["onSuccessfulPayment", "successful_payment"],
  ["onMemberChatJoin", "member_chat_join"],
  ["onMemberChatLeave", "member_chat_leave"],
  ["onMessageEdit", "edited_message"],
  ["onPreCheckout", "pre_checkout_query"],
];

const MOMENTS: readonly (readonly [name: string, moment: "before_ready" | "ready"])[] = [
  ["onBeforeReady", "before_ready"],
  ["onReady", "ready"],
];

/**
 * Registers the event methods a subclass has written. Each sees its updates after what was registered by hand, and
 * lets them go on to the next method; one that takes `next` as a second parameter decides that itself.
 */
export function registerMethods<C extends Context>(
  bot: Composer<C>,
  onMoment: (moment: "before_ready" | "ready", run: () => unknown) => void,
): void {
  const methods = bot as unknown as Readonly<Record<string, Middleware<Context> | undefined>>;
  for (const [name, moment] of MOMENTS) {
    const method = methods[name] as (() => unknown) | undefined;
    if (typeof method === "function") onMoment(moment, () => method.call(bot));
  }
  for (const [name, query] of METHODS) {
    const method = methods[name];
    if (typeof method !== "function") continue;
    const handler: Middleware<Context> = async (ctx, next) => {
      await method.call(bot, ctx, next);
      if (method.length < 2) await next();
    };
    Object.defineProperty(handler, "name", { value: name });
    bot.on(query, handler as Middleware<C>);
  }
}
