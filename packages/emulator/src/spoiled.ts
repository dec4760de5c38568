import { DecodeError, NetworkError, type Reply } from "@balekit/api";

import type { Fault } from "./faults.js";

/** An answer that a fault puts in the place of Bale's. */
export interface SpoiledAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const JSON_TYPE = "application/json";

/** What goes over the wire for a fault; nothing for those that cut the connection or never answer. */
export function spoiledAnswer(fault: Fault, whole: string): SpoiledAnswer | undefined {
  switch (fault.kind) {
    case "429": {
      const parameters =
        fault.retry_after === undefined ? {} : { parameters: { retry_after: fault.retry_after } };
      const description = "Too Many Requests: bot limit exceed";
      return {
        status: 429,
        type: JSON_TYPE,
        body: JSON.stringify({ ok: false, error_code: 429, description, ...parameters }),
      };
    }
    case "429-text":
      return limitOfProxy();
    case "500-html":
      return outage(500, "Internal Server Error");
    case "502-html":
      return outage(502, "Bad Gateway");
    case "200-not-ok":
      return {
        status: 200,
        type: JSON_TYPE,
        body: '{"ok":false,"error_code":400,"description":"Bad Request: emulated fault"}',
      };
    case "truncated-json":
      return { status: 200, type: JSON_TYPE, body: whole.slice(0, Math.ceil(whole.length / 2)) };
    case "reset-before":
    case "reset-after":
    case "hang":
    case "duplicate":
      return undefined;
  }
}

/**
 * What the proxy in front of Bale says when it is asked too often. Low confidence: plain text without an error_code is
 * inferred from one client's code (notes.md 4).
 */
function limitOfProxy(): SpoiledAnswer {
  return { status: 429, type: "text/plain", body: "local_rate_limited" };
}

/** What comes during outages. Low confidence: HTML is what users of one client report (notes.md 4), the page is ours. */
function outage(status: number, words: string): SpoiledAnswer {
  return { status, type: "text/html; charset=utf-8", body: page(`${status} ${words}`) };
}

/** Whether the work of a call is done although its answer is lost. */
export function isDoneAnyway(fault: Fault): boolean {
  return fault.kind === "reset-after" || fault.kind === "truncated-json";
}

/** A fault as a caller without a socket meets it: as the reply or the error that the HTTP transport makes of it. */
export function spoiledReply(fault: Fault, method: string, whole: string): Reply {
  const answer = spoiledAnswer(fault, whole);
  if (answer === undefined) {
    throw new NetworkError(`${method}: the connection was cut (emulated fault ${fault.kind}).`, {
      method,
      maybeSent: true,
    });
  }
  if (fault.kind === "truncated-json") {
    const snippet = answer.body.slice(0, 200);
    throw new DecodeError(`${method}: the answer is not JSON (emulated fault).`, {
      method,
      status: answer.status,
      snippet,
    });
  }
  if (answer.type === JSON_TYPE) return JSON.parse(answer.body) as Reply;
  const description = answer.body
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .trim();
  return { ok: false, error_code: answer.status, description };
}

function page(title: string): string {
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
}
