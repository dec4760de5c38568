import type { ServerResponse } from "node:http";
import { StorageUnavailableError } from "@balekit/storage";
import { BotStoppedError } from "./errors.js";

/** What to say to whoever asked; nothing but the status, when all is well. */
export interface Verdict {
  readonly status: number;
  /** Empty, or JSON. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const JSON_TYPE = { "content-type": "application/json; charset=utf-8" };
/** Without a body: nobody reads one, and with one the answer would be two writes instead of one. */
export const OK: Verdict = { status: 200, body: "", headers: {} };
/** To whoever does not know the path. */
export const NOT_FOUND: Verdict = refusal(404, "Not Found");
/** To what is no POST. */
export const WRONG_METHOD: Verdict = refusal(405, "Method Not Allowed: updates are sent by POST", {
  allow: "POST",
});
/** To what is not JSON by its type. */
export const WRONG_TYPE: Verdict = refusal(415, "Unsupported Media Type: an update is application/json");
/** To what is not JSON by its content. */
export const NOT_JSON: Verdict = refusal(400, "Bad Request: the body is not JSON");
/** To JSON that is no update. */
export const NOT_UPDATE: Verdict = refusal(400, "Bad Request: the body is not an update with an update_id");
/** To a request whose body somebody has read and not kept. */
export const ALREADY_READ: Verdict = refusal(
  500,
  "Internal Server Error: the body was read before. Give it to webhook.node as its third argument, webhook.fetch an unread request, or use the handler for your framework",
);
/** To a body that ended too early. */
export const CUT_OFF: Verdict = refusal(400, "Bad Request: the body was cut off");
/** When the update is not safe. */
export const FAILED: Verdict = refusal(500, "Internal Server Error");
/** When nobody can take it for now: the bot is stopping, or what its handlers need is away. */
export const NOT_NOW: Verdict = refusal(503, "Service Unavailable");

/** An answer that says no, in the shape of Bale's own. */
export function refusal(status: number, description: string, headers: Record<string, string> = {}): Verdict {
  const body = JSON.stringify({ ok: false, error_code: status, description });
  // With its length, which spares Node the chunks.
  const length = String(Buffer.byteLength(body));
  return { status, body, headers: { ...JSON_TYPE, "content-length": length, ...headers } };
}

/** What becomes of an error, or of none. */
export function verdictOn(error: unknown): Verdict {
  if (error === undefined) return OK;
  return error instanceof BotStoppedError || error instanceof StorageUnavailableError ? NOT_NOW : FAILED;
}

/** The answer for servers that speak web standards. */
export function responseOf({ status, body, headers }: Verdict): Response {
  return new Response(body === "" ? null : body, { status, headers });
}

/** The answer for `node:http`. */
export function respond(response: ServerResponse, { status, body, headers }: Verdict): void {
  if (response.headersSent || response.destroyed) return;
  if (body === "") {
    response.statusCode = status;
    response.end();
  } else {
    response.writeHead(status, headers);
    response.end(body);
  }
}

/** The same, with the end of the connection: what is still to come of the request is not read. */
export function closing(verdict: Verdict): Verdict {
  return { ...verdict, headers: { ...verdict.headers, connection: "close" } };
}
