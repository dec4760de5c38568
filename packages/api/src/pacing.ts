import type { Call, Reply } from "./call.js";

/** Survives `{ ...options }` and two copies of this package. */
const PACED: unique symbol = Symbol.for("@balekit/api:paced");

/** A call whose rate limits somebody outside waits out, so that nobody inside has to. */
export function paced(call: Call): Call {
  return { ...call, options: Object.assign({}, call.options, { [PACED]: true }) } as Call;
}

/** A refusal after all the waiting that was to be done: whoever is outside does not begin to wait again. */
export function waitedOut(reply: Reply): Reply {
  return Object.assign({}, reply, { [PACED]: true });
}

/** Whether somebody else waits, or has waited, for the rate limit of this call. */
export function isPaced(call: Call, reply: Reply): boolean {
  return PACED in call.options || PACED in reply;
}
