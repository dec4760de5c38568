import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";
import type { Report } from "./report.js";

/** The header by which a call of the bot tells the playground which handler made it. Never sent to another host. */
export const HANDLER_HEADER = "x-balekit-handler";

/** A handler at work. */
interface Running {
  readonly id: number;
  readonly frame: string;
}

/** `file:line:column`, as a route remembers where it was registered. */
const AT = /^(.*?):(\d+)(?::\d+)?$/;

/**
 * Listens to what balekit and undici publish inside the bot's process: which handler begins, which call goes out while
 * it runs, and what is thrown. A bot made with another library publishes nothing, and then nothing is told.
 *
 * @returns what answers, as a frame of a stack, the handler whose doing is under way
 */
export function watchHandlers(
  report: (report: Report) => void,
  fault: (where: string, error: unknown) => void,
): () => string | undefined {
  const running = new AsyncLocalStorage<Running | undefined>();
  const apiRoot = process.env["BALE_API_ROOT"] ?? "";
  let nextId = 1;

  // A new update is nobody's doing yet.
  subscribe("balekit:update", () => running.enterWith(undefined));

  subscribe("balekit:route", (message) => {
    const title = field(message, "label");
    if (typeof title !== "string") return;
    const id = nextId++;
    // What the handler does from here on, in its own asynchronous context, is its doing.
    const place = text(field(message, "at"));
    running.enterWith({ id, frame: `    at ${title} (${place})` });
    const at = AT.exec(place);
    const updateId = field(field(message, "update"), "update_id");
    report({
      balekit: "handler",
      id,
      title,
      updateId: typeof updateId === "number" ? updateId : undefined,
      file: at?.[1],
      line: at === null ? undefined : Number(at[2]),
    });
  });

  subscribe("undici:request:create", (message) => {
    const id = running.getStore()?.id;
    const request = field(message, "request");
    if (!id || apiRoot === "" || field(request, "origin") !== apiRoot) return;
    if (hasAddHeader(request)) request.addHeader(HANDLER_HEADER, String(id));
  });

  subscribe("balekit:error", (message) => {
    const error = field(message, "error");
    // The wrapper says where balekit caught it; what was thrown is its cause.
    fault(text(field(error, "where")) || "handler", field(error, "cause") ?? error);
  });

  return () => running.getStore()?.frame;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function hasAddHeader(value: unknown): value is { addHeader(name: string, value: string): void } {
  return (
    typeof field(value, "addHeader") === "function" ||
    typeof (value as { addHeader?: unknown })?.addHeader === "function"
  );
}
