import type { Update, UpdateKind, User } from "@balekit/api";
import { keepShape } from "./shape.js";
import { kindOf } from "./update-kind.js";

/** A command as it was typed. */
export interface TypedCommand {
  /** Comparable: normalized, in small letters, without the slash. */
  readonly name: string;
  /** As typed, for people. */
  readonly rawName: string;
  /** What follows the command, as typed, without space around it. */
  readonly payload: string;
  /** The bot it is addressed to (`/start@shop_bot`), in small letters; `undefined` when it names none. */
  readonly mention: string | undefined;
}

/** Whole texts, with the commands that they are. Made of what is registered, never of what users write. */
export type KnownCommands = ReadonlyMap<string, TypedCommand>;

/** What a look at an update needs to know about the bot. */
export interface Viewer {
  readonly me: Pick<User, "username">;
  readonly normalizeText: (text: string) => string;
}

/** An update as the built-in tests see it: each thing is worked out once, and only if a test asks for it. */
export class Subject {
  readonly update: Update;
  readonly viewer: Viewer;
  private readonly known: KnownCommands | undefined;
  readonly kind: UpdateKind | undefined;
  /** The text or caption of a new message: what `hears` listens to. */
  readonly content: string | undefined;
  /** What the pressed button carries. */
  readonly data: string | undefined;
  /** Kept by the getters below. `null`: not worked out yet. */
  private normal: string | null = null;
  private typed: TypedCommand | undefined | null = null;

  /** @param known what saves reading the commands that most people type */
  constructor(update: Update, viewer: Viewer, known?: KnownCommands) {
    this.update = update;
    this.viewer = viewer;
    this.known = known;
    this.kind = kindOf(update);
    const message = update.message;
    this.content = textOr(message?.text, message?.caption);
    this.data = textOr(update.callback_query?.data);
  }

  /** `content`, made comparable. */
  get normalContent(): string | undefined {
    if (this.content === undefined) return undefined;
    if (this.normal === null) this.normal = this.viewer.normalizeText(this.content);
    return this.normal;
  }

  /** The command a new message begins with, if it begins with one. */
  get command(): TypedCommand | undefined {
    if (this.typed === null) {
      const text = this.update.message?.text;
      this.typed = this.known?.get(text as string) ?? parseCommand(text, this.viewer);
    }
    return this.typed;
  }

  /** Whether the command is for this bot: it names none, or this one. */
  get isForUs(): boolean {
    const mention = this.command?.mention;
    return mention === undefined || mention === this.viewer.me.username?.toLowerCase();
  }
}

function parseCommand(text: string | null | undefined, viewer: Viewer): TypedCommand | undefined {
  if (typeof text !== "string" || text.charCodeAt(0) !== 47) return undefined;
  if (isBareCommand(text)) {
    const rawName = text.slice(1);
    return {
      name: viewer.normalizeText(rawName).toLowerCase(),
      rawName,
      payload: "",
      mention: undefined,
    };
  }
  const parts = /^\/([^\s@]+)(?:@(\S+))?(?:\s+|$)/.exec(text);
  const rawName = parts?.[1];
  if (parts === null || rawName === undefined) return undefined;
  return {
    name: viewer.normalizeText(rawName).toLowerCase(),
    rawName,
    payload: text.slice(parts[0].length).trim(),
    mention: parts[2]?.toLowerCase(),
  };
}

/** Whether a text that begins with a slash is a short command in ASCII and nothing else: the usual case. */
function isBareCommand(text: string): boolean {
  if (text.length < 2 || text.length > 33) return false;
  for (let at = 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // Space, @ and whatever is not ASCII need a closer look.
    if (code <= 32 || code === 64 || code > 126) return false;
  }
  return true;
}

/** The first that is a text with something in it. What comes over the wire may be anything. */
function textOr(text: unknown, other?: unknown): string | undefined {
  if (typeof text === "string" && text !== "") return text;
  return other === undefined ? undefined : textOr(other);
}

keepShape(new Subject({ update_id: 0 }, { me: {}, normalizeText: (text) => text }));
