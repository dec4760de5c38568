import type { User } from "@balekit/api";

/** What `mention` reads of a user. */
export type Mentionable = Pick<User, "first_name" | "last_name" | "username">;

/**
 * The text that mentions a user: `@ali`. `undefined` for a user without a username, whom Bale's text cannot mention.
 *
 * @param options `orName: true` gives the full name in that case, as plain words.
 */
export function mention(user: Mentionable, options: { readonly orName: true }): string;
export function mention(
  user: Mentionable,
  options?: { readonly orName?: boolean | undefined },
): string | undefined;
export function mention(
  user: Mentionable,
  options: { readonly orName?: boolean | undefined } = {},
): string | undefined {
  if (user.username) return `@${user.username.replace(/^@/, "")}`;
  if (!options.orName) return undefined;
  return [user.first_name, user.last_name].filter(Boolean).join(" ");
}
