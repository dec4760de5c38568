import { outOfRange, shown } from "./misuse.js";

/**
 * The link that opens a bot and sends it `/start <payload>`: `https://ble.ir/my_bot?start=gift-12`.
 *
 * @param username the bot's, with or without `@`. It ends in "bot", as every bot's does.
 * @param payload 1 to 64 of `A-Z a-z 0-9 _ -`. Bale publishes no rule; this is the one its users' clients are known to keep.
 * @throws RangeError for a username or payload that would make a dead link
 */
export function deepLink(username: string, payload: string): string {
  const name = typeof username === "string" ? username.replace(/^@/, "") : "";
  if (!/^[A-Za-z][A-Za-z0-9_]*bot$/i.test(name)) {
    throw outOfRange(
      "ERR_BALE_DEEP_LINK",
      `Making a deep link: ${shown(username)} is not the username of a bot. ` +
        'Give Latin letters, digits and _, ending in "bot", like "my_shop_bot".',
      deepLink,
    );
  }
  if (typeof payload !== "string" || !/^[A-Za-z0-9_-]{1,64}$/.test(payload)) {
    throw outOfRange(
      "ERR_BALE_DEEP_LINK",
      `Making a deep link to ${name}: the payload is ${shown(payload)}. ` +
        "Give 1 to 64 Latin letters, digits, _ or -. Keep anything longer on your side and send its id.",
      deepLink,
    );
  }
  return `https://ble.ir/${name}?start=${payload}`;
}
