import { connect } from "node:net";

import type { CallbackQuery, Chat, Message, PreCheckoutQuery, Update, User } from "@balekit/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { CallRecord } from "../src/index.js";
import { type Emulator, emulator, type Listening } from "../src/index.js";
import { result } from "./calling.js";

let bale: Emulator;
let server: Listening;

beforeEach(async () => {
  bale = emulator({ token: "1000:secret" });
  server = await bale.listen();
});

afterEach(() => bale.close());

async function post<Made>(path: string, body: unknown): Promise<Made> {
  const response = await fetch(`${server.url}/emulator${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const made = (await response.json()) as Made & { error?: string };
  if (!response.ok) throw new Error(`${response.status} ${made.error}`);
  return made;
}

async function get<Found>(path: string): Promise<Found> {
  const response = await fetch(`${server.url}/emulator${path}`);
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as Found;
}

describe("the control API", () => {
  it("makes users and chats in Bale's shape", async () => {
    const ali = await post<User>("/users", { id: 7, first_name: "Ali", username: "ali" });
    expect(ali).toEqual({ id: 7, is_bot: false, first_name: "Ali", username: "ali" });
    const sara = await post<User>("/users", { first_name: "Sara" });
    const group = await post<Chat>("/chats", {
      type: "group",
      title: "Family",
      members: [7, sara.id],
      admins: [7],
    });
    expect(group).toEqual({ id: expect.any(Number), type: "group", title: "Family" });
    expect(await get("/users")).toEqual([ali, sara]);
    expect(await get("/chats")).toContainEqual(group);
    expect(await get("/me")).toEqual(bale.bot);
  });

  it("sends messages of every kind, by default to the private chat, whose id is the user's", async () => {
    const { id: from } = await post<User>("/users", { first_name: "Ali" });
    const text = await post<Message>("/messages", { from, text: "hi" });
    expect(text).toMatchObject({ message_id: 1, chat: { id: from, type: "private" }, text: "hi" });
    const reply = await post<Message>("/messages", { from, text: "again", reply_to: 1 });
    expect(reply.reply_to_message?.text).toBe("hi");
    const base64 = Buffer.from("picture").toString("base64");
    for (const photo of [base64, `data:image/png;base64,${base64}`, { data: base64, name: "a.png" }]) {
      const message = await post<Message>("/messages", { from, photo, caption: "look" });
      expect(message).toMatchObject({ caption: "look", photo: [{}, { file_size: 7 }] });
    }
    const sent = await post<Message>("/messages", { from, document: { data: base64, name: "a.pdf" } });
    expect(sent.document).toMatchObject({ file_name: "a.pdf", file_size: 7 });
    const again = await post<Message>("/messages", { from, document: sent.document?.file_id });
    expect(again.document?.file_id).toBe(sent.document?.file_id);
    const contact = await post<Message>("/messages", {
      from,
      contact: { phone_number: "98", first_name: "Sara" },
    });
    expect(contact.contact).toEqual({ phone_number: "98", first_name: "Sara" });
    expect((await post<Message>("/messages", { from, contact: {} })).contact?.user_id).toBe(from);
    const location = { latitude: 1, longitude: 2 };
    expect((await post<Message>("/messages", { from, location })).location).toEqual(location);
    const form = new FormData();
    form.set("from", String(from));
    form.set("document", new Blob(["from a browser"]), "نامه.txt");
    const uploaded = await fetch(`${server.url}/emulator/messages`, { method: "POST", body: form });
    const file = ((await uploaded.json()) as Message).document;
    expect(file).toMatchObject({ file_name: "نامه.txt", file_size: 14 });
    const shown = await fetch(`${server.url}/emulator/files/${encodeURIComponent(file?.file_id ?? "")}`);
    expect(await shown.text()).toBe("from a browser");
    expect(await get<Message[]>(`/chats/${from}/messages`)).toHaveLength(11);
  });

  it("edits, joins, leaves", async () => {
    const { id: from } = await post<User>("/users", { first_name: "Ali" });
    const { message_id } = await post<Message>("/messages", { from, text: "one" });
    expect(await post<Message>("/edits", { from, message_id, text: "two" })).toMatchObject({ text: "two" });
    const { id: chat } = await post<Chat>("/chats", { type: "channel", title: "News" });
    expect((await post<Message>("/members", { from, chat })).new_chat_members?.[0]?.id).toBe(from);
    expect((await post<Message>("/members", { from, chat, action: "leave" })).left_chat_member?.id).toBe(
      from,
    );
  });

  it("shows messages of both sides, reply keyboards too", async () => {
    const { id } = await post<User>("/users", { first_name: "Ali" });
    await post("/messages", { from: id, text: "/start" });
    const reply_markup = { keyboard: [["Menu"]] };
    await result(bale, "sendMessage", { chat_id: id, text: "hello", reply_markup });
    const messages = await get<Message[]>(`/chats/${id}/messages`);
    expect(messages.map(({ text }) => text)).toEqual(["/start", "hello"]);
    expect(messages[1]?.reply_markup).toEqual(reply_markup);
    const pressed = await post<Message>("/callbacks", { from: id, message_id: 2, text: "Menu" });
    expect(pressed.text).toBe("Menu");
  });

  it("presses by data and by label", async () => {
    const { id: from } = await post<User>("/users", { first_name: "Ali" });
    await post("/messages", { from, text: "/start" });
    const reply_markup = { inline_keyboard: [[{ text: "Buy", callback_data: "b" }]] };
    const { message_id } = await result(bale, "sendMessage", { chat_id: from, text: "shop", reply_markup });
    const byLabel = await post<CallbackQuery>("/callbacks", { from, message_id, text: "Buy" });
    expect(byLabel).toMatchObject({ data: "b", from: { id: from }, message: { message_id } });
    const byData = await post<CallbackQuery>("/callbacks", { from, message_id, data: "forged" });
    expect(byData.data).toBe("forged");
    await expect(post("/callbacks", { from, message_id, text: "Sell" })).rejects.toThrow(
      '400 Pressing a button: there is no "Sell"',
    );
  });

  it("pays: answers with the pre-checkout query, and the rest follows as the bot confirms", async () => {
    const { id: from } = await post<User>("/users", { first_name: "Ali" });
    await post("/messages", { from, text: "/buy" });
    const { message_id } = await result(bale, "sendInvoice", {
      chat_id: from,
      title: "Tea",
      description: "Tea",
      payload: "p",
      provider_token: "WALLET-TEST-1111111111111111",
      prices: [{ label: "tea", amount: 10 }],
    });
    const query = await post<PreCheckoutQuery>("/payments", { from, message_id });
    expect(query).toMatchObject({ total_amount: 10, currency: "IRR", invoice_payload: "p" });
    await result(bale, "answerPreCheckoutQuery", { pre_checkout_query_id: query.id, ok: true });
    const messages = await get<Message[]>(`/chats/${from}/messages`);
    expect(messages.at(-1)?.successful_payment?.telegram_payment_charge_id).toBe(query.id);
  });

  it("sets faults, moves the clock, lists calls", async () => {
    expect(await post("/faults", { kind: "429", method: "getMe", retry_after: 1 })).toMatchObject({
      times: 1,
      left: 1,
    });
    expect(await get("/faults")).toHaveLength(1);
    expect((await fetch(`${server.url}/bot1000:secret/getMe`)).status).toBe(429);
    const { now } = await get<{ now: number }>("/clock");
    expect((await post<{ now: number }>("/clock", { advanceMs: 3_600_000 })).now).toBeGreaterThanOrEqual(
      now + 3_600_000,
    );
    await fetch(`${server.url}/bot1000:secret/getMe`);
    const calls = await get<CallRecord[]>("/calls");
    expect(calls.map(({ method, ok }) => `${method} ${ok}`)).toEqual(["getMe false", "getMe true"]);
    expect(await get("/calls?method=sendMessage")).toEqual([]);
  });

  it("refuses with a reason, as JSON", async () => {
    const cases: [string, unknown, string][] = [
      ["/users", {}, "400 Making a user: first_name is missing"],
      ["/users", { first_name: "Bot", id: 1000 }, "400 Making a user: id 1000 is taken"],
      ["/chats", { type: "supergroup", title: "x" }, '400 Making a chat: type is "supergroup"'],
      [
        "/chats",
        { type: "group", title: "x", members: "all" },
        "400 Making a chat: members must be an array",
      ],
      ["/messages", { from: 9, text: "x" }, "400 Looking up a user: there is none with id 9"],
      ["/messages", { text: "x" }, "400 Reading the body: from is missing"],
      ["/messages", { from: {}, text: "x" }, "400 Reading the body: from is {}"],
      ["/faults", { kind: "503" }, '400 Setting a fault: unknown kind "503"'],
      ["/clock", { advanceMs: -1 }, "400 Moving the clock: advanceMs is -1"],
      ["/clock", {}, "400 Moving the clock: advanceMs is undefined"],
      ["/clock", { advanceMs: 1e300 }, "400 Moving the clock: 1e+300 is not"],
      ["/nothing", {}, "404 POST /emulator/nothing: no such route"],
      ["/__proto__", {}, "404"],
      ["/messages", [], "400 Bad Request: JSON object expected"],
    ];
    for (const [path, body, reason] of cases)
      await expect(post(path, body), `POST ${path}`).rejects.toThrow(reason);
    await post("/users", { id: 7, first_name: "Ali" });
    await expect(post("/messages", { from: 7 })).rejects.toThrow("there is nothing in it");
    await expect(post("/messages", { from: 7, photo: {} })).rejects.toThrow("data is missing");
    await expect(post("/messages", { from: 7, photo: 5 })).rejects.toThrow("give base64");
    await expect(post("/messages", { from: 7, photo: "no such: id" })).rejects.toThrow("neither base64 nor");
    await expect(post("/messages", { from: 7, location: {} })).rejects.toThrow("latitude, longitude");
    await expect(post("/payments", { from: 7, message_id: 1 })).rejects.toThrow("has none with id 1");
    await expect(post("/edits", { from: 7, message_id: 1 })).rejects.toThrow("text is missing");
    await expect(get("/chats/99/messages")).rejects.toThrow("404");
    await expect(get("/files/99")).rejects.toThrow("404");
    await expect(get("/files/%E0%A4%A")).rejects.toThrow("404");
    await expect(get("/nothing")).rejects.toThrow("404");
    expect(await get<{ routes: string[] }>("")).toMatchObject({
      routes: expect.arrayContaining(["POST /emulator/users"]),
    });
  });

  it("takes ids as strings, in lists too", async () => {
    const { id } = await post<User>("/users", { first_name: "Ali" });
    const group = await post<Chat>("/chats", { type: "group", title: "Family", members: [String(id)] });
    expect(bale.chat(group).members.map((member) => member.id)).toContain(id);
    await expect(post("/chats", { type: "group", title: "x", members: ["Ali"] })).rejects.toThrow("400");
  });

  it("refuses a message that says two things at once", async () => {
    const { id: from } = await post<User>("/users", { first_name: "Ali" });
    await expect(post("/messages", { from, text: "hi", contact: {} })).rejects.toThrow(
      "400 Sending a message: it has text and contact",
    );
    expect(bale.chat(from).messages).toEqual([]);
  });

  it("lets nobody press where they are not, and nothing empty be pressed", async () => {
    const ali = bale.user({ first_name: "Ali" });
    const sara = bale.user({ first_name: "Sara" });
    const group = bale.group({ title: "Family", members: [ali] });
    const { message_id } = await result(bale, "sendMessage", { chat_id: group.id, text: "?" });
    const press = (from: number, chat: number, data: string): Promise<CallbackQuery> =>
      post("/callbacks", { from, chat, message_id, data });
    await expect(press(sara.id, group.id, "x")).rejects.toThrow("Sara is not in");
    await ali.sends("/start");
    await expect(press(sara.id, ali.id, "x")).rejects.toThrow("not Sara's");
    await expect(press(ali.id, group.id, "")).rejects.toThrow("data is empty");
    expect((await press(ali.id, group.id, "forged")).data).toBe("forged");
  });

  it("goes on when an attached bot fails at what somebody did", async () => {
    const failures: unknown[] = [];
    const note = (reason: unknown): void => void failures.push(reason);
    process.on("unhandledRejection", note);
    bale.attach({ connect: () => {}, handle: () => Promise.reject(new Error("the bot failed")) });
    const { id: from } = await post<User>("/users", { first_name: "Ali" });
    expect(await post<Message>("/messages", { from, text: "hi" })).toMatchObject({ text: "hi" });
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", note);
    expect(failures).toEqual([]);
    await expect(bale.user().sends("hi")).rejects.toThrow("the bot failed");
  });

  it("lets go of a listener that does not listen", async () => {
    const gone = new Promise<void>((resolve, reject) => {
      const socket = connect(server.port, "127.0.0.1");
      socket.on("error", reject);
      socket.once("data", () => {
        socket.pause();
        for (let i = 0; i < 40; i++) bale.user({ first_name: "x".repeat(1024 * 1024) });
        socket.on("close", () => resolve());
        socket.resume();
      });
      socket.write("GET /emulator/events HTTP/1.1\r\nhost: localhost\r\n\r\n");
    });
    await gone;
  });

  it("streams events, and gives a listener that comes back what it missed", async () => {
    const leave = new AbortController();
    let connected: () => void = () => {};
    const connection = new Promise<void>((resolve) => {
      connected = resolve;
    });
    const read = async (headers: Record<string, string>, until: string): Promise<string> => {
      const response = await fetch(`${server.url}/emulator/events`, { headers, signal: leave.signal });
      expect(response.headers.get("content-type")).toContain("text/event-stream");
      let text = "";
      const decoder = new TextDecoder();
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
        text += decoder.decode(chunk, { stream: true });
        connected();
        if (text.includes(until)) return text;
      }
      throw new Error(`the stream ended without "${until}"`);
    };
    const { id: from } = await post<User>("/users", { first_name: "Ali" });
    const live = read({}, "event: update");
    await connection;
    await post("/messages", { from, text: "سلام" });
    const text = await live;
    expect(text).toMatch(/id: 2\nevent: message\ndata: \{"message_id":1/);
    expect(text).toContain("سلام");
    expect(await read({ "last-event-id": "0" }, "event: update")).toMatch(/id: 1\nevent: user/);
    leave.abort();
  });

  it("acts on a bot that polls over HTTP", async () => {
    const { id: from } = await post<User>("/users", { first_name: "Ali" });
    await post("/messages", { from, text: "hi" });
    const response = await fetch(`${server.url}/bot1000:secret/getUpdates`);
    const { result: updates } = (await response.json()) as { result: Update[] };
    expect(updates[0]?.message?.text).toBe("hi");
  });
});
