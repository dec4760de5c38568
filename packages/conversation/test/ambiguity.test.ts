import { emulator } from "@balekit/emulator";
import { Bot } from "balekit";
import { expect, expectTypeOf, test } from "vitest";
import type { AmbiguityPolicy, AmbiguityTable } from "../src/ambiguity.js";
import { type Conversations, conversations } from "../src/conversations.js";
import { conversation } from "../src/definition.js";
import type { ConversationHandle } from "../src/handle.js";
import { lanesOf, Mortal, quiet, say, told } from "./talk.js";

interface Told {
  /** What the second process's code got: `sent`, or the name of the error. */
  readonly outcome: string | undefined;
  readonly said: readonly (string | undefined)[];
}

/** One process sends "pay?" and dies before it has heard that it went out; another goes on. */
async function crashed(
  code: (c: ConversationHandle, send: () => Promise<unknown>) => Promise<unknown>,
  own: AmbiguityTable | undefined,
  whole: AmbiguityTable | undefined,
): Promise<Told> {
  const bale = emulator();
  const storage = lanesOf(bale);
  let outcome: string | undefined;
  const paying = conversation(
    "paying",
    async (c, ctx) => {
      try {
        await code(c, () => ctx.reply("pay?"));
        outcome = "sent";
      } catch (error) {
        outcome = (error as Error).name;
      }
      await ctx.reply(outcome);
    },
    { ambiguity: own },
  );
  const make = (store: typeof storage) =>
    new Bot(undefined).extend(conversations({ definitions: [paying], storage: store, ambiguity: whole }));
  const ali = bale.user();
  const mortal = new Mortal(storage);
  const first = make(mortal.storage);
  mortal.dieAfter(first, ({ method }) => method === "sendMessage");
  const detach = bale.attach(first);
  await say(bale, ali, "hi");
  void first.conversations.enter(paying, { chatId: ali.id });
  await quiet(bale);
  expect(told(ali)).toEqual(["pay?"]);
  expect(outcome).toBeUndefined();
  detach();
  const second = make(storage);
  bale.attach(second);
  await second.init();
  await bale.clock.advance(60_000);
  await quiet(bale);
  return { outcome, said: told(ali) };
}

const plainly = (_: ConversationHandle, send: () => Promise<unknown>): Promise<unknown> => send();
const as =
  (ambiguous: AmbiguityPolicy) =>
  (c: ConversationHandle, send: () => Promise<unknown>): Promise<unknown> =>
    c.with({ ambiguous }, send);
const again: Told = { outcome: "sent", said: ["pay?", "pay?", "sent"] };
const refused: Told = { outcome: "AmbiguousEffectError", said: ["pay?", "AmbiguousEffectError"] };

test("after a crash in the moment of a message it is said again, unless the one call asks to be told", async () => {
  expect(await crashed(plainly, undefined, undefined)).toEqual(again);
  expect(await crashed(as("throw"), undefined, undefined)).toEqual(refused);
});

test("a call's own word goes before the definition's table, and that before the plugin's", async () => {
  expect(await crashed(plainly, { sendMessage: "throw" }, undefined)).toEqual(refused);
  expect(await crashed(plainly, undefined, { sendMessage: "throw" })).toEqual(refused);
  expect(await crashed(plainly, { sendMessage: "retry" }, { sendMessage: "throw" })).toEqual(again);
  expect(await crashed(as("retry"), { sendMessage: "throw" }, { sendMessage: "throw" })).toEqual(again);
});

