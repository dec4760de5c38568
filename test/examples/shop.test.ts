import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { EmulatedUser, Press } from "@balekit/emulator";
import type { Order } from "@balekit/payments";
import { sqliteLanes } from "@balekit/storage/sqlite";
import { Bot, type Message } from "balekit";
import Database from "libsql";
import { expect, it } from "vitest";
import { dataFolder } from "./data-folder.js";
import { type RunningExample, runExample } from "./example.js";

const TEA = "چای فومن · ۲۴۰٬۰۰۰ تومان";

interface Shop extends RunningExample {
  /** The shopkeeper. */
  readonly mina: EmulatedUser;
  /** Waits until the last that somebody was told has this text. */
  readonly shows: (text: string, user?: EmulatedUser) => Promise<void>;
  /** Waits for a button, and presses it. */
  readonly press: (label: string, user?: EmulatedUser) => Promise<Press>;
  /** Waits until so many orders are paid and their goods given, and no order is half-way there. */
  readonly fulfilled: (count: number) => Promise<void>;
  /** Waits until the shop has done with all it was told: what it is in the middle of when it is killed, it does again. */
  readonly rests: () => Promise<void>;
  /** What has come and gone, by good and in its order; the opening stock left out. */
  readonly moves: () => readonly { readonly why: string; readonly good: string; readonly count: number }[];
}

async function openShop(): Promise<Shop> {
  const { BOT_DATA } = await dataFolder();
  const file = join(BOT_DATA, "shop.db");
  const example = await runExample("shop", { DATABASE: file, SHOP_ADMINS: "100002" });
  const { ali, bale, settled } = example;
  const mina = bale.user({ first_name: "مینا" });
  expect(mina.id).toBe(100_002);
  return {
    ...example,
    mina,
    shows: (text, user = ali) => settled(() => expect(user.inbox.all.at(-1)?.text ?? "").toContain(text)),
    press: async (label, user = ali) => {
      const isThere = (message: Message): boolean =>
        JSON.stringify(message.reply_markup ?? {}).includes(`"${label}"`);
      await settled(() => expect(user.inbox.all.some(isThere), `a button "${label}"`).toBe(true));
      return user.presses(label);
    },
    fulfilled: async (count) => {
      // A killed process is taken for dead after a minute.
      for (const limit = Date.now() + 150_000; ; await sleep(200)) {
        const states = await statesOf(file);
        const done = states.filter((state) => state === "fulfilled").length;
        if (done === count && !states.some((state) => state === "paid" || state === "checking")) return;
        if (Date.now() > limit) throw new Error(`${states.join(", ")}\n${example.output()}`);
      }
    },
    rests: () => settled(() => expect(pendingOf(file)).toBe(0)),
    moves: () => {
      const database = new Database(file);
      try {
        return database
          .prepare("SELECT why, good, count FROM moves WHERE why <> 'opening' ORDER BY rowid")
          .all() as ReturnType<Shop["moves"]>;
      } finally {
        database.close();
      }
    },
  };
}

/** How many updates the shop has taken and not done with. */
function pendingOf(file: string): number {
  const database = new Database(file);
  try {
    const query = "SELECT count(*) AS count FROM balekit_inbox WHERE state = 0";
    return (database.prepare(query).get() as { count: number }).count;
  } finally {
    database.close();
  }
}

/** What has become of the orders in the shop's file. */
async function statesOf(file: string): Promise<readonly Order["state"][]> {
  const database = new Database(file);
  try {
    const lanes = sqliteLanes(database, { table: "orders" });
    const states: Order["state"][] = [];
    for await (const key of lanes.keys("pay:")) {
      const lane = await lanes.load(key);
      if (lane !== undefined) states.push((lane.head as Order).state);
    }
    return states;
  } finally {
    database.close();
  }
}

