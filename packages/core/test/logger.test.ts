import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { consoleLogger, type Logger } from "../src/index.js";
import { debugFilter, withoutSecret } from "../src/logger.js";
import { keptLog } from "./scripted-bale.js";

function written(debug: string, write: (logger: Logger) => void): string {
  let all = "";
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      all += chunk.toString();
      done();
    },
  });
  write(consoleLogger({ debug, stream }));
  return all;
}

describe("consoleLogger", () => {
  it("writes warnings always, with their facts, and debug lines only for topics DEBUG names", () => {
    const write = (logger: Logger): void => {
      logger.warn("careful", { updateId: 5, nothing: undefined });
      logger.debug("a poll", { topic: "balekit:poll" });
      logger.debug("a call", { topic: "balekit:call" });
    };
    expect(written("", write)).toBe("balekit careful updateId=5\n");
    expect(written("balekit:poll", write)).toBe("balekit careful updateId=5\nbalekit:poll a poll\n");
    expect(written("balekit:*,-balekit:poll", write)).toBe(
      "balekit careful updateId=5\nbalekit:call a call\n",
    );
  });
});

describe("debugFilter", () => {
  it("reads names, stars, lists and exclusions, and takes nothing for a pattern of another kind", () => {
    expect(debugFilter("*")("balekit:poll")).toBe(true);
    expect(debugFilter("express:* balekit:*")("balekit:poll")).toBe(true);
    expect(debugFilter("balekit")("balekit:poll")).toBe(false);
    expect(debugFilter("balekit.poll")("balekit:poll")).toBe(false);
    expect(debugFilter("*,-balekit:*")("balekit:poll")).toBe(false);
    expect(debugFilter("")("balekit:poll")).toBe(false);
  });
});

describe("withoutSecret", () => {
  it("takes the token, and its secret half, out of messages and facts", () => {
    const kept = keptLog();
    const logger = withoutSecret(kept, "1000:abcdefghijkl");
    logger.warn("https://x/bot1000:abcdefghijkl/getMe and abcdefghijkl");
    expect(kept.lines).toEqual(["warn https://x/bot[token]/getMe and [token]"]);
    expect(withoutSecret(kept, undefined)).toBe(kept);
  });
});
