import { type Emulator, emulator } from "@balekit/emulator";
import { Bot, type Context, memory, type Storage } from "balekit";
import { expect, test } from "vitest";
import { calendar } from "../src/calendar.js";
import { menu, type MenuOptions } from "../src/menu.js";
import { numberPad } from "../src/number-pad.js";
import { select } from "../src/select.js";

const goods = Array.from({ length: 20 }, (_, at) => ({ id: at, name: `کالای ${at}` }));

const detachers = new WeakMap<Emulator, () => void>();

/** Attaches a bot in place of the one that was. */
function attach(bale: Emulator, bot: Bot): void {
  detachers.get(bale)?.();
  detachers.set(bale, bale.attach(bot));
}

/** A bot with a shop. Made anew, it is what a bot is after a restart: nothing is remembered. */
function shopBot(bale: Emulator, options: MenuOptions<Context> = {}) {
  const bot = new Bot(undefined);
  const cart: string[] = [];
  const errors: unknown[] = [];
  bot.catch((error) => void errors.push(error.cause));
  const shop = menu("shop", options);
  const home = shop.page("home", (view) => {
    view.say("فروشگاه").button("کالاها", list.at({ page: 0 }));
  });
  const list = shop.page("list/:page", (view, params) => {
    view.say("کالاها").pager({
      items: goods,
      page: Number(params.page),
      label: (item) => item.name,
      open: (item) => product.at({ id: item.id, note: "" }),
      turn: (page) => list.at({ page }),
    });
    view.back(home.at({}));
  });
  const product = shop.page("product/:id/:note", (view, { id }) => {
    view
      .say(goods[Number(id)]?.name ?? "نیست")
      .button("افزودن", add.at({ id }))
      .back(list.at({ page: 0 }));
  });
  const add = shop.action("add/:id", ({ id }) => {
    cart.push(id);
    return { notice: "افزوده شد", show: home.at({}) };
  });
  bot.extend(shop.plugin()).command("start", (ctx) => shop.send(ctx, home.at({})));
  attach(bale, bot);
  return { bot, shop, cart, errors, home, product };
}

test("one message leads through nested and paged menus and back, with a restart between any two presses", async () => {
  const bale = emulator();
  const ali = bale.user({ first_name: "علی" });
  let answered = 0;
  bale.onEvent((event) => {
    if (event.type === "callback_answer") answered++;
  });
  let { cart, errors } = shopBot(bale);
  await ali.sends("/start");
  for (const label of ["کالاها", "بعدی ›", "کالای 9", "بازگشت", "بعدی ›", "بعدی ›", "کالای 19"]) {
    ({ cart, errors } = shopBot(bale));
    expect((await ali.presses(label)).spinning, label).toBe(false);
    expect(errors).toEqual([]);
  }
  expect(ali.inbox.last.text).toBe("کالای 19");
  const pressed = await ali.presses("افزودن");
  expect([pressed.text, ali.inbox.last.text, cart]).toEqual(["افزوده شد", "فروشگاه", ["19"]]);
  expect(ali.inbox.all).toHaveLength(1);
  expect(answered).toBe(8);
});

test("where a message can't be edited a fresh one is sent, and a fault that may pass is not hidden", async () => {
  const bale = emulator();
  const ali = bale.user({ first_name: "علی" });
  const { bot } = shopBot(bale);
  await ali.sends("/start");
  bot.api.use(async (call, next) =>
    call.method === "editMessageText"
      ? { ok: false, error_code: 400, description: "message can't be edited" }
      : next(call),
  );
  await ali.presses("کالاها");
  expect(ali.inbox.texts).toEqual(["فروشگاه", "کالاها"]);
  const second = emulator();
  const sara = second.user({ first_name: "سارا" });
  const { bot: other, errors } = shopBot(second);
  await sara.sends("/start");
  other.api.use(async (call, next) =>
    call.method === "editMessageText" ? { ok: false, error_code: 500, description: "unwell" } : next(call),
  );
  await sara.presses("کالاها");
  expect(errors).toHaveLength(1);
  expect(sara.inbox.texts).toEqual(["فروشگاه"]);
});