test("c.with reaches calls in functions, steps and other calls it is told of, and external as well", async () => {
  const inStep = await crashed(
    (c, send) => c.with({ ambiguous: "throw" }, () => c.step("pay", () => send())),
    undefined,
    undefined,
  );
  expect(inStep).toEqual(refused);
  const bale = emulator();
  const storage = lanesOf(bale);
  const runs: boolean[] = [];
  let outcome: string | undefined;
  const paying = conversation("paying", async (c) => {
    const charge = (): Promise<void> =>
      c.external("charge", async ({ isRepeat }) => {
        runs.push(isRepeat);
        if (runs.length === 1) await mortal.die();
      });
    await c.with({ ambiguous: "throw" }, charge).catch((error: Error) => {
      outcome = error.name;
    });
  });
  const mortal = new Mortal(storage);
  const first = new Bot(undefined).extend(conversations({ definitions: [paying], storage: mortal.storage }));
  const detach = bale.attach(first);
  void first.conversations.enter(paying, { chatId: bale.user().id });
  await quiet(bale);
  detach();
  const second = new Bot(undefined).extend(conversations({ definitions: [paying], storage }));
  bale.attach(second);
  await second.init();
  await bale.clock.advance(60_000);
  await quiet(bale);
  expect(runs).toEqual([false]);
  expect(outcome).toBe("AmbiguousEffectError");
});

test.each([
  ["editMessageText", "Bad Request: message is not modified", { message_id: 0, date: 0, chat: { id: 5 } }],
  ["deleteMessage", "Bad Request: message to delete not found", true],
  ["unPinChatMessage", "Bad Request: message not found", true],
  ["answerCallbackQuery", "Bad Request: query is too old and response timeout expired", true],
  ["editMessageText", "Bad Request: message to edit not found", "400"],
  ["sendMessage", "Bad Request: chat not found", "400"],
] as const)("a repeated %s of which Bale says %s resolves to %j", async (method, description, outcome) => {
  const bale = emulator();
  const storage = lanesOf(bale);
  const seen: unknown[] = [];
  const calling = conversation("calling", async (c) => {
    for (const of of ["repeated", "first"]) {
      const call = (c.api as unknown as Record<string, (params: object) => Promise<unknown>>)[method];
      const made = call?.({ chat_id: 5, message_id: 3, text: of, callback_query_id: "7" });
      seen.push(await made?.catch((error: { readonly errorCode?: number }) => String(error.errorCode)));
    }
  });
  const up = (store: typeof storage, reply: () => Promise<unknown>) => {
    const bot = new Bot(undefined);
    bot.transform((call, next) => (call.method === method ? (reply() as never) : next(call)));
    const detach = bale.attach(bot.extend(conversations({ definitions: [calling], storage: store })));
    return { bot, detach };
  };
  const mortal = new Mortal(storage);
  const { bot, detach } = up(mortal.storage, () => mortal.die());
  await say(bale, bale.user(), "hi");
  void (bot as ReturnType<typeof up>["bot"] & { conversations: Conversations }).conversations.enter(calling, {
    chatId: 5,
  });
  await quiet(bale);
  detach();
  await up(storage, async () => ({ ok: false, error_code: 400, description })).bot.init();
  await bale.clock.advance(60_000);
  await quiet(bale);
  // Of a call that is made for the first time it is a failure like any other.
  expect(seen).toEqual([outcome, "400"]);
});

test("what is no policy throws where it is written", async () => {
  const table = { sendMessage: "never" } as never;
  expect(() => conversation("wrong", async () => undefined, { ambiguity: table })).toThrow(
    'conversation("wrong"): ambiguity.sendMessage is "never"',
  );
  expect(() => conversations({ definitions: [], ambiguity: table })).toThrow(
    'conversations: ambiguity.sendMessage is "never"',
  );
  expectTypeOf<"sendMessage" | "sendInvoice" | "external" | "session">().toExtend<keyof AmbiguityTable>();
  conversation("typed", async () => undefined, {
    // @ts-expect-error Bale has no such method
    ambiguity: { sendMesage: "throw" },
  });
  conversation("typed", async (c, ctx) => {
    const sent = await c.with({ ambiguous: "throw" }, () => ctx.reply("x"));
    expectTypeOf(sent.message_id).toEqualTypeOf<number>();
    // @ts-expect-error there is no such policy
    await c.with({ ambiguous: "maybe" }, () => ctx.reply("x"));
  });
});
