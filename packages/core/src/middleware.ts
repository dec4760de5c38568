/** Runs what comes after this middleware; resolves when all of it is done. Call it at most once, and await it. */
export type Next = () => Promise<void>;

/** A step of the pipeline: does something before `await next()`, after it, or instead of it. */
export type Middleware<C> = (ctx: C, next: Next) => unknown;
