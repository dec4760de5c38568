import { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { expect, test, vi } from "vitest";
import { InputFile } from "../src/input-file.js";

test("a path gives the file its name", () => {
  expect(new InputFile("/photos/گربه.jpg").name).toBe("گربه.jpg");
  expect(new InputFile("/photos/a.jpg", { name: "b.jpg" }).name).toBe("b.jpg");
});

test("a file: URL is a path", () => {
  expect(new InputFile(pathToFileURL("/photos/a b.jpg"))).toMatchObject({
    source: "/photos/a b.jpg",
    name: "a b.jpg",
  });
});

test.each([
  ["an open stream", Readable.from([]), /read only once.*createReadStream/],
  ["a web stream", new Blob([]).stream(), /read only once/],
  ["nothing", undefined, /cannot read a file from undefined/],
  ["null", null, /cannot read a file from null/],
  ["a number", 5, /from 5/],
  ["a plain object", { file_id: "x" }, /from a Object/],
  ["an empty path", "", /empty/],
  ["an ftp address", new URL("ftp://example.org/x"), /ftp/],
])("%s is refused with what to do", (_, source, message) => {
  const make = (): unknown => new InputFile(source as string);
  expect(make).toThrow(TypeError);
  expect(make).toThrow(
    expect.objectContaining({ code: "ERR_BALE_INPUT_FILE", message: expect.stringMatching(message) }),
  );
});

test.each([{ sizeBytes: -1 }, { sizeBytes: 1.5 }, { type: "image/jpeg\r\nx: y" }, { type: "jpeg" }])(
  "%j is refused",
  (options) => {
    expect(() => new InputFile("a", options)).toThrow(TypeError);
  },
);

test("instanceof works across two copies of the package", async () => {
  vi.resetModules();
  const copy = await import("../src/input-file.js");
  expect(copy.InputFile).not.toBe(InputFile);
  expect(new copy.InputFile("a")).toBeInstanceOf(InputFile);
  expect({ source: "a" }).not.toBeInstanceOf(InputFile);
  expect(null).not.toBeInstanceOf(InputFile);
});

test("a name that nobody could see is refused, with what to give", () => {
  for (const name of ["", 5, null]) {
    expect(() => new InputFile(new Uint8Array(1), { name: name as string })).toThrow(/name is .*users see/);
  }
});
