import { chownSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Nobody, on Linux; has a name in the list of users, which PostgreSQL asks for. */
const NOBODY = { uid: 65_534, gid: 65_534 };

/** Whom a server is run as: nobody when we are root, for which PostgreSQL and RabbitMQ have good reasons; else us. */
export function unprivileged(): { readonly uid?: number; readonly gid?: number } {
  return process.getuid?.() === 0 ? NOBODY : {};
}

/** A new folder in the system's temporary one that belongs to whom servers are run as. */
export function serverFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `balekit-${name}-`));
  const { uid, gid } = unprivileged();
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
  return folder;
}
