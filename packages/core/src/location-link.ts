import type { Location } from "@balekit/api";
import { outOfRange, shown } from "./misuse.js";

/**
 * A link that shows a location on Google's map. Latitude comes first in it, whatever the order in the object.
 *
 * @throws RangeError for a latitude beyond ±90 or a longitude beyond ±180: most often the two are swapped
 */
export function locationLink(location: Pick<Location, "latitude" | "longitude">): string {
  const latitude = checkDegrees("latitude", location.latitude, 90);
  const longitude = checkDegrees("longitude", location.longitude, 180);
  return `https://maps.google.com/maps?q=loc:${latitude},${longitude}`;
}

function checkDegrees(name: string, value: unknown, max: number): number {
  if (typeof value !== "number" || !(Math.abs(value) <= max)) {
    throw outOfRange(
      "ERR_BALE_LOCATION",
      `Linking to a location: its ${name} is ${shown(value)}. Give degrees from -${max} to ${max}; ` +
        "Tehran is at latitude 35.7, longitude 51.4.",
      locationLink,
    );
  }
  return value;
}
