import type { CallbackQuery, Chat, Message, PreCheckoutQuery, User } from "@balekit/api";

/** What a person sends. A file goes as its bytes in base64. */
export interface Outgoing {
  readonly from: number;
  readonly chat: number;
  readonly text?: string;
  readonly caption?: string;
  readonly reply_to?: number;
  /** Empty for one's own. */
  readonly contact?: { readonly phone_number?: string; readonly first_name?: string };
  readonly location?: { readonly latitude: number; readonly longitude: number };
}

/** How long an answer may take: it is this machine that answers. A file takes longer to send than a text. */
const PATIENCE_MS = 20_000;
const FILE_PATIENCE_MS = 120_000;

/** The playground gave no answer. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
  /** It was asked, and may have done it. */
  readonly mayHaveArrived: boolean;

  constructor(cause: unknown) {
    super("The playground does not answer.", { cause });
    this.mayHaveArrived = cause instanceof DOMException && cause.name === "TimeoutError";
  }
}

/** Posts to the playground and returns what was made; a refusal is thrown with its reason. */
async function post<Result>(path: string, body: unknown, patienceMs = PATIENCE_MS): Promise<Result> {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(patienceMs),
  }).catch((error: unknown) => {
    throw new Unreachable(error);
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw new Error(reasonIn(answer) ?? `${response.status} ${response.statusText}`);
  return answer as Result;
}

function reasonIn(answer: unknown): string | undefined {
  if (typeof answer !== "object" || answer === null) return undefined;
  for (const key of ["error", "reason", "description", "message"]) {
    const value = (answer as Record<string, unknown>)[key];
    if (typeof value === "string") return value;
  }
  return undefined;
}

/** Makes a person. */
export function makePerson(first_name: string, username: string): Promise<User> {
  return post("/emulator/users", username === "" ? { first_name } : { first_name, username });
}

/** Makes a group that the bot is a member of. */
export function makeGroup(title: string, members: readonly number[]): Promise<Chat> {
  return post("/emulator/chats", { type: "group", title, members });
}

/** Sends a message as a person. */
export function sendMessage(message: Outgoing): Promise<Message> {
  return post("/emulator/messages", message);
}

/** Sends a file as a person; what it is follows from its type, a document when it is nothing known. */
export async function sendFile(message: Outgoing, file: File, asFile = false): Promise<Message> {
  const kind = asFile ? "document" : kindOf(file.type);
  const data = await base64(file);
  const sent = { data, file_name: file.name, mime_type: file.type || "application/octet-stream" };
  return post("/emulator/messages", { ...message, [kind]: sent }, FILE_PATIENCE_MS);
}

/** Presses an inline button. */
export function press(from: number, message: Message, data: string): Promise<CallbackQuery> {
  return post("/emulator/callbacks", { from, chat: message.chat.id, message_id: message.message_id, data });
}

/** Pays an invoice from a person's wallet. The question to the bot has the id of the payment. */
export function pay(from: number, message: Message): Promise<PreCheckoutQuery> {
  return post("/emulator/payments", { from, chat: message.chat.id, message_id: message.message_id });
}

/** Starts the bot's process again. */
export function restart(): Promise<unknown> {
  return post("/playground/restart", {});
}

/** Makes the playground forget the bot's calls, output and errors. */
export function clear(): Promise<unknown> {
  return post("/playground/clear", {});
}

/** Where the bytes of a file are. */
export function fileAddress(fileId: string): string {
  return `/emulator/files/${encodeURIComponent(fileId)}`;
}

function kindOf(type: string): "photo" | "video" | "audio" | "document" {
  if (/^image\/(?:png|jpeg|webp|gif)$/.test(type)) return "photo";
  if (type.startsWith("video/")) return "video";
  return type.startsWith("audio/") ? "audio" : "document";
}

async function base64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  // In pieces: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(binary);
}
