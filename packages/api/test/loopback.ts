import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { onTestFinished, vi } from "vitest";

/** A request as it arrived. */
export interface Arrived {
  readonly verb: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
  readonly text: string;
  /** The body as JSON. */
  readonly json: unknown;
}

/** What a test says the server answers: an object is sent as JSON, or write the response yourself. */
export type Answerer = (arrived: Arrived, response: ServerResponse, request: IncomingMessage) => unknown;

/** A real HTTP server on a free port of this machine, closed when the test that opened it ends. */
export interface Loopback {
  readonly url: string;
  readonly port: number;
  readonly arrived: Arrived[];
  /** Sockets opened so far. */
  readonly sockets: ReadonlySet<Socket>;
  /** Cuts every connection. */
  cut(): void;
}

export const TOKEN = "987654321:AbCdEfGhIjKlMnOpQrStUvWxYz_0123456789-ab";

const certificate = {
  key: readFileSync(new URL("./fixtures/tls/key.pem", import.meta.url)),
  cert: readFileSync(new URL("./fixtures/tls/certificate.pem", import.meta.url)),
};
export const CERTIFICATE: Buffer = certificate.cert;

export async function loopback(answer: Answerer = () => envelope(true), tls = false): Promise<Loopback> {
  const arrived: Arrived[] = [];
  const sockets = new Set<Socket>();
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("error", () => {});
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      const text = body.toString();
      const one: Arrived = {
        verb: request.method ?? "",
        path: request.url ?? "",
        headers: request.headers,
        body,
        text,
        get json(): unknown {
          return JSON.parse(text);
        },
      };
      arrived.push(one);
      void Promise.resolve(answer(one, response, request)).then((reply) => {
        if (response.writableEnded || reply === undefined) return;
        if (!response.headersSent) response.setHeader("content-type", "application/json");
        response.end(JSON.stringify(reply));
      });
    });
  };
  const server = tls ? createSecureServer(certificate, listener) : createServer(listener);
  server.on(tls ? "secureConnection" : "connection", (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `${tls ? "https" : "http"}://127.0.0.1:${port}`,
    port,
    arrived,
    sockets,
    cut: () => server.closeAllConnections(),
  };
}

/** A good answer. */
export function envelope(result: unknown): object {
  return { ok: true, result };
}

/** A refusal with the status that goes with it. */
export function refuse(
  response: ServerResponse,
  code: number,
  description: string,
  more: object = {},
): object {
  response.statusCode = code;
  return { ok: false, error_code: code, description, ...more };
}

/** Sends a text as it is. */
export function plain(response: ServerResponse, status: number, text: string, type = "text/html"): void {
  response.writeHead(status, { "content-type": type });
  response.end(text);
}

/** What a promise rejects with; fails the test when it resolves. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    const value = await promise;
    throw new Error(`resolved to ${JSON.stringify(value)} instead of rejecting`);
  } catch (error) {
    return error;
  }
}

/** Time stands still until the test ends, but for what the test moves it: a busy machine makes nothing late. */
export function stopTime(): void {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
}

/** Waits for what comes by itself while time stands still. Vitest's own polls would move it. */
export async function comes(holds: () => boolean): Promise<void> {
  for (const limit = Date.now() + 15_000; !holds(); await new Promise((resolve) => setImmediate(resolve))) {
    if (Date.now() > limit) throw new Error(`It does not come about: ${String(holds)}`);
  }
}
