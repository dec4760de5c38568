/** koa-compose 4 ships no types of its own. */
declare module "koa-compose" {
  /** Folds middleware into one; the first is the outermost. */
  export default function compose<Context>(
    middleware: readonly ((ctx: Context, next: () => Promise<void>) => unknown)[],
  ): (ctx: Context, next?: () => Promise<void>) => Promise<void>;
}
