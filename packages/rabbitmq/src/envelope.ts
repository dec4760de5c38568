import type { Message, Options } from "amqplib";
import type { Update } from "balekit";

const PROBE = "balekit.probe";

/** What travels beside an update in the headers of its message. */
export interface Labels {
  /** When it was put in, in ms since 1970, by the clock of the process that did. */
  readonly takenAt?: number | undefined;
  /** Names that process, for as long as it lives. */
  readonly takenBy?: string | undefined;
  /** When it was handed out again by hand: it is not taken for a copy of the one that was set aside. */
  readonly retriedAt?: number | undefined;
  /** Of an update that was set aside. */
  readonly attempts?: number | undefined;
  readonly error?: string | undefined;
  readonly diedAt?: number | undefined;
}

/** An update as it lies in a queue: its JSON as Bale sent it, its id as the message's. */
export function encode(update: Update, labels: Labels = {}): { content: Buffer; options: Options.Publish } {
  const headers: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(labels)) if (value !== undefined) headers[name] = value;
  return {
    content: Buffer.from(JSON.stringify(update)),
    options: {
      persistent: true,
      contentType: "application/json",
      messageId: String(update.update_id),
      headers,
    },
  };
}

/** The update in a message; `undefined` when it holds something else. */
export function decode(message: Message): Update | undefined {
  try {
    const value = JSON.parse(message.content.toString()) as Partial<Update> | null;
    return Number.isSafeInteger(value?.update_id) ? (value as Update) : undefined;
  } catch {
    return undefined;
  }
}

/** What travels beside the update. */
export function labelsOf({ properties: { headers } }: Message): Labels {
  return (headers ?? {}) as Labels;
}

/** What copies of one update have in common. */
export function identityOf(update: Update, labels: Labels): number | string {
  return labels.retriedAt === undefined ? update.update_id : `${update.update_id}/${labels.retriedAt}`;
}

/** How often a message has been handed to somebody who did not acknowledge it. */
export function returnsOf({ properties: { headers } }: Message): number {
  const { "x-delivery-count": delivered, "x-acquired-count": acquired } = headers ?? {};
  return Math.max(Number(delivered ?? 0), Number(acquired ?? 0));
}

/** A message that says nothing: whoever gets it knows that a partition is his. */
export function probe(): { content: Buffer; options: Options.Publish } {
  return { content: Buffer.from("{}"), options: { persistent: false, type: PROBE } };
}

/** Whether a message is a `probe`. */
export function isProbe({ properties }: Message): boolean {
  return properties.type === PROBE;
}
