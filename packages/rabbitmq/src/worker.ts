import type { ChannelModel, ConsumeMessage } from "amqplib";
import type { InboxHost } from "balekit";
import { Clocks } from "./clocks.js";
import type { DeadLetters } from "./dead-letters.js";
import { decode, isProbe, probe } from "./envelope.js";
import { LostClaimError, sayingOf } from "./errors.js";
import { HandedOut } from "./handed-out.js";
import type { Link } from "./link.js";
import { LaneQueues } from "./lane-queues.js";
import type { Members } from "./members.js";
import { Partition } from "./partition.js";
import type { Publisher } from "./publisher.js";
import { Recent } from "./recent.js";
import { sharesOf } from "./shares.js";
import { MOST_DEATHS, type Suspects } from "./suspects.js";
import type { Tenure } from "./tenure.js";
import type { Topology } from "./topology.js";

/** How many finished updates a worker remembers: what is handed to it again is not handled again. */
const REMEMBERED = 16_384;
/** How long a partition's handlers may take to end before it is kept after all, and when it is tried again. */
const RELEASE_MS = 5_000;
const RELEASE_AGAIN_MS = 15_000;
/** How often a partition is asked whose it is. */
const PROBE_MS = 500;

/** What a worker is made of. */
export interface WorkerInit {
  readonly id: string;
  readonly host: InboxHost;
  readonly topology: Topology;
  readonly prefetch: number;
  /** The connection updates come in by. */
  readonly link: Link;
  readonly members: Members;
  /** Takes probes, and nothing that others wait for: a queue without a leader keeps its channel waiting. */
  readonly probes: Publisher;
  readonly deadLetters: DeadLetters;
  readonly suspects: Suspects;
}

/** Takes updates out of its share of the partitions and through the bot. */
export class Worker {
  readonly #init: WorkerInit;
  readonly #partitions: readonly Partition[];
  readonly #clocks = new Clocks();
  readonly #finished = new Recent<number | string>(REMEMBERED);
  /** Taken and not done with, by identity. */
  readonly #taken = new Map<number | string, Tenure>();
  readonly #lanes: LaneQueues;
  readonly #keptUntil = new Map<Partition, number>();
  readonly #probedAt = new Map<number, number>();
  readonly #probing = new Set<number>();
  /** Partitions that could not be listened to the last time, so that this is said once. */
  readonly #failing = new Set<Partition>();
  #isPaused = false;
  #isStale = false;
  #isReleasing = false;

