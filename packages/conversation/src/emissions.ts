import type { Clock } from "balekit";
import { ConversationStateError } from "./errors.js";
import type { Item } from "./lane-host.js";
import type { Verdict } from "./lane-offer.js";

/** How long a conversation that emits waits for one that another process works on. */
const PATIENCE_MS = 60_000;

/**
 * Events that conversations emit from inside `c.external`. Their own lane is busy meanwhile, so that two that emit to
 * each other at once would wait for ever: the later is refused. Knows of those in this process; of others it waits for
 * a minute.
 */
export class Emissions {
  readonly #clock: Clock;
  readonly #report: (error: unknown) => void;
  /** Which lanes each lane waits for, as often as it does. */
  readonly #waiting = new Map<string, string[]>();

  /** @param report told of what fails once an event is taken: nobody waits for it any more */
  constructor(clock: Clock, report: (error: unknown) => void) {
    this.#clock = clock;
    this.#report = report;
  }

  /**
   * Delivers an event, and resolves once it is taken: what it sets off goes on by itself.
   * @param from the lane that emits
   * @throws ConversationStateError when the other can't take it before this one rests
   */
  async deliver(
    from: string,
    to: string,
    item: Item,
    deliver: (item: Item) => Promise<Verdict>,
  ): Promise<Verdict> {
    if (this.#waits(to, from)) {
      throw new ConversationStateError(
        "Emitting inside c.external: the conversation it is for belongs to the same lane, or waits for this one to take an event, so neither could go on. Emit it from a handler, or let the other wait for an event before it emits its own.",
      );
    }
    const stop = new AbortController();
    const timer = this.#clock.setTimeout(() => {
      stop.abort(
        new ConversationStateError(
          `Emitting inside c.external: the conversation it is for has been busy for ${PATIENCE_MS / 1_000} s. Catch this error and emit it again later.`,
        ),
      );
    }, PATIENCE_MS);
    const targets = this.#waiting.get(from) ?? [];
    this.#waiting.set(from, targets);
    targets.push(to);
    try {
      return await new Promise<Verdict>((resolve, reject) => {
        let isTaken = false;
        const accept = (): void => {
          isTaken = true;
          resolve("taken");
        };
        deliver({ ...item, accept, signal: stop.signal }).then(resolve, (error: unknown) => {
          if (isTaken) this.#report(error);
          else reject(error as Error);
        });
      });
    } finally {
      this.#clock.clearTimeout(timer);
      targets.splice(targets.indexOf(to), 1);
      if (targets.length === 0) this.#waiting.delete(from);
    }
  }

  /** Whether a lane waits for another, through however many others. */
  #waits(lane: string, other: string, seen: Set<string> = new Set<string>()): boolean {
    if (lane === other) return true;
    if (seen.has(lane)) return false;
    seen.add(lane);
    return this.#waiting.get(lane)?.some((next) => this.#waits(next, other, seen)) === true;
  }
}
