import type { Door } from "./webhook-door.js";

/** What the handler for Hono needs of a context of Hono's. */
export interface HonoLike {
  readonly req: {
    readonly raw: Request;
    text(): Promise<string>;
  };
}

/** What `app.use` of Hono takes. */
export type HonoHandler = (context: HonoLike, next: () => Promise<void>) => Promise<Response | undefined>;

/** Answers on the secret path and lets every other path pass. */
export function honoHandler(door: Door): HonoHandler {
  return async function webhook(context, next) {
    const { raw } = context.req;
    if (door.isHere(new URL(raw.url).pathname)) return door.fetch(raw, () => context.req.text());
    await next();
    return undefined;
  };
}
