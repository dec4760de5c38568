import { Bot, type BotError, type Clock, type LaneStore, memoryLanes } from "balekit";
import { type EmulatedUser, type Emulator, emulator } from "@balekit/emulator";
import { onTestFinished } from "vitest";
import {
  type Fulfilment,
  type Payments,
  payments,
  type PaymentsContext,
  type PaymentsOptions,
  type Product,
  type ProductOptions,
  TEST_WALLET,
} from "../src/index.js";

/** What was given, in a ledger that the bot cannot change. */
export interface Given {
  readonly key: string;
  readonly orderId: string;
  readonly attempt: number;
}

export interface Shop {
  readonly bale: Emulator;
  readonly ali: EmulatedUser;
  readonly bot: Bot<Bot extends Bot<infer C> ? C & PaymentsContext : never>;
  readonly shop: Payments;
  readonly product: Product;
  readonly given: Given[];
  readonly errors: BotError[];
  readonly states: string[];
  readonly lanes: LaneStore;
  readonly detach: () => void;
}

/** A shop with one product for 500,000 rials, attached to an emulator whose clock stands still. */
export async function openShop(
  options: {
    readonly product?: Partial<ProductOptions>;
    readonly payments?: Partial<PaymentsOptions>;
    readonly bale?: Emulator;
    readonly lanes?: LaneStore;
    readonly given?: Given[];
    readonly ali?: EmulatedUser;
    /** Whether updates come to it. @default true */
    readonly isAttached?: boolean;
    /** What it reads the time from. @default the emulator's */
    readonly clock?: Clock;
  } = {},
): Promise<Shop> {
  const bale = options.bale ?? emulator();
  const lanes = options.lanes ?? memoryLanes({ clock: bale.clock });
  const given = options.given ?? [];
  const errors: BotError[] = [];
  const states: string[] = [];
  const shop = payments({
    providerToken: TEST_WALLET,
    storage: lanes,
    onChange: (order) => {
      if (states.at(-1) !== order.state) states.push(order.state);
    },
    ...options.payments,
  });
  const product = shop.product("vip", {
    title: "اشتراک",
    description: "یک ماه",
    prices: [{ label: "اشتراک", amount: 500_000 }],
    fulfil: ({ order, idempotencyKey, attempt }: Fulfilment) => {
      given.push({ key: idempotencyKey, orderId: order.id, attempt });
      return { code: "A1" };
    },
    ...options.product,
  });
  const bot = new Bot("1000:not-a-real-secret").extend(shop);
  bot.catch((error) => void errors.push(error as unknown as BotError));
  bot.command("buy", async (ctx) => {
    await ctx.sell("vip");
  });
  let detach = (): void => undefined;
  if (options.isAttached === false) bot.connect({ transport: bale.transport(), clock: bale.clock });
  else detach = bale.attach(bot);
  if (options.clock !== undefined) bot.connect({ clock: options.clock });
  const ali = options.ali ?? bale.user({ first_name: "Ali" });
  onTestFinished(() => bot.stop({ graceMs: 0 }));
  return {
    bale,
    ali,
    bot: bot as unknown as Shop["bot"],
    shop,
    product,
    given,
    errors,
    states,
    lanes,
    detach,
  };
}

/** The emulator's time, told wrongly: ahead by so much. Timers run as they do everywhere. */
export function askew({ clock }: Emulator, aheadMs: number): Clock {
  return {
    now: () => clock.now() + aheadMs,
    setTimeout: (run, delayMs) => clock.setTimeout(run, delayMs),
    clearTimeout: (timer) => clock.clearTimeout(timer),
  };
}

/** A store as a process has it that can die: from then on it is never answered, and what it asks for is not done. */
export function mortal(lanes: LaneStore): { readonly lanes: LaneStore; readonly die: () => void } {
  let isDead = false;
  const alive = async <Result>(run: () => Promise<Result>): Promise<Result> => {
    if (isDead) await new Promise(() => undefined);
    const result = await run();
    if (isDead) await new Promise(() => undefined);
    return result;
  };
  return {
    die: () => {
      isDead = true;
    },
    lanes: {
      load: (...args) => alive(() => lanes.load(...args)),
      commit: (...args) => alive(() => lanes.commit(...args)),
      delete: (...args) => alive(() => lanes.delete(...args)),
      due: (...args) => alive(() => lanes.due(...args)),
      find: (...args) => alive(() => lanes.find(...args)),
      keys: (prefix) => lanes.keys(prefix),
    },
  };
}
