import { ConversationStateError } from "./errors.js";

/** The loss of a lane to another process, for those who carry out effects meanwhile. */
export class Loss {
  #controller: AbortController | undefined;
  #reason: Error | undefined;

  /** Aborts when the lane is lost; made when somebody asks for it, since few do and it costs more than a small effect. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  happen(): void {
    this.#reason ??= new ConversationStateError("The lane was taken over by another process.");
    this.#controller?.abort(this.#reason);
  }
}
