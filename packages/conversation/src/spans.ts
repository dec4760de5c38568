import { conversationChannels } from "./diagnostics.js";
import type { LaneEvent, MismatchEvent, StepEvent } from "./lane-event.js";

/** What is asked of a span: `@opentelemetry/api`'s has it. */
export interface ConversationSpan {
  setStatus(status: { readonly code: number; readonly message?: string }): unknown;
  end(endTime?: number): void;
}

/** What is asked of a tracer: `trace.getTracer("bot")` of `@opentelemetry/api` has it. */
export interface ConversationTracer {
  startSpan(
    name: string,
    options?: {
      readonly startTime?: number;
      readonly root?: boolean;
      readonly attributes?: Record<string, string | number | boolean>;
    },
  ): ConversationSpan;
}

/** The code of a span's status that says it failed, in OpenTelemetry. */
const FAILED = 2;

/**
 * Makes a span of each step of every conversation in this process, and one without length of each mismatch. Each is a
 * root of its own: the update that began a conversation is over when it goes on. Answers the function that ends it.
 * @example
 * const end = conversationSpans(trace.getTracer("bot"));
 */
export function conversationSpans(tracer: ConversationTracer): () => void {
  const make = (
    { instance, definition, lane }: StepEvent | MismatchEvent,
    what: string,
    ms: number,
    more: Record<string, string | number>,
  ): { readonly span: ConversationSpan; readonly end: number } => {
    const end = Date.now();
    const attributes = {
      "balekit.conversation.name": definition,
      "balekit.conversation.id": instance,
      "balekit.conversation.lane": lane,
      ...more,
    };
    const span = tracer.startSpan(`conversation ${definition} ${what}`, {
      startTime: end - ms,
      root: true,
      attributes,
    });
    return { span, end };
  };
  const onStep = (event: unknown): void => {
    const { mode, replayedOperations, writes, bytes, ms, outcome } = event as StepEvent;
    const { span, end } = make(event as StepEvent, "step", ms, {
      "balekit.conversation.mode": mode,
      "balekit.conversation.replayed": replayedOperations,
      "balekit.conversation.writes": writes,
      "balekit.conversation.bytes": bytes,
      "balekit.conversation.outcome": outcome,
    });
    if (outcome === "failed") span.setStatus({ code: FAILED });
    span.end(end);
  };
  const onMismatch = (event: unknown): void => {
    const { record, recorded, found, policy } = event as MismatchEvent;
    const { span, end } = make(event as MismatchEvent, "mismatch", 0, {
      "balekit.conversation.record": record,
      "balekit.conversation.policy": policy,
    });
    span.setStatus({
      code: FAILED,
      message: `record ${record} says ${recorded}, the code now does ${found}`,
    });
    span.end(end);
  };
  const listeners: readonly [LaneEvent["type"], (event: unknown) => void][] = [
    ["step", onStep],
    ["mismatch", onMismatch],
  ];
  for (const [type, listen] of listeners) conversationChannels[type].subscribe(listen);
  return () => {
    for (const [type, listen] of listeners) conversationChannels[type].unsubscribe(listen);
  };
}
