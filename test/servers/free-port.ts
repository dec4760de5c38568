import { once } from "node:events";
import { createServer } from "node:net";

/** Below what Linux and macOS hand out by themselves, so that no connection takes the port of a server that is down. */
const FIRST = 20_000;
const COUNT = 10_000;

/** A port of 127.0.0.1 on which nothing listens now. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (await isFree(port)) return port;
  }
  throw new Error(`Looking for a free port: none of 100 between ${FIRST} and ${FIRST + COUNT} is free.`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    const listening = once(server, "listening");
    server.listen(port, "127.0.0.1");
    await listening;
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
