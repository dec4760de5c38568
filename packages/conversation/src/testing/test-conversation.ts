import type {
  EmulatedUser,
  Emulator,
  Inbox,
  MessageLike,
  Payment,
  PayOptions,
  Press,
  PressOptions,
  SendsOptions,
  SentFile,
} from "@balekit/emulator";
import type { Bot, Context, Message } from "balekit";
import { EmulatorError } from "@balekit/emulator";
import type { Conversations } from "../conversations.js";
import type { AnyDefinition, ConversationDefinition } from "../definition.js";
import { durationMs } from "./duration.js";
import { Stage, type TestConversationOptions, type TestEnding } from "./stage.js";

/**
 * A conversation under test: a user who talks to it, and a clock to move. Everything it does resolves when the bot has
 * come to rest, and rejects with what the bot's code has thrown meanwhile.
 */
export class TestConversation<Args = void, Result = unknown> {
  /** The Bale it all happens in: for other people, groups, faults, and the calls the bot has made. */
  readonly bale: Emulator;
  /** The one who talks to the bot. */
  readonly user: EmulatedUser;
  readonly #stage: Stage;
  readonly #name: string;

  constructor(name: string, stage: Stage) {
    this.#stage = stage;
    this.#name = name;
    this.bale = stage.bale;
    this.user = stage.user;
  }

  /** Begins the conversation, as a handler does with `ctx.conversation.enter`. */
  async enter(...args: Args extends void ? [] : [args: Args]): Promise<void> {
    await this.#stage.enter(args[0]);
  }

  /** Writes a text, or any other content in Bale's shape. */
  sends(content: Parameters<EmulatedUser["sends"]>[0], options?: SendsOptions): Promise<Message> {
    return this.user.sends(content, options);
  }

  sendsPhoto(file?: SentFile, options?: SendsOptions): Promise<Message> {
    return this.user.sendsPhoto(file, options);
  }

  sendsDocument(file?: SentFile, options?: SendsOptions): Promise<Message> {
    return this.user.sendsDocument(file, options);
  }

  /** Shares a contact: one's own, or that of `contact`. */
  sendsContact(
    contact?: Parameters<EmulatedUser["sendsContact"]>[0],
    options?: SendsOptions,
  ): Promise<Message> {
    return this.user.sendsContact(contact, options);
  }

  /** Shares a place. @default the middle of Tehran */
  sendsLocation(
    location?: Parameters<EmulatedUser["sendsLocation"]>[0],
    options?: SendsOptions,
  ): Promise<Message> {
    return this.user.sendsLocation(location, options);
  }

  /** Presses a button, found by its label or its callback data. */
  presses(labelOrData: string, options?: PressOptions): Promise<Press> {
    return this.user.presses(labelOrData, options);
  }

  /** Pays an invoice. @default the last that the bot has sent */
  async pays(invoice?: MessageLike | string, options?: PayOptions): Promise<Payment> {
    const last = this.inbox.all.findLast((message) => message.invoice);
    const paid = invoice ?? last;
    if (paid === undefined) throw new EmulatorError("Paying: the bot has sent no invoice.");
    return this.user.pays(paid, options);
  }

  /** Tells the conversations of the user of an event, as `conversations.emit` does. Resolves to whether any took it. */
  emits(name: string, payload?: unknown): Promise<boolean> {
    return this.#stage.emit(name, payload);
  }

  /** Moves the time: by milliseconds, or by `"31m"`, `"1d 2h"`. What was to happen meanwhile has happened then. */
  async advance(duration: number | string): Promise<void> {
    await this.#stage.advance(durationMs(duration));
  }

  /** Ends the process and starts another, with nothing but what is stored. */
  restart(): Promise<void> {
    return this.#stage.restart();
  }

  /** Ends the process: its `onStop` hooks run. */
  stop(): Promise<void> {
    return this.#stage.stop();
  }

  /** What the bot wrote to the user in private. */
  get inbox(): Inbox {
    return this.user.inbox;
  }

  /** The bot's latest message. @throws EmulatorError when there is none */
  get last(): Message {
    return this.inbox.last;
  }

  /** All that was said and done so far, a line each. */
  get transcript(): readonly string[] {
    return this.#stage.tape.lines;
  }

  /** What the conversation has returned; `undefined` while it is under way. */
  get result(): Result | undefined {
    return this.ending?.result as Result | undefined;
  }

  /** How the conversation was over; `undefined` while it is under way. */
  get ending(): TestEnding | undefined {
    return this.#stage.endings.get(this.#name);
  }

  /** The bot of the process that is up. */
  async bot(): Promise<Bot> {
    return (await this.#stage.process()).bot;
  }

  /** The conversations of the process that is up: to list, inspect, retry or end them. */
  async talks(): Promise<Conversations> {
    return (await this.#stage.process()).talks;
  }
}

/**
 * Puts a conversation into a bot, and the bot into a Bale in memory. What depends on anything that is not in the journal
 * is found at its first step.
 * @example
 * const t = testConversation(order);
 * await t.enter({ product: 7 });
 * await t.sends("علی");
 * await t.advance("31m");
 * assert.equal(t.last.text, "لغو شد");
 */
export function testConversation<C extends Context, Args, Result>(
  definition: ConversationDefinition<C, Args, Result>,
  options: TestConversationOptions = {},
): TestConversation<Args, Result> {
  const { shadowReplay = 1, replay } = options;
  const play = { name: "test", seed: 1, shadowReplay, isAlwaysCold: replay === "always" };
  return new TestConversation(
    definition.name,
    new Stage(definition as unknown as AnyDefinition, options, play),
  );
}
