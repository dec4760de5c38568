import {
  type ConversationFlavor,
  type Conversations,
  conversation,
  conversations,
} from "@balekit/conversation";
import { type Emulator, emulator } from "@balekit/emulator";
import { isChatType } from "@balekit/guards";
import { cache, deletions, hydrate, type HydrateFlavor } from "@balekit/hydrate";
import { menu } from "@balekit/menu";
import { payments, type PaymentsContext, TEST_WALLET, toman } from "@balekit/payments";
import { parseInteger, persianNormalizer } from "@balekit/persian";
import { type Session, session } from "@balekit/session";
import { Bot, type Context, type LaneStore, memory, type Storage } from "balekit";
import { expect, test } from "vitest";
import { lanesOf, quiet, say, told } from "../../packages/conversation/test/talk.js";

interface Shared {
  readonly bale: Emulator;
  readonly storage: LaneStore;
  readonly orders: LaneStore;
  readonly sessions: Storage;
  readonly seen: unknown[];
  readonly errors: string[];
  made: number;
}

type Rich = Context &
  HydrateFlavor &
  PaymentsContext & {
    readonly session: Session<{ count: number }>;
    readonly greeting: string;
    readonly ticket: { readonly number: number };
  };

const goods = menu("goods");
const home = goods.page("home", (view) => view.say("فروشگاه").button("چای", tea.at({})));
const tea = goods.page("tea", (view) => view.say("چای لاهیجان"));

function shopping(shared: Shared) {
  return conversation("shopping", async (c, ctx: Rich) => {
    const { seen } = shared;
    const sent = await ctx.reply("در حال آماده‌سازی");
    await ctx.hydrated(sent).edit("آماده");
    seen.push(ctx.greeting, ctx.ticket);
    const count = await c.ask.integer("count", "چند تا؟", { read: parseInteger });
    await c.session.update((data) => {
      data.count += count;
    });
    await goods.send(ctx, home.at({}));
    const next = await c.waitFor("message:text", { id: "next" });
    const quoted = await next.message.reply(`${next.greeting} ${next.ticket.number}`);
    seen.push(await isChatType("private").check(next), typeof quoted.message_id);
    await ctx.sell("vip", { data: { count } });
    const paid = await c.waitForEvent<{ order: string }>("paid");
    seen.push(await c.session.read((data) => data.count), typeof paid.order);
    await ctx.reply("پایان");
  });
}

type Order = "conversations last" | "conversations first";

function begin(shared: Shared, order: Order): () => Promise<void> {
  const { bale, storage, sessions, orders, errors } = shared;
  const definition = shopping(shared);
  const talks = conversations({ definitions: [definition], storage });
  const shop = payments({ providerToken: TEST_WALLET, storage: orders });
  shop.product("vip", {
    title: "اشتراک",
    description: "یک ماه",
    prices: [{ label: "اشتراک", amount: toman(50_000) }],
    fulfil: async (sale) => {
      await talks.emit({ chatId: sale.order.chatId }, "paid", { order: sale.order.id });
    },
  });
  const bot = new Bot(undefined, { normalizeText: persianNormalizer() });
  bot.catch((error) => void errors.push(error.message));
  if (order === "conversations first") installLater(bot, talks);
  const rich = bot
    .extend(hydrate())
    .extend(cache())
    .extend(deletions())
    .extend(session({ initial: () => ({ count: 0 }), storage: sessions }))
    .extend(shop)
    .derive("greeting", async (ctx) => `سلام ${ctx.from?.first_name ?? ""}`)
    .derive("ticket", () => ({ number: ++shared.made }), { replay: "journal" })
    .extend(goods.plugin());
  if (order === "conversations last") installLater(bot, talks);
  rich.command("shop", async (ctx) => {
    await (ctx as unknown as ConversationFlavor).conversation.enter(definition);
  });
  const detach = bale.attach(bot);
  return async () => {
    await bot.stop();
    detach();
  };
}

/** Extends a bot whose type is not to know of it. */
function installLater(bot: Bot, talks: Conversations): void {
  void bot.extend(talks);
}

test.each<Order>(["conversations last", "conversations first"])(
  "what all plugins at once add works inside, over a restart at every wait, with %s",
  async (order) => {
    const bale = emulator();
    const [storage, orders] = [lanesOf(bale), lanesOf(bale)];
    const shared: Shared = { bale, storage, orders, sessions: memory(), seen: [], errors: [], made: 0 };
    const ali = bale.user({ first_name: "علی" });
    let stop = begin(shared, order);
    const again = async (): Promise<void> => {
      await stop();
      stop = begin(shared, order);
    };
    await say(bale, ali, "/shop");
    expect(told(ali)).toEqual(["آماده", "چند تا؟"]);
    await again();
    await say(bale, ali, "۳");
    expect(told(ali).at(-1)).toBe("فروشگاه");
    await again();
    await ali.presses("چای");
    expect(told(ali).at(-1)).toBe("چای لاهیجان");
    await again();
    await say(bale, ali, "خب");
    expect(ali.inbox.all.at(-1)?.invoice?.total_amount).toBe(500_000);
    expect(ali.inbox.all.at(-2)?.reply_to_message?.text).toBe("خب");
    await again();
    await ali.pays(ali.inbox.last);
    await quiet(bale);
    expect(shared.errors).toEqual([]);
    expect(told(ali).at(-1)).toBe("پایان");
    expect(ali.inbox.all.filter(({ invoice }) => invoice !== undefined)).toHaveLength(1);
    const [greeting, ticket] = shared.seen;
    expect(greeting).toBe("سلام علی");
    // Each run of the code has seen the ticket that was made when it was entered, and the same at each wait.
    const entered = shared.seen.filter((one) => typeof one === "object");
    expect(
      entered.every((one) => (one as { number: number }).number === (ticket as { number: number }).number),
    ).toBe(true);
    expect(entered.length).toBeGreaterThan(3);
    expect(shared.seen.slice(-2)).toEqual([3, "string"]);
  },
);
