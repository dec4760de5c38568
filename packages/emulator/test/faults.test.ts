import { describe, expect, it } from "vitest";

import { EmulatorError } from "../src/emulator-error.js";
import { type FaultKind, Faults } from "../src/faults.js";

describe("faults", () => {
  it("strike calls of their method, in any case, as often as set and in the order set", () => {
    const faults = new Faults();
    faults.add({ kind: "429", method: "SENDMESSAGE", times: 2, retry_after: 3 });
    faults.add({ kind: "hang" });
    expect(faults.take("sendMessage")).toMatchObject({ kind: "429", retry_after: 3, left: 1 });
    expect(faults.take("getMe")).toMatchObject({ kind: "hang", left: 0 });
    expect(faults.take("getMe")).toBeUndefined();
    expect(faults.pending()).toHaveLength(1);
    expect(faults.take("sendMessage")?.left).toBe(0);
    expect(faults.take("sendMessage")).toBeUndefined();
  });

  it("keep duplicates apart from calls", () => {
    const faults = new Faults();
    faults.add({ kind: "duplicate" });
    expect(faults.take("getUpdates")).toBeUndefined();
    expect(faults.takeDuplicate()).toBe(true);
    expect(faults.takeDuplicate()).toBe(false);
  });

  it("can be taken back", () => {
    const faults = new Faults();
    faults.add({ kind: "429" });
    faults.clear();
    expect(faults.take("getMe")).toBeUndefined();
  });

  it("refuse what cannot be meant, naming the kinds there are", () => {
    const faults = new Faults();
    expect(() => faults.add({ kind: "503" as FaultKind })).toThrow(/unknown kind "503".*502-html/);
    expect(() => faults.add({ kind: "429", times: 0 })).toThrow(EmulatorError);
    expect(() => faults.add({ kind: "429", retry_after: -1 })).toThrow(EmulatorError);
    expect(() => faults.add({ kind: "429", method: 5 as unknown as string })).toThrow(EmulatorError);
  });
});
