import { type Emulator, type EmulatedUser, emulator } from "@balekit/emulator";
import { Bot, memoryLanes } from "balekit";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import type { AskTexts } from "../src/ask-texts.js";
import { type ConversationOptions, conversation } from "../src/definition.js";
import { conversations } from "../src/conversations.js";
import { AttemptsSpentError, WaitExpiredError } from "../src/errors.js";
import type { ConversationHandle } from "../src/handle.js";

type Code = (c: ConversationHandle) => Promise<unknown>;

interface Form {
  readonly bale: Emulator;
  readonly ali: EmulatedUser;
  readonly errors: readonly string[];
  /** What the code has returned, each time it came to its end. */
  readonly results: readonly unknown[];
  /** Texts the bot wrote since the last look. */
  readonly said: () => readonly string[];
  readonly says: (text: string) => Promise<void>;
  readonly rests: () => Promise<void>;
  readonly enter: () => Promise<void>;
  /** Another process takes over from the same store. */
  readonly restart: () => Promise<void>;
}

interface FormOptions extends ConversationOptions {
  readonly texts?: Partial<AskTexts>;
}

/** Hot: the function lives on between updates. Cold: each update runs it again from its journal. */
describe.each([
  { mode: "hot", maxHot: undefined },
  { mode: "always cold", maxHot: 0 },
])("$mode", ({ maxHot }) => {
  async function form(code: Code, { texts, ...options }: FormOptions = {}): Promise<Form> {
    const bale = emulator();
    const storage = memoryLanes({ clock: bale.clock });
    const errors: string[] = [];
    const results: unknown[] = [];
    const asking = conversation("form", async (c) => void results.push(await code(c)), options);
    const begin = (): { talks: ReturnType<typeof conversations>; stop: () => Promise<void> } => {
      const talks = conversations({
        definitions: [asking],
        storage,
        texts,
        ...(maxHot === undefined ? {} : { maxHot }),
      });
      const bot = new Bot(undefined);
      bot.catch((error) => void errors.push(error.message));
      const extended = bot.extend(talks);
      extended.command("help", (ctx) => ctx.reply("help!"));
      extended.command("wipe", (ctx) =>
        ctx.api.deleteMessage({ chat_id: ctx.chatId ?? 0, message_id: Number(ctx.text?.split(" ")[1]) }),
      );
      extended.on("message", (ctx) => ctx.reply("unheard"));
      const detach = bale.attach(extended);
      return {
        talks,
        stop: async () => {
          await bot.stop();
          detach();
        },
      };
    };
    let process = begin();
    const ali = bale.user();
    await ali.sends("hi");
    let seen = ali.inbox.all.length;
    const rests = async (): Promise<void> => {
      for (let turn = 0; turn < 12; turn++) await bale.clock.advance(0);
    };
    const made: Form = {
      bale,
      ali,
      errors,
      results,
      rests,
      said: () => {
        const fresh = ali.inbox.all.slice(seen).map(({ text }) => text ?? "");
        seen = ali.inbox.all.length;
        return fresh;
      },
      says: async (text) => {
        await ali.sends(text);
        await rests();
      },
      enter: async () => {
        await process.talks.enter(asking, { chatId: ali.id });
        await rests();
      },
      restart: async () => {
        await process.stop();
        process = begin();
      },
    };
    await made.enter();
    return made;
  }

  test("a form reads Persian digits, asks again politely, and goes on in another process in the middle", async () => {
    const { says, said, results, errors, restart, ali, rests } = await form(async (c) => ({
      name: await c.ask.text("name", "نام؟", { max: 10 }),
      count: await c.ask.integer("count", "چند؟", { min: 1, max: 10 }),
      weight: await c.ask.number("weight", "وزن؟"),
      kind: await c.ask.choice("kind", "ارسال؟", { post: "پست", peyk: "پیک" }),
      day: (await c.ask.date("day", "کی؟", { min: "1405/1/1" })).iso,
      sure: await c.ask.confirm("sure", "درست است؟"),
    }));
    expect(said()).toEqual(["نام؟"]);
    await says("  رضا ");
    await restart();
    await says("دو");
    expect(said()).toEqual(["چند؟", "لطفاً یک عدد بی‌ممیز بنویسید.\nچند؟"]);
    await says("۱۱");
    await restart();
    await says("۳");
    expect(said()).toEqual(["بیش از ۱۰ نباشد.\nچند؟", "وزن؟"]);
    await says("۲٫۵");
    await restart();
    await ali.presses("پیک");
    await rests();
    expect(said()).toEqual(["ارسال؟\n✅ پیک", "کی؟"]);
    expect(ali.inbox.all.find(({ text }) => text?.startsWith("ارسال؟"))?.reply_markup).toBeUndefined();
    await says("۱۴۰۴/۱۲/۲۹");
    await says("۱۴۰۵/۹/۵");
    expect(said()).toEqual(["پیش از ۱۴۰۵/۱/۱ نباشد.\nکی؟", "درست است؟"]);
    await restart();
    await says("آره");
    expect(said()).toEqual([]);
    expect(results).toEqual([
      { name: "رضا", count: 3, weight: 2.5, kind: "peyk", day: "2026-11-26", sure: true },
    ]);
    expect(errors).toEqual([]);
  });

  test("commands, and messages that nobody wrote, are no answers", async () => {
    const { says, said, results, ali, bale, rests } = await form((c) => c.ask.text("name", "نام؟"));
    await says("/help");
    const group = bale.group({ title: "g", members: [ali] });
    await ali.sends("other chat", { chat: group });
    await rests();
    expect(said()).toEqual(["نام؟", "help!"]);
    await ali.sendsSticker();
    await rests();
    expect(said()).toEqual(["لطفاً پاسخ را بنویسید.\nنام؟"]);
    await says("رضا");
    expect(results).toEqual(["رضا"]);
  });

  test("a pattern is tested on what digits mean, and that is the answer", async () => {
    const { says, said, results } = await form((c) =>
      c.ask.text("code", "کد پستی؟", { pattern: /^\d{10}$/, texts: { pattern: "ده رقم!" } }),
    );
    await says("۱۲۳");
    await says("١٢٣٤٥۶۷۸۹۰");
    expect(said()).toEqual(["کد پستی؟", "ده رقم!\nکد پستی؟"]);
    expect(results).toEqual(["1234567890"]);
  });

  test("words are those of the question, else those of the plugin, else our own", async () => {
    const { says, said } = await form(
      async (c) => {
        await c.ask.number("one", "1?", { texts: { number: "question" } });
        await c.ask.number("two", "2?", { problem: "always" });
        await c.ask.number("three", "3?");
      },
      { texts: { number: "plugin" } },
    );
    for (const text of ["x", "1", "x", "2", "x"]) await says(text);
    expect(said()).toEqual(["1?", "question\n1?", "2?", "always\n2?", "3?", "plugin\n3?"]);
  });

  test("validate refuses at once or later, with words or without, and is asked once an answer", async () => {
    let asked = 0;
    const { says, said, results, errors } = await form(async (c) => {
      const even = await c.ask.integer("even", "زوج؟", { validate: (value) => value % 2 === 0 });
      const free = await c.ask.text("free", "نام کاربری؟", {
        validate: async (value) => {
          asked++;
          await new Promise((resolve) => setImmediate(resolve));
          return value === "ali" ? "گرفته شده" : undefined;
        },
      });
      return { even, free };
    });
    for (const text of ["۳", "۴", "ali", "reza"]) await says(text);
    expect(said()).toEqual([
      "زوج؟",
      "این پاسخ پذیرفته نیست؛ لطفاً دوباره بنویسید.\nزوج؟",
      "نام کاربری؟",
      "گرفته شده\nنام کاربری؟",
    ]);
    expect(results).toEqual([{ even: 4, free: "reza" }]);
    expect(asked).toBeGreaterThanOrEqual(2);
    expect(errors).toEqual([]);
  });

  test("a schema of valibot reads, transforms and refuses, at once and asynchronously", async () => {
    const age = v.pipe(
      v.string(),
      v.regex(/^\d+$/, "با رقم بنویسید"),
      v.transform(Number),
      v.minValue(18, "کم است"),
    );
    const slow = v.pipeAsync(
      v.string(),
      v.checkAsync(async (text) => {
        await new Promise((resolve) => setImmediate(resolve));
        return text !== "bad";
      }, "بد است"),
    );
    const { says, said, results, errors } = await form(async (c) => {
      const years: number = await c.ask.schema("age", "سن؟", age);
      const word: string = await c.ask.schema("word", "واژه؟", slow);
      return { years, word };
    });
    for (const text of ["x", "۱۷", "۱۸", "bad", "good"]) await says(text);
    expect(said()).toEqual(["سن؟", "با رقم بنویسید\nسن؟", "کم است\nسن؟", "واژه؟", "بد است\nواژه؟"]);
    expect(results).toEqual([{ years: 18, word: "good" }]);
    expect(errors).toEqual([]);
  });

  test("after maxAttempts the conversation ends for that reason, unless the error is caught", async () => {
    const reasons: string[] = [];
    const { says, said, results, errors, enter } = await form(
      async (c) => {
        try {
          await c.ask.number("a", "عدد؟", { maxAttempts: 2 });
        } catch (error) {
          if (!(error instanceof AttemptsSpentError)) throw error;
        }
        return c.ask.number("b", "دیگری؟", { maxAttempts: 1 });
      },
      { onExit: (reason) => void reasons.push(reason) },
    );
    for (const text of ["x", "y", "z"]) await says(text);
    expect(said()).toEqual([
      "عدد؟",
      "لطفاً یک عدد بنویسید.\nعدد؟",
      "نشد! هر وقت خواستید از نو آغاز کنید.",
      "دیگری؟",
      "نشد! هر وقت خواستید از نو آغاز کنید.",
    ]);
    expect(results).toEqual([]);
    expect(reasons).toEqual(["attempts"]);
    expect(errors).toEqual([]);
    await enter();
    for (const text of ["1", "2"]) await says(text);
    expect(results).toEqual([2]);
  });

  test("a time-out passes through, and cancel words end a form", async () => {
    const seen: string[] = [];
    const { bale, says, said, enter, rests } = await form(
      async (c) => {
        try {
          await c.ask.choice("kind", "ارسال؟", ["پست", "پیک"], { timeoutMs: 60_000 });
        } catch (error) {
          seen.push(error instanceof Error ? error.name : "");
          if (error instanceof WaitExpiredError) return;
          throw error;
        }
      },
      { cancel: ["لغو"], onCancel: (_, ctx) => ctx.reply("لغو شد") },
    );
    await bale.clock.advance(61_000);
    await rests();
    await enter();
    await says("لغو");
    expect(seen).toEqual(["WaitExpiredError", "ExitError"]);
    expect(said()).toEqual(["ارسال؟", "ارسال؟", "لغو شد"]);
  });

  test("a choice is typed, numbered or pressed; presses of an earlier round are told that they are stale", async () => {
    const { ali, bale, says, said, results, rests } = await form(async (c) => {
      const first = await c.ask.choice("kind", "ارسال؟", ["پست", "پیک"], { columns: 2 });
      const second = await c.ask.choice("kind", "باز هم؟", ["پست", "پیک"]);
      return [first, second];
    });
    const old = ali.inbox.last;
    expect(old.reply_markup?.inline_keyboard.map((row) => row.length)).toEqual([2]);
    await says("تاکسی");
    expect(said()).toEqual(["ارسال؟", "لطفاً یکی از گزینه‌ها را انتخاب کنید.\nارسال؟"]);
    await says("۲");
    expect(said()).toEqual(["باز هم؟"]);
    await ali.presses("پست", { message: old });
    await rests();
    expect(results).toEqual([]);
    expect(bale.calls.last("answerCallbackQuery")?.params["text"]).toBe("این پرسش دیگر باز نیست.");
    await ali.presses("پست", { message: ali.inbox.last });
    await rests();
    expect(results).toEqual([["پیک", "پست"]]);
    expect(ali.spinning).toBe(0);
    await ali.presses("پیک", { message: old });
    await rests();
    expect(ali.spinning).toBe(0);
    expect(results).toHaveLength(1);
  });

  test("where a question can't be changed any more, a new message shows what was chosen", async () => {
    const { ali, bale, says, said, results, rests, errors } = await form(async (c) => [
      await c.ask.confirm("sure", "مطمئنی؟"),
      await c.ask.choice("kind", "ارسال؟", ["پست", "پیک"]),
    ]);
    await says(`/wipe ${ali.inbox.last.message_id}`);
    await says("نه");
    expect(said()).toEqual(["✅ خیر", "ارسال؟"]);
    bale.fault({ kind: "200-not-ok", method: "editMessageText" });
    await ali.presses("پیک");
    await rests();
    expect(said()).toEqual(["✅ پیک"]);
    expect(results).toEqual([[false, "پیک"]]);
    expect(errors).toEqual([]);
  });

  test("a reply keyboard and a numbered list offer the same, and the keyboard is taken away", async () => {
    const { ali, says, said, results, rests } = await form(async (c) => [
      await c.ask.choice("a", "ارسال؟", { post: "پست", peyk: "پیک" }, { keyboard: "reply" }),
      await c.ask.choice("b", "ارسال؟", { post: "پست", peyk: "پیک" }, { keyboard: "none" }),
    ]);
    await ali.presses("پیک");
    await rests();
    expect(said()).toEqual(["ارسال؟", "ثبت شد.", "ارسال؟\n۱. پست\n۲. پیک"]);
    await says("۱");
    expect(results).toEqual([["peyk", "post"]]);
  });

  test("a phone number is typed, or shared by its owner with the button", async () => {
    const { ali, bale, says, said, results, rests } = await form(async (c) => [
      await c.ask.phone("typed", "شماره؟", { by: "text" }),
      await c.ask.phone("shared", "شماره؟", { by: "button" }),
    ]);
    await says("۱۲۳");
    await says("۰۹۱۲ ۱۲۳ ۴۵۶۷");
    expect(said()).toEqual(["شماره؟", "لطفاً شماره را مانند ۰۹۱۲۱۲۳۴۵۶۷ بنویسید.\nشماره؟", "شماره؟"]);
    await says("۰۹۱۲۱۲۳۴۵۶۷");
    const sara = bale.user({ first_name: "سارا" });
    await ali.sendsContact({ phone_number: "989120000000", first_name: "سارا", user_id: sara.id });
    await ali.sendsContact({ phone_number: "989120000000", first_name: "سارا" });
    await rests();
    expect(said()).toEqual([
      "لطفاً شماره را با دکمهٔ پایین بفرستید.\nشماره؟",
      "لطفاً شمارهٔ خودتان را با دکمهٔ پایین بفرستید.\nشماره؟",
      "لطفاً شمارهٔ خودتان را با دکمهٔ پایین بفرستید.\nشماره؟",
    ]);
    await ali.presses("ارسال شمارهٔ من");
    await rests();
    expect(said()).toEqual(["ثبت شد."]);
    const [typed, shared] = results[0] as readonly [string, string];
    expect(typed).toBe("+989121234567");
    expect(shared).toMatch(/^\+98\d{10}$/);
  });

  test("contacts, places, photos and files are taken as they are, and nothing else in their place", async () => {
    const { ali, says, said, results, errors, rests } = await form(async (c) => ({
      friend: (await c.ask.contact("friend", "دوست؟")).phone_number,
      own: (await c.ask.contact("own", "خودت؟", { own: true })).user_id,
      place: await c.ask.location("place", "کجا؟"),
      photo: (await c.ask.photo("photo", "عکس؟")).file_id,
      file: (await c.ask.file("file", "فایل؟", { kinds: [".pdf"], maxBytes: 1_000_000 })).file_name,
    }));
    await says("x");
    await ali.sendsContact({ phone_number: "98912", first_name: "x" });
    await rests();
    await ali.sendsContact({ phone_number: "98912", first_name: "x" });
    await rests();
    await ali.presses("ارسال شمارهٔ من");
    await rests();
    await says("x");
    await ali.sendsLocation();
    await rests();
    await says("x");
    await ali.sendsPhoto();
    await rests();
    await ali.sendsDocument({ name: "a.exe" } as never);
    await rests();
    await ali.sendsDocument({ name: "a.pdf" } as never);
    await rests();
    expect(errors).toEqual([]);
    expect(said()).toEqual([
      "دوست؟",
      "لطفاً یک مخاطب بفرستید.\nدوست؟",
      "خودت؟",
      "لطفاً شمارهٔ خودتان را با دکمهٔ پایین بفرستید.\nخودت؟",
      "ثبت شد.",
      "کجا؟",
      "لطفاً یک موقعیت مکانی بفرستید.\nکجا؟",
      "ثبت شد.",
      "عکس؟",
      "لطفاً یک عکس بفرستید.\nعکس؟",
      "فایل؟",
      "فایل باید از این گونه‌ها باشد: .pdf\nفایل؟",
    ]);
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({ friend: "98912", own: ali.id, file: "a.pdf" });
  });

  test("days are told from today, which stays the same in a replay", async () => {
    const { bale, says, said, results, errors, restart } = await form(async (c) => {
      const day = await c.ask.date("day", "کی؟", { min: "today" });
      const next = await c.ask.date("next", "بعد؟", { max: "1499/1/1" });
      return [day.iso, next.iso];
    });
    const day = (offset: number): string =>
      new Date(bale.clock.now() + 12_600_000 + offset * 86_400_000).toISOString().slice(0, 10);
    const expected = [day(1), day(0)];
    await says("دیروز");
    expect(said().at(-1)).toMatch(/^پیش از [۰-۹/]+ نباشد\.\nکی؟$/);
    await restart();
    await says("فردا");
    await says("۱۵۰۰/۱/۱");
    await says("امروز");
    expect(said()).toEqual(["بعد؟", "پس از ۱۴۹۹/۱/۱ نباشد.\nبعد؟"]);
    expect(results).toEqual([expected]);
    expect(errors).toEqual([]);
  });

  test("a check may ask nothing of the conversation, and an error it throws ends it", async () => {
    const { says, errors } = await form((c) => c.ask.text("name", "نام؟", { validate: () => c.now() > 0 }));
    await says("رضا");
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain("inside the check of an answer");
  });

  test("an answered question is one record, and c.back leads back to it", async () => {
    let isAgain = false;
    const { says, said, results } = await form(async (c) => {
      const name = await c.ask.text("name", "نام؟");
      const sure = await c.ask.confirm("sure", `${name}؟`);
      if (!sure && !isAgain) {
        isAgain = true;
        await c.back("name");
      }
      return name;
    });
    await says("رصا");
    await says("نه");
    await says("رضا");
    await says("بله");
    expect(results).toEqual(["رضا"]);
    expect(said().at(-1)).toBe("رضا؟\n✅ بله");
  });
});

test("misuse of a question is refused where it is asked", async () => {
  const bale = emulator();
  const seen: string[] = [];
  const wrong: readonly Code[] = [
    (c) => c.ask.text("", "نام؟"),
    (c) => c.ask.text("name", ""),
    (c) => c.ask.text("name", "نام؟", { maxAttempts: 0 }),
    (c) => c.ask.choice("kind", "ارسال؟", []),
    (c) => c.ask.choice("kind", "ارسال؟", ["a"], { columns: 0 }),
    (c) => c.ask.schema("age", "سن؟", {} as never),
  ];
  const trying = conversation("trying", async (c) => {
    for (const code of wrong) {
      try {
        await code(c);
      } catch (error) {
        seen.push((error as { code?: string }).code ?? String(error));
      }
    }
  });
  const talks = conversations({ definitions: [trying] });
  bale.attach(new Bot(undefined).extend(talks));
  const ali = bale.user();
  await ali.sends("hi");
  await talks.enter(trying, { chatId: ali.id });
  expect(seen).toEqual(wrong.map(() => "ERR_BALE_CONVERSATION_ASK"));
});
