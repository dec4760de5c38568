import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a server that can lose an answer: the server has done its work, and nobody hears of it. */
export interface CuttingProxy {
  readonly port: number;
  /** Cuts the connection on which the next answer comes, instead of passing it on; `first` runs before the cut. */
  cutNextAnswer(first?: () => Promise<unknown>): void;
  /** How many answers were cut. */
  readonly cuts: () => number;
  close(): Promise<void>;
}

/** Stands between clients and the server on this port of 127.0.0.1. */
export async function cuttingProxy(serverPort: number): Promise<CuttingProxy> {
  let next: (() => Promise<unknown>) | undefined;
  let cuts = 0;
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const server = connect(serverPort, "127.0.0.1");
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(one);
      one.on("error", () => undefined);
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
    client.on("data", (chunk) => server.write(chunk));
    server.on("data", (chunk) => {
      if (next === undefined) {
        client.write(chunk);
        return;
      }
      const first = next;
      next = undefined;
      void first().finally(() => {
        cuts++;
        client.destroy();
      });
    });
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  return {
    port: (proxy.address() as AddressInfo).port,
    cutNextAnswer(first = async () => undefined) {
      next = first;
    },
    cuts: () => cuts,
    async close() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await once(proxy, "close");
    },
  };
}
