import { closest } from "./closest.js";
import type { Composer } from "./composer.js";
import type { Context } from "./context.js";
import type { Middleware } from "./middleware.js";
import { wrongType } from "./misuse.js";
import type { QueryName } from "./queries.js";

/** The methods a subclass of `Bot` may have, and what each is run for; in the order they run for one update. */
const METHODS: readonly (readonly [name: string, query: QueryName])[] = [
  ["onUpdate", "update"],
  ["onCallback", "callback_query"],
  ["onCallbackQuery", "callback_query"],
  ["onMessage", "message"],
  ["onSuccessfulPayment", "successful_payment"],
  ["onMemberChatJoin", "member_chat_join"],
  ["onMemberChatLeave", "member_chat_leave"],
  ["onMessageEdit", "edited_message"],
  ["onEditedMessage", "edited_message"],
  ["onPreCheckout", "pre_checkout_query"],
  ["onPreCheckoutQuery", "pre_checkout_query"],
];

const MOMENTS: readonly (readonly [name: string, moment: "before_ready" | "ready"])[] = [
  ["onBeforeReady", "before_ready"],
  ["onReady", "ready"],
];

const KNOWN: readonly string[] = [...METHODS, ...MOMENTS].map(([name]) => name).concat("onError");

/**
 * Registers the event methods a subclass has written. Each sees its updates after what was registered by hand, and
 * lets them go on to the next method; one that takes `next` as a second parameter decides that itself.
 * @throws TypeError for a method whose name is nearly that of an event: it would never run
 */
export function registerMethods<C extends Context>(
  bot: Composer<C>,
  onMoment: (moment: "before_ready" | "ready", run: () => unknown) => void,
): void {
  for (const name of ownMethods(bot)) checkName(name);
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

/** The names of the methods that subclasses of `Bot` have written. */
function ownMethods(bot: object): Set<string> {
  const names = new Set<string>();
  for (let layer: unknown = bot; isSubclassLayer(layer); layer = Object.getPrototypeOf(layer)) {
    for (const name of Object.getOwnPropertyNames(layer)) names.add(name);
  }
  return names;
}

/** Whether an object of the chain of prototypes lies before that of `Bot`, which has `isRunning`. */
function isSubclassLayer(layer: unknown): layer is object {
  return typeof layer === "object" && layer !== null && !Object.hasOwn(layer, "isRunning");
}

function checkName(name: string): void {
  if (!/^on[A-Z]/.test(name) || KNOWN.includes(name)) return;
  const meant = closest(name, KNOWN);
  if (meant === undefined) return;
  const message = `class style: the method ${name} is of no event and would never run. Did you mean ${meant}?`;
  throw wrongType("ERR_BALE_HANDLER", message, registerMethods);
}
