import type { Channel } from "node:diagnostics_channel";
import type { Update } from "@balekit/api";

import { userLineOf } from "./user-line.js";

/** Names a route for people: what it asks for and where in the bot's source it was registered. */
export interface RouteMark {
  /** As it was written: `command("start")`, `on("message:photo")`. */
  readonly label: string;
  /** `file:line:column` of the call that registered it; `undefined` when the stack does not tell. */
  readonly at: string | undefined;
}

/** Published on the diagnostics channel `balekit:route` when an update enters a route, before its handlers run. */
export interface RouteEvent extends RouteMark {
  readonly update: Update;
}

const entered: Channel = process.getBuiltinModule("node:diagnostics_channel").channel("balekit:route");

/** Tells whoever watches that an update enters a route. Costs nothing when nobody does. */
export function announce(update: Update, mark: RouteMark): void {
  if (!entered.hasSubscribers) return;
  const event: RouteEvent = { update, label: mark.label, at: mark.at };
  entered.publish(event);
}

/** Remembers the caller's line now and works it out when somebody asks. */
export function markHere(label: string): RouteMark {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 8;
  const trace = new Error(label);
  Error.stackTraceLimit = limit;
  return new LazyMark(label, trace);
}

class LazyMark implements RouteMark {
  readonly label: string;
  #trace: Error | undefined;
  #at: string | undefined;

  constructor(label: string, trace: Error) {
    this.label = label;
    this.#trace = trace;
  }

  get at(): string | undefined {
    if (this.#trace !== undefined) {
      this.#at = userLineOf(this.#trace)?.replace(/^file:\/\//, "");
      this.#trace = undefined;
    }
    return this.#at;
  }
}
