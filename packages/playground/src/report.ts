/** What a bot's process tells the playground over its IPC channel. Everything here survives `JSON.stringify`. */
export type Report = FaultReport | HandlerReport | AliveReport | PendingReport | SettledReport;

/** The process is not busy with something that does not end. It says so every second. */
export interface AliveReport {
  readonly balekit: "alive";
}

/** Something was thrown. */
export interface FaultReport {
  readonly balekit: "fault";
  readonly where: string;
  readonly name: string;
  readonly message: string;
  readonly code?: string | undefined;
  readonly stack: string;
}

/** A handler began to run. */
export interface HandlerReport {
  readonly balekit: "handler";
  readonly id: number;
  /** How the handler was registered, as a person would say it: `command("start")`. */
  readonly title: string;
  readonly updateId?: number | undefined;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

/** The handlers of an update have not ended for seconds; told again when what is known of it has changed. */
export interface PendingReport {
  readonly balekit: "pending";
  readonly id: number;
  /** When they began, milliseconds since 1970. */
  readonly since: number;
  readonly chatId?: number | undefined;
  /** The next updates of the chat wait for them, as far as has been seen. */
  readonly isHolding: boolean;
  /** The handlers that the update came to, in this order; none when it came to middleware or a conversation only. */
  readonly handlers: readonly {
    readonly title: string;
    readonly file?: string | undefined;
    readonly line?: number | undefined;
  }[];
}

/** Handlers that were told of as pending have ended, or wait in `waitFor`. */
export interface SettledReport {
  readonly balekit: "settled";
  readonly id: number;
}

const KINDS: ReadonlySet<unknown> = new Set<Report["balekit"]>([
  "alive",
  "fault",
  "handler",
  "pending",
  "settled",
]);

/** Tells a report from whatever else a bot may send to its parent. */
export function isReport(message: unknown): message is Report {
  if (typeof message !== "object" || message === null || !("balekit" in message)) return false;
  return KINDS.has(message.balekit);
}
