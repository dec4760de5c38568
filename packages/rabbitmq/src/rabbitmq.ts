import { randomBytes } from "node:crypto";
import { type ChannelModel, type ConfirmChannel, connect } from "amqplib";
import {
  BotStoppedError,
  type Clock,
  type DeadUpdate,
  type Inbox,
  type InboxHealth,
  type InboxHost,
  type PollClaim,
  sleep,
  type Update,
} from "balekit";
import { DeadLetters } from "./dead-letters.js";
import { encode, type Labels } from "./envelope.js";
import { found } from "./founding.js";
import { inTime } from "./in-time.js";
import { claimQueue } from "./lease.js";
import { Link } from "./link.js";
import { Members } from "./members.js";
import { type Outgoing, Publisher, putError } from "./publisher.js";
import { Recent } from "./recent.js";
import { Suspects } from "./suspects.js";
import { declare, queueOf, type Topology, topologyOf } from "./topology.js";
import { Worker } from "./worker.js";

/** Options of `rabbitInbox`. */
export interface RabbitInboxOptions {
  /** What the names of the bot's queues begin with. @default "balekit." and the bot's id */
  readonly prefix?: string | undefined;
  /**
   * Into how many queues the chats are divided: the most workers that can share the work. The same for every process,
   * and for as long as anything is under the prefix. @default 16
   */
  readonly partitions?: number | undefined;
  /** The most updates of one partition a worker holds at a time, running or waiting behind others of their chat. @default 64 */
  readonly prefetch?: number | undefined;
  /** How long `put` waits for the broker, in ms, before Bale is left to send the update again. @default 10_000 */
  readonly putTimeoutMs?: number | undefined;
  /** A connection that is silent for twice as long is given up by both sides. @default 5 */
  readonly heartbeatSeconds?: number | undefined;
}

/** An inbox on RabbitMQ, with what only this one has. */
export interface RabbitInbox extends Inbox {
  /** The partitions this process gets updates from right now, by number; the last one is that of payments. */
  readonly partitions: readonly number[];
}

/** How many confirmed updates are remembered, so that one fetched again is not put in again: twice what Bale keeps. */
const REMEMBERED = 4_096;

/**
 * Makes the inbox for bots on many machines: `new Bot(token, { inbox: rabbitInbox(url) })`. Needs RabbitMQ 3.10 or newer,
 * and no plugins.
 * @param url amqp:// or amqps://, with user, password and virtual host
 * @throws TypeError or RangeError for a URL or an option that cannot work
 */
export function rabbitInbox(url: string, options: RabbitInboxOptions = {}): RabbitInbox {
  checkUrl(url);
  checkNumber("partitions", options.partitions, 1, 1_024);
  checkNumber("prefetch", options.prefetch, 1, 65_535);
  checkNumber("putTimeoutMs", options.putTimeoutMs, 1, 2 ** 31 - 1);
  checkNumber("heartbeatSeconds", options.heartbeatSeconds, 1, 600);
  if (options.prefix !== undefined && !/^[\w.:-]{1,200}$/.test(options.prefix)) {
    throw misuse(
      TypeError,
      `rabbitInbox: prefix is ${JSON.stringify(options.prefix)}. Give letters, digits and . : - _ only.`,
    );
  }
  return new RabbitMq(url, options);
}

/** Everything that lives from `open` to `close`. */
interface Session {
  /** Random, so that others tell this process from all others. */
  readonly id: string;
  readonly host: InboxHost;
  /** Aborts with `close`. */
  readonly closing: AbortController;
  readonly topology: Topology;
  readonly publishers: Publishers;
  readonly outward: Link;
  readonly deadLetters: DeadLetters;
  readonly inward: Link | undefined;
  readonly members: Members | undefined;
  readonly worker: Worker | undefined;
}

/** A channel for each kind of message: the broker keeps a channel waiting that has sent to a queue without a leader. */
type Publishers = {
  /** Updates whose order matters. */
  readonly updates: Publisher;
  /** Payments, which wait behind nothing. */
  readonly payments: Publisher;
  /** Dead letters, and what is written down about suspects. */
  readonly notes: Publisher;
  readonly probes: Publisher;
};

class RabbitMq implements RabbitInbox {
  readonly #url: string;
  readonly #options: RabbitInboxOptions;
  readonly #known = new Recent<number>(REMEMBERED);
  /** What has been sent to the broker and not been confirmed, by update_id. */
  readonly #underWay = new Map<number, Promise<void>>();
  #session: Session | undefined;
  /** The last right to poll: what was fetched with one that is lost, another process may have put in and gone on. */
  #claim: PollClaim | undefined;

  constructor(url: string, options: RabbitInboxOptions) {
    this.#url = url;
    this.#options = options;
  }

  get partitions(): readonly number[] {
    return this.#session?.worker?.active ?? [];
  }

