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

/** Of how many operations the line is noted, of a definition that is new here or that has stalled. */
const TRACED = 1_000;

/** Notes where operations were called, of the first ones only: noting costs more than an operation. */
export class Traces {
  #left = TRACED;

  note(): Error | undefined {
    return this.#left > 0 && this.#left-- > 0 ? new Error() : undefined;
  }

  /** Notes the next ones: what was called has become interesting. */
  renew(): void {
    this.#left = TRACED;
  }
}
