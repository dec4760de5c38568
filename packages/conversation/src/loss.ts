import { ConversationStateError } from "./errors.js";

/** The loss of a lane, to another process or because this one stops, for those who carry out effects meanwhile. */
export class Loss {
  /** Where its step stands among those under way. */
  place = 0;
  readonly #flight: { wake(): void } | undefined;
  #controller: AbortController | undefined;
  #reason: Error | undefined;
  #stopped: Error | undefined;

  /** @param flight woken when this process gives the lane up because it stops */
  constructor(flight?: { wake(): void }) {
    this.#flight = flight;
  }

  /** Aborts when the lane is lost; made when somebody asks for it, since few do and it costs more than a small effect. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Gives the lane up because this process stops: nothing of the step is written from here on. */
  stop(): void {
    this.#stopped ??= new ConversationStateError(
      "The bot stops, and the step of a conversation has not ended in time. Who goes on with it does so as after a crash.",
    );
    this.#reason ??= this.#stopped;
    this.#controller?.abort(this.#reason);
    this.#flight?.wake();
  }

  get hasStopped(): boolean {
    return this.#stopped !== undefined;
  }

  /** @throws ConversationStateError once this process has given the lane up */
  throwIfStopped(): void {
    if (this.#stopped !== undefined) throw this.#stopped;
  }

  happen(): void {
    this.#reason ??= new ConversationStateError("The lane was taken over by another process.");
    this.#controller?.abort(this.#reason);
  }
}
