import type { Reply } from "balekit";
import type { AmbiguityPolicy } from "./ambiguity.js";
import type { Loss } from "./loss.js";

/** What a function that is run once is given. */
export interface ExternalRun {
  /** The same in every attempt: give it to whoever takes such keys, and nothing is done twice. */
  readonly idempotencyKey: string;
  /** True when an earlier attempt may have been carried out. */
  readonly isRepeat: boolean;
  /** Aborts when another process has taken the conversation over, and when the bot stops and its `graceMs` are over. */
  readonly signal: AbortSignal;
}

/**
 * One attempt. A class for the sake of its getter: to each object literal with a getter V8 gives a shape of its own, which
 * keeps all that the getter sees until the next full collection.
 */
export class ExternalAttempt implements ExternalRun {
  readonly idempotencyKey: string;
  readonly isRepeat: boolean;
  readonly #loss: Loss;

  constructor(idempotencyKey: string, isRepeat: boolean, loss: Loss) {
    this.idempotencyKey = idempotencyKey;
    this.isRepeat = isRepeat;
    this.#loss = loss;
  }

  get signal(): AbortSignal {
    return this.#loss.signal;
  }
}

/** What stands behind an effect, for those who carry it out. */
export type EffectSpec =
  | {
      readonly is: "api";
      readonly method: string;
      readonly params: unknown;
      readonly perform: () => Promise<Reply>;
      /** What `c.with` has said about this one. */
      readonly ambiguous: AmbiguityPolicy | undefined;
    }
  | {
      readonly is: "external";
      /** Names it in errors: `c.external`. */
      readonly place: string;
      readonly perform: (run: ExternalRun) => unknown;
      readonly ambiguous: AmbiguityPolicy | undefined;
    };
