import type { IncomingMessage, ServerResponse } from "node:http";
import type { Door } from "./webhook-door.js";

/** What `app.use` of Express takes. */
export type ExpressHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/** Answers on the secret path, wherever it is mounted, and lets every other path pass. */
export function expressHandler(door: Door): ExpressHandler {
  return function webhook(request, response, next) {
    const { originalUrl = request.url ?? "" } = request as { readonly originalUrl?: string };
    if (door.isHere(originalUrl)) door.node(request, response);
    else next();
  };
}
