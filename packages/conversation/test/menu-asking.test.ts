import { type EmulatedUser, type Emulator, emulator } from "@balekit/emulator";
import { Bot, memoryLanes } from "balekit";
import { describe, expect, test } from "vitest";
import { conversations } from "../src/conversations.js";
import { conversation } from "../src/definition.js";
import { AttemptsSpentError } from "../src/errors.js";
import type { ConversationHandle } from "../src/handle.js";
import type { AskedMenu, AskedView } from "../src/menu-asking.js";

/** Counts up and down by buttons; «تمام» answers with the count. All it knows stands in the data. */
function counter(drawn: string[] = []): AskedMenu<number> {
  const view = (count: number): AskedView => {
    drawn.push(`draw ${count}`);
    const button = (text: string, data: string) => ({ text, callback_data: data });
    return {
      text: `شمار: ${count}`,
      reply_markup: {
        inline_keyboard: [
          [button("−", `at/${count - 1}`), button("+", `at/${count + 1}`)],
          [button("تمام", `done/${count}`), { text: "سایت", url: "https://bale.ai" }],
        ],
      },
    };
  };
  return {
    open: () => view(0),
    press: (data) => {
      const [what, count] = data.split("/");
      if (what === "at")
        return { view: view(Number(count)), notice: Number(count) < 0 ? "منفی شد" : undefined };
      return { answer: { value: Number(count), label: `${count} تا` } };
    },
  };
}

interface Talk {
  readonly bale: Emulator;
  readonly ali: EmulatedUser;
  readonly errors: readonly string[];
  readonly results: readonly unknown[];
  readonly press: (label: string) => ReturnType<EmulatedUser["presses"]>;
  readonly says: (text: string) => Promise<void>;
  readonly restart: () => Promise<void>;
  /** From now on Bale edits no text. */
  readonly refuseEdits: () => void;
  /** From now on presses are too old to be answered. */
  readonly refuseAnswers: () => void;
}

