import type { IncomingMessage } from "node:http";

/** Gathers the body as bytes, so that no character is torn where two chunks meet. `undefined`: it is too large. */
export function collect(
  request: IncomingMessage,
  maxBytes: number,
  done: (bytes: Buffer | undefined) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  let over = false;
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (over) return;
    if (size > maxBytes) {
      over = true;
      chunks.length = 0;
      done(undefined);
    } else {
      chunks.push(chunk);
    }
  });
  request.on("end", () => {
    if (over) return;
    const [only] = chunks;
    done(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks));
  });
  // Whoever asked has gone: there is nobody to answer.
  request.on("error", ignore);
}

function ignore(): void {}

/** The same for servers that speak web standards. */
export async function bytesOf(request: Request, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (request.body === null) return Buffer.alloc(0);
  const reader = request.body.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    size += part.value.length;
    if (size > maxBytes) {
      await reader.cancel();
      return undefined;
    }
    chunks.push(part.value);
  }
  return Buffer.concat(chunks);
}
