import type { ConsumeMessage } from "amqplib";
import { type Clock, type InboxEntry, type InboxHost, sleep, type Update } from "balekit";
import type { Clocks } from "./clocks.js";
import type { DeadLetters } from "./dead-letters.js";
import { identityOf, type Labels, labelsOf, returnsOf } from "./envelope.js";
import type { Tenure } from "./tenure.js";

/** How long to wait before an update is set aside again, when the broker did not take it. */
const BURY_AGAIN_MS = 1_000;

/** What an update needs of its worker. */
export interface HandedOutInit {
  readonly host: InboxHost;
  readonly deadLetters: DeadLetters;
  /** What the clocks of other processes show. */
  readonly clocks: Clocks;
  /** Told once that the update is done with. */
  readonly finished: (update: HandedOut) => void;
}

/** One update of a partition on its way through the bot. */
export class HandedOut implements InboxEntry {
  readonly update: Update;
  readonly message: ConsumeMessage;
  readonly tenure: Tenure;
  readonly lane: string;
  /** What all copies of it have in common. */
  readonly identity: number | string;
  readonly takenAt: number;
  readonly attempt = 1;
  /** Told that it has been begun and got over with, or is at least no danger to others. */
  tried: (() => void) | undefined;
  readonly #init: HandedOutInit;
  #isFinished = false;

  constructor(update: Update, message: ConsumeMessage, tenure: Tenure, init: HandedOutInit) {
    this.update = update;
    this.message = message;
    this.tenure = tenure;
    this.#init = init;
    const labels = labelsOf(message);
    this.lane = init.host.laneKey(update);
    this.identity = identityOf(update, labels);
    this.takenAt = localTime(labels, init);
  }

  get signal(): AbortSignal {
    return this.tenure.signal;
  }

  /** How often it has been handed out before and not acknowledged. */
  get returns(): number {
    return returnsOf(this.message);
  }

  /** Runs it through the bot. Resolves when that is over, whatever became of it. */
  async run(): Promise<void> {
    this.tenure.begun();
    try {
      await this.#init.host.handle(this);
    } catch {
      // The bot stops, or the claim is lost: it is not acknowledged, and handed out again.
    }
    this.tenure.ended();
  }

  done(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.tenure.acknowledge(this.message);
    this.#init.finished(this);
  }

  async failed(error: string, attempt: number, retryInMs: number | undefined): Promise<void> {
    if (retryInMs === undefined) await this.setAside(error, attempt);
  }

  /** Puts it among the dead, however long the broker takes to take it; not once somebody else has it. */
  async setAside(error: string, attempts: number): Promise<void> {
    const { host, deadLetters } = this.#init;
    while (!this.#isUnwanted(host)) {
      try {
        await deadLetters.bury(this.update, error, attempts);
        this.done();
        return;
      } catch (fault) {
        void host.onError(fault, this.update);
        await pause(host.clock, this.signal);
      }
    }
  }

  #isUnwanted(host: InboxHost): boolean {
    return this.tenure.isOver || host.signal.aborted;
  }
}

/** When an update was taken in, by the clock of this process. */
function localTime({ takenAt, takenBy }: Labels, { host, clocks }: HandedOutInit): number {
  const now = host.clock.now();
  if (takenAt === undefined) return now;
  return takenBy === undefined ? takenAt : clocks.translate(takenBy, takenAt, now);
}

function pause(clock: Clock, signal: AbortSignal): Promise<void> {
  return sleep(clock, BURY_AGAIN_MS, signal).catch(() => undefined);
}
