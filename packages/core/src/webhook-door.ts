import type { IncomingMessage, ServerResponse } from "node:http";
import type { Verdict } from "./webhook-verdict.js";

/** What the handlers for frameworks stand on. */
export interface Door {
  readonly path: string;
  readonly maxBytes: number;
  /** Whether a target, with or without its query, is the secret path. */
  readonly isHere: (target: string) => boolean;
  /** Takes a request with what has been read of its body, and says what to answer. */
  readonly receive: (
    request: IncomingMessage,
    target: string,
    read: unknown,
    answer: (verdict: Verdict) => void,
  ) => void;
  readonly node: (request: IncomingMessage, response: ServerResponse, body?: unknown) => void;
  /** `reread` gives the body once more, when it was read before. */
  readonly fetch: (request: Request, reread?: () => Promise<string>) => Promise<Response>;
}
