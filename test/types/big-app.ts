/** How big the app is that the budget is held against. */
export interface AppSize {
  readonly plugins: number;
  readonly handlers: number;
  readonly patterns: number;
}

/** Twenty queries, and what a handler reads once the query has narrowed the context. */
const READS: Readonly<Record<string, string>> = {
  message: "ctx.message.message_id + ctx.chatId",
  "message:text": "ctx.text.length + ctx.message.text.length",
  "message:photo": "ctx.message.photo.length + ctx.chatId",
  "message:document": "ctx.message.document.file_id.length",
  "message:video": "ctx.message.video.duration",
  "message:voice": "ctx.message.voice.file_id.length",
  "message:audio": "ctx.message.audio.duration",
  "message:sticker": "ctx.message.sticker.file_id.length",
  "message:contact": "ctx.message.contact.phone_number.length",
  "message:location": "ctx.message.location.latitude",
  "message:caption": "ctx.message.caption.length",
  "message:successful_payment": "ctx.payment.total_amount",
  "message:new_chat_members": "ctx.message.new_chat_members.length",
  "message:left_chat_member": "ctx.message.left_chat_member.id",
  "message:web_app_data": "ctx.message.web_app_data.data.length",
  edited_message: "ctx.editedMessage.message_id + ctx.chatId",
  "edited_message:text": "ctx.text.length + ctx.editedMessage.text.length",
  callback_query: "ctx.callbackQuery.id.length + ctx.from.id",
  "callback_query:data": "ctx.callbackQuery.data.length + ctx.from.id",
  pre_checkout_query: "ctx.preCheckoutQuery.total_amount + ctx.from.id",
};

/** Where a handler of the app writes its next word: the place that a person's editor would complete. */
export const CARET = "/*caret*/";

/** The text of an app as a person would write it: every handler reads what its filter narrowed and what a plugin added. */
export function bigApp({ plugins, handlers, patterns }: AppSize): string {
  const queries = Object.entries(READS);
  const lines = ['import { Bot, plugin } from "balekit";', "", "let total = 0;", ""];
  for (let n = 0; n < plugins; n += 1)
    lines.push(
      `interface Shop${n} { readonly count: number; readonly label: string; add(item: string): void }`,
      `export const shop${n} = plugin<{ readonly shop${n}: Shop${n} }>("shop${n}", (composer) =>`,
      `  composer.derive("shop${n}", (): Shop${n} => ({ count: ${n}, label: "shop ${n}", add: () => {} })),`,
      ");",
      "",
    );
  const chain = Array.from({ length: plugins }, (_, n) => `  .extend(shop${n})`).join("\n");
  lines.push(`export const bot = new Bot("1:x")\n${chain};`, "");
  for (let n = 0; n < handlers; n += 1) {
    const [query = "", read = ""] = queries[n % queries.length] ?? [];
    const shop = plugins === 0 ? "0" : `ctx.shop${n % plugins}.count`;
    lines.push(
      `bot.on("${query}", async (ctx) => {`,
      `  ${CARET}`,
      `  total += ${read} + ${shop};`,
      `  await ctx.api.sendMessage({ chat_id: ${n}, text: String(total) });`,
      "});",
    );
  }
  for (let n = 0; n < patterns; n += 1)
    lines.push(
      `bot.callback("order${n}/:id/:action", async (ctx) => {`,
      `  const words: readonly string[] = [ctx.params.id, ctx.params.action, ctx.callbackQuery.data];`,
      '  await ctx.reply(words.join(" "));',
      "});",
    );
  return `${lines.join("\n")}\n`;
}

/** How many different queries the app's handlers are spread over. */
export const QUERY_COUNT: number = Object.keys(READS).length;
