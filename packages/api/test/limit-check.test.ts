import { describe, expect, test, vi } from "vitest";
import { createApi } from "../src/api.js";
import type { Call, Transport } from "../src/call.js";
import { BaleError, LimitError } from "../src/errors.js";
import { METHODS } from "../src/generated/method-table.js";
import { InputFile } from "../src/input-file.js";
import { checkLimits } from "../src/limit-check.js";
import { type ApiWarning, warner } from "../src/warning.js";
import { envelope, loopback, rejection, TOKEN } from "./loopback.js";

function collecting(): { calls: Call[]; transport: Transport } {
  const calls: Call[] = [];
  const transport: Transport = {
    send: async (call) => {
      calls.push(call);
      return { ok: true, result: true };
    },
    download: () => Promise.reject(new Error("not here")),
    close: async () => {},
  };
  return { calls, transport };
}

describe("a hard limit", () => {
  test("is refused before anything is sent, with the value and the limit", async () => {
    const { calls, transport } = collecting();
    const api = createApi({ transport });
    const error = await rejection(api.sendMessage({ chat_id: 1, text: "x".repeat(4097) }));
    expect(error).toBeInstanceOf(LimitError);
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toBeInstanceOf(BaleError);
    expect(error).toMatchObject({ method: "sendMessage", param: "text", actual: 4097, min: 1, max: 4096 });
    expect((error as Error).message).toBe(
      "sendMessage: text has 4097 characters, Bale takes 1 to 4096. Send it in parts: splitText of balekit cuts it between sentences.",
    );
    expect(await rejection(api.sendMessage({ chat_id: 1, text: "" }))).toBeInstanceOf(LimitError);
    expect(await rejection(api.getUpdates({ limit: 101 }))).toBeInstanceOf(LimitError);
    expect(calls).toHaveLength(0);
  });

  test("is broken by what is not a number: as JSON it would be a null", async () => {
    const { calls, transport } = collecting();
    const api = createApi({ transport });
    expect(await rejection(api.getUpdates({ limit: Number.NaN }))).toBeInstanceOf(LimitError);
    expect(calls).toHaveLength(0);
  });

  test("is kept to the character: both ends pass", async () => {
    const { calls, transport } = collecting();
    const api = createApi({ transport });
    await api.sendMessage({ chat_id: 1, text: "x" });
    await api.sendMessage({ chat_id: 1, text: "x".repeat(4096) });
    await api.getUpdates({ limit: 1 });
    await api.getUpdates({ limit: 100 });
    expect(calls).toHaveLength(4);
  });

  test("counts characters, not UTF-16 units: 4096 emoji pass, 4097 do not", async () => {
    const { transport } = collecting();
    const api = createApi({ transport });
    await api.sendMessage({ chat_id: 1, text: "😀".repeat(4096) });
    const error = await rejection(api.sendMessage({ chat_id: 1, text: "😀".repeat(4097) }));
    expect(error).toMatchObject({ actual: 4097 });
  });

  test("in bytes counts UTF-8 and says so", async () => {
    const { transport } = collecting();
    const api = createApi({ transport });
    const invoice = { chat_id: 1, title: "t", description: "d", provider_token: "p", prices: [] };
    await api.sendInvoice({ ...invoice, payload: "ش".repeat(64) });
    const error = await rejection(api.sendInvoice({ ...invoice, payload: "ش".repeat(65) }));
    expect(error).toMatchObject({ param: "payload", actual: 130, max: 128 });
    expect((error as Error).message).toContain("A Persian letter is two bytes.");
  });

  test("is compared after the transformers: one of them may make a text fit", async () => {
    const { calls, transport } = collecting();
    const api = createApi({ transport });
    api.use((call, next) => {
      if (call.method !== "sendMessage") return next(call);
      return next({ ...call, params: { ...call.params, text: call.params.text.slice(0, 4096) } });
    });
    await api.sendMessage({ chat_id: 1, text: "x".repeat(9999) });
    expect(calls[0]?.params).toMatchObject({ text: "x".repeat(4096) });
  });
});

test("a soft limit is told to onWarning and the file goes out all the same", async () => {
  const bale = await loopback(() => envelope({ message_id: 1 }));
  const warnings: ApiWarning[] = [];
  const api = createApi({ token: TOKEN, apiRoot: bale.url, onWarning: (warning) => warnings.push(warning) });
  await api.sendPhoto({ chat_id: 1, photo: new InputFile(new Uint8Array(10_485_761)) });
  await api.sendPhoto({ chat_id: 1, photo: new InputFile(new Uint8Array(1000)) });
  expect(bale.arrived).toHaveLength(2);
  expect(warnings).toEqual([
    {
      code: "ERR_BALE_LIMIT",
      method: "sendPhoto",
      param: "photo",
      message:
        "sendPhoto: photo has 10485761 bytes, Bale takes at most 10485760. It is sent all the same and may fail.",
    },
  ]);
  await api.close();
});

test("without onWarning the process is warned once per kind", () => {
  const emitted = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  const warn = warner(undefined);
  for (let i = 0; i < 3; i++)
    warn({ code: "ERR_BALE_LIMIT", method: "sendPhoto", param: "photo", message: "big" });
  warn({ code: "ERR_BALE_LIMIT", method: "sendVideo", param: "video", message: "bigger" });
  expect(emitted.mock.calls).toEqual([
    ["big", { type: "BaleWarning", code: "ERR_BALE_LIMIT" }],
    ["bigger", { type: "BaleWarning", code: "ERR_BALE_LIMIT" }],
  ]);
  emitted.mockRestore();
});

test("values of another kind than the limit speaks of are left to Bale", () => {
  const warn = (): never => {
    throw new Error("warned");
  };
  expect(() => checkLimits("sendMessage", METHODS.sendMessage, { text: 5 }, warn)).not.toThrow();
  expect(() => checkLimits("sendMessage", METHODS.sendMessage, {}, warn)).not.toThrow();
  expect(() => checkLimits("getUpdates", METHODS.getUpdates, { limit: "9999" }, warn)).not.toThrow();
});

test("a parse_mode is told once, whatever the method, and the call is made", async () => {
  const warnings: ApiWarning[] = [];
  const transport: Transport = {
    send: async () => ({ ok: true, result: { message_id: 1 } }),
    download: () => Promise.reject(new Error("there are no files here")),
    close: async () => undefined,
  };
  const told = createApi({ transport, onWarning: (warning) => void warnings.push(warning) });
  const params = { chat_id: 1, text: "x", parse_mode: "HTML" };
  expect(await told.sendMessage(params)).toEqual({ message_id: 1 });
  expect(warnings.map(({ code, param }) => [code, param])).toEqual([["ERR_BALE_PARSE_MODE", "parse_mode"]]);
  const emitted = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
  const printed = createApi({ transport });
  await printed.sendMessage(params);
  await printed.editMessageText({ ...params, message_id: 1 });
  await printed.sendMessage({ chat_id: 1, text: "x" });
  expect(emitted).toHaveBeenCalledTimes(1);
  emitted.mockRestore();
});
