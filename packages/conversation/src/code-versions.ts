import type { BotHost, Context } from "balekit";
import type { Coroutine } from "./coroutine.js";
import {
  type AnyDefinition,
  type ConversationCode,
  type ConversationDefinition,
  hashOf,
  type MismatchInfo,
  type MismatchVerdict,
} from "./definition.js";
import { ConversationError, ReplayMismatchError } from "./errors.js";
import { packInput, type ProgramInput } from "./program-input.js";
import { describe, type JournalRecord } from "./journal.js";
import type { LaneEvent } from "./lane-event.js";
import type { InstanceHead } from "./lane-head.js";
import type { StuckVerdict } from "./lane-host.js";
import { misuse, shown } from "./misuse.js";
import { packWithin } from "./packed-outcome.js";
import { type Json, unpack } from "./value.js";

type AnyCode = ConversationCode<Context, unknown, unknown>;
type Known = ConversationDefinition<Context, unknown, unknown>;

/** What versions are decided with. */
export interface CodeVersionsInit {
  readonly definitions: ReadonlyMap<string, AnyDefinition>;
  readonly report: BotHost["report"];
  readonly event: (event: LaneEvent) => void;
}

/** Which code an open conversation goes on with when the code has changed, and what is done when it can't. */
export class CodeVersions {
  readonly #init: CodeVersionsInit;
  readonly #sources = new WeakMap<AnyCode, string>();
  readonly #told = new Set<string>();

  constructor(init: CodeVersionsInit) {
    this.#init = init;
  }

  definition(name: string): Known | undefined {
    return this.#init.definitions.get(name) as unknown as Known | undefined;
  }

  /** The code of the version an instance is on. @throws ReplayMismatchError when there is none */
  codeOf(instance: InstanceHead, { code, options }: Known): AnyCode {
    const { version = 1, previous } = options;
    if (instance.version === version) return code;
    const older = previous?.[instance.version] as AnyCode | undefined;
    if (older !== undefined) return older;
    throw new ReplayMismatchError(
      1,
      `version ${instance.version}`,
      `version ${version}, and previous has no code for the old one`,
    );
  }

  /** Whether the code of an instance is not here, and may be in another release: it is unknown, or newer. */
  lacks({ definition: name, version: wanted }: InstanceHead): boolean {
    const options = this.definition(name)?.options;
    if (options === undefined) return true;
    return wanted > (options.version ?? 1) && options.previous?.[wanted] === undefined;
  }

