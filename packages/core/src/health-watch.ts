import type { Timer } from "@balekit/storage";
import type { BotHealth } from "./bot-options.js";
import type { BotState } from "./bot-state.js";
import type { CurrentClock } from "./current-clock.js";
import { channels, type HealthEvent } from "./diagnostics.js";
import { sayingOf, sentence } from "./errors.js";
import type { InboxHealth } from "./inbox.js";
import type { Lanes, Turn } from "./lanes.js";
import type { Phase } from "./life-cycle.js";
import type { Logger } from "./logger.js";

/** What a bot's health is told from, beside its lanes. */
export interface Signs {
  readonly phase: Phase;
  readonly hasWebhook: boolean;
  /** Why the bot has not got ready so far. */
  readonly startFault: unknown;
  readonly polling: BotHealth["polling"];
  readonly pollingTrouble: string | undefined;
  /** Whether a handler that does not end keeps Bale from giving more: then polling warns of it. */
  readonly holdsWindow: boolean;
  readonly inbox: InboxHealth | undefined;
  /** Why updates are held whose handlers cannot begin. */
  readonly away: unknown;
}

/** What the watch is made of. */
export interface HealthWatchInit {
  readonly clock: CurrentClock;
  readonly logger: Logger;
  readonly concurrency: number;
  /** Takes a text and answers it without the token. */
  readonly redact: (text: string) => string;
  readonly lanes: () => Lanes;
  readonly signs: () => Signs;
}

/** The part of a bot's health that is judged. */
export type Verdict = Pick<BotHealth, "state" | "reasons" | "oldestHandlerMs">;

/** A turn as it was seen when it began, or shortly after. */
interface Sighting {
  readonly since: number;
  /** One turn may be tried several times: each is a run of its own. */
  readonly attempt: number | undefined;
}

const LOOK_EVERY_MS = 5_000;
const STUCK_MS = 30_000;

/**
 * Looks after a bot as a whole, and says when its state changes. Looks every few seconds while a handler runs or
 * somebody listens to `balekit:health`, so that handlers need not read the time when they begin.
 */
export class HealthWatch {
  readonly #init: HealthWatchInit;
  #seen = new Map<Turn, Sighting>();
  #state: BotState = "stopped";
  #timer: Timer;
  #isOn = false;
  #hasWarned = false;

  constructor(init: HealthWatchInit) {
    this.#init = init;
  }

  /** Whether a look is due. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /** Begins to look from time to time, for as long as there is something to see. */
  begin(): void {
    this.#isOn = true;
    this.#timer = this.#init.clock.setBackgroundTimeout(() => {
      this.#isOn = false;
      this.look();
      if (!this.#isOn && this.#init.lanes().active > 0) this.begin();
    }, LOOK_EVERY_MS);
  }

  /** Judges how the bot is doing now, and publishes it when that has changed. */
  look(): Verdict {
    const signs = this.#init.signs();
    const verdict = this.#judge(signs);
    const before = this.#state;
    this.#state = verdict.state;
    if (before !== verdict.state && channels.health.hasSubscribers) {
      const event: HealthEvent = { state: verdict.state, before, reasons: verdict.reasons };
      channels.health.publish(event);
    }
    const isOver = signs.phase === "stopped" || signs.phase === "idle";
    if (isOver) this.#end();
    else if (!this.#isOn && channels.health.hasSubscribers) this.begin();
    return verdict;
  }

  #end(): void {
    if (this.#isOn) this.#init.clock.clearTimeout(this.#timer);
    this.#isOn = false;
    this.#seen.clear();
    this.#hasWarned = false;
  }

  #judge(signs: Signs): Verdict {
    const { phase, startFault } = signs;
    if (phase === "running") return this.#judgeRunning(signs);
    if (phase === "starting") {
      return { state: "starting", reasons: [this.#notReady(startFault) ?? "The bot is getting ready."] };
    }
    if (phase === "idle" && signs.hasWebhook) {
      const reason = "The bot gets ready with the first update that its webhook is given.";
      return { state: "starting", reasons: [this.#notReady(startFault) ?? reason] };
    }
    const reasons = { idle: "not started", stopping: "stopping", stopped: "stopped" } as const;
    return { state: "stopped", reasons: [`The bot is ${reasons[phase]}.`] };
  }

  #notReady(fault: unknown): string | undefined {
    if (fault === undefined) return undefined;
    return this.#clean(`The bot does not get ready: ${sentence(sayingOf(fault))}`);
  }

  #judgeRunning(signs: Signs): Verdict {
    const { concurrency, lanes } = this.#init;
    const reasons: string[] = [];
    const { away } = signs;
    // A restart would not bring back what they wait for.
    let isStalled = signs.polling === "stalled" && away === undefined;
    if (away !== undefined) reasons.push(this.#clean(`Updates are held back: ${sentence(sayingOf(away))}`));
    if (signs.pollingTrouble !== undefined) reasons.push(this.#clean(signs.pollingTrouble));
    const { oldestHandlerMs, stuck, oldest } = this.#lookAtHandlers();
    if (stuck > 0 && oldest !== undefined && oldestHandlerMs !== undefined) {
      const seconds = Math.round(oldestHandlerMs / 1_000);
      const others = stuck === 1 ? "" : `, and ${stuck - 1} more for over ${STUCK_MS / 1_000} s`;
      const isFull = stuck >= concurrency && lanes().waiting > 0;
      const effect = isFull ? `: all ${concurrency} places are taken, and nothing else is handled` : "";
      const reason = `The handler of update ${oldest.delivery.update.update_id} has been running for ${seconds} s${others}${effect}.`;
      reasons.push(reason);
      isStalled ||= isFull;
      this.#warn(reason, signs.holdsWindow);
    } else this.#hasWarned = false;
    const { inbox } = signs;
    if (inbox?.state === "degraded") reasons.push(this.#clean(inbox.reason ?? "The inbox is degraded."));
    const state = isStalled ? "stalled" : reasons.length > 0 ? "degraded" : "ok";
    return { state, reasons, oldestHandlerMs };
  }

  #warn(reason: string, holdsWindow: boolean): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    if (holdsWindow) return;
    this.#init.logger.warn(`${reason} Its chat waits behind it. Give its waits a time limit.`, {
      topic: "balekit:health",
    });
  }

  /** Keeps for each handler that runs when it was first seen, and finds the oldest. */
  #lookAtHandlers(): {
    readonly oldestHandlerMs: number | undefined;
    readonly oldest: Turn | undefined;
    readonly stuck: number;
  } {
    const now = this.#init.clock.now();
    const seen = new Map<Turn, Sighting>();
    let oldest: Turn | undefined;
    let since = Number.POSITIVE_INFINITY;
    let stuck = 0;
    for (const turn of this.#init.lanes().current()) {
      const { attempt } = turn.delivery;
      const known = this.#seen.get(turn);
      const sighting = known !== undefined && known.attempt === attempt ? known : { since: now, attempt };
      seen.set(turn, sighting);
      if (now - sighting.since >= STUCK_MS) stuck++;
      if (sighting.since >= since) continue;
      since = sighting.since;
      oldest = turn;
    }
    this.#seen = seen;
    return { oldest, stuck, oldestHandlerMs: oldest === undefined ? undefined : now - since };
  }

  /** Leaves out the token, and names and passwords in addresses. */
  #clean(text: string): string {
    return this.#init.redact(text).replaceAll(/\/\/[^/\s@]+@/g, "//");
  }
}
