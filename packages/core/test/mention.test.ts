import { describe, expect, it } from "vitest";
import { mention } from "../src/mention.js";

describe("mention", () => {
  it("writes the username with one @", () => {
    expect(mention({ first_name: "علی", username: "ali" })).toBe("@ali");
    expect(mention({ first_name: "علی", username: "@ali" })).toBe("@ali");
  });

  it("has nothing for a user without a username", () => {
    expect(mention({ first_name: "علی" })).toBeUndefined();
    expect(mention({ first_name: "علی", username: "" })).toBeUndefined();
  });

  it("gives the name instead when asked to", () => {
    expect(mention({ first_name: "علی" }, { orName: true })).toBe("علی");
    expect(mention({ first_name: "علی", last_name: "رضایی" }, { orName: true })).toBe("علی رضایی");
  });
});
