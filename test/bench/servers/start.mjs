import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Forks the bare server; resolves when it listens. */
export async function startServer(options = {}) {
  const child = fork(fileURLToPath(new URL("./bale.mjs", import.meta.url)), [JSON.stringify(options)]);
  const [{ port }] = await once(child, "message");
  return {
    url: `${options.tls ? "https" : "http"}://localhost:${port}`,
    /** Queues updates and resolves with the server's own count once every one is answered. */
    async serve(load) {
      const answered = once(child, "message");
      child.send({ load });
      const [{ done }] = await answered;
      return done;
    },
    stop: () => child.kill(),
  };
}