/** From the shelf to a cart with two packs of one tea. */
async function fillCart({ shows, press }: Shop, user: EmulatedUser): Promise<void> {
  await user.sends("/start");
  await shows("خوش آمدید", user);
  await press("چای", user);
  await shows("چای", user);
  await press(TEA, user);
  await shows("قلم درشت", user);
  await press("افزودن به سبد", user);
  await shows("۱ بسته چای فومن", user);
  await press("+", user);
  await shows("جمع: *۴۸۰٬۰۰۰ تومان*", user);
}

/** From the cart to an invoice. */
async function checkOut(
  { shows, press, settled }: Shop,
  user: EmulatedUser,
  amount: number,
): Promise<Message> {
  await press("خرید", user);
  await shows("نام و نام خانوادگی", user);
  await user.sends("رضا کریمی");
  await shows("نشانی کامل", user);
  await user.sends("رشت، خیابان سعدی، کوچهٔ سوم");
  await shows("پیک با چه شماره‌ای", user);
  await user.sends("۰۹۱۲ ۱۲۳ ۴۵۶۷");
  await shows("چه روزی برسد؟", user);
  await press("‹ بعد", user);
  await press("۱۵", user);
  await shows("درست است؟", user);
  await press("بله", user);
  await settled(() => expect(user.inbox.last.invoice?.total_amount).toBe(amount));
  return user.inbox.last;
}

it("leads from /start to goods on their way, killed at every place", { timeout: 400_000 }, async () => {
  const shop = await openShop();
  const { ali, bale, kill, settled, shows, press, moves, fulfilled, rests } = shop;

  await ali.sends("/start");
  await shows("خوش آمدید");
  // Killed before it has noted that this is done, it would greet again: another message.
  await rests();
  const { message_id } = ali.inbox.last;
  await press("چای");
  await press("بعدی ›");
  await kill();
  await press("‹ قبلی");
  await press(TEA);
  await shows("۱۰ بسته داریم");
  // One message so far, whatever was pressed and whoever was killed.
  expect(ali.inbox.all.map((message) => message.message_id)).toEqual([message_id]);
  await press("عکس‌ها");
  await settled(() => expect(ali.inbox.all).toHaveLength(4));
  const [, first, second] = ali.inbox.all;
  expect([first?.photo?.length, second?.photo?.length]).toEqual([expect.any(Number), expect.any(Number)]);
  expect(first?.media_group_id).toBe(second?.media_group_id);
  // Killed before it has noted that this is done, it would show the photos again, below the cart.
  await rests();
  await press("افزودن به سبد");
  await shows("۱ بسته چای فومن");
  await kill();
  await press("+");
  await shows("جمع: *۴۸۰٬۰۰۰ تومان*");

  await press("خرید");
  await shows("نام و نام خانوادگی");
  await kill();
  await ali.sends("رضا کریمی");
  await shows("نشانی کامل");
  await ali.sends("رشت");
  await shows("دست‌کم ۱۰ نویسه");
  await ali.sends("رشت، خیابان سعدی، کوچهٔ سوم");
  await shows("پیک با چه شماره‌ای");
  await ali.sends("۰۹۱۲ ۱۲۳ ۴۵۶۷");
  await shows("چه روزی برسد؟");
  const month = ali.inbox.last.text;
  await press("‹ بعد");
  await settled(() => expect(ali.inbox.last.text).not.toBe(month));
  await kill();
  await press("۱۵");
  await shows("درست است؟");
  expect(ali.inbox.last.text).toContain("+989121234567");
  await press("بله");
  await settled(() => expect(ali.inbox.last.invoice?.total_amount).toBe(4_800_000));
  await kill();

  const payment = await ali.pays(ali.inbox.last);
  expect(payment.status).toBe("paid");
  await kill();
  await settled(() => expect(ali.inbox.last.text).toContain("پرداخت شد، سپاس! ۲ بسته چای فومن"));
  await fulfilled(1);
  expect(moves()).toEqual([{ why: expect.any(String), good: "fuman", count: -2 }]);
  // Killed just after it was sent, an invoice may come again: of the same order, which is paid once.
  expect(new Set(bale.calls.all("sendInvoice").map(({ params }) => params["payload"])).size).toBe(1);

  await ali.sends("/orders");
  await shows("۲ بسته چای فومن (در حال آماده‌سازی)");
  await ali.sends("/cart");
  await shows("سبد شما خالی است");
});

