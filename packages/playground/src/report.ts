/** What a bot's process tells the playground over its IPC channel. Everything here survives `JSON.stringify`. */
export type Report = FaultReport | HandlerReport | AliveReport;

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

/** Tells a report from whatever else a bot may send to its parent. */
export function isReport(message: unknown): message is Report {
  if (typeof message !== "object" || message === null || !("balekit" in message)) return false;
  return message.balekit === "fault" || message.balekit === "handler" || message.balekit === "alive";
}
