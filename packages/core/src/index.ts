import { hello, type Update } from "@balekit/api";
export const x: Update = { update_id: hello().length };
/** Keyboards: buttons below a message, and buttons in place of the user's keyboard. */
export { InlineKeyboard } from "./inline-keyboard.js";
export { Keyboard } from "./keyboard.js";
export type { ButtonGrid, PlacedButton } from "./button-grid.js";
/** Texts, links and other small things a bot's author reaches for. */
export { deepLink } from "./deep-link.js";
export { find } from "./find.js";
export { locationLink } from "./location-link.js";
export { mention } from "./mention.js";
export type { Mentionable } from "./mention.js";
export { messageDate } from "./message-date.js";
export { splitText } from "./split-text.js";
