import type { Channel, ConsumeMessage } from "amqplib";

/** One stretch of time in which this process listens to a partition: from subscribing until its channel goes. */
export class Tenure {
  readonly queue: string;
  readonly channel: Channel;
  /** Nothing more is to be begun: the partition is about to be given up. */
  isDraining = false;
  readonly #lost = new AbortController();
  #running = 0;
  #isOver = false;
  #onQuiet: (() => void) | undefined;

  constructor(queue: string, channel: Channel) {
    this.queue = queue;
    this.channel = channel;
  }

  /** Aborts when somebody else may be handed what is being worked on here. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** Whether the broker has handed, or will hand, what was not acknowledged to somebody else. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Updates begun and not done with. */
  get running(): number {
    return this.#running;
  }

  begun(): void {
    this.#running++;
  }

  ended(): void {
    this.#running--;
    if (this.#running === 0) this.#onQuiet?.();
  }

  /** Lets the broker forget a message. */
  acknowledge(message: ConsumeMessage): void {
    if (this.#isOver) return;
    try {
      this.channel.ack(message);
    } catch {
      // The connection has just gone: the update comes again, and is known here to be finished.
    }
  }

  /** Resolves when nothing runs, or the tenure has ended some other way. */
  quiet(): Promise<void> {
    if (this.#running === 0 || this.#isOver) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onQuiet = resolve;
    });
  }

  /** Ends it, by whatever way. */
  end(reason: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#lost.abort(reason);
    this.#onQuiet?.();
  }
}
