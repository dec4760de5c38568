import type { LaneStore, Storage } from "balekit";
import type { AmbiguityTable } from "./ambiguity.js";
import type { AskTexts } from "./ask-texts.js";
import type { AnyDefinition } from "./definition.js";
import type { LaneEvent } from "./lane-event.js";
import type { WantedLimits } from "./limits.js";
import type { OpenConversation } from "./open-conversation.js";

/** Options of `conversations`. */
export interface ConversationsOptions {
  /** The conversations of the bot, made with `conversation`. */
  readonly definitions: readonly AnyDefinition[];
  /**
   * Where they are kept: a lane store (`sqliteLanes`, `redisLanes`, `postgresLanes`), or a plain storage, for one process.
   * @default memory: they are lost with the process
   */
  readonly storage?: LaneStore | Storage | undefined;
  /**
   * Whether other processes work on the same storage. With `"one"` nothing is read for users without a conversation, and
   * what an earlier life of the process was at is taken up at once: let no two overlap.
   * @default "many", with a lane store of yours
   */
  readonly machines?: "one" | "many" | undefined;
  /** Bounds of each journal, of lanes and of what is kept. @default 10,000 records, 1 MB, 64 KB a value; the others at `ConversationLimits` */
  readonly limits?: WantedLimits | undefined;
  /** What to do, after a crash, about calls that may have been carried out, by method. @default money throws, all else is repeated */
  readonly ambiguity?: AmbiguityTable | undefined;
  /** What a press on a button of a conversation that is over is answered with. @default "این فرم دیگر فعال نیست." */
  readonly staleText?: string | undefined;
  /** What a press on a button of a question that is answered already is answered with. @default "این پرسش دیگر باز نیست." */
  readonly passedText?: string | undefined;
  /** What a press is answered with that somebody else is asked for. @default "این دکمه برای شما نیست." */
  readonly othersText?: string | undefined;
  /** Words of `c.ask`, in place of its own. */
  readonly texts?: Partial<AskTexts> | undefined;
  /** How long a process may be silent before others take its work over. @default 45,000 */
  readonly leaseMs?: number | undefined;
  /** How often the store is asked for deadlines. @default 5,000 */
  readonly sweepMs?: number | undefined;
  /** How many lanes have their code kept alive. @default 1,000 */
  readonly maxHot?: number | undefined;
  /**
   * When code is brought back from its journal: when it is not alive here any more, or for every step, so that what
   * depends on anything un-journaled shows at once. For tests and development. @default what BALE_REPLAY says, as the
   * playground sets it to "always"; else "when needed"
   */
  readonly replay?: "when needed" | "always" | undefined;
  /**
   * Which part of the steps, from 0 to 1, is replayed for comparison beside the live code: it runs your function again
   * with no effect carried out. What differs is told as an event, and once in the log. @default 1 with replay "always", else 0
   */
  readonly shadowReplay?: number | undefined;
  /** Told of everything that happens with this bot's conversations; `balekit:conversation:*` tells those of all bots. */
  readonly onEvent?: ((event: LaneEvent) => void) | undefined;
  /** Told of a conversation that was parked because process after process ended at the same step of it. */
  readonly onPoison?: ((conversation: OpenConversation) => unknown) | undefined;
}
