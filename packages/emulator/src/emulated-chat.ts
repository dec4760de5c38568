import type { Chat, Message, User } from "@balekit/api";

import { type ChatRoom, chatOf, newestFirst, seenByPeople } from "./chats.js";
import { EmulatorError } from "./emulator-error.js";
import type { World } from "./world.js";

/** A chat as a test looks into it: everything in it, of both sides. */
export class EmulatedChat {
  readonly #world: World;
  readonly #room: ChatRoom;

  constructor(world: World, room: ChatRoom) {
    this.#world = world;
    this.#room = room;
  }

  get id(): number {
    return this.#room.id;
  }

  /** The chat in Bale's shape, as it is now. */
  get chat(): Chat {
    return chatOf(this.#room);
  }

  get title(): string {
    return this.#room.title;
  }

  get description(): string | undefined {
    return this.#room.description;
  }

  /** Messages of both sides, oldest first, as people see them: with reply keyboards too. */
  get messages(): Message[] {
    return [...this.#room.messages.values()].map(seenByPeople);
  }

  /** The latest message. @throws {EmulatorError} when there is none. */
  get last(): Message {
    for (const stored of newestFirst(this.#room)) return seenByPeople(stored);
    throw new EmulatorError(`Reading chat ${this.id}: nobody has written anything in it.`);
  }

  /** Who is in it, the bot too. A private chat has no list of members. */
  get members(): User[] {
    return [...this.#room.members.values()].map(({ user }) => user);
  }

  /** Ids of pinned messages, oldest pin first. */
  get pinned(): readonly number[] {
    return this.#room.pinned;
  }

  /** The labels of the keyboard in the place of the letters, row by row; empty when there is none. */
  get keyboard(): string[][] {
    const rows = this.#room.replyKeyboard?.markup.keyboard ?? [];
    return rows.map((row) => row.map((button) => (typeof button === "string" ? button : button.text)));
  }

  /** What the bot is shown to be doing now, such as `typing`: for six seconds, or until it writes. */
  get action(): string | undefined {
    const action = this.#room.action;
    return action !== undefined && action.until > this.#world.clock.now() ? action.action : undefined;
  }
}
