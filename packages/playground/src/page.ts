import { readFile, stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, normalize, sep } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

/** What every answer of the page carries: nothing from elsewhere, nothing inline, never inside another page's frame. */
const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' blob:",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
};

/**
 * Serves the built chat page from a folder. Answers `false` when the path is none of its files, so that the server can
 * go on looking.
 */
export async function servePage(
  folder: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  if (request.method !== "GET" && request.method !== "HEAD") return false;
  const wanted = normalize(join(folder, path === "/" ? "index.html" : path));
  if (!wanted.startsWith(folder + sep)) return false;
  const type = TYPES[extname(wanted)];
  if (type === undefined) return false;
  const found = await stat(wanted).catch(() => undefined);
  if (found === undefined || !found.isFile()) return false;
  const body = await readFile(wanted);
  response.writeHead(200, {
    ...HEADERS,
    "content-type": type,
    "content-length": body.length,
    // Vite puts a hash of the content into the names under assets/, so those never change.
    "cache-control": path.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
  });
  response.end(request.method === "HEAD" ? undefined : body);
  return true;
}
