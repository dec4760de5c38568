import type { IncomingMessage, ServerResponse } from "node:http";

import { chatOf, type ChatRoom, seenByPeople } from "./chats.js";
import { contentFrom } from "./control-content.js";
import { EmulatorError } from "./emulator-error.js";
import type { FaultOptions } from "./faults.js";
import { readRequest } from "./http-request.js";
import { join, leave } from "./members.js";
import { decoded } from "./percent-encoding.js";
import { callBack, edit, invoiceBy, pay, type PayDetails, press, say } from "./people.js";
import { makeRoom, messageBy, personBy, type RoomProfile, roomBy } from "./rooms.js";
import { Refusal } from "./refusal.js";
import { streamEvents } from "./sse.js";
import type { Person, UserProfile } from "./users.js";
import type { World } from "./world.js";

/** The body of a POST, its files included. */
interface Body {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly request: Awaited<ReturnType<typeof readRequest>>;
}

type Post = (world: World, body: Body) => unknown;

const POSTS: Readonly<Record<string, Post>> = {
  "/users": (world, { fields }) => world.addPerson(userProfile(fields)).user,

  "/chats": (world, { fields }) => chatOf(makeRoom(world, roomProfile(fields))),

  "/messages": (world, { fields, request }) => {
    const { person, room } = actor(world, fields);
    return say(world, person, room, contentFrom(world, person, request), optionalId(fields, "reply_to")).made;
  },

  "/edits": (world, { fields }) => {
    const { person, room } = actor(world, fields);
    return edit(world, person, room, requiredId(fields, "message_id"), requiredText(fields, "text")).made;
  },

  "/callbacks": (world, { fields }) => {
    const { person, room } = actor(world, fields);
    const messageId = requiredId(fields, "message_id");
    const { data } = fields;
    const { made } =
      typeof data === "string"
        ? callBack(world, person, room, messageBy(room, messageId), data)
        : press(world, person, room, requiredText(fields, "text"), { messageId });
    return made.query ?? made.message;
  },

  "/payments": (world, { fields }) => {
    const { person, room } = actor(world, fields);
    const invoice = invoiceBy(world, room, requiredId(fields, "message_id"));
    const { made } = pay(world, person, room, invoice, payDetails(fields));
    return made.query;
  },

  "/members": (world, { fields }) => {
    const person = personBy(world, requiredId(fields, "from"));
    const room = roomBy(world, requiredId(fields, "chat"));
    return (fields["action"] === "leave" ? leave(world, person, room) : join(world, person, room)).made;
  },

  "/faults": (world, { fields }) => world.faults.add(fields as unknown as FaultOptions),

  "/clock": async (world, { fields }) => {
    const { advanceMs } = fields;
    if (typeof advanceMs !== "number" || !(advanceMs >= 0) || !Number.isFinite(advanceMs)) {
      throw new EmulatorError(
        `Moving the clock: advanceMs is ${String(advanceMs)}. Give milliseconds from 0 up.`,
      );
    }
    await world.clock.advance(advanceMs).catch((error: unknown) => {
      throw error instanceof RangeError ? new EmulatorError(error.message) : error;
    });
    const moved = { now: world.clock.now() };
    world.events.emit("clock", moved);
    return moved;
  },
};

type Get = (world: World, query: URLSearchParams) => unknown;

const GETS: Readonly<Record<string, Get>> = {
  "": () => ({ routes: ROUTES }),
  "/me": (world) => world.bot,
  "/users": (world) => world.users.all().map(({ user }) => user),
  "/chats": (world) => world.chats.all().map(chatOf),
  "/calls": (world, query) => world.calls.all(query.get("method") ?? undefined),
  "/faults": (world) => world.faults.pending(),
  "/clock": (world) => ({ now: world.clock.now() }),
};

const ROUTES: readonly string[] = [
  ...Object.keys(POSTS).map((path) => `POST /emulator${path}`),
  ...Object.keys(GETS).map((path) => `GET /emulator${path}`),
  "GET /emulator/chats/:id/messages",
  "GET /emulator/files/:file_id",
  "GET /emulator/events",
];

const CHAT_MESSAGES = /^\/chats\/(\d+)\/messages$/;
const FILES = "/files/";

/** Answers one request to the control API: JSON both ways, errors as `{ error }` with a reason. */
export async function control(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  rawPath: string,
  query: URLSearchParams,
): Promise<void> {
  const path = rawPath.replace(/\/$/, "");
  try {
    if (request.method === "GET" || request.method === "HEAD") {
      if (path === "/events") {
        streamEvents(world.events, request, response);
        return;
      }
      if (path.startsWith(FILES)) {
        sendFile(world, response, decoded(path.slice(FILES.length)));
        return;
      }
      json(response, 200, get(world, path, query));
      return;
    }
    const post = request.method === "POST" && Object.hasOwn(POSTS, path) ? POSTS[path] : undefined;
    if (post === undefined)
      throw new Refusal(
        404,
        `${request.method ?? ""} /emulator${path}: no such route. GET /emulator lists them.`,
      );
    const read = await readRequest(request, path, query);
    json(response, 200, await post(world, { fields: read.params, request: read }));
  } catch (error) {
    const { status, reason } = explain(error);
    if (status === 413) response.setHeader("connection", "close");
    json(response, status, { error: reason });
  }
}

