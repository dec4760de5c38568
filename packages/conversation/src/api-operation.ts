import { openApiError } from "./api-error.js";
import { hashOf } from "./definition.js";
import type { EffectSpec } from "./effect.js";
import { openReply } from "./journaled-reply.js";
import type { Operation } from "./operation.js";

/** A call of Bale as an operation of a conversation. */
export class ApiOperation implements Operation {
  readonly kind = "effect";
  readonly key: string;
  readonly host: EffectSpec;
  readonly #params: unknown;

  constructor(method: string, params: unknown, host: EffectSpec) {
    this.key = `api:${method}`;
    this.host = host;
    this.#params = params;
  }

  /** Worked out when it is asked for: a replay on the source the journal was written by has no use for it. */
  get hash(): string {
    return hashOf(textOf(this.#params));
  }

  open(kept: unknown): unknown {
    return openReply(kept);
  }

  openError(error: unknown): unknown {
    return openApiError(error);
  }
}

/** Params as text, to be compared. */
function textOf(params: unknown): string {
  try {
    return JSON.stringify(params) ?? "";
  } catch {
    // Hardly any has a bigint, and a replacer that looks for it makes each of the others cost thrice as much.
    return (
      JSON.stringify(params, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)) ?? ""
    );
  }
}
