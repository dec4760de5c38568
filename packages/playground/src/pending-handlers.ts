import type { PendingReport, Report } from "./report.js";

/** How often it is looked whose handlers have not ended. */
export const LOOK_MS = 1000;

/** A turn that has been seen at work this many times is told of. */
export const LOOKS = 6;

/** How many of the handlers that a turn went through are told, the last ones. */
const TOLD_HANDLERS = 5;

/** A handler that an update came to: its name, and where it was registered. */
export type EnteredHandler = PendingReport["handlers"][number];

/** The turn of an update: from when its handlers begin until they have ended, or all of them wait in `waitFor`. */
interface Turn {
  readonly id: number;
  readonly since: number;
  readonly lane: string | undefined;
  readonly handlers: EnteredHandler[];
  seen: number;
  /** A later update of the same chat did not wait for this one. */
  isPassed: boolean;
}

/**
 * Notices handlers that do not end: those of an update that has been seen at work for seconds. What is counted is the
 * looks, not time: a laptop that slept, or a process that stood still in a debugger, did not wait.
 */
export class PendingHandlers {
  readonly #report: (report: Report) => void;
  /** By the update itself: two bots in one process may count their updates alike. */
  readonly #turns = new Map<object, Turn>();
  #nextId = 1;

  constructor(report: (report: Report) => void) {
    this.#report = report;
  }

  /** The turn of an update begins; once more, when its handlers threw and are tried again. */
  begin(update: object): void {
    this.end(update);
    const lane = laneOf(update);
    for (const turn of this.#turns.values()) {
      if (lane === undefined || turn.lane !== lane || turn.isPassed) continue;
      turn.isPassed = true;
      if (turn.seen >= LOOKS) this.#tell(update, turn);
    }
    const id = this.#nextId++;
    this.#turns.set(update, { id, since: Date.now(), lane, handlers: [], seen: 0, isPassed: false });
  }

  /** An update comes to a handler. */
  enter(update: object, handler: EnteredHandler): void {
    const turn = this.#turns.get(update);
    if (turn === undefined) return;
    if (turn.handlers.push(handler) > TOLD_HANDLERS) turn.handlers.shift();
  }

  /** The turn of an update is over. */
  end(update: object): void {
    const turn = this.#turns.get(update);
    if (turn === undefined) return;
    this.#turns.delete(update);
    if (turn.seen >= LOOKS) this.#report({ balekit: "settled", id: turn.id });
  }

  /** Looks once. To be called every `LOOK_MS`. */
  look(): void {
    for (const [update, turn] of this.#turns) {
      turn.seen += 1;
      if (turn.seen === LOOKS) this.#tell(update, turn);
    }
  }

  #tell(update: object, turn: Turn): void {
    this.#report({
      balekit: "pending",
      id: turn.id,
      since: turn.since,
      chatId: chatOf(update),
      isHolding: turn.lane !== undefined && !turn.isPassed,
      handlers: [...turn.handlers],
    });
  }
}

/** What the turns of an update wait for each other by; a question before a payment waits for nothing, and nothing for it. */
function laneOf(update: object): string | undefined {
  if ("pre_checkout_query" in update) return undefined;
  const chat = chatOf(update);
  return chat === undefined ? undefined : String(chat);
}

/** The chat an update is of; a private chat has the number of its person. */
function chatOf(update: object): number | undefined {
  for (const part of Object.values(update) as unknown[]) {
    const chat = idIn(part, "chat") ?? idIn(fieldOf(part, "message"), "chat") ?? idIn(part, "from");
    if (chat !== undefined) return chat;
  }
  return undefined;
}

function idIn(value: unknown, name: string): number | undefined {
  const id = fieldOf(fieldOf(value, name), "id");
  return typeof id === "number" ? id : undefined;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
