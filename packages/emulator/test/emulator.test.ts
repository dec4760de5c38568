import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { createApi } from "@balekit/api";
import { manualClock } from "@balekit/storage";
import { describe, expect, it } from "vitest";

import { emulator } from "../src/index.js";

describe("handleRequest", () => {
  it("answers what is the emulator's on somebody else's server, and leaves the rest to it", async () => {
    const bale = emulator({ token: "1000:secret" });
    const server = createServer((request, response) => {
      if (!bale.handleRequest(request, response)) response.writeHead(200).end("the page");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const text = async (path: string): Promise<string> => (await fetch(`${url}${path}`)).text();
    for (const path of ["/", "/bottom.png", "/emulators", "/file.txt", "/business"]) {
      expect(await text(path)).toBe("the page");
    }
    expect(await text("/bot1000:secret/getMe?x=1")).toContain('"id":1000');
    expect(await text("/business/bot1000:secret/getMe")).toContain('"id":1000');
    expect(await text("/file/bot1000:secret/none")).toContain("Not Found");
    expect(await text("/emulator/me")).toContain('"is_bot":true');
    expect(await text("/emulator?x=1")).toContain("POST /emulator/users");
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  });
});

describe("the time of an emulator", () => {
  it("stands still in process, and flows once HTTP is used", async () => {
    const bale = emulator();
    expect(bale.clock.now()).toBe(Date.UTC(2026, 0, 1));
    const { close } = await bale.listen();
    expect(Math.abs(bale.clock.now() - Date.now())).toBeLessThan(5000);
    await close();
  });

  it("is the user's own clock when one is given, HTTP or not", async () => {
    const clock = manualClock({ now: 5000 });
    const bale = emulator({ clock });
    await bale.listen();
    expect(bale.clock.now()).toBe(5000);
    await clock.advance(1000);
    expect(bale.clock.now()).toBe(6000);
    expect((await bale.user().sends("hi")).date).toBe(6);
    await bale.close();
  });
});

describe("the ids of chats", () => {
  it("are never those of people, whichever came first", () => {
    const bale = emulator();
    const { id } = bale.group({ title: "first" });
    const ali = bale.user({ first_name: "Ali", id: id + 1 });
    expect(bale.group({ title: "second" }).id).toBe(id + 2);
    expect(bale.chat(ali.id).chat.type).toBe("private");
    expect(() => bale.user({ first_name: "Sara", id })).toThrow("is taken");
  });
});

describe("what an emulator keeps", () => {
  it("is bounded: of each chat the latest 10 000 messages", async () => {
    const bale = emulator();
    const ali = bale.user();
    for (let i = 0; i < 10_005; i++) await ali.sends("x");
    const { messages } = ali.chat;
    expect([messages.length, messages[0]?.message_id]).toEqual([10_000, 6]);
    expect(bale.pendingUpdates).toBe(2000);
  });

  it("lets faults be taken back", async () => {
    const bale = emulator();
    bale.fault({ kind: "500-html", times: 5 });
    bale.clearFaults();
    const api = createApi({ token: bale.token, transport: bale.transport() });
    expect(await api.getMe()).toEqual(bale.bot);
  });
});
