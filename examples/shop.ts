// A whole shop: a catalogue, a cart, a checkout, the wallet, and a desk for the shopkeeper.
//
//   npm start -- examples/shop.ts      the browser plays the wallet; no money moves
//
// All it remembers lies in one SQLite file: after `kill -9` it goes on where it stood. SHOP_ADMINS names the shopkeepers
// by their ids, with commas between; on Bale, BALE_WALLET_TOKEN is the token of a wallet, from @botfather.
import { conversation, conversations } from "@balekit/conversation";
import { isUser } from "@balekit/guards";
import { calendarQuestion, menu, type Target } from "@balekit/menu";
import { type Order, type PaymentsContext, payments, TEST_WALLET } from "@balekit/payments";
import { formatAmount, formatJalali, isolate, type JalaliDate, persianNormalizer } from "@balekit/persian";
import { session, type SessionFlavor } from "@balekit/session";
import { sqlite, sqliteLanes } from "@balekit/storage/sqlite";
import { arg, Bot, type Context, type ContextOf, InputFile, md } from "balekit";
import { sqliteInbox } from "balekit/inbox";
import Database from "libsql";

const ADMINS = (process.env.SHOP_ADMINS ?? "").split(",").filter(Boolean).map(Number);

// ——— Goods ———

const SHELVES = { tea: "چای", herbs: "دمنوش", sweets: "شیرینی" };

/** Prices are rials, as Bale counts. Ids stand in buttons and orders, so they stay when names change. */
const GOODS: Record<string, { shelf: keyof typeof SHELVES; name: string; about: string; price: number }> = {
  lahijan: { shelf: "tea", name: "چای لاهیجان", about: "بهارهٔ امسال، ۴۵۰ گرم.", price: 2_850_000 },
  fuman: { shelf: "tea", name: "چای فومن", about: "قلم درشت و خوش‌رنگ، ۴۵۰ گرم.", price: 2_400_000 },
  smoked: { shelf: "tea", name: "چای دودی", about: "با دود هیزم گیلان، ۲۵۰ گرم.", price: 1_900_000 },
  green: { shelf: "tea", name: "چای سبز", about: "برگ کامل، ۲۰۰ گرم.", price: 1_600_000 },
  borage: { shelf: "herbs", name: "گل گاوزبان", about: "از کوه‌های اشکور، ۱۰۰ گرم.", price: 2_200_000 },
  mint: { shelf: "herbs", name: "نعنا و لیمو", about: "سرد هم بچسبد، ۱۰۰ گرم.", price: 950_000 },
  kolucheh: { shelf: "sweets", name: "کلوچهٔ فومن", about: "تازه و گردویی، ۱۰ عدد.", price: 1_300_000 },
  nabat: { shelf: "sweets", name: "نبات زعفرانی", about: "شاخه‌ای، ۱۰ عدد.", price: 1_100_000 },
};
type Good = (typeof GOODS)[string];
/** `Cart`: how many of each good. `Basket`: that, and the step that has taken what was ordered out of it. */
type Cart = Record<string, number>;
type Basket = { cart: Cart; ordered?: string };

const number = (value: number): string => value.toLocaleString("fa");
const linesOf = (cart: Cart): [id: string, good: Good, count: number][] =>
  Object.entries(cart).flatMap(([id, count]) => (GOODS[id] && count > 0 ? [[id, GOODS[id], count]] : []));
const packs = (good: Good, count: number): string => `${number(count)} بسته ${good.name}`;
const listOf = (cart: Cart): string =>
  Array.from(linesOf(cart), ([, good, count]) => packs(good, count)).join("، ");
const sumOf = (cart: Cart): string =>
  formatAmount(linesOf(cart).reduce((sum, [, good, count]) => sum + good.price * count, 0));

// ——— Where everything is kept ———

const database = new Database(process.env.DATABASE ?? "shop-example.db");
const carts = sqlite(database, { table: "carts" });
const talks = sqliteLanes(database, { table: "talks" });
const orderBook = sqliteLanes(database, { table: "orders" });
database.exec(`
  CREATE TABLE IF NOT EXISTS moves (why TEXT, good TEXT, count INTEGER, PRIMARY KEY (why, good));
  CREATE TABLE IF NOT EXISTS sent (order_id TEXT PRIMARY KEY);
`);

