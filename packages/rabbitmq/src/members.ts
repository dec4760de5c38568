import type { Channel, ConsumeMessage } from "amqplib";
import type { Clock, Timer } from "balekit";
import { inTime } from "./in-time.js";

const BEAT_MS = 1_000;
/** Whoever has not been heard of for so long is taken for dead; the broker hands its updates over long before. */
const SILENCE_MS = 3_500;
/** How long a new worker listens before it decides what is its share: the others answer its greeting at once. */
const GREETING_MS = 150;
/** Several changes in one moment are told once. */
const SETTLE_MS = 10;

/** What a worker tells the others of itself. */
interface Beat {
  readonly id: string;
  /** The partitions it listens to, whether or not it gets anything. */
  readonly listens: readonly number[];
  /** Those it gets updates from. */
  readonly active: readonly number[];
  /** It is new, or leaves. */
  readonly news?: "hello" | "bye" | undefined;
}

/** Another worker, as it was last heard. */
export interface Member {
  readonly listens: ReadonlySet<number>;
  readonly active: ReadonlySet<number>;
  /** It is to have none any more, and hands over what it has. */
  readonly isLeaving: boolean;
  readonly seenAt: number;
}

/** What `Members` needs. */
export interface MembersInit {
  readonly id: string;
  readonly exchange: string;
  readonly clock: Clock;
  /** What this worker is to tell of itself. */
  readonly self: () => { readonly listens: readonly number[]; readonly active: readonly number[] };
  /** Told when somebody came, went, or has other partitions. */
  readonly changed: () => void;
  /** Whether nobody can be heard right now: then nobody is taken for dead. */
  readonly isDeaf: () => boolean;
}

/** Who else works, told by each to all the others every second and whenever something changes. */
export class Members {
  readonly #init: MembersInit;
  readonly #others = new Map<string, Member>();
  #channel: Channel | undefined;
  #timer: Timer;
  #soon: Timer;
  #isLeaving = false;
  #isSettled = false;
  #heardAt = 0;

  constructor(init: MembersInit) {
    this.#init = init;
  }

  /** The other workers by name. */
  get others(): ReadonlyMap<string, Member> {
    return this.#others;
  }

  /** Whether it has had the time to hear who else there is. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Takes part over this channel, which dies with its connection. */
  async attach(channel: Channel): Promise<void> {
    const { exchange, clock, changed } = this.#init;
    const made = channel.assertQueue("", { exclusive: true, durable: false, autoDelete: true });
    const { queue } = await inTime(made, clock, "making a queue to hear other workers");
    await inTime(channel.bindQueue(queue, exchange, ""), clock, `binding it to ${exchange}`);
    const consuming = channel.consume(queue, (message) => message && this.#hear(message), { noAck: true });
    await inTime(consuming, clock, "hearing other workers");
    this.detach();
    // Nobody is dead because we heard nothing while we were away.
    this.#heardAt = clock.now();
    this.#channel = channel;
    this.#beat("hello");
    clock.setTimeout(() => {
      this.#isSettled = true;
      changed();
    }, GREETING_MS);
    this.#tick();
  }

  detach(): void {
    this.#channel = undefined;
    // Whom it knows stays known: they cannot be heard, which does not mean that they are gone.
    this.#init.clock.clearTimeout(this.#timer);
  }

  /** Tells the others soon what has changed here. */
  tell(): void {
    this.#soon ??= this.#init.clock.setTimeout(() => {
      this.#soon = undefined;
      this.#beat(this.#isLeaving ? "bye" : undefined);
    }, SETTLE_MS);
  }

  /** Tells the others that this worker is to have no partitions any more. */
  leave(): void {
    this.#isLeaving = true;
    this.#beat("bye");
  }

  close(): void {
    this.detach();
    this.#init.clock.clearTimeout(this.#soon);
  }

  #tick(): void {
    const { clock, changed, isDeaf } = this.#init;
    this.#timer = clock.setTimeout(() => {
      this.#beat(this.#isLeaving ? "bye" : undefined);
      if (isDeaf()) this.#heardAt = clock.now();
      const limit = clock.now() - SILENCE_MS;
      for (const [id, { seenAt }] of this.#others) {
        if (Math.max(seenAt, this.#heardAt) < limit) this.#others.delete(id);
      }
      changed();
      this.#tick();
    }, BEAT_MS);
  }

  #beat(news?: Beat["news"]): void {
    const { id, exchange, self } = this.#init;
    if (this.#channel === undefined) return;
    const beat: Beat = { id, ...self(), news };
    try {
      // One that waits for the end of an alarm would tell the past.
      this.#channel.publish(exchange, "", Buffer.from(JSON.stringify(beat)), { expiration: SILENCE_MS });
    } catch {
      // The channel has just gone; the next one says hello.
    }
  }

  #hear(message: ConsumeMessage): void {
    const { id: own, clock, changed } = this.#init;
    const beat = beatIn(message);
    // What is none of ours may have been sent there by hand, or by a release to come.
    if (beat === undefined || beat.id === own) return;
    const known = this.#others.get(beat.id);
    // Whoever leaves still tells what it has not handed over yet, so it is listed until it is silent; it owns nothing.
    if (beat.news === "bye" && beat.listens.length === 0) this.#others.delete(beat.id);
    else {
      this.#others.set(beat.id, {
        listens: new Set(beat.listens),
        active: new Set(beat.active),
        seenAt: clock.now(),
        isLeaving: beat.news === "bye",
      });
    }
    if (beat.news === "hello") this.tell();
    if (beat.news !== undefined || !isSame(known, beat)) changed();
  }
}

/** What another worker tells; `undefined` when a message is something else. */
function beatIn({ content }: ConsumeMessage): Beat | undefined {
  try {
    const beat = JSON.parse(content.toString()) as Beat | null;
    const isBeat = typeof beat?.id === "string" && Array.isArray(beat.listens) && Array.isArray(beat.active);
    return isBeat ? beat : undefined;
  } catch {
    return undefined;
  }
}

function isSame(known: Member | undefined, beat: Beat): boolean {
  return (
    known !== undefined &&
    known.listens.size === beat.listens.length &&
    known.active.size === beat.active.length &&
    beat.listens.every((partition) => known.listens.has(partition)) &&
    beat.active.every((partition) => known.active.has(partition))
  );
}
