import type { IncomingMessage, ServerResponse } from "node:http";

import type { EmulatorEvent, Events } from "./events.js";

const HEARTBEAT_MS = 15_000;
/** A listener this far behind is let go of; it comes back for what it missed, instead of filling our memory. */
const LONGEST_BACKLOG_BYTES = 16 * 1024 * 1024;

/** Streams events to a browser until it goes away; one that comes back gets what it missed. */
export function streamEvents(events: Events, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
  });
  response.write("retry: 1000\n\n");
  const tell = (event: EmulatorEvent): void => {
    response.write(`id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event.data)}\n\n`);
    if (response.writableLength > LONGEST_BACKLOG_BYTES) response.destroy();
  };
  const lastId = Number(request.headers["last-event-id"]);
  if (Number.isInteger(lastId)) for (const event of events.since(lastId)) tell(event);
  const stop = events.on(tell);
  // A heartbeat is about sockets, not about the emulated time.
  const heartbeat = setInterval(() => response.write(": still here\n\n"), HEARTBEAT_MS);
  heartbeat.unref();
  response.once("close", () => {
    stop();
    clearInterval(heartbeat);
  });
}