test("with edit: false every step is a message of its own", async () => {
  const bale = emulator();
  const ali = bale.user({ first_name: "علی" });
  shopBot(bale, { edit: false });
  await ali.sends("/start");
  await ali.presses("کالاها");
  expect(ali.inbox.texts).toEqual(["فروشگاه", "کالاها"]);
});

test("somebody else's press in a group is refused politely, when the menu belongs to one person", async () => {
  const bale = emulator();
  const ali = bale.user({ first_name: "علی" });
  const sara = bale.user({ first_name: "سارا" });
  const group = bale.group({ title: "گروه", members: [ali, sara] });
  shopBot(bale, { ownerOnly: true });
  await ali.sends("/start", { chat: group });
  const message = group.last;
  expect((await sara.presses("کالاها", { chat: group, message })).text).toBe("این منو برای شما نیست.");
  expect(group.last.text).toBe("فروشگاه");
  await ali.presses("کالاها", { chat: group, message });
  expect(group.last.text).toBe("کالاها");
});

test("the action of a stale button is not run, and the menu is shown anew", async () => {
  const bale = emulator();
  const ali = bale.user({ first_name: "علی" });
  let catalogue = 1;
  const { cart, home } = shopBot(bale, { print: () => catalogue, stale: () => home.at({}) });
  await ali.sends("/start");
  for (const label of ["کالاها", "کالای 3"]) await ali.presses(label);
  catalogue = 2;
  expect((await ali.presses("افزودن")).text).toBe("این منو تازه شده است. دوباره انتخاب کنید.");
  expect([cart, ali.inbox.last.text]).toEqual([[], "فروشگاه"]);
});

test("buttons of an older version, unknown pages and forged data answer that they are old", async () => {
  const { shop, home } = shopBot(emulator(), { version: 2, secret: "sixteen letters or more" });
  const viewer = { from: { id: 1 } } as unknown as Context;
  for (const data of ["shop.home/", "shop.gone/x", "shop.home/%v2.aaaaaaaaaaa", "shop."]) {
    expect([data, (await shop.press(data, viewer)).is]).toEqual([data, "refused"]);
  }
  expect(await shop.press("other.home/", viewer)).toEqual({ is: "unrelated" });
  const [[button] = []] = (await shop.render(home.at({}), viewer)).reply_markup.inline_keyboard;
  expect((await shop.press(button?.callback_data ?? "", viewer)).is).toBe("done");
});

test("values that do not fit are kept in a storage, and an error says so without one", async () => {
  const storage: Storage<unknown> = memory();
  const long = "یادداشتی بلند که در شصت و چهار بایت جا نمی‌شود و نگه داشته می‌شود";
  const make = (options: MenuOptions<Context>) => {
    const notes = menu("notes", options);
    const note = notes.page("note/:text", (view, { text }) => void view.say(text));
    const first = notes.page("first", (view) => void view.say("x").button("باز کن", note.at({ text: long })));
    return { notes, first };
  };
  const viewer = { from: { id: 1 } } as unknown as Context;
  const { notes, first } = make({ storage });
  const [[button] = []] = (await notes.render(first.at({}), viewer)).reply_markup.inline_keyboard;
  const pressed = await make({ storage }).notes.press(button?.callback_data ?? "", viewer);
  expect(pressed).toMatchObject({ is: "done", view: { text: long } });
  const without = make({});
  await expect(without.notes.render(without.first.at({}), viewer)).rejects.toThrow(
    /give the route a storage/,
  );
});

test("a menu is drawn and pressed without a bot, by anybody who has an id", async () => {
  const plain = menu<{ readonly from: { readonly id: number } }>("plain");
  const page = plain.page("p/:n", (view, { n }, { from }) => {
    view.say(`${from.id}: ${n}`).button("+", page.at({ n: Number(n) + 1 }));
  }) as ReturnType<typeof plain.page<"p/:n">>;
  let view = await plain.render(page.at({ n: 0 }), { from: { id: 5 } });
  for (let turn = 0; turn < 3; turn++) {
    const data = view.reply_markup.inline_keyboard[0]?.[0]?.callback_data ?? "";
    const pressed = await plain.press(data, { from: { id: 5 } });
    if (pressed.is === "done" && pressed.view !== undefined) view = pressed.view;
  }
  expect(view.text).toBe("5: 3");
});

