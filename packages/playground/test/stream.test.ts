import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, it, vi } from "vitest";
import { Stream } from "../src/stream.js";

it("lets go of a page that does not read, and keeps the others", async () => {
  const stream = new Stream<{ line: string }>();
  const server = createServer((_request, response) => stream.join(response, "line", "first"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const asleep = connect(port, "127.0.0.1").on("error", () => {});
  asleep.pause();
  asleep.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const response = await fetch(`http://127.0.0.1:${port}/`);
  let read = 0;
  const reading = (async () => {
    for await (const chunk of response.body ?? []) read += (chunk as Uint8Array).length;
  })();
  try {
    await vi.waitFor(() => expect(stream.size).toBe(2));
    const line = "x".repeat(1024 * 1024);
    for (let sent = 1; sent <= 60; sent++) {
      stream.send("line", line);
      await vi.waitFor(() => expect(read).toBeGreaterThan(sent * line.length), {
        timeout: 10_000,
        interval: 1,
      });
    }
    await vi.waitFor(() => expect(stream.size).toBe(1));
  } finally {
    stream.close();
    asleep.destroy();
    await reading;
    server.closeAllConnections();
    server.close();
  }
});
