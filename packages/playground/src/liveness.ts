/** How often a bot's process says that it is alive. */
export const ALIVE_MS = 1000;

/** A process that has missed this many of its words in a row is stuck. */
export const MISSED = 6;

/**
 * Notices a process that is busy with something that does not end: it no longer says that it is alive. What is counted
 * is the words that were missed, not time: a laptop that slept was not stuck.
 */
export class Liveness {
  readonly #changed: (isStuck: boolean) => void;
  #timer: NodeJS.Timeout | undefined;
  #missed = 0;

  /** @param changed hears when the process is stuck, and when it is no longer. */
  constructor(changed: (isStuck: boolean) => void) {
    this.#changed = changed;
  }

  /** A process was started: it is watched from now on. */
  start(): void {
    this.stop();
    this.#timer = setInterval(() => {
      this.#missed += 1;
      if (this.#missed === MISSED) this.#changed(true);
    }, ALIVE_MS).unref();
  }

  /** The process said that it is alive. */
  beat(): void {
    const wasStuck = this.#missed >= MISSED;
    this.#missed = 0;
    if (wasStuck) this.#changed(false);
  }

  /** The process is gone. */
  stop(): void {
    clearInterval(this.#timer);
    this.#missed = 0;
  }
}
