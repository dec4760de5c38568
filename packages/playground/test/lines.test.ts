import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { eachLine, LONGEST_PIECE } from "../src/lines.js";

/** What comes of these chunks, once the stream has ended. */
async function linesOf(...chunks: readonly (string | Buffer)[]): Promise<string[]> {
  const stream = new PassThrough();
  const lines: string[] = [];
  eachLine(stream, (line) => lines.push(line));
  for (const chunk of chunks) stream.write(chunk);
  await new Promise((resolve) => stream.on("end", resolve).end());
  return lines;
}

it("splits at every kind of line end, wherever the chunks are cut", async () => {
  expect(await linesOf("a\nb\r\nc\rd", "e\r", "\nf\r", "g\n", "\n", "h\r")).toEqual([
    "a",
    "b",
    "c",
    "de",
    "f",
    "g",
    "",
    "h",
  ]);
  const bytes = Buffer.from("سلام\nدرود");
  expect(await linesOf(bytes.subarray(0, 3), bytes.subarray(3, 12), bytes.subarray(12))).toEqual([
    "سلام",
    "درود",
  ]);
  expect(await linesOf()).toEqual([]);
});

it("gives a line that does not end in pieces", async () => {
  const lines = await linesOf("x".repeat(LONGEST_PIECE + 5), "y".repeat(2 * LONGEST_PIECE), "z\nend");
  expect(lines.map((line) => line.length)).toEqual([LONGEST_PIECE, LONGEST_PIECE, LONGEST_PIECE, 6, 3]);
  expect(lines[3]).toBe("yyyyyz");
});
