import { type EmulatedUser, emulator, type Emulator } from "@balekit/emulator";
import { Bot, type LaneStore, type Logger, memoryLanes } from "balekit";
import { type Conversations, conversations } from "../src/conversations.js";
import type { ConversationsOptions } from "../src/conversations-options.js";
import type { LaneEvent } from "../src/lane-event.js";

/** Processes that come and go over one store, with people who write to whichever is up. */
export class Deploys {
  readonly bale: Emulator = emulator();
  readonly storage: LaneStore = memoryLanes({ clock: this.bale.clock });
  readonly errors: Error[] = [];
  readonly events: LaneEvent[] = [];
  readonly warnings: string[] = [];
  /** What no conversation has taken. */
  readonly passed: string[] = [];
  #stop: (() => Promise<void>) | undefined;
  #detach: (() => void) | undefined;

  /** Ends the process that is up, and begins another with this code. */
  async deploy(options: ConversationsOptions): Promise<Conversations> {
    await this.stop();
    const nothing = (): void => undefined;
    const logger: Logger = {
      debug: nothing,
      info: nothing,
      warn: (line) => void this.warnings.push(line),
      error: nothing,
    };
    const bot = new Bot(undefined, { logger });
    bot.catch((error) => void this.errors.push(error));
    const talks = conversations({
      storage: this.storage,
      onEvent: (event) => void this.events.push(event),
      ...options,
    });
    bot.extend(talks).on("message:text", (ctx) => void this.passed.push(ctx.text));
    const detach = this.bale.attach(bot);
    this.#detach = detach;
    this.#stop = async () => {
      await bot.stop();
      detach();
    };
    return talks;
  }

  /** Takes the process that is up off the line without a word, as death does; its store has to be dead as well. */
  abandon(): void {
    this.#detach?.();
    this.#stop = undefined;
  }

  async stop(): Promise<void> {
    await this.#stop?.();
    this.#stop = undefined;
  }

  /** Says something, and lets what it sets off come to rest. */
  async say(user: EmulatedUser, text: string): Promise<void> {
    await user.sends(text);
    for (let turn = 0; turn < 10; turn++) await this.bale.clock.advance(0);
  }

  /** Lets time pass, and what it sets off come to rest. */
  async pass(ms: number): Promise<void> {
    await this.bale.clock.advance(ms);
    for (let turn = 0; turn < 10; turn++) await this.bale.clock.advance(0);
  }

  eventsOf<Type extends LaneEvent["type"]>(type: Type): Extract<LaneEvent, { readonly type: Type }>[] {
    return this.events.filter(
      (event): event is Extract<LaneEvent, { readonly type: Type }> => event.type === type,
    );
  }
}

/** What somebody has been told, in order. */
export function told(user: EmulatedUser): readonly (string | undefined)[] {
  return user.inbox.all.map(({ text }) => text);
}

export async function open(
  talks: Conversations,
): Promise<readonly { readonly id: string; readonly parked?: unknown }[]> {
  const found = [];
  for await (const one of talks.list()) found.push(one);
  return found;
}
