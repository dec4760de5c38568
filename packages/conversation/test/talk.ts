import type { EmulatedChat, EmulatedUser, Emulator } from "@balekit/emulator";
import { type LaneStore, memoryLanes, type Transformer } from "balekit";

/** Says something, and lets what it sets off come to rest: an update counts as handled once it is safe. */
export async function say(
  bale: Emulator,
  user: EmulatedUser,
  text: string,
  options: { chat?: EmulatedChat } = {},
): Promise<void> {
  await user.sends(text, options);
  await quiet(bale);
}

/** Lets everything that needs no time come to rest. */
export async function quiet(bale: Emulator): Promise<void> {
  for (let turn = 0; turn < 15; turn++) await bale.clock.advance(0);
}

/** What a user has been told, oldest first. */
export function told(user: EmulatedUser): readonly (string | undefined)[] {
  return user.inbox.all.map(({ text }) => text);
}

/** A process that dies when it is told to: from then on nothing it waits for ever comes. */
export class Mortal {
  readonly storage: LaneStore;
  #isDead = false;

  constructor(storage: LaneStore) {
    const mine = <Args extends unknown[], Value>(run: (...args: Args) => Promise<Value>) => {
      return (...args: Args): Promise<Value> =>
        this.#isDead ? new Promise(() => undefined) : run(...args).then((value) => this.#alive(value));
    };
    this.storage = {
      load: mine(storage.load.bind(storage)),
      commit: mine(storage.commit.bind(storage)),
      delete: mine(storage.delete.bind(storage)),
      due: mine(storage.due.bind(storage)),
      find: mine(storage.find.bind(storage)),
      keys: (prefix) => storage.keys(prefix),
    };
  }

  /** Dies here and now: whoever waits for this waits for ever. */
  die(): Promise<never> {
    this.#isDead = true;
    return new Promise(() => undefined);
  }

  /** Dies when Bale has carried out a call, before anybody has heard of it. */
  dieAfter(
    bot: { transform(transformer: Transformer): unknown },
    fits: (call: { readonly method: string; readonly params: unknown }) => boolean,
  ): this {
    bot.transform(async (call, next) => {
      const reply = await next(call);
      if (!this.#isDead && fits(call)) return this.die();
      return this.#alive(reply);
    });
    return this;
  }

  #alive<Value>(value: Value): Value | Promise<Value> {
    return this.#isDead ? new Promise(() => undefined) : value;
  }
}

/** A store in memory that lives in the time of an emulator. */
export function lanesOf(bale: Emulator): LaneStore {
  return memoryLanes({ clock: bale.clock });
}
