import {
  type Api,
  botHost,
  type Call,
  type Chat,
  type ChatFullInfo,
  type ChatMember,
  type Composer,
  type Context,
  type Message,
  type Plugin,
  plugin,
  type User,
} from "balekit";
import type { ActingApi, ActingVerbs } from "./acting-calls.js";
import { deletionTimers } from "./deletions.js";
import type {
  Hydrated,
  HydratedCallbackQuery,
  HydratedChat,
  HydratedMessage,
  HydratedPreCheckoutQuery,
  HydratedUser,
} from "./hydrated.js";
import { Hydrator } from "./hydrator.js";
import type { Kit } from "./kit.js";
import { wrongUse } from "./misuse.js";

/** What `hydrate()` adds to contexts: the same objects, now with methods, and calls that answer with such objects. */
export interface HydrateFlavor extends ActingVerbs {
  readonly api: ActingApi & Api;
  readonly message: HydratedMessage | undefined;
  readonly editedMessage: HydratedMessage | undefined;
  readonly callbackQuery: HydratedCallbackQuery | undefined;
  readonly preCheckoutQuery: HydratedPreCheckoutQuery | undefined;
  readonly msg: HydratedMessage | undefined;
  readonly chat: HydratedChat | undefined;
  readonly from: HydratedUser | undefined;
  /** Makes any object of Bale's act, and tells the types so: `ctx.hydrated(answer.message).reply("…")`. */
  readonly hydrated: Hydrated;
}

/** What `hydrate()` says of the bot: what its calls answer acts as well. */
export interface HydratedBot {
  readonly api: ActingApi & Api;
}

/**
 * Gives the objects Bale sends methods of their own: `ctx.msg.reply()`, `ctx.chat.banMember(user)`, `photo.download()`.
 * Objects that come back from calls have them as well. JSON, spreading and comparing see only what Bale sent.
 * @example
 * bot.extend(hydrate()).on("message:text", async (ctx) => {
 *   const sent = await ctx.reply("…");
 *   await sent.edit("آماده شد");
 * });
 */
export function hydrate(): Plugin<HydrateFlavor, object, HydratedBot> {
  const made = plugin<{ readonly hydrated: Hydrated }>("hydrate", (composer) => {
    const kits = kitsOf(composer as unknown as Composer);
    return (
      composer
        .transform(
          async (call, next) => {
            const reply = await next(call);
            const host = composer.find(botHost);
            if (!reply.ok || host === undefined) return reply;
            const result = withIds(call, reply.result);
            giveMethods(kits(host.api), call, result);
            return result === reply.result ? reply : { ok: true, result };
          },
          { outermost: "results" },
        )
        // Derived, so that it happens to the contexts inside conversations as well.
        .derive("hydrated", (ctx: Context) => {
          const kit = kits(ctx.api);
          kit.update(ctx.update);
          return kit.any as Hydrated;
        })
    );
  });
  // Nothing is put on contexts or the bot under these names: what is there already brings objects that act.
  return made as unknown as Plugin<HydrateFlavor, object, HydratedBot>;
}

/** One kit for each api: a copy of the bot's has objects that act through it. */
function kitsOf(composer: Composer): (api: Api) => Hydrator {
  const kits = new WeakMap<Api, Hydrator>();
  let lastApi: Api | undefined;
  let last: Hydrator | undefined;
  const deleteAfter: Kit["deleteAfter"] = (message, delayMs) => {
    const timers = composer.find(deletionTimers);
    if (timers !== undefined) return timers.after(message.chat.id, message.message_id, delayMs);
    const hint = "Extend the bot with deletions() as well.";
    throw wrongUse("ERR_BALE_DELETION", `message.deleteAfter: this bot deletes nothing later. ${hint}`);
  };
  return (api) => {
    if (api === lastApi && last !== undefined) return last;
    let kit = kits.get(api);
    if (kit === undefined) {
      kit = new Hydrator(api, deleteAfter);
      kits.set(api, kit);
    }
    lastApi = api;
    last = kit;
    return kit;
  };
}

/** Bale answers an edit with a message without its ids: those of the call are put back. */
function withIds(call: Call, result: unknown): unknown {
  if (
    call.method !== "editMessageText" &&
    call.method !== "editMessageCaption" &&
    call.method !== "editMessageReplyMarkup"
  ) {
    return result;
  }
  if (typeof result !== "object" || result === null) return result;
  const { chat_id, message_id } = call.params;
  const answer = result as Message;
  const chat =
    answer.chat?.id === undefined && typeof chat_id === "number"
      ? { ...answer.chat, id: chat_id }
      : answer.chat;
  return { ...answer, message_id, chat };
}

function giveMethods(kit: Kit, { method }: Call, result: unknown): void {
  if (typeof result !== "object" || result === null) return;
  if (Array.isArray(result)) {
    for (const one of result as readonly object[]) giveByShape(kit, method, one);
  } else giveByShape(kit, method, result);
}

function giveByShape(kit: Kit, method: string, one: object): void {
  if (method === "getChat") kit.chat(one as ChatFullInfo | Chat);
  else if (method === "getMe") kit.user(one as User);
  else if (method === "getFile" || method === "uploadStickerFile")
    kit.file(one as { readonly file_id: string });
  else if (method === "getChatMember" || method === "getChatAdministrators") kit.member(one as ChatMember);
  else if ("message_id" in one && "chat" in one) kit.message(one as Message);
}
