import { keyFromText, prefixToText } from "./key.js";
import type { RedisHandle } from "./redis-server.js";

/** What is to be listed. */
export interface RedisListing {
  readonly ask: RedisHandle["ask"];
  /** What the names in Redis begin with, before the key. */
  readonly beginning: string;
  readonly prefix: string;
  /** Which of these keys, written as text, are alive; called once a page. */
  readonly live: (texts: readonly string[]) => Promise<readonly boolean[]>;
}

const PAGE = "500";

/** Every key that starts with the prefix. SCAN may name one twice, and misses none that is there all the while. */
export async function* redisKeys({ ask, beginning, prefix, live }: RedisListing): AsyncIterable<string> {
  const match = `${(beginning + prefixToText(prefix)).replace(/[\\*?[\]^]/g, "\\$&")}*`;
  const doing = (): string => `Listing the keys that begin with ${JSON.stringify(prefix)}`;
  const seen = new Set<string>();
  let cursor = "0";
  do {
    const args = ["SCAN", cursor, "MATCH", match, "COUNT", PAGE] as const;
    const [next, names] = (await ask({ doing, args: [...args], isWrite: false })) as [unknown, string[]];
    cursor = String(next);
    const texts: string[] = [];
    for (const name of names) {
      const text = name.slice(beginning.length);
      if (seen.has(text)) continue;
      seen.add(text);
      if (keyFromText(text).startsWith(prefix)) texts.push(text);
    }
    if (texts.length === 0) continue;
    const alive = await live(texts);
    for (const [at, text] of texts.entries()) if (alive[at] === true) yield keyFromText(text);
  } while (cursor !== "0");
}