  stamp(instance: InstanceHead): Pick<InstanceHead, "version" | "source"> {
    const definition = this.definition(instance.definition);
    const version = definition?.options.version ?? 1;
    if (definition === undefined) return { version, source: "" };
    if (instance.version === 0 || instance.version === version) return { version, source: definition.source };
    return { version: instance.version, source: this.#sourceNow(instance, definition) };
  }

  /** Whether an instance goes on with another source than it ran on. */
  hasChanged(instance: InstanceHead): boolean {
    const definition = this.definition(instance.definition);
    return definition !== undefined && this.#sourceNow(instance, definition) !== instance.source;
  }

  /**
   * Looks at a replay that fits by its keys: other arguments are told once, for a text that was put right differs by
   * them too. Behind a wait without a name that can't be told from two questions that have changed places.
   * @throws ReplayMismatchError in that case
   */
  audit(
    instance: InstanceHead,
    { changes }: Coroutine,
    history: readonly JournalRecord[],
    lane: string,
  ): void {
    const definition = this.definition(instance.definition);
    if (definition === undefined || changes.length === 0 || !this.hasChanged(instance)) return;
    const to = this.#sourceNow(instance, definition);
    const unnamed = history.findIndex(([type, , key]) => type === "c" && /^wait:[^#]*$/.test(String(key)));
    if (unnamed >= 0) {
      throw new ReplayMismatchError(
        unnamed + 1,
        `an answer to a wait without a name, after ${changes.map((key) => `'${key}'`).join(", ")} had been called with other arguments`,
        "another question, perhaps: name the wait with { id } to tell",
      );
    }
    const from = instance.source;
    const operations = [...new Set(changes)].filter((key) => {
      const what = `${definition.name} ${from} ${to} ${key}`;
      return !this.#told.has(what) && this.#told.add(what);
    });
    if (operations.length === 0) return;
    const { id } = instance;
    this.#init.event({
      type: "codeChanged",
      lane,
      instance: id,
      definition: definition.name,
      from,
      to,
      operations,
    });
  }

  /** What the policy of a definition does with an instance that can't go on. Tells `bot.catch`, whatever it is. */
  async stuck(
    instance: InstanceHead,
    error: Error,
    history: readonly JournalRecord[],
    lane: string,
  ): Promise<StuckVerdict> {
    const definition = this.definition(instance.definition);
    const input = entryOf(history);
    const policy = await this.#policy(instance, definition, error, history, input);
    const isMismatch = error instanceof ReplayMismatchError;
    if (isMismatch) {
      const { record, recorded, found } = error;
      const { id, definition: name, version, source } = instance;
      const said = typeof policy === "string" ? policy : "goto";
      const what = { record, recorded, found, policy: said } as const;
      this.#init.event({ type: "mismatch", lane, instance: id, definition: name, version, source, ...what });
    }
    const waysOut = isMismatch
      ? `Ways out: previous: { ${instance.version}: theOldCode }, c.patched("…"), onMismatch`
      : "Put it into conversations({ definitions })";
    const about = `entered ${new Date(instance.born).toISOString()} on version ${instance.version}, source ${instance.source}; it ${becomes(policy)}. ${waysOut}`;
    const told = new ConversationError(instance.definition, instance.id, error, { about });
    void this.#init.report(told, "Going on with a conversation");
    if (policy === "park" || input === undefined) return "park";
    if (policy === "exit") {
      const words = this.lastWords(instance, "mismatch", history);
      return words === undefined ? "remove" : { begin: words, isRestart: false };
    }
    const { args, update, kept } = input;
    const goto = policy === "restart" ? undefined : { next: policy.goto, state: policy.state };
    const begin = packInput({ args, update, kept, ...(goto && { goto }) }, instance.definition).json;
    return { begin, isRestart: true };
  }

  lastWords(instance: InstanceHead, reason: string, history: readonly JournalRecord[]): Json | undefined {
    const { onExit, onCancel } = this.definition(instance.definition)?.options ?? {};
    const input = entryOf(history);
    if (input === undefined || (onExit === undefined && !(reason === "cancel" && onCancel))) return undefined;
    const { args, update, kept } = input;
    return packInput({ args, update, kept, last: reason }, instance.definition).json;
  }

  async #policy(
    instance: InstanceHead,
    definition: Known | undefined,
    error: Error,
    history: readonly JournalRecord[],
    input: ProgramInput | undefined,
  ): Promise<MismatchVerdict> {
    const { onMismatch = "park" } = definition?.options ?? {};
    // What another release has the code of is not for this one to end.
    if (!(error instanceof ReplayMismatchError) || input === undefined || this.lacks(instance)) return "park";
    if (input.last !== undefined) return "exit";
    if (typeof onMismatch === "string") return onMismatch;
    const { record, recorded, found } = error;
    const info: MismatchInfo = {
      id: instance.id,
      name: instance.definition,
      version: instance.version,
      source: instance.source,
      enteredAt: instance.born,
      args: input.args,
      record,
      recorded,
      found,
      journal: history.map(describe),
    };
    try {
      const verdict: unknown = await onMismatch(info);
      if (isVerdict(verdict)) {
        if (typeof verdict === "object") {
          const what = `The answer of onMismatch of "${instance.definition}"`;
          packWithin(verdict, what, Number.POSITIVE_INFINITY);
        }
        return verdict;
      }
      throw misuse(
        "ERR_BALE_CONVERSATION_DEFINITION",
        `onMismatch of "${instance.definition}": it answered ${shown(verdict)}. Answer "park", "restart", "exit" or { goto, state }.`,
      );
    } catch (fault) {
      await this.#init.report(fault, `Asking onMismatch of "${instance.definition}"`);
      return "park";
    }
  }

  #sourceNow(instance: InstanceHead, definition: Known): string {
    const { version = 1, previous } = definition.options;
    if (instance.version === version) return definition.source;
    const code = previous?.[instance.version] as AnyCode | undefined;
    if (code === undefined) return instance.source;
    let source = this.#sources.get(code);
    if (source === undefined) {
      source = hashOf(Function.prototype.toString.call(code));
      this.#sources.set(code, source);
    }
    return source;
  }
}

function entryOf(history: readonly JournalRecord[]): ProgramInput | undefined {
  const [entry] = history;
  return entry?.[0] === "e" ? (unpack(entry[1]) as ProgramInput) : undefined;
}

function isVerdict(what: unknown): what is MismatchVerdict {
  if (typeof what === "string") return what === "park" || what === "restart" || what === "exit";
  return (
    typeof what === "object" &&
    what !== null &&
    "goto" in what &&
    typeof what.goto === "string" &&
    "state" in what
  );
}

function becomes(policy: MismatchVerdict): string {
  if (policy === "park") return "is kept, and can go on with bot.conversations.retry(id)";
  if (policy === "exit") return "is ended";
  return policy === "restart" ? "begins anew" : `goes on at ${shown(policy.goto)}`;
}
