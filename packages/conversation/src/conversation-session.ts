import type { SessionAccess } from "balekit";
import type { ExternalRun } from "./effect.js";
import { misuse, shown } from "./misuse.js";

/** A property of contexts that is a session: what gives its data is its `update`. */
interface HasUpdate<Data> {
  update(...change: never[]): Promise<Data>;
}

/** The data of a session, by what it is on contexts. */
export type SessionDataOf<Property> = Property extends HasUpdate<infer Data> ? Data : never;

/** The names of the sessions that contexts have. */
export type SessionNameOf<C> = {
  [Name in keyof C & string]: C[Name] extends HasUpdate<object> ? Name : never;
}[keyof C & string];

/** A session as a conversation has it: read and changed in steps that are written down, each done once. */
export interface ConversationSession<Data> {
  /** The data as it is stored now; a copy. */
  read(): Promise<Data>;
  /** A part of it: only that is written down. `select` looks at nothing but the data. */
  read<Part>(select: (data: Data) => Part): Promise<Part>;
  /**
   * Changes what is stored, by compare-and-set: `change` may run several times, alters the data it is given or answers
   * other data, and `null` deletes. After a crash in that moment it is done again: where twice is too often, keep
   * `run.idempotencyKey` in the data, or use `c.with({ ambiguous: "throw" }, …)`.
   */
  update(change: SessionChangeOf<Data>): Promise<void>;
  /** Resolves to a part of what is stored then. */
  update<Part>(change: SessionChangeOf<Data>, select: (data: Data) => Part): Promise<Part>;
}

/** What a change is given, and may answer. */
export type SessionChangeOf<Data> = (
  data: Data,
  run: ExternalRun,
  // biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing fits only void
) => Data | null | undefined | void;

/** `c.session`, and `c.session("name")` for one of another name. */
export type ConversationSessions<C> = (C extends { readonly session: HasUpdate<infer Data> }
  ? ConversationSession<Data>
  : unknown) &
  (<Name extends SessionNameOf<C>>(name: Name) => ConversationSession<SessionDataOf<C[Name]>>);

/** What `c.session` stands on. */
export interface SessionDoor {
  /** What the session plugin offers under a name. */
  readonly find: (name: string) => SessionAccess | undefined;
  /** Does something once, as an effect of the conversation. */
  readonly effect: (key: string, perform: (run: ExternalRun) => unknown) => Promise<unknown>;
  readonly read: (access: SessionAccess) => Promise<unknown>;
  readonly update: (access: SessionAccess, change: (data: unknown) => unknown) => Promise<unknown>;
}

/** Makes `c.session`. */
export function conversationSessions(door: SessionDoor): object {
  return Object.assign((name: string) => sessionOf(door, name), sessionOf(door, "session"));
}

function sessionOf(door: SessionDoor, name: string): ConversationSession<unknown> {
  const what = name === "session" ? "c.session" : `c.session(${shown(name)})`;
  const key = name === "session" ? "session" : `session:${name}`;
  const access = (): SessionAccess => {
    const found = door.find(name);
    if (found !== undefined) return found;
    throw misuse(
      "ERR_BALE_CONVERSATION_SESSION",
      `${what}: this bot has no session of that name where conversations stand. Extend it with session(…)${name === "session" ? "" : ` named ${shown(name)}`} before conversations(…).`,
    );
  };
  const requireFunction = (doing: string, value: unknown): void => {
    if (typeof value === "function") return;
    throw misuse(
      "ERR_BALE_CONVERSATION_SESSION",
      `${what}.${doing}: it takes a function of the data, not ${shown(value)}.`,
    );
  };
  return {
    read: async (select: (data: unknown) => unknown = (data) => data): Promise<never> => {
      requireFunction("read", select);
      const session = access();
      return door.effect(`${key}.read`, async () => select(await door.read(session))) as Promise<never>;
    },
    update: async (
      change: SessionChangeOf<unknown>,
      select: (data: unknown) => unknown = () => undefined,
    ): Promise<never> => {
      requireFunction("update", change);
      requireFunction("update", select);
      const session = access();
      return door.effect(`${key}.update`, async (run) =>
        select(await door.update(session, (data) => change(data, run))),
      ) as Promise<never>;
    },
  };
}
