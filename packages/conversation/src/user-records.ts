import type { LaneStore, Update } from "balekit";
import type { ConversationEnding } from "./ending.js";
import type { JournalRecord } from "./journal.js";
import { openEnding } from "./kept-ending.js";
import type { EndedInstance, InstanceHead } from "./lane-head.js";
import type { LaneKeys } from "./lane-keys.js";
import type { LaneMachine } from "./lane-machine.js";
import { type OpenConversation, openOf } from "./open-conversation.js";
import type { Json } from "./value.js";

/** An update of somebody's that stands in the journal of a conversation which somebody else has entered. */
export interface SharedAnswer {
  readonly conversation: string;
  readonly name: string;
  readonly update: Update;
}

/** What conversations hold of a user: what `bot.exportUser` answers under `conversations`. */
export interface UserConversations {
  /** Those under way that are the user's, with their journals. */
  readonly open: readonly {
    readonly conversation: OpenConversation;
    readonly records: readonly JournalRecord[];
  }[];
  /** How those have ended that are still known. */
  readonly ended: readonly ConversationEnding[];
  /** What the user has said in conversations of others. */
  readonly answers: readonly SharedAnswer[];
}

/** What the records of users are found with. */
export interface UserRecordsInit {
  readonly machine: LaneMachine;
  readonly lanes: LaneStore;
  readonly keys: LaneKeys;
  readonly prefix: string;
}

/**
 * What conversations hold of users. A conversation is that of whoever it was begun for: in a lane of one person every one
 * there, in a lane of several those they have begun.
 */
export class UserRecords {
  readonly #init: UserRecordsInit;

  constructor(init: UserRecordsInit) {
    this.#init = init;
  }

  /** Erases the conversations of a user, whatever they are at. None of their code runs. */
  async forget(userId: number): Promise<void> {
    for (const { key, isWhole, isTheirs } of await this.#lanesOf(userId)) {
      await this.#init.machine.erase(key, isTheirs, isWhole);
    }
  }

  /** `undefined`: nothing. */
  async export(userId: number): Promise<UserConversations | undefined> {
    const { machine } = this.#init;
    const open: { conversation: OpenConversation; records: readonly JournalRecord[] }[] = [];
    const ended: ConversationEnding[] = [];
    const answers: SharedAnswer[] = [];
    for (const { key, isTheirs } of await this.#lanesOf(userId)) {
      const lane = await machine.read(key);
      for (const instance of lane?.head.instances ?? []) {
        const records = lane?.histories.get(instance.id) ?? [];
        if (isTheirs(instance)) open.push({ conversation: openOf(instance, key), records });
        else answers.push(...answersIn(instance, records, userId));
      }
      for (const one of lane?.head.endings ?? []) if (isTheirs(one)) ended.push(shownEnding(one));
    }
    return open.length + ended.length + answers.length === 0 ? undefined : { open, ended, answers };
  }

  /** The lanes in which there may be something of a user: every key of the bot is looked at. */
  async #lanesOf(userId: number): Promise<readonly FoundLane[]> {
    const { lanes, keys, prefix } = this.#init;
    const found: FoundLane[] = [];
    for await (const key of lanes.keys(prefix)) {
      const whose = keys.whose(key, userId);
      if (whose === "theirs") found.push({ key, isWhole: true, isTheirs: () => true });
      if (whose === "shared") found.push({ key, isWhole: false, isTheirs: ({ by }) => by === userId });
    }
    return found;
  }
}

/** A lane in which there may be something of a user. */
interface FoundLane {
  readonly key: string;
  /** Whether all of it is theirs. */
  readonly isWhole: boolean;
  readonly isTheirs: (one: Pick<InstanceHead | EndedInstance, "by">) => boolean;
}

function answersIn(
  { id, definition }: InstanceHead,
  records: readonly JournalRecord[],
  userId: number,
): SharedAnswer[] {
  return records.flatMap((record) => {
    const update = record[0] === "r" ? updateIn(record[3]) : undefined;
    const isTheirs = update !== undefined && senderOf(update) === userId;
    return isTheirs ? [{ conversation: id, name: definition, update }] : [];
  });
}

function updateIn(value: Json | undefined): Update | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return (value as { readonly update?: unknown }).update as Update | undefined;
}

function senderOf({
  message,
  edited_message,
  callback_query,
  pre_checkout_query,
}: Update): number | undefined {
  return (message ?? edited_message ?? callback_query ?? pre_checkout_query)?.from?.id;
}

/** One whose result could not be kept holds nothing of the result. */
function shownEnding(ended: EndedInstance): ConversationEnding {
  try {
    return openEnding(ended);
  } catch {
    const { x: _, ...rest } = ended.kept as { readonly x?: Json };
    return openEnding({ ...ended, kept: rest });
  }
}