  async open(host: InboxHost): Promise<void> {
    if (this.#session !== undefined) {
      throw misuse(TypeError, "rabbitInbox: one inbox was given to two bots. Make one for each.");
    }
    const session = this.#sessionFor(host);
    this.#session = session;
    try {
      const signal = AbortSignal.any([host.signal, session.closing.signal]);
      await session.outward.open(signal);
      await session.inward?.open(signal);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async put(updates: readonly Update[]): Promise<void> {
    const {
      id: takenBy,
      topology,
      publishers,
      host,
      closing,
    } = this.#opened("Putting updates into RabbitMQ");
    const waits = new Set<Promise<void>>();
    const fresh: Update[] = [];
    for (const update of updates) {
      const underWay = this.#underWay.get(update.update_id);
      if (underWay !== undefined) waits.add(underWay);
      else if (!this.#known.has(update.update_id)) fresh.push(update);
    }
    const withdrawal = new AbortController();
    const lost = this.#claim?.lost;
    const withdrawn =
      lost === undefined || lost.aborted ? withdrawal.signal : AbortSignal.any([withdrawal.signal, lost]);
    if (fresh.length > 0) {
      const labels = { takenAt: host.clock.now(), takenBy };
      const sending = publish(fresh, labels, { topology, publishers, host }, withdrawn).then(
        () => this.#settle(fresh, true),
        (error: unknown) => {
          this.#settle(fresh, false);
          throw error;
        },
      );
      for (const { update_id: id } of fresh) this.#underWay.set(id, sending);
      waits.add(sending);
    }
    try {
      if (waits.size > 0) await this.#inTime(Promise.all(waits), host.clock, closing.signal);
    } catch (error) {
      withdrawal.abort();
      throw error;
    }
  }

  #settle(updates: readonly Update[], isSafe: boolean): void {
    for (const { update_id: id } of updates) {
      this.#underWay.delete(id);
      if (isSafe) this.#known.add(id);
    }
  }

  /** Waits for confirms for so long; what comes later for what was sent still counts, and it is not sent once more. */
  async #inTime(sending: Promise<unknown>, clock: Clock, closing: AbortSignal): Promise<void> {
    const { putTimeoutMs = 10_000 } = this.#options;
    const isOver = new AbortController();
    const late = sleep(clock, putTimeoutMs, AbortSignal.any([isOver.signal, closing])).then(
      () =>
        Promise.reject(putError(`RabbitMQ has not confirmed within ${putTimeoutMs} ms. It is tried again`)),
      () => (isOver.signal.aborted ? undefined : Promise.reject(putError("the bot has stopped"))),
    );
    try {
      await Promise.race([sending, late]);
    } finally {
      isOver.abort();
      late.catch(() => undefined);
      sending.catch(() => undefined);
    }
  }

  async claim(signal: AbortSignal): Promise<PollClaim> {
    const { host, topology, outward } = this.#opened("Asking Bale for updates");
    const claim = await claimQueue(
      {
        queue: topology.poller,
        clock: host.clock,
        model: () => outward.model,
        waiting: () =>
          host.logger.info("Another process asks Bale for updates. This one stands by to take over."),
      },
      signal,
    );
    this.#claim = claim;
    return {
      lost: claim.lost,
      release: () => {
        if (this.#claim === claim) this.#claim = undefined;
        return claim.release();
      },
    };
  }

  pause(): void {
    this.#session?.worker?.pause();
  }

  async close(): Promise<void> {
    const session = this.#session;
    if (session === undefined) return;
    this.#session = undefined;
    session.closing.abort();
    await session.worker?.close();
    for (const publisher of Object.values(session.publishers)) publisher.close();
    session.members?.close();
    await session.inward?.close();
    await session.outward.close();
  }

  health(): InboxHealth {
    const session = this.#session;
    if (session === undefined) return { state: "degraded", reason: "The inbox is not open." };
    const { outward, inward, publishers } = session;
    const isReady = publishers.updates.isReady && publishers.payments.isReady;
    const trouble =
      outward.trouble ?? inward?.trouble ?? (isReady ? undefined : "RabbitMQ is opening its queues");
    const pending = session.worker?.pending;
    return trouble === undefined
      ? { state: "ok", pending }
      : { state: "degraded", reason: sentenceOf(trouble), pending };
  }

  dead(): Promise<readonly DeadUpdate[]> {
    return this.#opened("Listing dead updates").deadLetters.list();
  }

  retry(id: string): Promise<boolean> {
    const session = this.#opened("Trying a dead update again");
    return session.deadLetters.take(id, (update) => {
      const now = session.host.clock.now();
      return publish([update], { takenAt: now, takenBy: session.id, retriedAt: now }, session);
    });
  }

  drop(id: string): Promise<boolean> {
    return this.#opened("Dropping a dead update").deadLetters.take(id);
  }

  #opened(doing: string): Session {
    if (this.#session === undefined) throw new BotStoppedError(doing);
    return this.#session;
  }

  #sessionFor(host: InboxHost): Session {
    const { clock, logger, botId, role = "both" } = host;
    const { prefix = `balekit.${botId}`, partitions = 16, prefetch = 64 } = this.#options;
    const { heartbeatSeconds = 5 } = this.#options;
    const topology = topologyOf(prefix, partitions);
    const closing = new AbortController();
    const publisher = (): Publisher =>
      new Publisher({
        clock,
        isBlocked: () => outward.isBlocked,
        stuck: (saying) => void outward.renew(saying),
      });
    const publishers: Publishers = {
      updates: publisher(),
      payments: publisher(),
      notes: publisher(),
      probes: publisher(),
    };
    const deadLetters = new DeadLetters({
      topology,
      publisher: publishers.notes,
      clock,
      connect: (): Promise<ChannelModel> => connect(this.#url, { timeout: 10_000 }),
    });
    const common = { url: this.#url, heartbeatSeconds, clock, logger };
    const id = randomBytes(8).toString("hex");
    // Both need the links, and the links tell them what becomes of the connections.
    const working: { members?: Members; worker?: Worker } = {};
    // Two connections: a broker in need reads nothing from those that publish, and so would miss what is acknowledged.
    const outward: Link = new Link({
      ...common,
      name: `${prefix} out`,
      up: async (model) => {
        await declare(model, topology, clock);
        await found(model, { topology, clock, logger, signal: closing.signal });
        const confirming = (): Promise<ConfirmChannel> => quiet(model.createConfirmChannel(), clock);
        const ordered = topology.queues.filter((queue) => queue !== topology.urgent);
        publishers.updates.attach(await confirming(), ordered);
        publishers.payments.attach(await confirming(), [topology.urgent]);
        publishers.notes.attach(await confirming(), []);
        publishers.probes.attach(await confirming(), []);
        await working.members?.attach(await quiet(model.createChannel(), clock));
      },
      down: () => {
        for (const each of Object.values(publishers)) each.detach();
        working.members?.detach();
      },
    });
    const base = { id, host, closing, topology, publishers, outward, deadLetters };
    if (role === "ingest") return { ...base, inward: undefined, members: undefined, worker: undefined };
    const inward: Link = new Link({
      ...common,
      name: `${prefix} in`,
      up: () => Promise.resolve(),
      ready: () => working.worker?.wake(),
      down: () => working.worker?.detach(),
    });
    const members = new Members({
      id,
      exchange: topology.members,
      clock,
      self: () => working.worker?.self ?? { listens: [], active: [] },
      changed: () => working.worker?.wake(),
      isDeaf: () => outward.trouble !== undefined,
    });
    const suspects = new Suspects({ id, link: outward, publisher: publishers.notes, clock });
    const worker = new Worker({
      id,
      host,
      topology,
      prefetch,
      link: inward,
      members,
      probes: publishers.probes,
      deadLetters,
      suspects,
    });
    Object.assign(working, { members, worker });
    return { ...base, inward, members, worker };
  }
}

/** Sends updates to the queues of their lanes, and payments to theirs. Resolves when all are safe. */
async function publish(
  updates: readonly Update[],
  labels: Labels,
  { topology, publishers, host }: Pick<Session, "topology" | "publishers" | "host">,
  withdrawn?: AbortSignal,
): Promise<void> {
  const ordered: Outgoing[] = [];
  const urgent: Outgoing[] = [];
  for (const update of updates) {
    const message = encode(update, labels);
    if (update.pre_checkout_query === undefined || update.pre_checkout_query === null)
      ordered.push({ queue: queueOf(topology, host.laneKey(update)), ...message });
    else urgent.push({ queue: topology.urgent, ...message });
  }
  await Promise.all([
    publishers.updates.send(ordered, withdrawn),
    publishers.payments.send(urgent, withdrawn),
  ]);
}

/** A channel whose errors are told by what they break, not thrown at the process. */
async function quiet<Made extends { on(event: "error", listener: () => void): unknown }>(
  channel: Promise<Made>,
  clock: Clock,
): Promise<Made> {
  const made = await inTime(channel, clock, "opening a channel");
  made.on("error", () => undefined);
  return made;
}

function sentenceOf(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function checkUrl(url: string): void {
  if (typeof url === "string" && /^amqps?:\/\/./.test(url) && URL.canParse(url)) return;
  // Not shown: there may be a password in it.
  throw misuse(
    TypeError,
    `rabbitInbox: the URL is ${typeof url === "string" ? "not one of RabbitMQ" : typeof url}. Give one that begins with amqp:// or amqps://.`,
  );
}

function checkNumber(name: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  throw misuse(
    RangeError,
    `rabbitInbox: ${name} is ${String(value)}. Give a whole number from ${least} to ${most}.`,
  );
}

function misuse(Kind: typeof TypeError | typeof RangeError, message: string): Error {
  return Object.assign(new Kind(message), { code: "ERR_BALE_OPTION" });
}
