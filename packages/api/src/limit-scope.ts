/** Words with which Bale, and the proxy before it, refuse all that a bot sends, whatever the chat. */
const OF_THE_BOT = ["bot limit exceed", "local_rate_limited"];
/** A chat that has taken nothing for so long cannot have been sent too much. */
const FRESH_AFTER_MS = 5_000;
/** How far back chats are counted. */
const WINDOW_MS = 10_000;
/** So many chats, and such a share of those at work, do not meet limits of their own at one time. */
const MANY = 3;
const LARGE_SHARE = 0.3;

/**
 * Tells a limit of one chat from a limit of the whole bot. Bale's plain "Too Many Requests" does not say which it is,
 * but when it meets a chat that has had nothing lately, or one chat after another, it is the bot's.
 */
export class LimitScope {
  /** When each chat last took a call, and when it last met a limit; the longest ago first. */
  readonly #tookAt: Map<string, number> = new Map();
  readonly #limitedAt: Map<string, number> = new Map();
  /** Chats whose own limit was met last. */
  readonly #own: Set<string> = new Set();

  /** Learns that a call was let through. */
  passed(chat: string | undefined, now: number): void {
    if (chat === undefined) return;
    this.#own.delete(chat);
    note(this.#tookAt, chat, now);
  }

  /** Whether a limit that was met is the whole bot's. */
  isOfBot(chat: string | undefined, description: string, now: number): boolean {
    const words = description.toLowerCase();
    if (chat === undefined || OF_THE_BOT.some((limit) => words.includes(limit))) return true;
    note(this.#limitedAt, chat, now);
    prune(this.#tookAt, now);
    if (this.#isCommon()) return true;
    const tookAt = this.#tookAt.get(chat) ?? Number.NEGATIVE_INFINITY;
    // What was the chat's own still is when it is met again after a long rest.
    if (!this.#own.has(chat) && tookAt <= now - FRESH_AFTER_MS) return true;
    this.#own.add(chat);
    return false;
  }

  /** Lets go of what it knows of a chat that nothing waits for. */
  forget(chat: string | undefined): void {
    if (chat !== undefined) this.#own.delete(chat);
  }

  #isCommon(): boolean {
    if (this.#limitedAt.size < MANY) return false;
    let atWork = this.#tookAt.size;
    for (const chat of this.#limitedAt.keys()) if (!this.#tookAt.has(chat)) atWork++;
    return this.#limitedAt.size >= atWork * LARGE_SHARE;
  }
}

function note(times: Map<string, number>, chat: string, now: number): void {
  times.delete(chat);
  times.set(chat, now);
  prune(times, now);
}

function prune(times: Map<string, number>, now: number): void {
  for (const [chat, at] of times) {
    if (at > now - WINDOW_MS) break;
    times.delete(chat);
  }
}
