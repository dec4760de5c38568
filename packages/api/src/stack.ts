import { fileURLToPath } from "node:url";

/** Frames that say nothing to a user: node's own, the engine's, and those of this package and its sisters. */
const NOT_OF_USER = [
  /[( ]node:/,
  /^ {4}at (?:async )?(?:new )?(?:Promise|Array|Object)[.\w ]*\((?:<anonymous>|index \d+)\)$/,
  /[\\/]node_modules[\\/](?:@balekit[\\/][\w-]+|balekit)[\\/](?:src|dist)[\\/]/,
  ...repositoryFolders(),
];

/**
 * Makes an error's stack begin at the line of the user's that made the call. Run it right where the error leaves the
 * api, after an `await`: V8 then walks the awaiting functions, so nothing has to be captured while calls succeed.
 *
 * @param above frames of this function and those above it are dropped
 */
export function startAtCaller(error: Error, above: (...args: never[]) => unknown): void {
  const limit = Error.stackTraceLimit;
  try {
    // Room for our own frames, which are dropped, beside the user's.
    if (limit > 0) Error.stackTraceLimit = limit + 10;
    Error.captureStackTrace(error, above);
    const { stack } = error;
    const start = typeof stack === "string" ? stack.indexOf("\n    at ") : -1;
    if (stack === undefined || start < 0) return;
    const frames = stack.slice(start + 1).split("\n");
    const kept = frames.filter((frame) => !NOT_OF_USER.some((pattern) => pattern.test(frame)));
    error.stack = [stack.slice(0, start), ...kept.slice(0, limit)].join("\n");
  } catch {
    // A frozen realm (`--frozen-intrinsics`) forbids it: the stack stays as it was.
  } finally {
    if (Error.stackTraceLimit !== limit) Error.stackTraceLimit = limit;
  }
}

/** The packages' folders when we run from the repository; nothing once installed. */
function repositoryFolders(): RegExp[] {
  const packages = new URL("../../", import.meta.url);
  if (packages.pathname.includes("/node_modules/")) return [];
  // Frames of ES modules show the encoded URL, others the path.
  return [packages.pathname, fileURLToPath(packages)].map(
    (folder) =>
      new RegExp(`${folder.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}[\\w-]+[\\\\/](?:src|dist)[\\\\/]`),
  );
}
