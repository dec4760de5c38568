import { setTimeout as sleep } from "node:timers/promises";
import { type Api, createApi } from "@balekit/api";
import { type Emulator, type EmulatedUser, emulator } from "@balekit/emulator";
import { Bot } from "balekit";
import { expect } from "vitest";

const TOKEN = "1000:a-token-that-opens-nothing-at-all-000000";

/** What stands around a snippet while it runs. */
export interface Stage {
  readonly bale: Emulator;
  /** A user of that Bale, called علی. */
  readonly ali: EmulatedUser;
  /** An api that calls that Bale. */
  readonly api: Api;
  /** A bot for snippets that do not make their own. */
  readonly bot: Bot;
  readonly expect: typeof expect;
  /** Repeats an assertion until it holds; fails with its last fault after twenty seconds. */
  readonly settled: (assertion: () => void) => Promise<void>;
  /** Runs `look` when a bot has begun to poll, then asks it to stop, as Ctrl+C would. */
  readonly whileRunning: (look: () => Promise<void>) => Promise<void>;
  readonly clear: () => Promise<void>;
}

/** Sets up an emulator of its own for one snippet, over HTTP if the snippet runs its bot. */
export async function stage({ listens }: { listens: boolean }): Promise<Stage> {
  const bale = emulator({ token: TOKEN });
  const server = listens ? await bale.listen({ port: 0 }) : undefined;
  process.env.BALE_TOKEN = TOKEN;
  // Without a server the address leads nowhere: no snippet ever reaches the real Bale.
  process.env.BALE_API_ROOT = server?.url ?? "http://127.0.0.1:1";
  const listeners = new Set(process.listeners("SIGTERM"));

  const api = createApi({ token: TOKEN });
  api.connect(bale.transport());

  return {
    bale,
    ali: bale.user({ first_name: "علی" }),
    api,
    bot: new Bot(TOKEN),
    expect,
    settled,
    whileRunning(look) {
      const looking = (async () => {
        try {
          await settled(() => expect(bale.calls.polls).toBeGreaterThan(0));
          await look();
        } finally {
          for (const stop of process.listeners("SIGTERM")) if (!listeners.has(stop)) stop("SIGTERM");
        }
      })();
      // Awaited by the snippet once its bot has stopped; until then a fault in it is not unhandled.
      looking.catch(() => undefined);
      return looking;
    },
    async clear() {
      await server?.close();
    },
  };
}

async function settled(assertion: () => void): Promise<void> {
  const end = Date.now() + 20_000;
  for (;;) {
    try {
      assertion();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await sleep(10);
  }
}