/** Hot: the function lives on between updates. Cold: each update runs it again from its journal. */
describe.each([
  { mode: "hot", maxHot: undefined },
  { mode: "always cold", maxHot: 0 },
])("$mode", ({ maxHot }) => {
  async function talk(code: (c: ConversationHandle) => Promise<unknown>): Promise<Talk> {
    const bale = emulator();
    const storage = memoryLanes({ clock: bale.clock });
    const errors: string[] = [];
    const results: unknown[] = [];
    let editable = true;
    let answerable = true;
    const asking = conversation("asking", async (c) => void results.push(await code(c)));
    const begin = () => {
      const talks = conversations({
        definitions: [asking],
        storage,
        ...(maxHot === undefined ? {} : { maxHot }),
      });
      const bot = new Bot(undefined).extend(talks);
      bot.catch((error) => void errors.push(error.message));
      bot.api.use(async (call, next) =>
        (call.method === "editMessageText" && !editable) ||
        (call.method === "answerCallbackQuery" && !answerable)
          ? { ok: false, error_code: 400, description: "Bad Request: message can't be edited" }
          : next(call),
      );
      bot.command("ask", async (ctx) => void (await ctx.conversation.enter(asking)));
      bot.command("help", (ctx) => ctx.reply("help!"));
      const detach = bale.attach(bot);
      return async () => {
        await bot.stop();
        detach();
      };
    };
    let end = begin();
    const ali = bale.user();
    const rests = async (): Promise<void> => {
      for (let turn = 0; turn < 12; turn++) await bale.clock.advance(0);
    };
    await ali.sends("/ask");
    await rests();
    return {
      bale,
      ali,
      errors,
      results,
      press: async (label) => {
        const pressed = await ali.presses(label);
        await rests();
        return pressed;
      },
      says: async (text) => {
        await ali.sends(text);
        await rests();
      },
      restart: async () => {
        await end();
        end = begin();
      },
      refuseEdits: () => {
        editable = false;
      },
      refuseAnswers: () => {
        answerable = false;
      },
    };
  }

  test("leads through pages in one message to a typed answer, in another process after each press", async () => {
    const { ali, errors, results, press, restart } = await talk(async (c) => {
      const count: number = await c.ask.menu("count", "چند تا؟", counter());
      return count * 2;
    });
    expect(ali.inbox.last.text).toBe("چند تا؟\nشمار: 0");
    for (const [at, label] of ["+", "+", "−", "+", "+"].entries()) {
      if (at > 1) await restart();
      expect((await press(label)).spinning).toBe(false);
    }
    expect(ali.inbox.last.text).toBe("چند تا؟\nشمار: 3");
    await restart();
    await press("تمام");
    expect([results, errors]).toEqual([[6], []]);
    expect(ali.inbox.texts).toEqual(["چند تا؟\n✅ 3 تا"]);
    expect(ali.inbox.last.reply_markup ?? undefined).toBeUndefined();
  });

  test("goes on when a press is too old to be answered, and tells of no fault", async () => {
    const { errors, results, press, refuseAnswers, refuseEdits } = await talk((c) =>
      c.ask.menu("count", "چند تا؟", counter()),
    );
    refuseAnswers();
    for (const label of ["−", "+", "+"]) await press(label);
    refuseEdits();
    await press("تمام");
    expect([results, errors]).toEqual([[1], []]);
    // The buttons stand there still, of a question that is over: nobody can be told.
    await press("+");
    expect([results, errors]).toEqual([[1], []]);
  });

  test("draws what a press leads to once, also when the code is run again", async () => {
    const drawn: string[] = [];
    const { press, restart, results } = await talk((c) => c.ask.menu("count", "چند تا؟", counter(drawn)));
    await press("+");
    await restart();
    await press("+");
    await restart();
    await press("تمام");
    expect(results).toEqual([2]);
    expect(drawn).toEqual(["draw 0", "draw 1", "draw 2"]);
  });

  test("passes notices and buttons of other kinds on", async () => {
    const { ali, press, results } = await talk((c) => c.ask.menu("count", "چند تا؟", counter()));
    expect((await press("−")).text).toBe("منفی شد");
    const buttons = ali.inbox.last.reply_markup?.inline_keyboard?.flat() ?? [];
    expect(buttons.map(({ url }) => url)).toContain("https://bale.ai");
    await press("تمام");
    expect(results).toEqual([-1]);
  });

  test("says that buttons are wanted when a text comes, and lets commands pass", async () => {
    const { ali, says, press, results } = await talk((c) => c.ask.menu("count", "چند تا؟", counter()));
    await press("+");
    await says("سه");
    expect(ali.inbox.last.text).toBe("لطفاً با دکمه‌های زیر پاسخ دهید.\nچند تا؟\nشمار: 1");
    await says("/help");
    expect(ali.inbox.last.text).toBe("help!");
    await press("+");
    await press("تمام");
    expect(results).toEqual([2]);
  });

  test("asks again what validate refuses, and ends after so many useless answers", async () => {
    const { ali, press, results } = await talk((c) =>
      c.ask
        .menu("count", "چند تا؟", counter(), {
          maxAttempts: 2,
          validate: async (count) => (count > 5 ? true : "کم است."),
        })
        .catch((error: unknown) => (error instanceof AttemptsSpentError ? "enough" : "other")),
    );
    await press("تمام");
    expect(ali.inbox.last.text).toBe("کم است.\nچند تا؟\nشمار: 0");
    await press("تمام");
    expect(results).toEqual(["enough"]);
  });

  test("a fresh message comes where the old one can't be edited", async () => {
    const { ali, press, results, errors, refuseEdits } = await talk((c) =>
      c.ask.menu("count", "چند تا؟", counter()),
    );
    refuseEdits();
    await press("+");
    expect(ali.inbox.texts).toEqual(["چند تا؟\nشمار: 0", "چند تا؟\nشمار: 1"]);
    await press("تمام");
    expect([results, errors]).toEqual([[1], []]);
    expect(ali.inbox.last.text).toBe("✅ 1 تا");
  });

  test("keeps a journal that does not grow with the presses", async () => {
    const bale = emulator();
    const asking = conversation(
      "asking",
      async (c) => void (await c.ask.menu("count", "چند تا؟", counter())),
    );
    const talks = conversations({
      definitions: [asking],
      storage: memoryLanes({ clock: bale.clock }),
      ...(maxHot === undefined ? {} : { maxHot }),
    });
    const bot = new Bot(undefined).extend(talks);
    bale.attach(bot);
    const ali = bale.user();
    await ali.sends("سلام");
    const id = await talks.enter(asking, { chatId: ali.id });
    const lengths: number[] = [];
    for (let press = 0; press < 24; press++) {
      await ali.presses("+");
      for (let turn = 0; turn < 12; turn++) await bale.clock.advance(0);
      lengths.push((await talks.inspect(id))?.length ?? 0);
    }
    expect(ali.inbox.last.text).toBe("چند تا؟\nشمار: 24");
    // It grows for some rounds and is cut then; no higher in the second dozen than in the first.
    expect(Math.max(...lengths.slice(12))).toBeLessThanOrEqual(Math.max(...lengths.slice(0, 12)));
    await bot.stop();
  });

  test("refuses what is no menu, at the call", async () => {
    const { results } = await talk(async (c) => {
      try {
        return await c.ask.menu("count", "چند تا؟", {} as AskedMenu<number>);
      } catch (error) {
        return String(error);
      }
    });
    expect(results[0]).toContain("the menu is");
  });
});
