import type { Chat, UpdateKind } from "@balekit/api";
import { closest } from "./closest.js";
import { shown, wrongType } from "./misuse.js";
import { type Hit, plainHit, type RouteKey, type RouteTest } from "./route-test.js";
import type { Subject } from "./subject.js";

/** A type of chat. */
export type ChatType = Chat["type"];

const chatTypes: readonly string[] = ["private", "group", "channel"] satisfies ChatType[];

/** Behind `chatType`: updates of some types of chat. */
export class ChatTypeTest implements RouteTest {
  readonly label: string;
  readonly kinds: readonly UpdateKind[] = ["message", "edited_message", "callback_query"];
  readonly #types: readonly string[];

  /** @throws TypeError for a name that is not a type of chat */
  constructor(types: ChatType | readonly ChatType[]) {
    this.#types = typeof types === "string" ? [types] : types;
    for (const type of this.#types) {
      if (chatTypes.includes(type)) continue;
      const near = typeof type === "string" ? closest(type, chatTypes) : undefined;
      const hint = near === undefined ? `Take one of: ${chatTypes.join(", ")}.` : `Did you mean "${near}"?`;
      throw wrongType("ERR_BALE_QUERY", `Unknown type of chat ${shown(type)}. ${hint}`, ChatTypeTest);
    }
    this.label = `chatType(${this.#types.map((type) => JSON.stringify(type)).join(", ")})`;
  }

  match(subject: Subject): Hit | undefined {
    const type = typeOfChat(subject);
    return type !== undefined && this.#types.includes(type) ? plainHit : undefined;
  }

  whyNot(subject: Subject): string {
    const type = typeOfChat(subject);
    return type === undefined ? "it has no chat" : `the chat is ${type}`;
  }

  keys(): readonly RouteKey[] {
    return [{ by: "scan" }];
  }
}

function typeOfChat({ update, kind }: Subject): string | undefined {
  if (kind === "callback_query") return update.callback_query?.message?.chat?.type;
  if (kind === "message" || kind === "edited_message") return update[kind]?.chat?.type;
  return undefined;
}
