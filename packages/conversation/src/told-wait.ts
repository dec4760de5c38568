import type { Context, UpdateTest } from "balekit";
import { answerTest } from "./answer.js";
import { isCommand } from "./wait-filter.js";

/** What somebody sends, in contrast to what happens in a chat. */
const isSent = answerTest(undefined);

/** A test that takes, beside what fits another, whatever else is sent that is no command. */
export function withOthers(test: UpdateTest): UpdateTest {
  return (update, viewer) => test(update, viewer) ?? (isCommand(update) ? undefined : isSent(update, viewer));
}

/** Waits until an update fits the query and the check; every other one is told to `otherwise`. */
export async function waitUntilTold<Found extends Context>(
  wait: () => Promise<Context>,
  { test, check, otherwise }: TellingWait<Found>,
): Promise<Found> {
  for (;;) {
    const found = await wait();
    const fits = test(found.update, found.services) !== undefined;
    if (fits && (check === undefined || (await check(found as Found)))) return found as Found;
    await otherwise(found as never);
  }
}

/** How the waits of one question that may come to nothing are judged. */
export interface TellingWait<Found extends Context> {
  /** The query alone. */
  readonly test: UpdateTest;
  readonly check: ((ctx: Found) => boolean | Promise<boolean>) | undefined;
  readonly otherwise: (ctx: never) => unknown;
}
