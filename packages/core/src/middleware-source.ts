import type { Context } from "./context.js";
import type { Middleware } from "./middleware.js";

/** What can stand where middleware is asked for: another composer, with all that is registered in it. */
export interface MiddlewareSource<C> {
  middleware(): Middleware<C>;
}

/** What `lazy` and `route` may run. */
export type Chosen<C> = Middleware<C> | MiddlewareSource<C>;

/** Whether something has middleware to give. */
export function isSource(value: unknown): value is MiddlewareSource<Context> {
  return (
    typeof value === "object" &&
    value !== null &&
    "middleware" in value &&
    typeof value.middleware === "function"
  );
}
