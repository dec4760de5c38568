import type { BotHost, Context } from "balekit";
import type { ConversationHost } from "./conversation-host.js";
import type { AnyDefinition } from "./definition.js";
import { packInput } from "./program-input.js";
import type { LaneKeys } from "./lane-keys.js";
import type { LaneMachine } from "./lane-machine.js";
import { misuse } from "./misuse.js";
import type { Probe } from "./probe.js";
import { refuseInside } from "./scope.js";

/** What conversations are entered with. */
export interface EntranceInit {
  readonly definitions: ReadonlyMap<string, AnyDefinition>;
  readonly keys: LaneKeys;
  readonly maxValueBytes: number;
  readonly probe: Probe | undefined;
  readonly ready: () => Promise<{ machine: LaneMachine; bot: BotHost; host: ConversationHost }>;
}

/** The way into conversations: of a handler, or from outside of any update. */
export class Entrance {
  readonly #init: EntranceInit;
  /** How often each update has entered each definition so far. */
  readonly #entries = new WeakMap<Context, Map<string, number>>();

  constructor(init: EntranceInit) {
    this.#init = init;
  }

  /** Names one entry of an update, by its place among those of the definition: the same when the update comes again. */
  once(ctx: Context, { name }: AnyDefinition): string | undefined {
    const { update_id: id } = ctx.update;
    if (id === 0) return undefined;
    const counts = this.#entries.get(ctx) ?? new Map<string, number>();
    this.#entries.set(ctx, counts);
    const before = counts.get(name) ?? 0;
    counts.set(name, before + 1);
    return `e${before === 0 ? id : `${id}.${before}`}:${name}`;
  }

  /** Begins a conversation with whoever a context is of. Resolves, with its id, when it waits or is over. */
  async enter(
    definition: AnyDefinition,
    ctx: Context,
    args: unknown,
    once: string | undefined = this.once(ctx, definition),
  ): Promise<string> {
    const { definitions, keys, maxValueBytes, probe } = this.#init;
    refuseInside(
      `Entering "${definition.name}"`,
      "Use c.call(definition, args), or enter it from a handler once this one is over.",
    );
    if (definitions.get(definition.name) !== definition) {
      throw misuse(
        "ERR_BALE_CONVERSATION_DEFINITION",
        `Entering "${definition.name}": it is not among the definitions. Put it into conversations({ definitions }).`,
      );
    }
    const { machine, host } = await this.#init.ready();
    const { update, signal } = ctx;
    const { per = "user-in-chat", onActive = "replace" } = definition.options;
    const key = keys.of(per, ctx);
    if (key === undefined) {
      const why =
        typeof per === "function"
          ? "its per answers undefined for this update"
          : `this update has no ${ctx.from === undefined ? "user" : "chat"}`;
      throw misuse(
        "ERR_BALE_CONVERSATION_WHOM",
        `Entering "${definition.name}": ${why}, so nobody's answers could be told from others'. Take another per, or bot.conversations.enter(definition, { chatId, userId }).`,
      );
    }
    const input = { args, update, kept: await host.contexts.kept(ctx) };
    const { json, bytes } = packInput(input, definition.name, maxValueBytes);
    const wanted = probe?.newId(once) ?? newId();
    const { id } = await machine.enter(key, {
      id: wanted,
      definition: definition.name,
      input: json,
      bytes,
      // Whoever loses the lane while it begins finds it begun, also where no update names the entry.
      once: once ?? `o${wanted}`,
      onActive,
      signal,
      by: ctx.from?.id,
    });
    return id;
  }
}

function newId(): string {
  const digits = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(digits, (digit) => (digit % 36).toString(36)).join("");
}