test("a calendar shows the month of today in Tehran, turns, keeps its bounds and gives the day", async () => {
  const bale = emulator();
  const ali = bale.user({ first_name: "علی" });
  const bot = new Bot(undefined);
  const shop = menu("day");
  const picked: unknown[] = [];
  const today = { now: () => Date.parse("2026-11-25T21:00:00Z") };
  const days = calendar(shop, "cal", {
    pick: (date) => {
      picked.push(date);
      return { notice: "ثبت شد" };
    },
    min: { year: 1405, month: 9, day: 3 },
    max: { year: 1405, month: 10, day: 30 },
    disabled: (date) => date.day === 10,
    clock: { ...bot.clock, now: today.now, setTimeout: () => 0, clearTimeout: () => undefined },
  });
  bot.extend(shop.plugin()).command("start", (ctx) => shop.send(ctx, days.at({ month: "" })));
  bale.attach(bot);
  await ali.sends("/start");
  expect(ali.inbox.last.text).toBe("روز را انتخاب کنید:\nآذر ۱۴۰۵");
  const rows = () =>
    (ali.inbox.last.reply_markup as { inline_keyboard: { text: string; callback_data: string }[][] })
      .inline_keyboard;
  // 1405-09-01 is a Sunday: the first Saturday place is empty, and the fifth is today.
  expect(rows()[1]?.map(({ text }) => text)).toEqual(["·", "×", "×", "۳", "۴", "[۵]", "۶"]);
  expect(
    rows()
      .flat()
      .filter(({ text }) => text === "۱۰"),
  ).toEqual([]);
  expect(
    rows()
      .flat()
      .some(({ text }) => text === "قبل ›"),
  ).toBe(false);
  await ali.presses("‹ بعد");
  expect(ali.inbox.last.text).toContain("دی ۱۴۰۵");
  expect(
    rows()
      .flat()
      .some(({ text }) => text === "‹ بعد"),
  ).toBe(false);
  const pressed = await ali.presses("۱۲");
  expect([pressed.text, picked]).toEqual(["ثبت شد", [{ year: 1405, month: 10, day: 12 }]]);
  const forged = await shop.press("day.cal-pick//14051010", { from: { id: 1 } } as unknown as Context);
  expect(forged).toMatchObject({ is: "done", notice: "این روز را نمی‌شود انتخاب کرد." });
  expect(picked).toHaveLength(1);
});

test("a number pad types Persian digits and holds the number within its bounds", async () => {
  const bale = emulator();
  const ali = bale.user({ first_name: "علی" });
  const bot = new Bot(undefined);
  const shop = menu("pad");
  const typed: number[] = [];
  const pad = numberPad(shop, "n", { done: (value) => void typed.push(value) as undefined, min: 5, max: 50 });
  bot.extend(shop.plugin()).command("start", (ctx) => shop.send(ctx, pad.at({ typed: "" })));
  bale.attach(bot);
  await ali.sends("/start");
  await ali.presses("۴");
  expect((await ali.presses("تأیید")).text).toBe("عددی از ۵ تا ۵۰ وارد کنید.");
  for (const key of ["۴", "۲", "۷", "⌫", "۱"]) await ali.presses(key);
  expect(ali.inbox.last.text).toBe("عدد را وارد کنید:\n۴۱");
  await ali.presses("تأیید");
  expect(typed).toEqual([41]);
});

