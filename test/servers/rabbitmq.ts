import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { connect } from "amqplib";
import { freePort } from "./free-port.js";
import { PrivateServer } from "./private-server.js";
import { findProgram, locateProgram } from "./program.js";
import { unprivileged } from "./unprivileged.js";

const run = promisify(execFile);

/** Where Debian keeps the program itself; the one on its PATH runs as root or as its own user only. */
const DEBIAN = "/usr/lib/rabbitmq/bin";

/** The port mapper of Erlang is ours too, a child of the same group, so that none is left behind. */
const SCRIPT = `
  [ -z "$1" ] || "$1" -address 127.0.0.1 -port "$ERL_EPMD_PORT" & mapper=$!
  "$0" & server=$!
  trap 'kill -TERM $server' TERM
  wait $server; wait $server 2>/dev/null
  kill $mapper 2>/dev/null
`;

/** A private RabbitMQ, with what a test can do to it besides. */
export interface RabbitServer {
  readonly server: PrivateServer;
  /** For clients: with user and password. */
  readonly url: string;
  /** As if its memory were full: it reads nothing more from whoever publishes. Or no longer. */
  alarm(isOn: boolean): Promise<void>;
}

/** Starts a private RabbitMQ without plugins. The path of its program may be put in RABBITMQ_SERVER_PATH. */
export async function startRabbit(): Promise<RabbitServer> {
  const program = locate();
  const [mapperPort, distributionPort] = [await freePort(), await freePort()];
  const env = (port: number, folder: string): NodeJS.ProcessEnv => ({
    HOME: folder,
    LANG: "C.UTF-8",
    ERL_EPMD_PORT: String(mapperPort),
    ERL_EPMD_ADDRESS: "127.0.0.1",
    RABBITMQ_CONF_ENV_FILE: join(folder, "no-such-file"),
    RABBITMQ_NODENAME: `balekit${port}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: "127.0.0.1",
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distributionPort),
    RABBITMQ_MNESIA_BASE: join(folder, "mnesia"),
    RABBITMQ_LOG_BASE: join(folder, "log"),
    RABBITMQ_CONFIG_FILE: join(folder, "rabbitmq.conf"),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "plugins"),
  });
  const urlOf = (port: number): string => `amqp://guest:guest@127.0.0.1:${port}`;
  const server = await PrivateServer.start({
    name: "rabbitmq",
    // Ten seconds on a machine that has nothing else to do, more than sixty on one that has much.
    startMs: 280_000,
    program: "/bin/sh",
    args: () => ["-c", SCRIPT, program, findProgram("epmd") ?? ""],
    env,
    prepare: async (folder) => {
      await writeFile(join(folder, "plugins"), "[].\n");
      await writeFile(join(folder, "rabbitmq.conf"), "disk_free_limit.absolute = 1MB\n");
    },
    answers: async (port) => {
      const connection = await connect(urlOf(port), { timeout: 2_000 });
      await connection.close();
    },
  });
  return {
    server,
    url: urlOf(server.port),
    alarm: async (isOn) => {
      const resource = "{resource_limit, memory, node()}";
      const call = isOn ? `set_alarm({${resource}, []})` : `clear_alarm(${resource})`;
      await run(join(dirname(program), "rabbitmqctl"), ["eval", `rabbit_alarm:${call}.`], {
        cwd: server.folder,
        env: { ...process.env, ...env(server.port, server.folder) },
        ...unprivileged(),
      });
    },
  };
}

function locate(): string {
  const named = process.env["RABBITMQ_SERVER_PATH"];
  const debian = join(DEBIAN, "rabbitmq-server");
  if ((named === undefined || named === "") && existsSync(debian)) return debian;
  return locateProgram("rabbitmq-server", {
    variable: "RABBITMQ_SERVER_PATH",
    folders: ["/usr/local/sbin", "/opt/homebrew/sbin"],
  });
}
