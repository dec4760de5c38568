let notOfUser: readonly RegExp[] | undefined;

/** Frames that say nothing to a user: node's own, the engine's, and those of this package and its sisters. */
function patternsNotOfUser(): readonly RegExp[] {
  notOfUser ??= [
    /[( ]node:/,
    /^ {4}at (?:async )?(?:new )?(?:Promise|Array|Object)[.\w ]*\((?:<anonymous>|index \d+)\)$/,
    /[\\/]node_modules[\\/](?:@balekit[\\/][\w-]+|balekit)[\\/](?:src|dist)[\\/]/,
    ...repositoryFolders(),
  ];
  return notOfUser;
}

const INSTALLED = /[\\/]node_modules[\\/]/;

/**
 * Makes an error's stack begin at the line of the user's that made the call. Run it right where the error leaves the
 * api, after an `await`: V8 then walks the awaiting functions, so nothing has to be captured while calls succeed.
 *
 * @param above frames of this function and those above it are dropped
 */
export function startAtCaller(error: Error, above: (...args: never[]) => unknown): void {
  const limit = Error.stackTraceLimit;
  const thrownAt = error.stack;
  try {
    // Room for our own frames, which are dropped, beside the user's.
    if (limit > 0) Error.stackTraceLimit = limit + 10;
    Error.captureStackTrace(error, above);
    const head = headOf(error.stack);
    if (head === undefined) return;
    const awaiting = framesOfUser(error.stack);
    // Nobody awaits the call: where it was thrown may still lead to the line that made it.
    const kept =
      awaiting.length > 0 ? awaiting : framesOfUser(thrownAt).filter((frame) => !INSTALLED.test(frame));
    error.stack = [head, ...kept.slice(0, limit)].join("\n");
  } catch {
    // A frozen realm (`--frozen-intrinsics`) forbids it: the stack stays as it was.
  } finally {
    if (Error.stackTraceLimit !== limit) Error.stackTraceLimit = limit;
  }
}

/** Makes an error whose stack has room for our own frames beside the user's; they are dropped by `startAtCaller`. */
export function withRoom<Made extends Error>(make: () => Made): Made {
  const limit = Error.stackTraceLimit;
  try {
    if (limit > 0) Error.stackTraceLimit = limit + 10;
    return make();
  } finally {
    if (Error.stackTraceLimit !== limit) Error.stackTraceLimit = limit;
  }
}

/** What stands above the frames, or `undefined` when there are none. */
function headOf(stack: string | undefined): string | undefined {
  const start = stack?.indexOf("\n    at ") ?? -1;
  return start < 0 ? stack : stack?.slice(0, start);
}

function framesOfUser(stack: string | undefined): string[] {
  const frames = stack?.split("\n").filter((line) => line.startsWith("    at ")) ?? [];
  const patterns = patternsNotOfUser();
  return frames.filter((frame) => !patterns.some((pattern) => pattern.test(frame)));
}

/** The packages' folders when we run from the repository; nothing once installed. */
function repositoryFolders(): RegExp[] {
  const packages = new URL("../../", import.meta.url);
  if (packages.pathname.includes("/node_modules/")) return [];
  // Frames of ES modules show the encoded URL, others the path.
  const { fileURLToPath } = process.getBuiltinModule("node:url");
  return [packages.pathname, fileURLToPath(packages)].map(
    (folder) =>
      new RegExp(`${folder.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}[\\w-]+[\\\\/](?:src|dist)[\\\\/]`),
  );
}
