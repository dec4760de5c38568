import { manualClock } from "@balekit/storage";
import { afterEach, expect, it } from "vitest";
import { Bot, botThrottle, QueueClosedError, retry, throttling } from "../src/index.js";
import { keptLog, ScriptedBale, settled } from "./scripted-bale.js";

const bots: Bot[] = [];

function setUp() {
  const clock = manualClock();
  const bale = new ScriptedBale(clock);
  const bot = new Bot("1000:not-a-real-secret", { api: { transport: bale }, clock, logger: keptLog() });
  bots.push(bot);
  return { clock, bale, bot };
}

/** Moves the clock until something is over. */
async function passing<Result>(
  clock: { advance(ms: number): Promise<void> },
  work: Promise<Result>,
): Promise<Result> {
  const state = { isOver: false };
  const end = (): void => {
    state.isOver = true;
  };
  work.then(end, end);
  for (let turn = 0; turn < 200 && !state.isOver; turn++) await clock.advance(250);
  return work;
}

const limit = () =>
  ({ ok: false, error_code: 429, description: "Too Many Requests", parameters: { retry_after: 3 } }) as const;

afterEach(async () => {
  for (const bot of bots.splice(0)) await bot.stop({ graceMs: 0 });
});

it("lets a bot's calls leave at the learned rate, in the bot's time, and offers its figures to other plugins", async () => {
  const { bot, bale, clock } = setUp();
  bot.extend(throttling({ perSecond: 2, maxPerSecond: 2 }));
  const began = clock.now();
  const sent = Array.from({ length: 6 }, (_, chat) => bot.api.sendMessage({ chat_id: chat + 1, text: "x" }));
  await settled();
  expect(bale.texts.length).toBe(1);
  expect(bot.find(botThrottle)?.stats()).toMatchObject({ perSecond: 2, waiting: { answer: 5 } });
  await passing(clock, Promise.all(sent));
  expect(clock.now() - began).toBeGreaterThanOrEqual(2_500);
});

it("waits for limits of Bale's in the place of retry, whichever of the two is installed first", async () => {
  for (const order of ["retry first", "throttling first"]) {
    const { bot, bale, clock } = setUp();
    if (order === "retry first") bot.api.use(retry({ timer: clock }));
    bot.extend(throttling());
    if (order === "throttling first") bot.api.use(retry({ timer: clock }));
    bale.script("sendMessage", limit);
    const began = clock.now();
    await passing(
      clock,
      Promise.all([1, 2].map((at) => bot.api.sendMessage({ chat_id: 1, text: String(at) }))),
    );
    expect(bale.texts).toEqual(["1", "1", "2"]);
    expect(clock.now() - began).toBeLessThan(4_000);
  }
});

it("sends what waits when the bot stops, refuses new broadcasts meanwhile, and takes them again after a new start", async () => {
  const { bot, bale, clock } = setUp();
  bot.extend(throttling({ perSecond: 2, maxPerSecond: 2 }));
  await bot.init();
  const broadcast = (text: string) =>
    bot.api.sendMessage({ chat_id: text.length, text }, { priority: "broadcast" });
  const sent = ["a", "bb", "ccc", "dddd"].map(broadcast);
  const stopping = bot.stop({ graceMs: 10_000 });
  await settled();
  await expect(broadcast("eeeee")).rejects.toBeInstanceOf(QueueClosedError);
  await passing(clock, stopping);
  await Promise.all(sent);
  expect(bale.texts).toEqual(["a", "bb", "ccc", "dddd"]);
  await passing(clock, bot.start());
  await passing(clock, broadcast("ffffff"));
  expect(bale.texts.at(-1)).toBe("ffffff");
  await passing(clock, bot.stop());
});

it("gives up what still waits when the time to stop is over, as its handlers and hooks have it together", async () => {
  const { bot, bale, clock } = setUp();
  const order: string[] = [];
  bot.onStop((signal) => void order.push(`closed, out of time: ${signal.aborted}`));
  bot.extend(throttling({ perSecond: 1, maxPerSecond: 1 }));
  await bot.init();
  const sent = Array.from({ length: 30 }, (_, chat) =>
    bot.api.sendMessage({ chat_id: chat + 1, text: "x" }, { priority: "notify" }).then(
      () => "sent",
      (error: unknown) => (error as Error).name,
    ),
  );
  const began = clock.now();
  await passing(clock, bot.stop({ graceMs: 5_000 }));
  expect(clock.now() - began).toBeLessThan(6_000);
  const results = await Promise.all(sent);
  expect(results.filter((one) => one === "sent").length).toBe(bale.texts.length);
  expect(results.filter((one) => one === "QueueClosedError").length).toBe(30 - bale.texts.length);
  expect(bale.texts.length).toBeGreaterThanOrEqual(5);
  expect(order).toEqual(["closed, out of time: true"]);
});

it("a second stop waits for the queue no longer", async () => {
  const { bot, clock } = setUp();
  bot.extend(throttling({ perSecond: 1, maxPerSecond: 1 }));
  await bot.init();
  const sent = [1, 2, 3].map((chat) =>
    bot.api.sendMessage({ chat_id: chat, text: "x" }).catch(() => "refused"),
  );
  const stopping = bot.stop({ graceMs: 60_000 });
  await settled();
  void bot.stop();
  await stopping;
  expect((await Promise.all(sent)).slice(1)).toEqual(["refused", "refused"]);
  expect(clock.pending).toBe(0);
});
