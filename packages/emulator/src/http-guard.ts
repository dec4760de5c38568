import type { IncomingMessage } from "node:http";

import { isLoopback } from "./webhook.js";

/**
 * Says why a request must not be served, or nothing when it may. A page in somebody's browser can reach a server on
 * loopback, by name (DNS rebinding: the Host is foreign) or by address (the Origin is foreign); both are refused.
 * `hosts` are further names that may be used, for servers opened wider on purpose; a page of another origin is
 * refused even then.
 */
export function guardProblem(request: IncomingMessage, hosts: readonly string[]): string | undefined {
  const host = request.headers.host;
  if (host === undefined) return "Refused: the request has no Host header.";
  if (!isAllowed(`http://${host}`, hosts)) {
    return `Refused: the Host "${host}" is not this machine. Use 127.0.0.1 or localhost, or allow the name.`;
  }
  const { origin } = request.headers;
  if (origin !== undefined && !isSameHost(origin, host) && !isAllowed(origin, NO_HOSTS)) {
    return `Refused: the Origin "${origin}" is not this machine.`;
  }
  // A page's image or link carries no Origin; the browser itself says whose it is.
  if (origin === undefined && request.headers["sec-fetch-site"] === "cross-site") {
    return "Refused: a page of another site asks for this.";
  }
  return undefined;
}

const NO_HOSTS: readonly string[] = [];

/** Whether a page comes from the very server it asks. */
function isSameHost(origin: string, host: string): boolean {
  return origin === `http://${host}` || origin === `https://${host}`;
}

/** Host names met before; clients come under few, so this stays small and is emptied when somebody makes it grow. */
const hostnames: Map<string, string | undefined> = new Map();
const KNOWN_HOSTNAMES = 100;

function isAllowed(address: string, hosts: readonly string[]): boolean {
  if (!hostnames.has(address)) {
    if (hostnames.size >= KNOWN_HOSTNAMES) hostnames.clear();
    hostnames.set(address, hostnameOf(address));
  }
  const hostname = hostnames.get(address);
  if (hostname === undefined) return false;
  return isLoopback(hostname) || hosts.includes("*") || hosts.includes(hostname);
}

function hostnameOf(address: string): string | undefined {
  try {
    return new URL(address).hostname.replace(/^\[|\]$/g, "");
  } catch {
    return undefined;
  }
}
