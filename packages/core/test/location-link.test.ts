import { describe, expect, it } from "vitest";
import { locationLink } from "../src/location-link.js";

describe("locationLink", () => {
  it("puts the latitude first, whatever the order in the object", () => {
    expect(locationLink({ longitude: 51.389, latitude: 35.6892 })).toBe(
      "https://maps.google.com/maps?q=loc:35.6892,51.389",
    );
    expect(locationLink({ latitude: -90, longitude: 180 })).toBe(
      "https://maps.google.com/maps?q=loc:-90,180",
    );
  });

  it.each([
    [{ latitude: 91, longitude: 0 }, "its latitude is 91"],
    [{ latitude: 0, longitude: -180.5 }, "its longitude is -180.5"],
    [{ latitude: Number.NaN, longitude: 0 }, "its latitude is NaN"],
    [{ latitude: "35" as unknown as number, longitude: 0 }, 'its latitude is "35"'],
  ])("refuses %j", (location, message) => {
    expect(() => locationLink(location)).toThrow(RangeError);
    expect(() => locationLink(location)).toThrow(message);
  });
});