// ——— Stock: every coming and going is a line, and there is what they add up to ———

/** Writes a line down; what happens for the same reason again is the same line. */
const move = (why: string, good: string, count: number): unknown =>
  database.prepare("INSERT OR IGNORE INTO moves VALUES (?, ?, ?)").run(why, good, count);
const hasRow = (query: string, value: string): boolean => database.prepare(query).get(value) !== undefined;
const isSent = (orderId: string): boolean => hasRow("SELECT 1 FROM sent WHERE order_id = ?", orderId);
const stockOf = (good: string): number =>
  (database.prepare("SELECT TOTAL(count) AS n FROM moves WHERE good = ?").get(good) as { n: number }).n;
for (const id of Object.keys(GOODS)) move("opening", id, 10);

/** Takes the goods of an order off the shelves, all or none. Answers `true`, or what is missing. */
const take: (order: Order<Sale>) => true | string = database.transaction(({ id, data }: Order<Sale>) => {
  if (hasRow("SELECT 1 FROM moves WHERE why = ?", id)) return true;
  const lines = linesOf(data.cart);
  const short = lines.find(([good, , count]) => stockOf(good) < count);
  if (short) return `از ${short[1].name} تنها ${number(stockOf(short[0]))} بسته مانده است.`;
  for (const [good, , count] of lines) move(id, good, -count);
  return true;
});

// ——— Payment ———

type Sale = { cart: Cart; name: string; phone: string; address: string; day: JalaliDate };

const till = payments({ providerToken: process.env.BALE_WALLET_TOKEN ?? TEST_WALLET, storage: orderBook });

const parcel = till.product<Sale>("parcel", {
  title: "سفارش از چای‌خانهٔ بهار",
  description: ({ cart }) => listOf(cart).slice(0, 255),
  prices: ({ cart }) =>
    linesOf(cart).map(([, good, count]) => ({ label: packs(good, count), amount: good.price * count })),
  // The buyer has pressed "pay": nobody may pay for what is not there.
  reserve: take,
  // The payment has not come after all.
  release: ({ id }) => database.prepare("DELETE FROM moves WHERE why = ?").run(id),
  // Paid. This may run again after a crash, so it does what does no harm twice.
  fulfil: async ({ order, api }) => {
    const taken = take(order);
    if (taken !== true) throw new Error(`Paid so late that the goods were sold meanwhile: ${taken}`);
    const { cart, name, day } = order.data;
    const when = formatJalali(day, { style: "full" });
    // Who can't be told is no reason not to deliver.
    const tell = (chat_id: number, text: string) => api.sendMessage({ chat_id, text }).catch(console.error);
    await tell(order.chatId, `پرداخت شد، سپاس! ${listOf(cart)}، ${when} می‌رسد. پیگیری: /orders`);
    for (const admin of ADMINS) await tell(admin, md`سفارش تازه از ${name}: /sales`);
  },
});

// ——— Checkout: questions one after another, which go on after a restart ———

const checkout = conversation(
  "checkout",
  async (c, ctx: Context & PaymentsContext & SessionFlavor<Basket>, cart: Cart) => {
    const name = await c.ask.text("name", "نام و نام خانوادگی گیرنده؟", { min: 3, max: 60 });
    const address = await c.ask.text("address", "نشانی کامل؟", { min: 10, max: 300 });
    const phone = await c.ask.phone("phone", "پیک با چه شماره‌ای تماس بگیرد؟");
    const day = await c.ask.menu("day", "چه روزی برسد؟", calendarQuestion({ min: "tomorrow" }));
    const summary = md`${listOf(cart)}\nبرای ${name}، ${isolate(phone)}\n${address}\nجمع: ${sumOf(cart)}\nدرست است؟`;
    if (await c.ask.confirm("sure", summary)) {
      await ctx.sell(parcel, { data: { cart, name, address, phone, day } });
      // What came into the cart meanwhile stays. After a crash this may run again, with the same key: it counts once.
      await c.session.update((data, { idempotencyKey }) => {
        if (data.ordered === idempotencyKey) return;
        data.ordered = idempotencyKey;
        for (const [id, , count] of linesOf(cart)) data.cart[id] = Math.max(0, (data.cart[id] ?? 0) - count);
      });
    } else await ctx.reply("باشد. سبد سر جایش است: /cart");
  },
  { cancel: ["/cancel", "لغو"], onCancel: (_, ctx) => ctx.reply("لغو شد. سبد سر جایش است: /cart") },
);