function get(world: World, path: string, query: URLSearchParams): unknown {
  const chatId = CHAT_MESSAGES.exec(path)?.[1];
  if (chatId !== undefined) {
    const room = world.chats.get(Number(chatId));
    if (room === undefined) throw new Refusal(404, `There is no chat ${chatId}.`);
    return [...room.messages.values()].map(seenByPeople);
  }
  const handler = Object.hasOwn(GETS, path) ? GETS[path] : undefined;
  if (handler === undefined)
    throw new Refusal(404, `GET /emulator${path}: no such route. GET /emulator lists them.`);
  return handler(world, query);
}

function sendFile(world: World, response: ServerResponse, id: string): void {
  const file = world.files.at(id);
  if (file === undefined) throw new Refusal(404, `There is no file ${id}${world.files.lossOf(id)}.`);
  response.writeHead(200, {
    "content-type": file.type ?? "application/octet-stream",
    "content-length": file.bytes.length,
    "content-security-policy": "sandbox",
    "x-content-type-options": "nosniff",
  });
  response.end(file.bytes);
}

function json(response: ServerResponse, status: number, value: unknown): void {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

function explain(error: unknown): { readonly status: number; readonly reason: string } {
  if (error instanceof EmulatorError) return { status: 400, reason: error.message };
  if (error instanceof Refusal) return { status: error.code, reason: error.message };
  return {
    status: 500,
    reason: `The emulator failed: ${error instanceof Error ? error.message : String(error)}`,
  };
}

/** Who acts, and where: in the private chat with the bot unless `chat` says otherwise. */
function actor(world: World, fields: Body["fields"]): { readonly person: Person; readonly room: ChatRoom } {
  const person = personBy(world, requiredId(fields, "from"));
  return { person, room: roomBy(world, optionalId(fields, "chat") ?? person.user.id) };
}

function optionalId(fields: Body["fields"], name: string): number | undefined {
  const raw = fields[name] ?? undefined;
  if (raw === undefined) return undefined;
  const id = typeof raw === "string" && /^\d{1,16}$/.test(raw) ? Number(raw) : raw;
  if (typeof id === "number" && Number.isSafeInteger(id)) return id;
  throw new EmulatorError(`Reading the body: ${name} is ${JSON.stringify(raw)}. Give an id.`);
}

function requiredId(fields: Body["fields"], name: string): number {
  const id = optionalId(fields, name);
  if (id === undefined) throw new EmulatorError(`Reading the body: ${name} is missing. Give an id.`);
  return id;
}

function requiredText(fields: Body["fields"], name: string): string {
  const text = fields[name];
  if (typeof text === "string" && text !== "") return text;
  throw new EmulatorError(`Reading the body: ${name} is missing. Give a text.`);
}

/** Ids may be strings; null is absent. The rest is checked where the person is made. */
function userProfile(fields: Body["fields"]): UserProfile {
  const given = Object.entries(fields).filter(([, value]) => value !== null);
  const id = optionalId(fields, "id");
  return { ...(Object.fromEntries(given) as unknown as UserProfile), ...(id === undefined ? {} : { id }) };
}

function roomProfile(fields: Body["fields"]): RoomProfile {
  const ids = (name: string): number[] => {
    const raw = fields[name] ?? [];
    if (Array.isArray(raw)) return raw.map((id: unknown) => requiredId({ [name]: id }, name));
    throw new EmulatorError(`Making a chat: ${name} must be an array of user ids.`);
  };
  const { username, bot, title, type } = fields as unknown as RoomProfile;
  if ((username ?? undefined) !== undefined && typeof username !== "string") {
    throw new EmulatorError("Making a chat: username must be a string.");
  }
  const named = username === null || username === undefined ? {} : { username };
  return { type, title, ...named, bot: bot ?? undefined, members: ids("members"), admins: ids("admins") };
}

function payDetails(fields: Body["fields"]): PayDetails {
  const { question_delay_ms: delay, receipt } = fields;
  if (delay !== undefined && !(typeof delay === "number" && delay >= 0 && Number.isFinite(delay))) {
    throw new EmulatorError(
      `Paying: question_delay_ms is ${JSON.stringify(delay)}. Give milliseconds from 0 up.`,
    );
  }
  if (receipt !== undefined && receipt !== "once" && receipt !== "twice" && receipt !== "never") {
    throw new EmulatorError(
      `Paying: receipt is ${JSON.stringify(receipt)}. Give "once", "twice" or "never".`,
    );
  }
  return { questionDelayMs: delay, receipt };
}
