let own: readonly string[] | undefined;

/** Where this package's own code lies, built and (what source maps name) unbuilt, in both spellings frames use. */
function ownFolders(): readonly string[] {
  const { fileURLToPath } = process.getBuiltinModule("node:url");
  own ??= ["./", "../src/"].flatMap((folder) => {
    const url = new URL(folder, import.meta.url);
    return [url.href, fileURLToPath(url)];
  });
  return own;
}

/**
 * The first line of a stack that the bot's author wrote: not Node's, not an installed package's, not ours. In the
 * spelling of the stack (`/bot/index.ts:12:5`); `undefined` when there is none.
 */
export function userLineOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || typeof error.stack !== "string") return undefined;
  for (const line of error.stack.split("\n")) {
    const place = /^\s+at (?:.*\()?((?:file:\/\/|\/|[A-Za-z]:[\\/]).*:\d+:\d+)\)?$/.exec(line)?.[1];
    if (place === undefined || /[\\/]node_modules[\\/]/.test(place)) continue;
    if (ownFolders().some((folder) => place.startsWith(folder))) continue;
    return place;
  }
  return undefined;
}