// ——— The bot, with everything its handlers use ———

const bot = new Bot(process.env.BALE_TOKEN, {
  inbox: sqliteInbox(database),
  normalizeText: persianNormalizer(),
})
  .extend(session({ key: "user", storage: carts, initial: (): Basket => ({ cart: {} }) }))
  .extend(till)
  .extend(conversations({ definitions: [checkout], storage: talks, machines: "one" }));
type Shopper = ContextOf<typeof bot>;
bot.catch((error) => console.error(error));

// ——— Catalogue and cart: one message that is edited ———

/** A button that was made from another cart is answered with the cart as it is now. */
const shop = menu<Shopper>("shop", {
  print: (ctx) => JSON.stringify(ctx.session.cart),
  stale: (): Target => cartPage.at({}),
});

const home = shop.page("home", (view) => {
  view.say("به چای‌خانهٔ بهار خوش آمدید!");
  for (const [id, name] of Object.entries(SHELVES)) view.button(name, shelf.at({ id, page: 0 }));
  view.row().button("سبد خرید", cartPage.at({})).button("سفارش‌های من", orders.at({}));
});

const shelf = shop.page("shelf/:id/:page", (view, { id, page }) => {
  view.say(SHELVES[id as keyof typeof SHELVES] ?? "این قفسه خالی است.");
  view.pager({
    items: Object.entries(GOODS).filter(([, good]) => good.shelf === id),
    page: Number(page),
    perPage: 3,
    label: ([, good]) => `${good.name} · ${formatAmount(good.price)}`,
    open: ([goodId]) => product.at({ id: goodId }),
    turn: (to) => shelf.at({ id, page: to }),
  });
  view.back(home.at({}));
});

const product = shop.page("product/:id", (view, { id }, { session: { cart } }) => {
  const good = GOODS[id];
  if (!good) return view.say("این کالا دیگر فروخته نمی‌شود.").back(home.at({}));
  const left = stockOf(id);
  view.say(`*${good.name}*`).say(good.about).say(formatAmount(good.price));
  view.say(left === 0 ? "تمام شد؛ به‌زودی می‌رسد." : `${number(left)} بسته داریم.`);
  if (left > 0) view.button("افزودن به سبد", put.at({ id, count: (cart[id] ?? 0) + 1 }));
  view.button("عکس‌ها", photos.at({ id })).row();
  return view.button("سبد خرید", cartPage.at({})).back(shelf.at({ id: good.shelf, page: 0 }));
});

const photos = shop.action("photos/:id", async ({ id }, ctx) => {
  const pictures = [1, 2].map((at) => new URL(`shop/${GOODS[id]?.shelf}-${at}.png`, import.meta.url));
  await ctx.replyWithMediaGroup(pictures.map((file) => ({ type: "photo", media: new InputFile(file) })));
  await shop.send(ctx, product.at({ id }));
});

const cartPage = shop.page("cart", (view, _, { session: { cart } }) => {
  const lines = linesOf(cart);
  if (lines.length === 0) return view.say("سبد شما خالی است.").back(home.at({}));
  view.say("سبد شما:");
  for (const [id, good, count] of lines) {
    view.say(`${packs(good, count)}: ${formatAmount(good.price * count)}`);
    view.button("−", put.at({ id, count: count - 1 }));
    view.button(good.name, product.at({ id }));
    view.button("+", put.at({ id, count: count + 1 })).row();
  }
  view.say(`جمع: *${sumOf(cart)}*`).button("خرید", buy.at({}));
  return view.back(home.at({}));
});

// The button says how many there will be, not one more: pressed twice, it does the same.
const put = shop.action("put/:id/:count", ({ id, count: wanted }, { session: { cart } }) => {
  // Whole packs only: whoever makes up a button of their own could ask for a millionth of one.
  const count = Math.min(Math.trunc(Number(wanted)), stockOf(id));
  if (count > 0) cart[id] = count;
  else delete cart[id];
  const notice = count < Number(wanted) ? "بیش از این نداریم." : "سبد تازه شد.";
  return { notice, show: cartPage.at({}) };
});

const buy = shop.action("buy", async (_, ctx) => {
  await ctx.conversation.enter(checkout, { ...ctx.session.cart });
});

