import type { Attributes, SpanOptions, SpanStatus, Tracer } from "@opentelemetry/api";
import { afterEach, expect, expectTypeOf, test } from "vitest";
import { conversation } from "../src/definition.js";
import { conversationSpans, type ConversationTracer } from "../src/spans.js";
import { Deploys } from "./talking-bot.js";

/** OpenTelemetry's codes of a status. */
const UNSET = 0;
const ERROR = 2;
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

interface Finished {
  readonly name: string;
  readonly root: boolean | undefined;
  readonly attributes: Attributes | undefined;
  readonly ms: number;
  readonly status: SpanStatus;
}

/** A tracer in OpenTelemetry's words that keeps what has ended. */
function keepingTracer(): { readonly tracer: Pick<Tracer, "startSpan">; readonly finished: Finished[] } {
  const finished: Finished[] = [];
  const startSpan = (name: string, { startTime, root, attributes }: SpanOptions = {}) => {
    let status: SpanStatus = { code: UNSET };
    const span = {
      setStatus: (given: SpanStatus) => {
        status = given;
        return span;
      },
      end: (endTime?: number) =>
        void finished.push({ name, root, attributes, status, ms: Number(endTime) - Number(startTime) }),
    };
    return span;
  };
  return { tracer: { startSpan } as unknown as Pick<Tracer, "startSpan">, finished };
}

test("a tracer of @opentelemetry/api is taken as it is", () => {
  expectTypeOf<Tracer>().toExtend<ConversationTracer>();
});

test("each step is a root span with how it went; a mismatch is a failed one", async () => {
  const { tracer, finished } = keepingTracer();
  const stop = conversationSpans(tracer);
  const world = new Deploys();
  ends.push(stop, () => world.stop());
  const ali = world.bale.user();
  await world.say(ali, "hi");
  const order = conversation("order", async (c, ctx) => {
    await ctx.reply("how many?");
    const count = await c.waitFor("message:text", { id: "count" });
    if (count.text === "0") throw new RangeError("none");
    await c.waitFor("message:text", { id: "address" });
  });
  let talks = await world.deploy({ definitions: [order], onEvent: undefined });
  const id = await talks.enter(order, { chatId: ali.id });
  await world.say(ali, "0");
  await talks.enter(order, { chatId: ali.id });
  const changed = conversation("order", (c) => c.waitFor("message:text", { id: "other" }));
  talks = await world.deploy({ definitions: [changed], onEvent: undefined });
  await world.say(ali, "3");
  expect(finished.map(({ name, status }) => [name, status.code])).toEqual([
    ["conversation order step", UNSET],
    ["conversation order step", ERROR],
    ["conversation order step", UNSET],
    ["conversation order mismatch", ERROR],
  ]);
  expect(finished.every(({ root, ms }) => root === true && ms >= 0)).toBe(true);
  expect(finished[0]?.attributes).toMatchObject({
    "balekit.conversation.name": "order",
    "balekit.conversation.id": id,
    "balekit.conversation.mode": "new",
    "balekit.conversation.outcome": "waits",
  });
  expect(finished[3]?.status.message).toContain("the code now does 'wait:message:text#other'");
  stop();
  await talks.enter(changed, { chatId: ali.id });
  expect(finished).toHaveLength(4);
});
