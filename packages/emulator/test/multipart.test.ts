import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { readParts } from "../src/multipart.js";

function read(body: string, boundary = "b"): unknown {
  return readParts(Buffer.from(body), `multipart/form-data; boundary=${boundary}`)?.map((part) => ({
    ...part,
    bytes: part.bytes.toString(),
  }));
}

describe("a multipart body", () => {
  it("is read as grammY writes it: no spaces, file name without quotes", () => {
    const body =
      '--b\r\ncontent-disposition:form-data;name="chat_id"\r\n\r\n5\r\n' +
      '--b\r\ncontent-disposition:form-data;name="x1";filename=a b.txt\r\ncontent-type:application/octet-stream\r\n\r\nhi\r\n--b--\r\n';
    expect(read(body)).toEqual([
      { name: "chat_id", fileName: undefined, type: undefined, bytes: "5" },
      { name: "x1", fileName: "a b.txt", type: "application/octet-stream", bytes: "hi" },
    ]);
  });

  it("is read with headers in any order and case, escaped quotes, and extended names", () => {
    const body =
      '--b\r\nCONTENT-TYPE: image/PNG; q=1\r\nContent-Disposition: form-data; name="p"; filename="a\\"b.png"\r\n\r\n\r\n--b\r\n' +
      "Content-Disposition: form-data; name=q; filename*=UTF-8''%D8%B3.txt\r\n\r\nx\r\n--b--";
    expect(read(body)).toEqual([
      { name: "p", fileName: 'a"b.png', type: "image/png", bytes: "" },
      { name: "q", fileName: "%D8%B3.txt", type: undefined, bytes: "x" },
    ]);
  });

  it("is read with a quoted boundary and a preamble", () => {
    expect(
      read('preamble\r\n--a b\r\nContent-Disposition: form-data; name="p"\r\n\r\nx\r\n--a b--', '"a b"'),
    ).toHaveLength(1);
  });

  it("is none without boundary, end, name or headers", () => {
    expect(readParts(Buffer.from("--b--"), "multipart/form-data")).toBeUndefined();
    for (const body of [
      "",
      "--b",
      "--b\r\n",
      '--b\r\nContent-Disposition: form-data; name="p"\r\n\r\nx',
      "--b\r\n\r\nx\r\n--b--",
    ]) {
      expect(read(body), `body: ${body}`).toBeUndefined();
    }
    expect(read("--b--")).toEqual([]);
  });

  it("brings back any bytes the platform's own writer puts in", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 4 }), async (files) => {
        const form = new FormData();
        for (const [i, bytes] of files.entries()) form.set(`file${i}`, new Blob([bytes]), `سند ${i}.bin`);
        const response = new Response(form);
        const body = Buffer.from(await response.arrayBuffer());
        const parts = readParts(body, response.headers.get("content-type") ?? "") ?? [];
        expect(parts.map(({ fileName }) => fileName)).toEqual(files.map((_, i) => `سند ${i}.bin`));
        expect(parts.map(({ bytes }) => [...bytes])).toEqual(files.map((bytes) => [...bytes]));
      }),
      { numRuns: 50 },
    );
  });

  it("never makes the parser throw", () => {
    const token = fc.constantFrom(
      "--b",
      "\r\n",
      "--",
      "Content-Disposition: form-data",
      '; name="a"',
      "; filename=",
      "x",
      ":",
      '"',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 30 }), (tokens) => {
        const parts = readParts(Buffer.from(tokens.join("")), "multipart/form-data; boundary=b");
        expect(parts === undefined || parts.every(({ name }) => name !== "")).toBe(true);
      }),
    );
  });
});
