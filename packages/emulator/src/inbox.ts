import type { Message } from "@balekit/api";

import { type ChatRoom, newestFirst, seenByPeople } from "./chats.js";
import { EmulatorError } from "./emulator-error.js";
import type { Events } from "./events.js";

/** What the bot wrote in a chat, as the people there see it now. */
export class Inbox {
  readonly #room: ChatRoom;
  readonly #botId: number;
  readonly #events: Events;
  readonly #whose: string;
  /** The number of the last message `next()` gave out, or passed over because a person wrote it. */
  #seen = 0;

  constructor(room: ChatRoom, botId: number, events: Events, whose: string) {
    this.#room = room;
    this.#botId = botId;
    this.#events = events;
    this.#whose = whose;
  }

  /** Every message of the bot, oldest first; edited ones as they stand, deleted ones not. */
  get all(): Message[] {
    return [...this.#room.messages.values()]
      .filter(({ authorId }) => authorId === this.#botId)
      .map((stored) => seenByPeople(stored));
  }

  /** The bot's latest message. @throws {EmulatorError} when there is none. */
  get last(): Message {
    for (const stored of newestFirst(this.#room)) {
      if (stored.authorId === this.#botId) return seenByPeople(stored);
    }
    throw new EmulatorError(`Reading ${this.#whose} inbox: it is empty, the bot has written nothing here.`);
  }

  /** Texts and captions of all messages, in order. */
  get texts(): string[] {
    return this.all.map(({ text, caption }) => text ?? caption ?? "");
  }

  get length(): number {
    return this.all.length;
  }

  /**
   * Waits for the first message of the bot that `next` has not given yet. For bots that are not attached: the answer
   * of one that polls comes when it comes.
   * @param options.timeoutMs real milliseconds to wait. @default 5000
   * @throws {EmulatorError} when none came in time.
   */
  next(options: { readonly timeoutMs?: number | undefined } = {}): Promise<Message> {
    const timeoutMs = options.timeoutMs ?? 5000;
    return new Promise((resolve, reject) => {
      const take = (): void => {
        const message = this.#unseen();
        if (message === undefined) return;
        stop();
        clearTimeout(timer);
        resolve(message);
      };
      const stop = this.#events.on(({ type }) => {
        if (type === "message") take();
      });
      const timer = setTimeout(() => {
        stop();
        reject(
          new EmulatorError(`Waiting for ${this.#whose} next message: none came within ${timeoutMs} ms.`),
        );
      }, timeoutMs);
      take();
    });
  }

  #unseen(): Message | undefined {
    while (this.#seen < this.#room.lastMessageId) {
      const stored = this.#room.messages.get(++this.#seen);
      if (stored?.authorId === this.#botId) return seenByPeople(stored);
    }
    return undefined;
  }
}
