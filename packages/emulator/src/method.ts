import type { Fields } from "./fields.js";
import type { World } from "./world.js";

/** What stands around one call. */
export interface CallContext {
  /** Aborts when the caller went away. */
  readonly signal?: AbortSignal | undefined;
  /** The call came by the Business API: private chats only, files by file_id only (notes.md 2: documented). */
  readonly business: boolean;
}

/** Carries one method out; throws a `Refusal` for what Bale would refuse. */
export type Method = (world: World, fields: Fields, context: CallContext) => unknown;

/** Methods by Bale's spelling of their names. */
export type MethodTable = Readonly<Record<string, Method>>;
