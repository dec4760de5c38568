/** Guards, and how to make one. */
export { allOf, anyOf, guard } from "./guard.js";
export type { Guard, Refusal } from "./guard.js";
/** Who somebody is in a chat, and what the chat is. */
export { isAdmin, isChatType, isOwner } from "./standing.js";
export type { ChatTypeRefusal, StandingRefusal } from "./standing.js";
/** Who somebody is. */
export { isUser } from "./people.js";
export type { PeopleRefusal } from "./people.js";
/** How often somebody may. */
export { cooldown } from "./cooldown.js";
export type { CooldownOptions, CooldownRefusal } from "./cooldown.js";
