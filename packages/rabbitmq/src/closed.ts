import type { Channel, ChannelModel } from "amqplib";
import { type Clock, sleep } from "balekit";

/** A broker that is recovering its queues may keep a channel waiting for a minute. */
const CLOSE_MS = 2_000;

/** Closes a connection or a channel, or finds that it is closed. Resolves to false when nobody answers in time. */
export async function closed(what: Channel | ChannelModel, clock: Clock): Promise<boolean> {
  const isOver = new AbortController();
  const closing = new Promise<boolean>((resolve) => {
    const over = (): void => resolve(true);
    // Of what goes down meanwhile nobody hears anything but this.
    what.once("close", over);
    what.close().then(over, over);
  });
  const late = sleep(clock, CLOSE_MS, isOver.signal).then(
    () => false,
    () => true,
  );
  const isClosed = await Promise.race([closing, late]);
  isOver.abort();
  return isClosed;
}
