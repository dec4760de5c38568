const OURS =
  /[\\/](?:packages[\\/](?:api|core|conversation|storage)[\\/](?:src|dist)|node_modules)[\\/]|\(?node:/;

/** The line of the author's code nearest to where an error was made: `file:line:column`. */
export function authorLine(error: Error | undefined): string | undefined {
  for (const line of error?.stack?.split("\n").slice(1) ?? []) {
    const place = /\(?((?:file:|[A-Za-z]:\\|\/)[^()]+:\d+:\d+)\)?$/.exec(line.trim())?.[1];
    if (place !== undefined && !OURS.test(place)) return place.replace(/^file:\/\//, "");
  }
  return undefined;
}
