import type { ChannelModel } from "amqplib";
import { type Clock, type PollClaim, sleep } from "balekit";
import { LostClaimError, sayingOf } from "./errors.js";
import { inTime } from "./in-time.js";
import { lock } from "./lock.js";
import { onChannel } from "./topology.js";

const TRY_MS = 300;

/** What `claimQueue` needs. */
export interface LeaseInit {
  readonly queue: string;
  readonly clock: Clock;
  /** The connection the claim is to be bound to; `undefined` while there is none. */
  readonly model: () => ChannelModel | undefined;
  /** Told when somebody else has it, once. */
  readonly waiting: () => void;
}

/**
 * Waits until an exclusive queue can be declared, which one connection of all can have at a time. The claim lasts until
 * it is released or the connection is lost: a process that dies lets go of it by dying.
 */
export async function claimQueue(
  { queue, clock, model, waiting }: LeaseInit,
  signal: AbortSignal,
): Promise<PollClaim> {
  let hasTold = false;
  for (;;) {
    signal.throwIfAborted();
    const current = model();
    const isMine = current !== undefined && (await lock(current, queue, clock).catch(() => undefined));
    if (isMine === true && current !== undefined) return claimOn(current, queue, clock);
    if (isMine === false && !hasTold && current !== undefined) {
      hasTold = true;
      waiting();
    }
    // Not in step with others that wait.
    await sleep(clock, TRY_MS * (0.5 + Math.random() / 2), signal);
  }
}

function claimOn(model: ChannelModel, queue: string, clock: Clock): PollClaim {
  const lost = new AbortController();
  let isReleased = false;
  const onClose = (error?: Error): void => {
    const why = error === undefined ? "" : ` (${sayingOf(error)})`;
    lost.abort(
      new LostClaimError(
        `Asking Bale for updates: the connection to RabbitMQ that made this process the only one who asks is gone${why}.`,
      ),
    );
  };
  model.once("close", onClose);
  return {
    lost: lost.signal,
    async release() {
      if (isReleased) return;
      isReleased = true;
      model.off("close", onClose);
      if (lost.signal.aborted) return;
      try {
        await onChannel(model, clock, (channel) =>
          inTime(channel.deleteQueue(queue), clock, `deleting ${queue}`),
        );
      } catch {
        // Gone with its connection.
      }
    },
  };
}
