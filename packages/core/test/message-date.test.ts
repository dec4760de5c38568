import { describe, expect, it } from "vitest";
import { messageDate } from "../src/message-date.js";

describe("messageDate", () => {
  it("reads Bale's seconds as a moment", () => {
    expect(messageDate({ date: 1_700_000_000 }).toISOString()).toBe("2023-11-14T22:13:20.000Z");
    expect(messageDate({ date: 0 }).getTime()).toBe(0);
  });

  it("answers undefined where Bale leaves the date out", () => {
    expect(messageDate({})).toBeUndefined();
    expect(messageDate({ date: undefined })).toBeUndefined();
  });
});
