import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { refusal } from "./guard.js";
import { HANDLER_HEADER } from "./handler-watch.js";
import { servePage } from "./page.js";

/** The built chat page. Beside the compiled code in the package; from the source folder it is where the build puts it. */
const PAGE = fileURLToPath(new URL("../dist/ui", import.meta.url));

/** How many ports are tried after a taken one. */
const PORTS_TRIED = 20;

/** What a server asks of the rest of the playground. */
export interface ServerParts {
  /** Answers Bale's API, files and the control API; `false` when the path is none of them. */
  bale(request: IncomingMessage, response: ServerResponse): boolean | Promise<boolean>;
  /** Runs the answering of a call; `handler` is what the bot's process numbered it. */
  during<Result>(handler: number | undefined, answer: () => Result): Result;
  /** The bot made a call: it is up. */
  heard(method: string): void;
  /** Makes a response into a stream of what happens. */
  listen(response: ServerResponse): void;
  state(): unknown;
  readonly actions: Readonly<Record<string, () => unknown>>;
}

/** A server that listens. */
export interface Listening {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Opens the playground's one port, on this machine only: the page, its stream, Bale's API and the control API.
 *
 * @param port where to listen; a taken one moves to the next, and 0 takes any free one.
 */
export async function listen(parts: ServerParts, port: number): Promise<Listening> {
  let actual = 0;
  const server = createServer((request, response) => {
    answer(parts, actual, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error: `The playground failed: ${String(error)}` });
    });
  });
  // A long poll is quiet for as long as it likes.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 30_000;
  actual = await bind(server, port);
  return {
    port: actual,
    url: `http://127.0.0.1:${actual}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  parts: ServerParts,
  port: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const reason = refusal(request, port);
  if (reason !== undefined) return sendJson(response, 403, { error: reason });

  const path = new URL(request.url ?? "/", "http://127.0.0.1").pathname;
  if (path === "/playground/events" && request.method === "GET") return parts.listen(response);
  if (path === "/playground/state" && request.method === "GET") return sendJson(response, 200, parts.state());
  if (path.startsWith("/playground/"))
    return act(parts, path.slice("/playground/".length), request, response);

  const method = /^\/bot[^/]+\/(\w+)/.exec(path)?.[1];
  if (method !== undefined) parts.heard(method);
  const handler = Number(request.headers[HANDLER_HEADER] ?? Number.NaN);
  const known = Number.isSafeInteger(handler) ? handler : undefined;
  // The page comes first only where the emulator has nothing: it owns /bot…, /file/… and /emulator/….
  if (await servePage(PAGE, path, request, response)) return;
  if (await parts.during(known, () => parts.bale(request, response))) return;
  if (path === "/") {
    return sendJson(response, 503, { error: "The page is not built yet. Run `npm run build`, then reload." });
  }
  sendJson(response, 404, { error: `There is nothing at ${path}.` });
}

async function act(
  parts: ServerParts,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const action = Object.hasOwn(parts.actions, name) ? parts.actions[name] : undefined;
  if (action === undefined) return sendJson(response, 404, { error: `The playground has no ${name}.` });
  if (request.method !== "POST") return sendJson(response, 405, { error: `${name} takes POST.` });
  request.resume();
  await action();
  sendJson(response, 200, { ok: true });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  response.end(JSON.stringify(body));
}

async function bind(server: Server, port: number): Promise<number> {
  const last = port === 0 ? 0 : Math.min(port + PORTS_TRIED, 65_535);
  for (let candidate = port; ; candidate += 1) {
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(candidate, "127.0.0.1", () => {
          server.off("error", reject);
          resolve();
        });
      });
      return (server.address() as AddressInfo).port;
    } catch (error) {
      const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
      if (!taken || candidate >= last) throw error;
    }
  }
}
