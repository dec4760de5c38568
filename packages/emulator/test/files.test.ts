import { describe, expect, it } from "vitest";

import { Files } from "../src/files.js";

const PNG = Buffer.from("89504e470d0a1a0a0000000d4948445200000280000001e00802000000", "hex");
const JPEG = Buffer.from("ffd8ffe000104a46494600010100000100010000ffc0001108012c019003012200021101", "hex");

describe("files", () => {
  it("have ids with colons and a minus, too long for callback data", () => {
    const { id } = new Files(1000).add("document", { bytes: PNG });
    expect(id).toMatch(/^1000:-\d+:\d:[0-9a-f]{64}$/);
    expect(Buffer.byteLength(id)).toBeGreaterThan(64);
  });

  it("are found by path and by id", () => {
    const files = new Files(1000);
    const file = files.add("document", { bytes: PNG, name: "a.PDF" });
    expect(file.path).toBe("documents/1.pdf");
    expect(file.type).toBe("application/pdf");
    expect(files.at(file.path)).toBe(file);
    expect(files.at(file.id)).toBe(file);
    expect(files.at("../1.pdf")).toBeUndefined();
  });

  it("tell the size of pictures, and photos come in two", () => {
    const files = new Files(1000);
    const png = files.add("photo", { bytes: PNG });
    expect([png.width, png.height]).toEqual([640, 480]);
    expect([png.small?.width, png.small?.height]).toEqual([90, 68]);
    const jpeg = files.add("photo", { bytes: JPEG });
    expect([jpeg.width, jpeg.height]).toEqual([400, 300]);
  });

  it("are forgotten by their bytes, oldest first and a photo with its small size, but never the newest", () => {
    const files = new Files(1000, 1_000);
    const photo = files.add("photo", { bytes: new Uint8Array(400) });
    const second = files.add("document", { bytes: new Uint8Array(400) });
    expect(files.get(photo.id)).toBe(photo);
    const third = files.add("document", { bytes: new Uint8Array(300) });
    for (const gone of [photo, photo.small]) {
      expect([files.get(gone?.id ?? ""), files.at(gone?.path ?? "")]).toEqual([undefined, undefined]);
    }
    expect([files.get(second.id), files.get(third.id)]).toEqual([second, third]);
    const large = files.add("document", { bytes: new Uint8Array(5_000) });
    expect(files.get(large.id)).toBe(large);
    expect(files.get(third.id)).toBeUndefined();
    const last = files.add("document", { bytes: new Uint8Array(1_000) });
    expect([files.get(large.id), files.get(last.id)]).toEqual([undefined, last]);
  });

  it("are forgotten by their number", () => {
    const files = new Files(1000);
    const made = Array.from({ length: 10_005 }, () => files.add("voice", { bytes: PNG }));
    expect(made.filter(({ id }) => files.get(id) === undefined)).toEqual(made.slice(0, 5));
    expect(made.filter(({ path }) => files.at(path) === undefined)).toEqual(made.slice(0, 5));
  });

  it("that are forgotten are told from those that never were", () => {
    const files = new Files(1000, 100);
    const photo = files.add("photo", { bytes: new Uint8Array(90) });
    const kept = files.add("document", { bytes: new Uint8Array(90) });
    const said = ": the emulator has forgotten this file. It keeps the last 10000 uploads, and 100 bytes";
    for (const gone of [photo.id, photo.path, photo.small?.id, photo.small?.path]) {
      expect(files.lossOf(gone ?? "")).toContain(said);
    }
    const never = [
      kept.id,
      kept.path,
      "",
      "1:2:3:4",
      "documents/9.bin",
      "documents/0.bin",
      photo.id.replace(/.$/, (end) => (end === "0" ? "1" : "0")),
      new Files(2000).add("document", { bytes: PNG }).id,
    ];
    expect(never.map((id) => files.lossOf(id))).toEqual(never.map(() => ""));
  });

  it("of a few bytes hold no whole body in memory", () => {
    const body = new Uint8Array(1_000_000).fill(7);
    const { bytes } = new Files(1000).add("document", { bytes: body.subarray(10, 20) });
    expect(bytes).toEqual(new Uint8Array(10).fill(7));
    expect(bytes.buffer.byteLength).toBe(10);
    const whole = new Files(1000).add("document", { bytes: body });
    expect(whole.bytes).toBe(body);
  });
});
