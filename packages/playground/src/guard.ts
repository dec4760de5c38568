import type { IncomingMessage } from "node:http";

const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * Says why a request must be refused, or `undefined` when it may pass.
 *
 * The playground can run a person's code and shows everything a bot says, so only pages of its own may talk to it.
 * A foreign `Host` means somebody's domain was pointed at this machine (DNS rebinding); a foreign `Origin`, or a
 * cross-site fetch, means another page in the same browser is knocking.
 */
export function refusal(request: IncomingMessage, port: number): string | undefined {
  const host = request.headers.host;
  if (host === undefined || !isOurs(host, port)) {
    return `Host ${JSON.stringify(host ?? "")} is not this playground. Open it as http://127.0.0.1:${port}.`;
  }
  const origin = request.headers.origin;
  if (origin !== undefined && !isOurOrigin(origin, port)) {
    return `Origin ${JSON.stringify(origin)} may not talk to the playground. Open it as http://127.0.0.1:${port}.`;
  }
  const site = request.headers["sec-fetch-site"];
  if (site === "cross-site" && request.headers["sec-fetch-mode"] !== "navigate") {
    return "A page of another site may not talk to the playground.";
  }
  return undefined;
}

function isOurs(host: string, port: number): boolean {
  const colon = host.lastIndexOf(":");
  const hasPort = colon > host.lastIndexOf("]");
  const name = hasPort ? host.slice(0, colon) : host;
  return LOOPBACK.has(name.toLowerCase()) && (hasPort ? host.slice(colon + 1) === String(port) : port === 80);
}

function isOurOrigin(origin: string, port: number): boolean {
  return origin.startsWith("http://") && isOurs(origin.slice("http://".length), port);
}
