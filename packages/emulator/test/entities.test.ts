import { describe, expect, it } from "vitest";

import { entitiesOf } from "../src/entities.js";

describe("entities", () => {
  it("are commands and mentions, in UTF-16 units", () => {
    expect(entitiesOf("😀 /start@my_bot and @ali_reza")).toEqual([
      { type: "bot_command", offset: 3, length: 13 },
      { type: "mention", offset: 21, length: 9 },
    ]);
  });

  it("are absent when there are none, also for markdown, paths and addresses", () => {
    for (const text of ["*bold*", "either/or", "a@b.ir", "سلام", "/"])
      expect(entitiesOf(text)).toBeUndefined();
  });
});
