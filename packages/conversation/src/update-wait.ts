import type { Context } from "balekit";
import { WaitExpiredError } from "./errors.js";
import type { HandleInit, ProgramInput } from "./handle.js";
import type { Operation } from "./operation.js";
import { type Json, unpack } from "./value.js";
import type { WaitSpec } from "./wait-filter.js";

/** A wait for an update. An object of few fields: a conversation that is suspended holds it. */
export class UpdateWait implements Operation {
  readonly kind = "wait";
  readonly key: string;
  readonly deadline: number | undefined;
  readonly host: WaitSpec;
  readonly #init: HandleInit<Context>;

  constructor(key: string, deadline: number | undefined, host: WaitSpec, init: object) {
    this.key = key;
    this.deadline = deadline;
    this.host = host;
    this.#init = init as HandleInit<Context>;
  }

  open(json: Json): unknown {
    const { update, kept } = unpack(json) as Pick<ProgramInput, "update" | "kept">;
    return this.#init.context(update, this.host.test?.(update, this.#init.ctx.services), kept);
  }

  openError(json: Json): unknown {
    return expiryOf(this.key.slice("wait:".length), json);
  }
}

/** Makes the error of a wait whose time is up. */
export function expired(waitedFor: string): (json: Json) => unknown {
  return (json) => expiryOf(waitedFor, json);
}

function expiryOf(waitedFor: string, json: Json): unknown {
  const error = unpack(json);
  return error instanceof Error && error.name !== "WaitExpiredError"
    ? error
    : new WaitExpiredError(waitedFor);
}
