import type { Composer } from "./composer.js";

/** The context that handlers of a bot or a composer get: `type ShopContext = ContextOf<typeof bot>`. */
export type ContextOf<Made> = Made extends Composer<infer C> ? C : never;
