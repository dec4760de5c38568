import type { ServerResponse } from "node:http";

/** How often an idle stream says that it is alive, so that proxies and sleeping laptops notice a dead one. */
const HEARTBEAT_MS = 15_000;

/** A page this far behind, such as one asleep, is let go of: it comes back for the present state, and fills no memory. */
const LONGEST_BACKLOG_BYTES = 16 * 1024 * 1024;

/** Server-sent events to every open page. A page that connects, or comes back, first gets the whole present state. */
export class Stream<Events extends object> {
  readonly #open = new Set<ServerResponse>();
  readonly #heartbeat: NodeJS.Timeout;

  constructor() {
    this.#heartbeat = setInterval(() => {
      for (const page of this.#open) page.write(": alive\n\n");
    }, HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /** How many pages are listening. */
  get size(): number {
    return this.#open.size;
  }

  /** Turns a response into a listening page, and sends it `state` first. */
  join<Name extends keyof Events & string>(response: ServerResponse, name: Name, state: Events[Name]): void {
    response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    response.write(`retry: 500\n\n${frame(name, state)}`);
    this.#open.add(response);
    response.on("close", () => this.#open.delete(response));
  }

  /** Tells every open page. */
  send<Name extends keyof Events & string>(name: Name, data: Events[Name]): void {
    if (this.#open.size === 0) return;
    const text = frame(name, data);
    for (const page of this.#open) {
      page.write(text);
      if (page.writableLength > LONGEST_BACKLOG_BYTES) page.destroy();
    }
  }

  /** Ends every stream; pages try to come back by themselves. */
  close(): void {
    clearInterval(this.#heartbeat);
    for (const page of this.#open) page.end();
    this.#open.clear();
  }
}

function frame(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