test("a choice is ticked and unticked across pages, and 120 choices fit in a button", async () => {
  const bale = emulator();
  const ali = bale.user({ first_name: "علی" });
  const bot = new Bot(undefined);
  const shop = menu("pick");
  const done: (readonly number[])[] = [];
  const choices = Array.from({ length: 120 }, (_, at) => `رنگ ${at}`);
  const colours = select(shop, "c", {
    choices,
    done: (chosen) => void done.push(chosen) as undefined,
    min: 2,
    max: 120,
  });
  bot.extend(shop.plugin()).command("start", (ctx) => shop.send(ctx, colours.at({ page: 0, chosen: "" })));
  bale.attach(bot);
  await ali.sends("/start");
  await ali.presses("رنگ 1");
  expect((await ali.presses("تأیید")).text).toBe("تعداد انتخاب‌ها درست نیست.");
  for (const label of ["رنگ 2", "✓ رنگ 1", "بعدی ›", "رنگ 9", "تأیید"]) await ali.presses(label);
  expect(done).toEqual([[2, 9]]);
  const viewer = { from: { id: 1 } } as unknown as Context;
  const all = ((1n << 120n) - 1n).toString(32);
  await expect(shop.render(colours.at({ page: 14, chosen: all }), viewer)).resolves.toBeDefined();
});

test("a menu or a page that can't work is refused when it is made", async () => {
  expect(() => menu("منو")).toThrow(expect.objectContaining({ code: "ERR_BALE_MENU" }));
  const shop = menu("shop");
  shop.page("home", () => undefined);
  expect(() => shop.page("home", () => undefined)).toThrow(/needs a first word of its own/);
  expect(() => select(shop, "s", { choices: [], done: () => undefined })).toThrow(RangeError);
  await expect(shop.render({ name: "gone", values: {} }, {} as Context)).rejects.toThrow(/is no page of it/);
});

test("bounds that nobody can fulfil, and values the menu uses itself, are told when the menu is made", () => {
  const done = (): undefined => undefined;
  for (const bounds of [{ min: 10, max: 5 }, { min: -5 }, { max: Number.NaN }, { max: 1.5 }, { max: 1e15 }]) {
    expect(() => numberPad(menu("m"), "n", { ...bounds, done })).toThrow(/numberPad n: min is .* and max /);
  }
  for (const bounds of [{ min: 3 }, { max: 0 }, { min: 2, max: 1 }, { min: -1 }, { max: Number.NaN }]) {
    expect(() => select(menu("m"), "s", { choices: ["a", "b"], ...bounds, done })).toThrow(
      /nobody can fulfil/,
    );
  }
  const gregorian = { year: 2026, month: 11, day: 31 };
  const late = { year: 1405, month: 9, day: 6 };
  const early = { year: 1405, month: 9, day: 5 };
  expect(() => calendar(menu("m"), "c", { min: gregorian, pick: done })).toThrow(/min is 2026\/11\/31/);
  expect(() => calendar(menu("m"), "c", { max: {} as never, pick: done })).toThrow(/max is undefined/);
  expect(() => calendar(menu("m"), "c", { min: late, max: early, pick: done })).toThrow(
    /no day can be chosen/,
  );
  expect(() => calendar(menu("m"), "c", { min: early, max: early, pick: done })).not.toThrow();
  expect(() => menu("m").page("grade/:mark", () => undefined)).toThrow(/has a value called mark/);
  expect(() => menu("m").page("grade/:marks", () => undefined)).not.toThrow();
});

test("a list whose pages have no room is told", async () => {
  const pages = menu("m");
  const list = pages.page("list", (view) => {
    view.pager({
      items: [1],
      page: 0,
      perPage: 0,
      label: String,
      open: () => list.at({}),
      turn: () => list.at({}),
    });
  });
  await expect(pages.render(list.at({}), {} as Context)).rejects.toThrow(/perPage is 0/);
});

test("a press that is too old to be answered does once what it stands for, and shows it", async () => {
  const bale = emulator();
  const { bot, cart, errors } = shopBot(bale);
  const ali = bale.user({ first_name: "علی" });
  bot.api.use(async (call, next) =>
    call.method === "answerCallbackQuery"
      ? { ok: false, error_code: 400, description: "Bad Request: query is too old" }
      : next(call),
  );
  await ali.sends("/start");
  for (const label of ["کالاها", "کالای 0", "افزودن"]) await ali.presses(label);
  expect(errors).toEqual([]);
  expect(cart).toEqual(["0"]);
  expect(ali.inbox.last.text).toBe("فروشگاه");
});
