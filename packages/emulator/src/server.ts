import type { Reply } from "@balekit/api";

import type { CallRecord } from "./calls.js";
import type { Fault } from "./faults.js";
import { type Encoding, Fields, type Request } from "./fields.js";
import type { CallContext, Method } from "./method.js";
import { chatMethods } from "./methods/chats.js";
import { editMethods } from "./methods/edits.js";
import { mediaMethods } from "./methods/media.js";
import { memberMethods } from "./methods/members.js";
import { messageMethods } from "./methods/messages.js";
import { paymentMethods } from "./methods/payments.js";
import { stickerMethods } from "./methods/stickers.js";
import { updateMethods } from "./methods/updates.js";
import { notFound, Refusal, tokenNotFound } from "./refusal.js";
import type { World } from "./world.js";

interface NamedMethod {
  readonly name: string;
  readonly run: Method;
}

/** Names of methods count in any case (notes.md 2: documented). */
const METHODS: ReadonlyMap<string, NamedMethod> = new Map(
  [
    updateMethods,
    messageMethods,
    mediaMethods,
    editMethods,
    chatMethods,
    memberMethods,
    stickerMethods,
    paymentMethods,
  ].flatMap((table) => Object.entries(table).map(([name, run]) => [name.toLowerCase(), { name, run }])),
);

/** The Business API has seven methods (notes.md 2: documented). */
const BUSINESS_METHODS: ReadonlySet<string> = new Set([
  "getMe",
  "sendMessage",
  "forwardMessage",
  "sendPhoto",
  "sendVideo",
  "sendAudio",
  "sendDocument",
]);

const TOKEN = /^\d{1,16}:[A-Za-z0-9_-]+$/;

/** Bale's spelling of a method's name, or the name as it came. */
export function methodName(name: string): string {
  return METHODS.get(name.toLowerCase())?.name ?? name;
}

/** Throws what Bale answers to a token that is not the bot's. */
export function checkToken(world: World, token: string): void {
  if (token === world.token) return;
  throw TOKEN.test(token) ? tokenNotFound() : notFound();
}

/** Everything about one call beside its parameters. */
export interface Incoming extends CallContext {
  readonly token: string;
  /** The fault that will spoil the answer, for the log. */
  readonly fault?: Fault | undefined;
}

/** Carries one call out and writes it to the log. Never rejects: what goes wrong is in the reply. */
export async function answer(world: World, request: Request, incoming: Incoming): Promise<Reply> {
  const fields = new Fields(request);
  const at = world.clock.now();
  let reply: Reply;
  try {
    checkToken(world, incoming.token);
    const method = METHODS.get(request.method.toLowerCase());
    if (method === undefined) throw notFound();
    if (incoming.business && !BUSINESS_METHODS.has(method.name)) throw notFound();
    reply = { ok: true, result: await method.run(world, fields, incoming) };
  } catch (error) {
    reply = failure(error);
  }
  log(world, fields, incoming, reply, at);
  return reply;
}

/** What a thrown error is on the wire. */
export function failure(error: unknown): Extract<Reply, { ok: false }> {
  if (!(error instanceof Refusal)) {
    const detail = error instanceof Error ? error.message : String(error);
    return {
      ok: false,
      error_code: 500,
      description: `Internal Server Error: the emulator failed: ${detail}`,
    };
  }
  const parameters =
    error.retryAfterSeconds === undefined ? {} : { parameters: { retry_after: error.retryAfterSeconds } };
  return { ok: false, error_code: error.code, description: error.message, ...parameters };
}

/** Writes a call to the log that a fault answered in the place of the method. */
export function logSpoiled(
  world: World,
  request: Request,
  incoming: Incoming,
  description: string,
  code?: number,
): void {
  const reply: Reply = { ok: false, error_code: code ?? 0, description };
  log(world, new Fields(request), incoming, reply, world.clock.now());
}

function log(world: World, fields: Fields, incoming: Incoming, reply: Reply, at: number): void {
  const { method, encoding } = fields.request;
  const name = methodName(method);
  if (name === "getUpdates" && reply.ok && (reply.result as unknown[]).length === 0) return;
  const ignored = incoming.fault === undefined && reply.ok ? fields.ignored() : [];
  const record: Omit<CallRecord, "id"> = {
    method: name,
    params: shownParams(fields.request),
    ok: reply.ok,
    ...(reply.ok
      ? { result: reply.result }
      : { error_code: reply.error_code, description: reply.description }),
    warnings: [
      ...fields.warnings,
      ...ignored.map(
        (parameter) => `${parameter}: Bale does not know this parameter of ${name} and ignores it.`,
      ),
    ],
    at,
    encoding: encoding satisfies Encoding,
    ...(incoming.business ? { business: true } : {}),
    ...(incoming.fault === undefined ? {} : { fault: incoming.fault.kind }),
  };
  world.events.emit("call", world.calls.add(record));
}

/** Parameters without the bytes of files. */
function shownParams(request: Request): Readonly<Record<string, unknown>> {
  if (request.files.size === 0) return request.params;
  const shown: Record<string, unknown> = { ...request.params };
  for (const [name, file] of request.files) {
    shown[name] = { file_name: file.name, file_size: file.bytes.length };
  }
  return shown;
}
