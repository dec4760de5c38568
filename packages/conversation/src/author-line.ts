const OURS =
  /[\\/](?:packages[\\/](?:api|core|conversation|storage)[\\/](?:src|dist)|node_modules)[\\/]|\(?node:/;

/** The line of the author's code nearest to where an error was made: `file:line:column`. */
export function authorLine(error: Error | undefined): string | undefined {
  for (const line of error?.stack?.split("\n").slice(1) ?? []) {
    const place = /\(?((?:file:|[A-Za-z]:\\|\/)[^()]+:\d+:\d+)\)?$/.exec(line.trim())?.[1];
    if (place !== undefined && !OURS.test(line)) return place.replace(/^file:\/\//, "");
  }
  return undefined;
}

/** How deep the author's line may lie: a call of the api passes every transformer on its way to a journal. */
const DEPTH = 30;

/** An error whose stack reaches down to the author's line. */
export function tracedError(): Error {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = Math.max(stackTraceLimit, DEPTH);
  const error = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  return error;
}

/** Of how many operations the line is noted, of a definition that is new here or that has stalled. */
const TRACED = 1_000;

/** Notes where operations were called, of the first ones only: noting costs more than an operation. */
export class Traces {
  #left = TRACED;

  note(): Error | undefined {
    if (this.#left === 0) return undefined;
    this.#left--;
    return tracedError();
  }

  /** Notes the next ones: what was called has become interesting. */
  renew(): void {
    this.#left = TRACED;
  }
}
