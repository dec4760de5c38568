import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import type { Update } from "@balekit/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type Emulator, emulator, type EmulatedUser } from "../src/index.js";
import { isLoopback, webhookProblem } from "../src/webhook.js";
import { refusal, result } from "./calling.js";

let endpoint: Server;
let url: string;
let received: Update[];
let statuses: number[];
let bale: Emulator;
let ali: EmulatedUser;

beforeEach(async () => {
  received = [];
  statuses = [];
  endpoint = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      received.push(JSON.parse(body) as Update);
      response.writeHead(statuses.shift() ?? 200).end("ok");
    });
  });
  await new Promise<void>((resolve) => endpoint.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/hook`;
  bale = emulator();
  ali = bale.user({ first_name: "علی" });
});

afterEach(async () => {
  await bale.close();
  await new Promise((resolve) => {
    endpoint.close(resolve);
    endpoint.closeAllConnections();
  });
});

/** Waits for real I/O, with a bound. */
async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error("waited for 20 s in vain");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe("a webhook", () => {
  it("gets updates in order, those that waited first; getUpdates is empty meanwhile", async () => {
    await ali.sends("one");
    await result(bale, "setWebhook", { url });
    await ali.sends("دو");
    await ali.sends("three");
    await until(() => received.length === 3);
    expect(received.map(({ message }) => message?.text)).toEqual(["one", "دو", "three"]);
    await until(() => bale.pendingUpdates === 0);
    expect(await result<Update[]>(bale, "getUpdates", { timeout: 30 })).toEqual([]);
    expect(await result<object>(bale, "getWebhookInfo")).toMatchObject({ url, pending_update_count: 0 });
  });

  it("gets an update again until it answers 2xx, and nothing overtakes it", async () => {
    statuses = [500, 503, 200];
    await result(bale, "setWebhook", { url });
    await ali.sends("one");
    await ali.sends("two");
    await until(() => received.length === 1);
    expect(bale.pendingUpdates).toBe(2);
    for (const [tries, pauseMs] of [1000, 2000].entries()) {
      // A try is over, and its pause has begun, before the clock moves: no answer comes late.
      await until(() => bale.deliveries.length === tries + 1 && bale.clock.pending === 1);
      await bale.clock.advance(pauseMs - 1);
      expect(received).toHaveLength(tries + 1);
      await bale.clock.advance(1);
      await until(() => received.length >= tries + 2);
    }
    await until(() => received.length === 4);
    expect(received.map(({ update_id }) => update_id)).toEqual([1, 1, 1, 2]);
    await until(() => bale.deliveries.length === 4);
    expect(bale.deliveries.map(({ update_id, status }) => [update_id, status])).toEqual([
      [1, 500],
      [1, 503],
      [1, 200],
      [2, 200],
    ]);
  });

  it("gets a duplicated update twice", async () => {
    await result(bale, "setWebhook", { url });
    bale.fault({ kind: "duplicate" });
    await ali.sends("one");
    await ali.sends("two");
    await until(() => received.length === 3);
    expect(received.map(({ update_id }) => update_id)).toEqual([1, 1, 2]);
  });

  it("leaves what it did not get to polling when it is deleted", async () => {
    statuses = [500];
    await result(bale, "setWebhook", { url });
    await ali.sends("one");
    await until(() => received.length === 1);
    await result(bale, "deleteWebhook", { drop_pending_updates: true });
    expect(await result<Update[]>(bale, "getUpdates")).toHaveLength(1);
    expect(await result<object>(bale, "getWebhookInfo")).toMatchObject({ url: "", pending_update_count: 1 });
    await result(bale, "setWebhook", { url: "" });
  });

  it("is tried again when nobody listens", async () => {
    await result(bale, "setWebhook", { url: "http://127.0.0.1:1/hook" });
    await ali.sends("one");
    await until(() => bale.deliveries.length === 1 && bale.clock.pending === 1);
    await bale.clock.advance(1000);
    await until(() => bale.deliveries.length === 2);
    await result(bale, "setWebhook", { url });
    await until(() => received.length === 1);
    expect(received[0]?.message?.text).toBe("one");
    await until(() => bale.deliveries.length === 3);
    expect(bale.deliveries.map(({ update_id, status }) => [update_id, status])).toEqual([
      [1, undefined],
      [1, undefined],
      [1, 200],
    ]);
  });
});

describe("a webhook's address", () => {
  it("is HTTPS on port 443 or 88, or anything on loopback unless strict", async () => {
    expect(webhookProblem("https://b.ir/x", true)).toBeUndefined();
    expect(webhookProblem("https://b.ir:88/x", true)).toBeUndefined();
    expect(webhookProblem("https://b.ir:8443/x", false)).toContain("ports 88 or 443");
    expect(webhookProblem("http://b.ir/x", false)).toContain("HTTPS");
    expect(webhookProblem("http://localhost:3000/x", false)).toBeUndefined();
    expect(webhookProblem("http://localhost:3000/x", true)).toContain("HTTPS");
    expect(webhookProblem("ftp://localhost/x", false)).toContain("HTTPS");
    expect(webhookProblem("nonsense", false)).toContain("cannot be read");
    expect(await refusal(emulator({ strictWebhook: true }), "setWebhook", { url })).toContain(
      "400 Bad Request",
    );
    expect(await refusal(bale, "setWebhook", {})).toContain("url");
  });

  it("is loopback by these names", () => {
    expect(["localhost", "a.localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"].every(isLoopback)).toBe(
      true,
    );
    expect(["127.0.0.1.evil.com", "localhost.evil.com", "10.0.0.1", "::2"].some(isLoopback)).toBe(false);
  });
});
