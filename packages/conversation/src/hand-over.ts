import type { BotHost, Context } from "balekit";

/**
 * The hand-over of an update to conversations: begins when one may take the update, so that what the handlers before
 * have changed is written, and is over when that has had its turn, so that they read it anew.
 */
export class HandOver {
  readonly #bot: BotHost;
  readonly #ctx: Context;
  #begun: Promise<void> | undefined;
  #whole: Promise<void> | undefined;
  #end: (() => void) | undefined;

  constructor(bot: BotHost, ctx: Context) {
    this.#bot = bot;
    this.#ctx = ctx;
  }

  /** Resolves when a conversation may go on. Begins once, however often it is asked for. */
  begin(): Promise<void> {
    this.#begun ??= new Promise((resolve, reject) => {
      this.#whole = this.#bot.handOver(
        this.#ctx,
        () =>
          new Promise<void>((end) => {
            this.#end = end;
            resolve();
          }),
      );
      this.#whole.catch(reject);
    });
    return this.#begun;
  }

  /** Runs what may begin it, and ends it. */
  async around<Result>(run: () => Promise<Result>): Promise<Result> {
    let result: Result;
    try {
      result = await run();
    } catch (error) {
      await this.#over().catch(() => undefined);
      throw error;
    }
    await this.#over();
    return result;
  }

  async #over(): Promise<void> {
    this.#end?.();
    await this.#whole;
  }
}