it("gives the goods once when it is killed inside a question, inside the sale and inside the delivery", {
  timeout: 600_000,
}, async () => {
  const shop = await openShop();
  const { ali, mina, bale, kill, settled, shows, press, moves, fulfilled } = shop;
  /** Lets one call of a method hang, and kills the shop in it. */
  const killIn = async (method: string, act: () => Promise<unknown>): Promise<void> => {
    const before = bale.calls.all(method).length;
    bale.fault({ kind: "hang", method });
    await act();
    await settled(() => expect(bale.calls.all(method).length).toBeGreaterThan(before));
    await kill();
  };
  await mina.sends("/start");
  await fillCart(shop, ali);
  await killIn("sendMessage", () => press("خرید"));
  await shows("نام و نام خانوادگی");
  await ali.sends("رضا کریمی");
  await shows("نشانی کامل");
  await killIn("sendMessage", () => ali.sends("رشت، خیابان سعدی، کوچهٔ سوم"));
  await shows("پیک با چه شماره‌ای");
  await ali.sends("09121234567");
  await shows("چه روزی برسد؟");
  await press("‹ بعد");
  await press("۱۵");
  await shows("درست است؟");
  await killIn("sendInvoice", () => press("بله"));
  await settled(() => expect(ali.inbox.all.filter(({ invoice }) => invoice)).toHaveLength(1));

  const invoice = ali.inbox.last;
  await killIn("sendMessage", () => ali.pays(invoice));
  await fulfilled(1);
  expect(ali.inbox.texts.filter((text) => text.includes("پرداخت شد"))).toHaveLength(1);
  await shows("سفارش تازه از رضا کریمی", mina);
  expect(moves()).toEqual([{ why: expect.any(String), good: "fuman", count: -2 }]);
  // What was paid once is paid: the wallet is told so.
  expect((await ali.pays(invoice)).status).toBe("rejected");
});

it("keeps the carts of two people apart, and sells what there is to whoever pays first", {
  timeout: 120_000,
}, async () => {
  const shop = await openShop();
  const { ali, bale, settled, shows, press, moves, fulfilled } = shop;
  const sara = bale.user({ first_name: "سارا" });
  await fillCart(shop, ali);
  await sara.sends("/cart");
  await shows("سبد شما خالی است", sara);
  await fillCart(shop, sara);
  for (let more = 3; more <= 10; more++) {
    await press("+", sara);
    await shows(`${more.toLocaleString("fa")} بسته چای فومن`, sara);
  }
  await press("+", sara);
  await settled(() =>
    expect(bale.calls.last("answerCallbackQuery")?.params).toMatchObject({ text: "بیش از این نداریم." }),
  );
  const hers = await checkOut(shop, sara, 24_000_000);
  const his = await checkOut(shop, ali, 4_800_000);
  expect((await ali.pays(his)).status).toBe("paid");
  await fulfilled(1);
  const refused = await sara.pays(hers);
  expect([refused.status, refused.reason]).toEqual(["rejected", "از چای فومن تنها ۸ بسته مانده است."]);
  expect(moves()).toEqual([{ why: expect.any(String), good: "fuman", count: -2 }]);
});

