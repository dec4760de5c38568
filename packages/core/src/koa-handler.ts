import type { IncomingMessage } from "node:http";
import type { Door } from "./webhook-door.js";
import type { Verdict } from "./webhook-verdict.js";

/** What the handler for Koa needs of a context of Koa's. */
export interface KoaLike {
  readonly req: IncomingMessage;
  /** Has `body` or `rawBody` where a parser has run. */
  readonly request: object;
  readonly originalUrl: string;
  status: number;
  body: unknown;
  set(field: string, value: string): void;
}

/** What `app.use` of Koa takes. */
export type KoaHandler = (ctx: KoaLike, next: () => Promise<unknown>) => Promise<unknown>;

/** Answers on the secret path and lets every other path pass. What stands before it sees the answer, as always in Koa. */
export function koaHandler(door: Door): KoaHandler {
  return async function webhook(ctx, next) {
    if (!door.isHere(ctx.originalUrl)) return next();
    const { rawBody, body } = ctx.request as { readonly rawBody?: unknown; readonly body?: unknown };
    const verdict = await new Promise<Verdict>((answer) => {
      door.receive(ctx.req, ctx.originalUrl, rawBody ?? body, answer);
    });
    ctx.status = verdict.status;
    ctx.body = verdict.body;
    // After the body, for which Koa guesses a type.
    for (const [field, value] of Object.entries(verdict.headers)) ctx.set(field, value);
    return undefined;
  };
}
