import { conversation, conversationSpans, conversations } from "@balekit/conversation";
import { emulator } from "@balekit/emulator";
import { context, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  BasicTracerProvider,
} from "@opentelemetry/sdk-trace-base";
import { Bot, memoryLanes } from "balekit";
import { expect, onTestFinished, test } from "vitest";

test("with OpenTelemetry's SDK each step is a root span of its own trace, whatever is active when it is done", async () => {
  const manager = new AsyncLocalStorageContextManager().enable();
  context.setGlobalContextManager(manager);
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const tracer = provider.getTracer("bot");
  const end = conversationSpans(tracer);
  const bale = emulator();
  const ordering = conversation("ordering", async (c, ctx) => {
    await ctx.reply("how many?");
    const { text } = await c.waitFor("message:text", { id: "count" });
    if (text === "0") throw new RangeError("none");
    await ctx.reply("ordered");
  });
  const storage = memoryLanes({ clock: bale.clock });
  const bot = new Bot(undefined).extend(conversations({ definitions: [ordering], storage }));
  const errors: string[] = [];
  bot.catch((error) => void errors.push(error.message));
  // What an instrumented bot does: a span around everything that is done for an update.
  bot.command("order", (ctx) =>
    tracer.startActiveSpan("update", async (span) => {
      await ctx.conversation.enter(ordering);
      tracer.startSpan("after").end();
      span.end();
    }),
  );
  const detach = bale.attach(bot);
  onTestFinished(async () => {
    end();
    detach();
    await bot.stop();
    await provider.shutdown();
    context.disable();
  });
  const ali = bale.user();
  const began = Date.now();
  for (const text of ["/order", "3", "/order", "0"]) {
    // Whoever brings an update may have a span of their own open as well.
    await tracer.startActiveSpan("poll", async (span) => {
      await ali.sends(text);
      for (let turn = 0; turn < 15; turn++) await bale.clock.advance(0);
      span.end();
    });
  }

  const spans = exporter.getFinishedSpans();
  const steps = spans.filter(({ name }) => name === "conversation ordering step");
  expect(steps.map(({ status }) => status.code)).toEqual([
    SpanStatusCode.UNSET,
    SpanStatusCode.UNSET,
    SpanStatusCode.UNSET,
    SpanStatusCode.ERROR,
  ]);
  expect(steps.map(({ parentSpanContext }) => parentSpanContext)).toEqual(Array(4).fill(undefined));
  const traces = steps.map((span) => span.spanContext().traceId);
  expect(new Set(traces).size).toBe(4);
  // The context that was active is left as it was: what is done after the step belongs to the update.
  const updates = spans.filter(({ name }) => name === "update");
  const after = spans.filter(({ name }) => name === "after");
  expect(after.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual(
    updates.map((span) => span.spanContext().spanId),
  );
  expect(updates.some((span) => traces.includes(span.spanContext().traceId))).toBe(false);

  const [first, second, third, last] = steps.map(({ attributes }) => attributes);
  expect(first).toEqual({
    "balekit.conversation.name": "ordering",
    "balekit.conversation.id": expect.stringMatching(/^[a-z0-9]{12}$/) as string,
    "balekit.conversation.lane": expect.stringMatching(`^cv:\\d+:${ali.id}:${ali.id}$`) as string,
    "balekit.conversation.mode": "new",
    "balekit.conversation.replayed": 0,
    "balekit.conversation.writes": 2,
    "balekit.conversation.bytes": expect.any(Number) as number,
    "balekit.conversation.outcome": "waits",
  });
  expect(second).toMatchObject({
    "balekit.conversation.id": first?.["balekit.conversation.id"],
    "balekit.conversation.mode": "hot",
    "balekit.conversation.outcome": "ended",
  });
  expect(third?.["balekit.conversation.id"]).not.toBe(first?.["balekit.conversation.id"]);
  expect(last).toMatchObject({ "balekit.conversation.outcome": "failed" });
  for (const { startTime, endTime, ended } of steps) {
    const [from, until] = [startTime, endTime].map(([seconds, nanos]) => seconds * 1_000 + nanos / 1e6);
    expect(ended).toBe(true);
    expect(from).toBeGreaterThanOrEqual(began - 1_000);
    expect(until).toBeGreaterThanOrEqual(from ?? 0);
  }
  expect(trace.getActiveSpan()).toBeUndefined();
  expect(errors).toHaveLength(1);
});
