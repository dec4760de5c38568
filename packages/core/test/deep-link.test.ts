import { describe, expect, it } from "vitest";
import { deepLink } from "../src/deep-link.js";

describe("deepLink", () => {
  it("links to the bot on ble.ir with the payload of /start", () => {
    expect(deepLink("my_shop_bot", "gift-12_A")).toBe("https://ble.ir/my_shop_bot?start=gift-12_A");
  });

  it("drops the @ of a username", () => {
    expect(deepLink("@EchoBot", "x")).toBe("https://ble.ir/EchoBot?start=x");
  });

  it.each(["", "@", "bot/../x", "my shop bot", "فروشگاه_bot", "ali", "1bot", "@@abot", "a?bot"])(
    "refuses %j, which is no bot's username",
    (username) => {
      expect(() => deepLink(username, "x")).toThrow(RangeError);
    },
  );

  it.each(["", " ", "a b", "سلام", "a=b", "a&b", "x".repeat(65)])("refuses the payload %j", (payload) => {
    expect(() => deepLink("abot", payload)).toThrow(RangeError);
  });

  it("names the value, what to do, and a stable code", () => {
    expect(() => deepLink("abot", "a b")).toThrow(
      'Making a deep link to abot: the payload is "a b". Give 1 to 64 Latin letters, digits, _ or -.',
    );
    expect(() => deepLink("abot", "a b")).toThrow(expect.objectContaining({ code: "ERR_BALE_DEEP_LINK" }));
  });
});