// ——— Orders, as their buyer sees them ———

const STATES: Partial<Record<Order["state"], string>> = {
  checking: "در حال پرداخت",
  paid: "پرداخت شد",
  fulfilled: "در حال آماده‌سازی",
  failed: "انجام نشد",
  expired: "مهلت پرداخت گذشت",
};

const orders = shop.page("orders", async (view, _, ctx) => {
  const own = await till.list({ product: parcel, userId: ctx.from?.id ?? 0 });
  view.say(own.length === 0 ? "هنوز سفارشی ندارید." : "سفارش‌های شما:");
  for (const { id, state, data, createdAt } of own.slice(0, 10)) {
    const status = isSent(id) ? "فرستاده شد" : (STATES[state] ?? "در انتظار پرداخت");
    view.say(`${formatJalali(createdAt)}: ${listOf(data.cart)} (${status})`);
  }
  view.back(home.at({}));
});

bot.extend(shop.plugin()).command("start", (ctx) => shop.send(ctx, home.at({})));
bot.command("cart", (ctx) => shop.send(ctx, cartPage.at({})));
bot.command("orders", (ctx) => shop.send(ctx, orders.at({})));

// ——— The shopkeeper's desk ———

const desk = menu<Shopper>("desk");
const sales = desk.page("sales/:page", async (view, { page }) => {
  const paid = await till.list({ product: parcel, state: "fulfilled" });
  const items = paid.filter(({ id }) => !isSent(id));
  view.say(`${number(items.length)} سفارش آمادهٔ فرستادن است.`).pager({
    items,
    page: Number(page),
    label: ({ data, amount }) => `${data.name} · ${formatAmount(amount)}`,
    open: ({ id }) => sale.at({ id }),
    turn: (to) => sales.at({ page: to }),
  });
});

const sale = desk.page("sale/:id", async (view, { id }) => {
  const order = await till.order(id, parcel);
  if (!order) return view.say("چنین سفارشی نیست.").back(sales.at({ page: 0 }));
  const { cart, name, address, phone, day } = order.data;
  view.say(
    md`${listOf(cart)}\n${name}، ${isolate(phone)}\n${address}\n${formatJalali(day, { style: "full" })}`,
  );
  return view.button("فرستادم", markSent.at({ id })).back(sales.at({ page: 0 }));
});

const markSent = desk.action("sent/:id", async ({ id }, ctx) => {
  const { changes } = database.prepare("INSERT OR IGNORE INTO sent VALUES (?)").run(id);
  const order = changes > 0 ? await till.order(id) : undefined;
  if (order) await ctx.api.sendMessage({ chat_id: order.chatId, text: "سفارش شما فرستاده شد." });
  return { notice: "ثبت شد.", show: sales.at({ page: 0 }) };
});

const admin = bot.filter(isUser(...ADMINS)).extend(desk.plugin());
admin.command(
  "add",
  {
    args: { good: arg.oneOf(...Object.keys(GOODS)), count: arg.integer({ min: 1, max: 1000 }) },
    invalid: (ctx) => ctx.reply(`مثلاً /add lahijan 12\nکالاها: ${Object.keys(GOODS).join("، ")}`),
  },
  async (ctx) => {
    const { good, count } = ctx.args;
    // Its number names the line: if the bot dies now and is given this message again, nothing is added twice.
    move(`add ${ctx.update.update_id}`, good, count);
    await ctx.reply(`${GOODS[good]?.name}: ${number(stockOf(good))} بسته`);
  },
);
admin.command("sales", (ctx) => desk.send(ctx, sales.at({ page: 0 })));
admin.command("ledger", (ctx) =>
  ctx.replyWithDocument(new InputFile(() => till.csv(), { name: "orders.csv" })),
);
admin.command("reconcile", async (ctx) => {
  const { asked, paid, fulfilled } = await till.reconcile();
  await ctx.reply(`پرسیده: ${number(asked)}، پرداخت‌شده: ${number(paid)}، تحویل: ${number(fulfilled)}`);
});
// Whoever gets here is somebody else.
bot.command(["add", "sales", "ledger", "reconcile"], (ctx) =>
  ctx.reply(`این دستور برای فروشنده است. شناسهٔ شما: ${ctx.from?.id}`),
);

await bot.run();
database.close();
