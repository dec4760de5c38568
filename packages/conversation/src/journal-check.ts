import { Coroutine } from "./coroutine.js";
import type { ConversationHost } from "./conversation-host.js";
import { ReplayMismatchError } from "./errors.js";
import { folded, type JournalRecord } from "./journal.js";
import type { InstanceHead } from "./lane-head.js";
import type { OpenConversation } from "./open-conversation.js";

/** A conversation as `bot.conversations.export(id)` gives it. */
export interface ExportedConversation {
  readonly conversation: OpenConversation;
  readonly records: readonly JournalRecord[];
}

/** What the code there is now makes of an exported journal. */
export interface JournalVerdict {
  readonly conversation: OpenConversation;
  /** `failed`: whether it fits could not be found out. */
  readonly outcome: "fits" | "mismatch" | "unknown" | "failed";
  /** What is wrong. */
  readonly detail?: string | undefined;
  /** Operations that are called with other arguments, and may be. */
  readonly changes: readonly string[];
}

/** How long code may be busy with something that is in no journal, in a check. */
const STALL_MS = 5_000;

/** Replays an exported journal as a restart would. Nothing is carried out: a replay only asks. */
export async function checkJournal(
  host: ConversationHost,
  { conversation, records }: ExportedConversation,
): Promise<JournalVerdict> {
  const { id, name, version, source, bornAt, touchedAt } = conversation;
  const history = folded(records);
  const instance: InstanceHead = {
    id,
    slot: 0,
    definition: name,
    version,
    source,
    born: bornAt,
    touched: touchedAt,
    lastId: records.reduce((last, [, at]) => (typeof at === "number" ? Math.max(last, at) : last), 0),
    length: history.length,
    waits: [],
  };
  let changes: readonly string[] = [];
  try {
    const code = host.code(instance);
    if (code === undefined) {
      const detail = "no definition of this name is in the code. Put it into conversations({ definitions })";
      return { conversation, outcome: "unknown", detail, changes };
    }
    const coroutine = new Coroutine({ ...code, ignoresArguments: false, stallMs: STALL_MS });
    coroutine.lastId = instance.lastId;
    await coroutine.replay(history);
    changes = [...new Set(coroutine.changes)];
    host.checkReplay(instance, coroutine, history, conversation.lane);
    return { conversation, outcome: "fits", changes };
  } catch (error) {
    if (error instanceof ReplayMismatchError) {
      return { conversation, outcome: "mismatch", detail: error.message, changes };
    }
    const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { conversation, outcome: "failed", detail, changes };
  }
}

/** Reads exported journals, one a line. @throws TypeError that names the line when one is none */
export function readJournals(text: string, file: string): readonly ExportedConversation[] {
  return text.split("\n").flatMap((line, at) => {
    if (line.trim() === "") return [];
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      value = undefined;
    }
    if (!isExported(value)) {
      throw new TypeError(
        `Reading ${file}: line ${at + 1} is no exported conversation. Write JSON.stringify(await bot.conversations.export(id)), one a line.`,
      );
    }
    return [value];
  });
}

function isExported(value: unknown): value is ExportedConversation {
  if (typeof value !== "object" || value === null) return false;
  const { conversation, records } = value as Partial<ExportedConversation>;
  return (
    typeof conversation?.id === "string" && typeof conversation.name === "string" && Array.isArray(records)
  );
}

/** What is told of a check: a line or two for each conversation, and a line in the end. */
export function reportOf(verdicts: readonly JournalVerdict[]): string {
  const lines = verdicts.map(({ conversation, outcome, detail, changes }) => {
    const { name, id, version, source, bornAt } = conversation;
    const entered = new Date(bornAt).toISOString();
    const head = `${SIGNS[outcome]} ${name} ${id} (entered ${entered} on version ${version}, source ${source})`;
    const what = outcome === "fits" ? "" : `\n    ${detail ?? ""}`;
    const changed =
      outcome === "fits" && changes.length > 0
        ? `\n    goes on, with other arguments of ${changes.join(", ")}`
        : "";
    const out =
      outcome === "mismatch"
        ? `\n    ways out: previous: { ${version}: theOldCode }, c.patched("…"), onMismatch`
        : "";
    return `${head}${what}${changed}${out}`;
  });
  const bad = verdicts.filter(({ outcome }) => outcome !== "fits").length;
  const all = verdicts.length;
  const sum =
    bad === 0
      ? `${all} of ${all} open conversations go on with this code.`
      : `${bad} of ${all} open conversations can't go on with this code. Nothing was sent and nothing was changed.`;
  return `${[...lines, "", sum].join("\n")}\n`;
}

const SIGNS: Readonly<Record<JournalVerdict["outcome"], string>> = {
  fits: "✓",
  mismatch: "✗",
  unknown: "✗",
  failed: "?",
};