  constructor(init: WorkerInit) {
    this.#init = init;
    const { host, topology, prefetch } = init;
    this.#lanes = new LaneQueues({
      isFinished: ({ identity }) => this.#finished.has(identity),
      leftOut: (update) => this.#forget(update),
      run: (update) => this.#run(update),
    });
    this.#partitions = topology.queues.map(
      (queue) =>
        new Partition({
          queue,
          prefetch,
          clock: host.clock,
          take: (message, tenure) => this.#take(message, tenure),
          moved: () => this.#lanes.advance(),
          changed: () => {
            init.members.tell();
            this.wake();
          },
        }),
    );
  }

  /** What the other workers are told. */
  get self(): { readonly listens: readonly number[]; readonly active: readonly number[] } {
    return {
      listens: this.#indices((partition) => partition.listens),
      active: this.#indices((partition) => partition.isActive),
    };
  }

  /** Updates that were handed to this worker and are not done with. */
  get pending(): number {
    return this.#taken.size;
  }

  /** Partitions this worker gets updates from. */
  get active(): readonly number[] {
    return this.self.active;
  }

  /** Looks soon whether it has the partitions it should. */
  wake(): void {
    if (this.#isStale) return;
    this.#isStale = true;
    // Not on the stack of whoever woke it: several causes of one moment are one pass.
    queueMicrotask(() => {
      this.#isStale = false;
      const { members, link } = this.#init;
      if (!this.#isPaused && members.isSettled && link.model !== undefined) this.#pass(link.model);
    });
  }

  /** The connection is gone: what runs may end, but it is somebody else's now. */
  detach(): void {
    for (const partition of this.#partitions) partition.detach();
  }

  /** Begins nothing more, and gives each partition up as soon as nothing of it runs. */
  pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    this.#init.members.leave();
    for (const partition of this.#partitions) void partition.release();
  }

  /** Gives back what has not ended. */
  async close(): Promise<void> {
    this.pause();
    const reason = new LostClaimError("Handling an update: the bot has stopped, and the update comes again.");
    await Promise.all(this.#partitions.map((partition) => partition.abandon(reason)));
  }

  #indices(test: (partition: Partition) => boolean): readonly number[] {
    const found: number[] = [];
    for (const [at, partition] of this.#partitions.entries()) if (test(partition)) found.push(at);
    return found;
  }

  /** Brings how it stands to each partition nearer to how it should. Waits for none: one that hangs holds up no other. */
  #pass(model: ChannelModel): void {
    const { id, members } = this.#init;
    const others = [...members.others].filter(([, { isLeaving }]) => !isLeaving).map(([name]) => name);
    const { owners, heirs } = sharesOf([id, ...others].toSorted(), this.#partitions.length);
    const surplus: Partition[] = [];
    for (const [at, partition] of this.#partitions.entries()) {
      const owner = owners[at] ?? id;
      const others = [...members.others.values()];
      if (owner === id) {
        if (partition.isOff) void this.#listen(partition, model);
        // Nobody says who gets its updates: a message that says nothing finds out.
        else if (!partition.isActive && !others.some(({ active }) => active.has(at))) this.#probe(at);
        continue;
      }
      const ownerIs = members.others.get(owner);
      if (partition.isActive) {
        // The owner has to be the next in line, or somebody else would get it and hand it on once more. What it told
        // before this worker was handed anything is the word of one who may have just died.
        const inLine = [...members.others].filter(([, { listens }]) => listens.has(at));
        const [next] = inLine;
        const isOwner = inLine.length === 1 && next?.[0] === owner;
        if (isOwner && next[1].seenAt >= partition.activeSince) surplus.push(partition);
      } else if (ownerIs?.active.has(at) === true && heirs[at]?.includes(id) === true) {
        if (partition.isOff) void this.#listen(partition, model);
      } else if (partition.listens) {
        const hasOther = others.some(({ active }) => active.has(at));
        const isHeir = heirs[at]?.includes(id) === true;
        // An heir stays in line while nobody knows who is served; it steps back for an owner who still has to come.
        if (!isHeir || hasOther) void partition.release(RELEASE_MS);
      }
    }
    if (this.#isReleasing) return;
    this.#isReleasing = true;
    void this.#releaseOneByOne(surplus).finally(() => {
      this.#isReleasing = false;
    });
  }

  /** Tried again at the next beat when it fails. */
  async #listen(partition: Partition, model: ChannelModel): Promise<void> {
    const { link, host } = this.#init;
    try {
      await partition.listen(model);
      this.#failing.delete(partition);
    } catch (error) {
      // The link notices by itself when the connection is gone.
      if (link.model !== model || this.#failing.has(partition)) return;
      this.#failing.add(partition);
      host.logger.warn(`RabbitMQ: taking a share of the partitions: ${sayingOf(error)} Trying again.`);
    }
    if (this.#isPaused) await partition.release();
  }

  /** One after another, so that the chats of one partition at a time have to wait for a moment. */
  async #releaseOneByOne(surplus: readonly Partition[]): Promise<void> {
    const { clock } = this.#init.host;
    for (const partition of surplus) {
      if (this.#isPaused) return;
      if ((this.#keptUntil.get(partition) ?? 0) > clock.now()) continue;
      if (!(await partition.release(RELEASE_MS))) {
        this.#keptUntil.set(partition, clock.now() + RELEASE_AGAIN_MS);
      }
    }
  }

  #probe(at: number): void {
    const { probes, topology, host } = this.#init;
    const now = host.clock.now();
    const queue = topology.queues[at];
    if (queue === undefined || this.#probing.has(at) || now - (this.#probedAt.get(at) ?? 0) < PROBE_MS)
      return;
    this.#probedAt.set(at, now);
    this.#probing.add(at);
    const over = (): void => void this.#probing.delete(at);
    probes.send([{ queue, ...probe() }]).then(over, over);
  }

  #take(message: ConsumeMessage, tenure: Tenure): Promise<void> | undefined {
    const { host, deadLetters, suspects } = this.#init;
    const update = isProbe(message) ? undefined : decode(message);
    if (update === undefined) {
      if (!isProbe(message)) {
        void host.onError(new Error("RabbitMQ: a message in a queue of updates is none; it is left out."));
      }
      tenure.acknowledge(message);
      return undefined;
    }
    const taken = new HandedOut(update, message, tenure, {
      host,
      deadLetters,
      clocks: this.#clocks,
      finished: ({ identity }) => this.#finished.add(identity),
    });
    if (this.#finished.has(taken.identity) || this.#taken.get(taken.identity) === tenure) {
      // A second copy, put in by somebody who did not know of the first, which is safe until it is finished.
      tenure.acknowledge(message);
      return undefined;
    }
    this.#taken.set(taken.identity, tenure);
    const tried = suspects.isOne(taken.returns)
      ? new Promise<void>((resolve) => {
          taken.tried = resolve;
        })
      : undefined;
    this.#lanes.add(taken);
    return tried;
  }

  async #run(taken: HandedOut): Promise<void> {
    const { tried, tenure, identity } = taken;
    if (tried === undefined) await taken.run();
    else {
      let over: Promise<void> | undefined;
      await this.#init.suspects.watch(tenure.queue, String(identity), (deaths) => {
        over = deaths < MOST_DEATHS ? taken.run() : this.#setAside(taken, deaths);
        return over;
      });
      tried();
      await over;
      if (!this.#finished.has(identity)) void this.#init.suspects.clear(tenure.queue, String(identity));
    }
    this.#forget(taken);
  }

  #forget({ identity, tenure }: HandedOut): void {
    if (this.#taken.get(identity) === tenure) this.#taken.delete(identity);
  }

  async #setAside(taken: HandedOut, deaths: number): Promise<void> {
    const saying = `Its handlers have brought a worker down ${deaths} times.`;
    await taken.setAside(saying, deaths);
    this.#init.host.logger.error(`Update ${taken.update.update_id} was set aside. ${saying}`);
  }
}
