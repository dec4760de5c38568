import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as later } from "node:timers/promises";
import { expect, it } from "vitest";
import { TimeIsUp, withinTime } from "../src/time-limit.js";
import { programArguments } from "./program.js";

it("gives up what does not come in time, and passes on what fails", async () => {
  await expect(withinTime(5, new Promise<never>(() => undefined))).rejects.toThrow(TimeIsUp);
  await expect(withinTime(1_000, Promise.reject(new Error("refused")))).rejects.toThrow("refused");
  await expect(withinTime(1_000, Promise.resolve(7))).resolves.toBe(7);
});

it("takes an answer that has come while the process was stopped, though the time is up when it goes on", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const asked = once(server, "connection") as Promise<[Socket]>;
  const program = spawn(process.execPath, programArguments("ask-server", String(port), "1000"));
  try {
    const printed = text(program.stdout);
    const [socket] = await asked;
    await once(socket, "data");
    program.kill("SIGSTOP");
    socket.end("here");
    await later(1_500);
    program.kill("SIGCONT");
    expect(await printed).toBe("here");
  } finally {
    program.kill("SIGKILL");
    server.close();
  }
});
