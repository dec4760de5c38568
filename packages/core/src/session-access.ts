import { type Capability, capability } from "./capability.js";
import type { Context } from "./context.js";

/**
 * What a plugin can do with the session of an update without knowing the session plugin: conversations read and change
 * it in steps they can replay. Data goes in and out as copies.
 */
export interface SessionAccess {
  /** The session as the handlers of this update see it; what nobody has stored yet is its initial value. */
  read(ctx: Context): Promise<unknown>;
  /**
   * Changes it and writes it at once. `change` may run several times, each time on what is stored then; it alters the
   * data it is given, or answers other data, or `null` to delete. Resolves to what is stored now.
   */
  update(ctx: Context, change: (data: unknown) => unknown): Promise<unknown>;
}

const tokens = new Map<string, Capability<SessionAccess>>();

/** The token under which the session of this name can be found: `composer.find(sessionAccess())`. @default "session" */
export function sessionAccess(name: string = "session"): Capability<SessionAccess> {
  let token = tokens.get(name);
  if (token === undefined) {
    token = capability<SessionAccess>(`session access: ${name}`);
    tokens.set(name, token);
  }
  return token;
}
