import type { ChannelModel } from "amqplib";
import type { Clock } from "balekit";
import { inTime } from "./in-time.js";
import { onChannel } from "./topology.js";

/** Declares a queue that only this connection may have. Resolves to whether it could. */
export async function lock(model: ChannelModel, queue: string, clock: Clock): Promise<boolean> {
  try {
    await onChannel(model, clock, (channel) =>
      inTime(channel.assertQueue(queue, { exclusive: true, durable: false }), clock, `making ${queue}`),
    );
    return true;
  } catch (error) {
    if ((error as { readonly code?: number }).code === 405) return false;
    throw error;
  }
}
