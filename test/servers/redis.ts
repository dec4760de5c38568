import { once } from "node:events";
import { connect } from "node:net";
import { PrivateServer } from "./private-server.js";
import { locateProgram } from "./program.js";

/** How the server is to run. */
export interface RedisServerOptions {
  /** `"always"`: on the disk before it is acknowledged. @default "everysec" */
  readonly appendfsync?: "always" | "everysec";
  /** More of redis.conf, as arguments: `["--maxmemory", "64mb"]`. */
  readonly args?: readonly string[];
}

/** Starts a private Redis that keeps an append-only file. The path of its program may be put in REDIS_SERVER_PATH. */
export function startRedis({
  appendfsync = "everysec",
  args = [],
}: RedisServerOptions = {}): Promise<PrivateServer> {
  return PrivateServer.start({
    name: "redis",
    program: locateProgram("redis-server", { variable: "REDIS_SERVER_PATH" }),
    args: (port, folder) => [
      ...["--bind", "127.0.0.1", "--port", String(port), "--dir", folder],
      ...["--save", "", "--appendonly", "yes", "--appendfsync", appendfsync],
      ...args,
    ],
    answers: ping,
  });
}

/** Rejects unless the server says PONG; while it still reads its file it says LOADING. */
async function ping(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.setTimeout(1_000, () => socket.destroy(new Error("Redis does not answer.")));
  try {
    socket.write("PING\r\n");
    const [answer] = (await once(socket, "data")) as [Buffer];
    if (!answer.toString().startsWith("+PONG")) throw new Error(answer.toString());
  } finally {
    socket.destroy();
  }
}
