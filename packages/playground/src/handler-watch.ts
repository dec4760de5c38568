import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";
import { PendingHandlers } from "./pending-handlers.js";
import type { Report } from "./report.js";

/** The header by which a call of the bot tells the playground which handler made it. Never sent to another host. */
export const HANDLER_HEADER = "x-balekit-handler";

/** A handler at work. */
interface Running {
  readonly id: number;
  readonly frame: string;
}

/** What has been seen of the handlers. */
export interface HandlerWatch {
  /** Answers, as a frame of a stack, the handler whose doing is under way. */
  readonly atWork: () => string | undefined;
  /** Tells of handlers that do not end; to be called every `LOOK_MS`. */
  readonly look: () => void;
}

/** `file:line:column`, as a route remembers where it was registered. */
const AT = /^(.*?):(\d+)(?::\d+)?$/;

/**
 * Listens to what balekit and undici publish inside the bot's process: which handler begins, which call goes out while
 * it runs, what is thrown, and which updates are done with. A bot made with another library publishes nothing, and then
 * nothing is told.
 */
export function watchHandlers(
  report: (report: Report) => void,
  fault: (where: string, error: unknown) => void,
): HandlerWatch {
  const running = new AsyncLocalStorage<Running | undefined>();
  const apiRoot = process.env["BALE_API_ROOT"] ?? "";
  let nextId = 1;

  const pending = new PendingHandlers(report);

  subscribe("balekit:update", (message) => {
    // A new update is nobody's doing yet.
    running.enterWith(undefined);
    const update = field(message, "update");
    if (isObject(update)) pending.begin(update);
  });

  // Over, or parked: who waits in `waitFor` holds up nobody.
  subscribe("balekit:handled", (message) => {
    const update = field(message, "update");
    if (isObject(update)) pending.end(update);
  });

  subscribe("balekit:route", (message) => {
    const title = field(message, "label");
    if (typeof title !== "string") return;
    const id = nextId++;
    // What the handler does from here on, in its own asynchronous context, is its doing.
    const place = text(field(message, "at"));
    running.enterWith({ id, frame: `    at ${title} (${place})` });
    const at = AT.exec(place);
    const file = at?.[1];
    const line = at === null ? undefined : Number(at[2]);
    const update = field(message, "update");
    const updateId = field(update, "update_id");
    report({
      balekit: "handler",
      id,
      title,
      updateId: typeof updateId === "number" ? updateId : undefined,
      file,
      line,
    });
    if (isObject(update)) pending.enter(update, { title, file, line });
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

  return { atWork: () => running.getStore()?.frame, look: () => pending.look() };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function field(value: unknown, name: string): unknown {
  return isObject(value) ? (value as Record<string, unknown>)[name] : undefined;
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
