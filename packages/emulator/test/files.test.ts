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
});
