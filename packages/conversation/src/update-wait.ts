import type { ContextServices, Update, UpdateMatch } from "balekit";
import type { Coroutine } from "./coroutine.js";
import { WaitExpiredError } from "./errors.js";
import type { KeptValues } from "./inner-context.js";
import type { Operation } from "./operation.js";
import type { WaitSpec } from "./wait-filter.js";

/** Makes contexts of updates. */
interface Contexts {
  readonly ctx: { readonly services: ContextServices };
  readonly context: (update: Update, match: UpdateMatch | undefined, kept: KeptValues | undefined) => unknown;
}

/** The deadline of waits that follow each other: before the first it is unknown, and `Infinity` is none. */
export interface Term {
  deadline: number | undefined;
}

/** A wait for an update. An object of few fields: a conversation that is suspended holds it. */
export class UpdateWait implements Operation {
  readonly kind = "wait";
  readonly key: string;
  deadline: number | undefined;
  readonly host: WaitSpec;
  readonly #init: Contexts;

  constructor(key: string, deadline: number | undefined, host: WaitSpec, init: Contexts) {
    this.key = key;
    this.deadline = deadline;
    this.host = host;
    this.#init = init;
  }

  open(item: unknown): unknown {
    const { update, kept } = item as { readonly update: Update; readonly kept?: KeptValues };
    return this.#init.context(update, this.host.test?.(update, this.#init.ctx.services), kept);
  }

  openError(error: unknown): unknown {
    return expiryOf(this.key.slice("wait:".length), error);
  }
}

/**
 * The deadline of a wait that has just been called: in a replay that of its record, since by the clock it would be later.
 */
export function deadlineOf({ pending }: Coroutine, operation: Operation): number | undefined {
  const last = pending.values().at(-1);
  return last?.operation === operation ? last.deadline : operation.deadline;
}

/** Makes the error of a wait whose time is up. */
export function expired(waitedFor: string): (error: unknown) => unknown {
  return (error) => expiryOf(waitedFor, error);
}

function expiryOf(waitedFor: string, error: unknown): unknown {
  return error instanceof Error && error.name !== "WaitExpiredError"
    ? error
    : new WaitExpiredError(waitedFor);
}
