import type { IncomingMessage, ServerResponse } from "node:http";
import type { BotHealth } from "./bot-options.js";

/** Answers health checks, in whatever server there is. */
export interface Healthz {
  /** For servers that speak web standards: Hono, Deno, Bun. */
  fetch(request: Request): Response;
  /** For `node:http`, and as it is for Express. Looks at no path: that is the server's to do. */
  node(request: IncomingMessage, response: ServerResponse): void;
}

const headers = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" };

/**
 * Makes the handlers of a health check. What is degraded gets over it by itself, or is no better after a restart, so it
 * is answered 200 like ok; what starts, has stalled or is stopping is answered 503.
 */
export function healthz(look: () => BotHealth): Healthz {
  const answer = (method: string | undefined): { status: number; body: string; allow?: string } => {
    if (method !== "GET" && method !== "HEAD") {
      return {
        status: 405,
        body: JSON.stringify({ error: "Method Not Allowed: ask by GET" }),
        allow: "GET, HEAD",
      };
    }
    const { state, reasons, inbox, ...rest } = look();
    const status = state === "ok" || state === "degraded" ? 200 : 503;
    // What is wrong with the inbox is among the reasons, in words that hold no secret.
    const { pending, dead, state: inboxState } = inbox ?? {};
    const told = inbox && { state: inboxState, pending, dead };
    return { status, body: JSON.stringify({ state, reasons, ...rest, inbox: told }) };
  };
  return {
    fetch({ method }) {
      const { status, body, allow } = answer(method);
      const allowed = allow === undefined ? headers : { ...headers, allow };
      return new Response(method === "HEAD" ? null : body, { status, headers: allowed });
    },
    node(request, response) {
      const { status, body, allow } = answer(request.method);
      request.resume();
      if (allow !== undefined) response.setHeader("allow", allow);
      response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
      response.end(request.method === "HEAD" ? undefined : body);
    },
  };
}
