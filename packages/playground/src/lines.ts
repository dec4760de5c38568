import type { Readable } from "node:stream";

/** A line longer than this comes in pieces: one that does not end would be kept for as long as it grows. */
export const LONGEST_PIECE = 1_000_000;

/** The end of a line; a carriage return at the end of a chunk may still get its line feed. */
const END = /\r\n|\n|\r(?=[\s\S])/;

/** Calls `take` with each line of a stream of UTF-8 when it ends, and with the rest when the stream does. */
export function eachLine(stream: Readable, take: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const lines = (rest + chunk).split(END);
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
    while (rest.length > LONGEST_PIECE) {
      take(rest.slice(0, LONGEST_PIECE));
      rest = rest.slice(LONGEST_PIECE);
    }
  });
  stream.on("end", () => {
    if (rest !== "") take(rest.replace(/\r$/, ""));
    rest = "";
  });
}
