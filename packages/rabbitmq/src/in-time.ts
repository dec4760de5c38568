import { type Clock, sleep } from "balekit";

/**
 * The longest a broker is waited for: one whose queue has no leader keeps a channel waiting for more than a minute, and
 * whoever waited with it would hold up everything else.
 */
const ANSWER_MS = 20_000;

/** The broker has not answered, and may still do so. */
export class NoAnswerError extends Error {
  override readonly name: string = "NoAnswerError";
}

/** What the broker answers, or a rejection when it takes too long. What comes later is for nobody. */
export async function inTime<Answer>(
  answer: Promise<Answer>,
  clock: Clock,
  asking: string,
  limitMs: number = ANSWER_MS,
): Promise<Answer> {
  const isOver = new AbortController();
  const late = sleep(clock, limitMs, isOver.signal).then(
    () => Promise.reject(new NoAnswerError(`RabbitMQ has not answered within ${limitMs} ms: ${asking}.`)),
    () => answer,
  );
  late.catch(ignore);
  answer.catch(ignore);
  try {
    return await Promise.race([answer, late]);
  } finally {
    isOver.abort();
  }
}

function ignore(): void {}
