import {
  createApi,
  DecodeError,
  InputFile,
  InvalidTokenError,
  NetworkError,
  NotFoundError,
  RateLimitedError,
  ServerError,
  TimeoutError,
  TooLargeError,
} from "@balekit/api";
import { describe, expect, it } from "vitest";

import { emulator, type FaultKind, type Emulator } from "../src/index.js";

async function caught(bale: Emulator, kind: FaultKind, retry_after?: number): Promise<unknown> {
  const api = createApi({ token: bale.token, transport: bale.transport() });
  bale.fault({ kind, retry_after });
  return api.getMe().then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe("the transport without a socket", () => {
  it("turns each fault into what the HTTP transport makes of it", async () => {
    const bale = emulator();
    expect(await caught(bale, "429", 7)).toMatchObject({ retryAfterSeconds: 7 });
    expect(await caught(bale, "429-text")).toBeInstanceOf(RateLimitedError);
    expect(await caught(bale, "500-html")).toBeInstanceOf(ServerError);
    expect(await caught(bale, "502-html")).toMatchObject({ errorCode: 502 });
    expect(await caught(bale, "200-not-ok")).toMatchObject({ errorCode: 400 });
    expect(await caught(bale, "reset-before")).toBeInstanceOf(NetworkError);
    expect(await caught(bale, "reset-after")).toMatchObject({ maybeSent: true });
    expect(await caught(bale, "truncated-json")).toBeInstanceOf(DecodeError);
    await createApi({ token: bale.token, transport: bale.transport() }).getMe();
    expect(bale.calls.all().map(({ fault, ok }) => `${fault} ${ok}`)).toEqual([
      "429 false",
      "429-text false",
      "500-html false",
      "502-html false",
      "200-not-ok false",
      "reset-before false",
      "reset-after true",
      "truncated-json true",
      "undefined true",
    ]);
  });

  it("does the work of a call whose answer is lost, and not of one that was cut before", async () => {
    const bale = emulator();
    const ali = bale.user();
    await ali.sends("/start");
    const api = createApi({ token: bale.token, transport: bale.transport() });
    for (const kind of ["reset-before", "reset-after"] as const) {
      bale.fault({ kind });
      await expect(api.sendMessage({ chat_id: ali.id, text: kind })).rejects.toThrow(NetworkError);
    }
    expect(ali.inbox.texts).toEqual(["reset-after"]);
  });

  it("hangs until the caller's patience ends on the emulator's clock, or its signal", async () => {
    const bale = emulator();
    const api = createApi({ token: bale.token, transport: bale.transport() });
    bale.fault({ kind: "hang", times: 2 });
    const slow = api.getMe({}, { timeoutMs: 1000 });
    slow.catch(() => undefined);
    await bale.clock.advance(1000);
    await expect(slow).rejects.toBeInstanceOf(TimeoutError);
    const leave = new AbortController();
    const left = api.getMe({}, { signal: leave.signal });
    left.catch(() => undefined);
    leave.abort(new Error("enough"));
    await expect(left).rejects.toThrow("enough");
  });

  it("lets a long poll be given up, and a new one begin", async () => {
    const bale = emulator();
    const api = createApi({ token: bale.token, transport: bale.transport() });
    const leave = new AbortController();
    const poll = api.getUpdates({ timeout: 30 }, { signal: leave.signal });
    poll.catch(() => undefined);
    leave.abort();
    await expect(poll).rejects.toThrow("aborted");
    const next = api.getUpdates({ timeout: 30 });
    await bale.user().sends("hi");
    expect(await next).toHaveLength(1);
  });

  it("takes builders that have toJSON, leaves functions out, and reports the progress of uploads", async () => {
    const bale = emulator();
    const ali = bale.user();
    await ali.sends("/start");
    const inline_keyboard = [[{ text: "a", callback_data: "x", toString: () => "never sent" }]];
    const reply_markup = { inline_keyboard, toJSON: () => ({ inline_keyboard }) };
    const api = createApi({ token: bale.token, transport: bale.transport() });
    const message = await api.sendMessage({ chat_id: ali.id, text: "k", reply_markup });
    expect(message.reply_markup).toEqual({ inline_keyboard: [[{ text: "a", callback_data: "x" }]] });
    const seen: number[] = [];
    await api.sendPhoto(
      { chat_id: ali.id, photo: new InputFile(new Uint8Array(7)) },
      { onUploadProgress: ({ bytes }) => seen.push(bytes) },
    );
    expect(seen).toEqual([7]);
  });

  it("lets a call be given up while its files are still read", async () => {
    const bale = emulator();
    const ali = bale.user();
    await ali.sends("/start");
    const api = createApi({ token: bale.token, transport: bale.transport() });
    const stop = new AbortController();
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      await new Promise(() => {});
      yield new Uint8Array(1);
    };
    const document = new InputFile(() => endless());
    const sending = api.sendDocument({ chat_id: ali.id, document }, { signal: stop.signal });
    stop.abort(new Error("changed my mind"));
    await expect(sending).rejects.toThrow("changed my mind");
    expect(bale.calls.all("sendDocument")).toEqual([]);
  });

  it("refuses downloads with the errors HTTP gives", async () => {
    const bale = emulator({ token: "1000:secret" });
    const ali = bale.user();
    const { document } = await ali.sendsDocument({ sizeBytes: 21 * 1024 * 1024 });
    const large = { file_id: document?.file_id ?? "", file_path: "documents/1.txt" };
    const { url } = await bale.listen();
    for (const how of [{ apiRoot: url }, { transport: bale.transport() }]) {
      const api = createApi({ token: "1000:secret", ...how });
      const failure = (file: { file_id: string; file_path: string }): Promise<unknown> =>
        api.download(file).then(
          () => undefined,
          (error: unknown) => error,
        );
      const name = Object.keys(how).join("");
      expect(await failure(large), name).toBeInstanceOf(TooLargeError);
      expect(await failure({ file_id: "1:2:3:4", file_path: "no/such" }), name).toBeInstanceOf(Error);
      await api.close();
    }
    for (const [token, kind] of [
      ["1000:wrong", InvalidTokenError],
      ["1000", NotFoundError],
    ] as const) {
      await expect(bale.transport(token).download("documents/1.txt", {})).rejects.toBeInstanceOf(kind);
    }
    await bale.close();
  });
});
