import { conversation, conversations } from "@balekit/conversation";
import { emulator } from "@balekit/emulator";
import { Bot, memoryLanes } from "balekit";
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { watchHandlers } from "../../packages/playground/src/handler-watch.js";
import { LOOKS } from "../../packages/playground/src/pending-handlers.js";
import type { Report } from "../../packages/playground/src/report.js";

// What is subscribed to is the process's: once for this file.
let told: Report[] = [];
const watch = watchHandlers(
  (report) => told.push(report),
  () => undefined,
);
const pending = (): Report[] => told.filter(({ balekit }) => balekit === "pending" || balekit === "settled");
const looks = (count = LOOKS): void => {
  for (let look = 0; look < count; look++) watch.look();
};

let bale: ReturnType<typeof emulator>;
let bot: Bot;
beforeEach(() => {
  told = [];
  bale = emulator();
  bot = new Bot(undefined);
});
/** Ends what a test left unfinished. */
let free: () => void;
let freed: Promise<void>;
beforeEach(() => {
  freed = new Promise((resolve) => {
    free = resolve;
  });
});
afterEach(() => free());

it("tells of a handler that does not end, with its line, and that it has ended", async () => {
  bot.command("start", async () => {
    await freed;
  });
  onTestFinished(bale.attach(bot));
  const sara = bale.user({ first_name: "Sara" });
  const sent = sara.sends("/start");
  await vi.waitFor(() => expect(told).not.toEqual([]));
  looks(LOOKS - 1);
  expect(pending()).toEqual([]);
  looks();
  const handlers = [
    {
      title: 'command("start")',
      file: expect.stringMatching(/pending-handlers\.test\.ts$/),
      line: expect.any(Number),
    },
  ];
  expect(pending()).toMatchObject([{ balekit: "pending", chatId: sara.id, isHolding: true, handlers }]);
  free();
  await sent;
  expect(pending()).toMatchObject([{ balekit: "pending" }, { balekit: "settled" }]);
});

it("tells of middleware that does not end, though it is no handler with a name", async () => {
  bot.use(async () => {
    await freed;
  });
  onTestFinished(bale.attach(bot));
  const sent = bale.user({ first_name: "Sara" }).sends("hi");
  await vi.waitFor(() => {
    looks();
    expect(pending()).toMatchObject([{ balekit: "pending", handlers: [] }]);
  });
  free();
  await sent;
});

it("takes no handler for pending that waits for an answer, nor one that failed", async () => {
  bot.catch(() => undefined);
  bot.command("ask", async (ctx) => {
    const { text } = await ctx.waitFor("message:text");
    await ctx.reply(`heard ${text}`);
  });
  bot.command("fail", () => {
    throw new Error("no");
  });
  onTestFinished(bale.attach(bot));
  const sara = bale.user({ first_name: "Sara" });
  await sara.sends("/ask");
  await bale.user({ first_name: "Ali" }).sends("/fail");
  looks(LOOKS * 10);
  await sara.sends("tea");
  await vi.waitFor(() => expect(sara.inbox.texts).toEqual(["heard tea"]));
  looks(LOOKS * 10);
  expect(pending()).toEqual([]);
});

it("takes no conversation for pending that waits for an answer, and takes one that awaits what never comes", async () => {
  const ordering = conversation("ordering", async (c, ctx) => {
    await ctx.reply("how many?");
    const { text } = await c.waitFor("message:text", { id: "count" });
    await ctx.reply(`${text} of them`);
    await c.external("think", () => freed);
  });
  const talks = bot.extend(
    conversations({ definitions: [ordering], storage: memoryLanes({ clock: bale.clock }) }),
  );
  talks.command("order", (ctx) => ctx.conversation.enter(ordering));
  onTestFinished(bale.attach(bot));
  const sara = bale.user({ first_name: "Sara" });
  await sara.sends("/order");
  looks(LOOKS * 10);
  expect(sara.inbox.texts).toEqual(["how many?"]);
  expect(pending()).toEqual([]);
  const sent = sara.sends("2");
  await vi.waitFor(() => expect(sara.inbox.texts).toEqual(["how many?", "2 of them"]));
  looks();
  expect(pending()).toMatchObject([{ balekit: "pending", chatId: sara.id }]);
  free();
  await sent;
  // The conversation has taken its update before it has done with it.
  await vi.waitFor(() => expect(pending()).toMatchObject([{ balekit: "pending" }, { balekit: "settled" }]));
});
