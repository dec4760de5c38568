import type { CallbackQuery, Chat, Message, User } from "@balekit/api";

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

/** Posts to the playground and returns what was made; a refusal is thrown with its reason. */
async function post<Result>(path: string, body: unknown): Promise<Result> {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
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
  return post("/emulator/messages", {
    ...message,
    [kind]: { data, file_name: file.name, mime_type: file.type || "application/octet-stream" },
  });
}

/** Presses an inline button. */
export function press(from: number, message: Message, data: string): Promise<CallbackQuery> {
  return post("/emulator/callbacks", { from, chat: message.chat.id, message_id: message.message_id, data });
}

/** Pays an invoice from a person's wallet. */
export function pay(from: number, message: Message): Promise<unknown> {
  return post("/emulator/payments", { from, chat: message.chat.id, message_id: message.message_id });
}

/** Starts the bot's process again. */
export function restart(): Promise<unknown> {
  return post("/playground/restart", {});
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
