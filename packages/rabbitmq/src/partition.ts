import type { Channel, ChannelModel, ConsumeMessage } from "amqplib";
import { type Clock, sleep } from "balekit";
import { closed } from "./closed.js";
import { LostClaimError } from "./errors.js";
import { inTime } from "./in-time.js";
import { Tenure } from "./tenure.js";

/** What a partition does with what it is given. */
export interface PartitionInit {
  readonly queue: string;
  /** The most updates taken from the broker and not yet acknowledged. */
  readonly prefetch: number;
  readonly clock: Clock;
  /** Takes a message in. What it answers is waited for before the next is taken; must not reject. */
  readonly take: (message: ConsumeMessage, tenure: Tenure) => Promise<void> | undefined;
  /** Told when a tenure may begin with messages again, or is over. */
  readonly moved: () => void;
  /** Told when it begins or ceases to listen or to get updates. */
  readonly changed: () => void;
}

/** How this process stands to a partition. */
type Standing = "off" | "opening" | "on" | "draining" | "closing";

/**
 * One queue of updates as a worker sees it. The broker hands its messages to one consumer only, the first that came;
 * whoever listens besides gets them when that one is gone.
 */
export class Partition {
  readonly #init: PartitionInit;
  #standing: Standing = "off";
  #tenure: Tenure | undefined;
  /** The last time it began to get in the line: what an earlier one still hears is not for this one. */
  #attempt: object | undefined;
  #isActive = false;
  #activeSince = 0;
  /** Came while one message has to be got over with first. */
  #held: ConsumeMessage[] = [];
  #isPaused = false;

  constructor(init: PartitionInit) {
    this.#init = init;
  }

  /** Whether it listens: gets updates, or is in the line for them. */
  get listens(): boolean {
    return this.#standing === "on" || this.#standing === "draining";
  }

  /** Whether it has been handed anything since it began to listen. */
  get isActive(): boolean {
    return this.listens && this.#isActive;
  }

  /** When it was handed the first, in ms since 1970; means nothing unless it is active. */
  get activeSince(): number {
    return this.#activeSince;
  }

  get isOff(): boolean {
    return this.#standing === "off";
  }

  /**
   * Gets in the line. Does nothing when it is there already. Rejects when the broker refuses or does not answer, as one
   * whose queue has no leader: then it is off, and may be tried again.
   */
  async listen(model: ChannelModel): Promise<void> {
    if (this.#standing !== "off") return;
    const attempt = {};
    this.#attempt = attempt;
    this.#standing = "opening";
    this.#isActive = false;
    this.#isPaused = false;
    this.#held = [];
    const { queue, clock, prefetch, changed } = this.#init;
    let channel: Channel | undefined;
    try {
      channel = await inTime(model.createChannel(), clock, `opening a channel for ${queue}`);
      channel.on("error", ignore);
      if (this.#attempt !== attempt) throw new LostClaimError(`Listening to ${queue}: it was given up.`);
      const tenure = new Tenure(queue, channel);
      this.#tenure = tenure;
      channel.on("close", () => this.#lose(tenure, "Its channel to RabbitMQ was closed."));
      await inTime(channel.prefetch(prefetch), clock, `setting the prefetch of ${queue}`);
      const consuming = channel.consume(queue, (message) => this.#receive(message, tenure));
      await inTime(consuming, clock, `listening to ${queue}`);
      if (this.#tenure !== tenure) throw new LostClaimError(`Listening to ${queue}: it was given up.`);
      this.#standing = "on";
      changed();
    } catch (error) {
      if (this.#attempt === attempt) {
        const tenure = this.#tenure;
        if (tenure === undefined) this.#standing = "off";
        else this.#lose(tenure, "RabbitMQ did not let it listen.");
      }
      // A broker that answers later would hand updates to a channel that nobody listens to any more.
      if (channel !== undefined) await closed(channel, clock);
      throw error;
    }
  }

  /**
   * Gives the partition up in a way that keeps order: begins nothing more, waits for what runs, and only then lets the
   * broker hand the rest to the next in line. Resolves to false when that took longer than `waitMs`: then it goes on.
   */
  async release(waitMs?: number): Promise<boolean> {
    const tenure = this.#tenure;
    if (this.#standing !== "on" || tenure === undefined) return this.#standing === "off";
    this.#standing = "draining";
    tenure.isDraining = true;
    const isOver = new AbortController();
    const late = sleep(this.#init.clock, waitMs ?? 0, isOver.signal).catch(ignore);
    await (waitMs === undefined ? tenure.quiet() : Promise.race([tenure.quiet(), late]));
    isOver.abort();
    if (this.#tenure !== tenure) return true;
    if (tenure.running > 0) {
      this.#standing = "on";
      tenure.isDraining = false;
      this.#init.moved();
      return false;
    }
    // The answer comes behind what was acknowledged: closing at once might outrun some of it.
    const { queue, clock } = this.#init;
    await inTime(tenure.channel.checkQueue(queue), clock, `looking at ${queue}`).catch(ignore);
    if (this.#tenure === tenure) await this.#close(tenure);
    return true;
  }

  /** Ends it now: what has not been acknowledged is handed to the next in line. */
  async abandon(reason: Error): Promise<void> {
    const tenure = this.#tenure;
    if (tenure === undefined) return;
    tenure.end(reason);
    await this.#close(tenure);
  }

  /** The connection is gone. */
  detach(): void {
    this.#attempt = undefined;
    if (this.#tenure !== undefined) this.#lose(this.#tenure, "The connection to RabbitMQ was lost.");
    this.#standing = "off";
  }

  async #close(tenure: Tenure): Promise<void> {
    tenure.end(new LostClaimError("Handling an update: its partition was given up."));
    this.#standing = "closing";
    await closed(tenure.channel, this.#init.clock);
    this.#leave(tenure);
  }

  #receive(message: ConsumeMessage | null, tenure: Tenure): void {
    if (this.#tenure !== tenure || tenure.isOver) return;
    if (message === null) {
      // The queue was deleted, or its node has gone: the line has to be entered anew.
      void this.abandon(new LostClaimError("Handling an update: RabbitMQ has ended the subscription."));
      return;
    }
    if (!this.#isActive) {
      this.#isActive = true;
      this.#activeSince = this.#init.clock.now();
      this.#init.changed();
    }
    if (this.#isPaused) this.#held.push(message);
    else this.#take(message, tenure);
  }

  #take(message: ConsumeMessage, tenure: Tenure): void {
    const pause = this.#init.take(message, tenure);
    if (pause === undefined) return;
    this.#isPaused = true;
    void pause.then(() => {
      if (this.#tenure !== tenure) return;
      this.#isPaused = false;
      while (!this.#isPaused) {
        const next = this.#held.shift();
        if (next === undefined) return;
        this.#take(next, tenure);
      }
    });
  }

  #lose(tenure: Tenure, saying: string): void {
    if (this.#tenure !== tenure || tenure.isOver) return;
    tenure.end(
      new LostClaimError(
        `Handling an update: ${saying} Another worker may have been handed the update; what was sent stays sent.`,
      ),
    );
    this.#leave(tenure);
  }

  #leave(tenure: Tenure): void {
    if (this.#tenure !== tenure) return;
    this.#tenure = undefined;
    this.#standing = "off";
    this.#isActive = false;
    this.#held = [];
    this.#init.moved();
    this.#init.changed();
  }
}

function ignore(): void {}