it("keeps what is put into the cart during the checkout, and takes out what was ordered", {
  timeout: 120_000,
}, async () => {
  const shop = await openShop();
  const { ali, shows, press, settled } = shop;
  await fillCart(shop, ali);
  const cart = ali.inbox.last;
  await press("خرید");
  await shows("نام و نام خانوادگی");
  await ali.presses("+", { message: cart });
  await settled(() => expect(ali.inbox.all[0]?.text).toContain("۳ بسته چای فومن"));
  await ali.sends("رضا کریمی");
  await shows("نشانی کامل");
  await ali.sends("رشت، خیابان سعدی، کوچهٔ سوم");
  await shows("پیک با چه شماره‌ای");
  await ali.sends("۰۹۱۲ ۱۲۳ ۴۵۶۷");
  await shows("چه روزی برسد؟");
  await press("‹ بعد");
  await press("۱۵");
  await shows("درست است؟");
  await press("بله");
  await settled(() => expect(ali.inbox.last.invoice?.total_amount).toBe(4_800_000));
  await ali.sends("/cart");
  await shows("۱ بسته چای فومن: ۲۴۰٬۰۰۰ تومان");
});

it("answers old buttons: of a cart that has changed, and of a question that is over", {
  timeout: 120_000,
}, async () => {
  const shop = await openShop();
  const { ali, settled, shows, press } = shop;
  await fillCart(shop, ali);
  const old = ali.inbox.last;
  await ali.sends("/cart");
  await settled(() => expect(ali.inbox.all).toHaveLength(2));
  await press("+");
  await shows("۳ بسته چای فومن");
  const stale = await ali.presses("خرید", { message: old });
  await settled(() => expect(stale.text).toBe("این منو تازه شده است. دوباره انتخاب کنید."));
  // Nothing was bought: the old message shows what is in the cart by now.
  await settled(() => expect(ali.inbox.all[0]?.text).toContain("۳ بسته چای فومن"));
  expect(ali.inbox.all).toHaveLength(2);

  await press("خرید");
  await shows("نام و نام خانوادگی");
  await ali.sends("لغو");
  await shows("لغو شد. سبد سر جایش است");
  await ali.sends("/cart");
  await shows("۳ بسته چای فومن");
});

it("has a desk for the shopkeeper, and for nobody else", { timeout: 120_000 }, async () => {
  const shop = await openShop();
  const { ali, mina, bale, settled, shows, press, fulfilled } = shop;
  for (const [at, command] of ["/add fuman 5", "/sales", "/ledger", "/reconcile"].entries()) {
    await ali.sends(command);
    await settled(() => expect(ali.inbox.all).toHaveLength(at + 1));
    expect(ali.inbox.last.text).toBe(`این دستور برای فروشنده است. شناسهٔ شما: ${ali.id}`);
  }
  await mina.sends("/add fuman ۵");
  await shows("چای فومن: ۱۵ بسته", mina);
  await mina.sends("/add coffee 5");
  await shows("مثلاً /add lahijan 12", mina);

  await fillCart(shop, ali);
  const payment = await ali.pays(await checkOut(shop, ali, 4_800_000));
  await fulfilled(1);
  await mina.sends("/sales");
  await shows("۱ سفارش آمادهٔ فرستادن است.", mina);
  await press("رضا کریمی · ۴۸۰٬۰۰۰ تومان", mina);
  await shows("رشت، خیابان سعدی", mina);
  // Bale delivers the press twice: the buyer is told once.
  bale.fault({ kind: "duplicate" });
  await press("فرستادم", mina);
  await shows("۰ سفارش آمادهٔ فرستادن است.", mina);
  await shows("سفارش شما فرستاده شد.");
  await ali.sends("/orders");
  await shows("۲ بسته چای فومن (فرستاده شد)");
  expect(ali.inbox.texts.filter((text) => text === "سفارش شما فرستاده شد.")).toHaveLength(1);

  await mina.sends("/ledger");
  await settled(() => expect(mina.inbox.last.document?.file_name).toBe("orders.csv"));
  const { api } = new Bot(bale.token);
  api.connect(bale.transport());
  const csv = Buffer.from(await api.download(mina.inbox.last.document?.file_id ?? "")).toString("utf8");
  expect(csv.split("\r\n")[1]).toContain(`fulfilled,parcel,سفارش از چای‌خانهٔ بهار,${ali.id}`);
  expect(csv).toContain(payment.id);
  await mina.sends("/reconcile");
  await shows("پرسیده: ۰", mina);
});
