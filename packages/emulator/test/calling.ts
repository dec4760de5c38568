import type { Call, Message, Reply } from "@balekit/api";

import type { Emulator } from "../src/emulator.js";

/** Calls a method as a bot would, past the checks of the api client. */
export async function call(bale: Emulator, method: string, params: object = {}): Promise<Reply> {
  return bale.transport().send({ method, params, options: {} } as Call);
}

/** The result of a call that must succeed. */
export async function result<Result = Message>(
  bale: Emulator,
  method: string,
  params: object = {},
): Promise<Result> {
  const reply = await call(bale, method, params);
  if (!reply.ok) throw new Error(`${method}: ${reply.error_code} ${reply.description}`);
  return reply.result as Result;
}

/** Code and description of a call that must be refused. */
export async function refusal(bale: Emulator, method: string, params: object = {}): Promise<string> {
  const reply = await call(bale, method, params);
  if (reply.ok) throw new Error(`${method} was not refused: ${JSON.stringify(reply.result)}`);
  return `${reply.error_code} ${reply.description}`;
}
