import { type Location, locationLink } from "balekit";

/** What is read of a hydrated location. */
export class LocationVerbs {
  /** A link that shows it on Google's map. */
  get link(): string {
    return locationLink(this as unknown as Location);
  }
}
