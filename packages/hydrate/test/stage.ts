import { emulator } from "@balekit/emulator";
import { Bot } from "balekit";
import { onTestFinished } from "vitest";

/** A bot on an emulator, the errors its handlers threw, and what it logged. */
export function stage() {
  const bale = emulator();
  const lines: string[] = [];
  const log = (line: string, fields?: object): void =>
    void lines.push(`${line} ${JSON.stringify(fields ?? {})}`);
  const bot = new Bot(bale.token, { logger: { debug: log, info: log, warn: log, error: log } });
  const errors: unknown[] = [];
  bot.catch((error) => void errors.push(error.cause));
  bale.attach(bot);
  const ali = bale.user({ first_name: "Ali", username: "ali" });
  onTestFinished(async () => {
    await bot.stop({ graceMs: 0 });
    await bale.close();
  });
  return { bale, bot, ali, errors, lines };
}

/** Waits until a condition holds, letting everything else run meanwhile. */
export async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error("the condition never held");
    await new Promise((resolve) => setImmediate(resolve));
  }
}
