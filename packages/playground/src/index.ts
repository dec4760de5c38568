// The playground: a chat page with an emulated Bale behind it.
export { DEFAULT_PORT, type Playground, type PlaygroundOptions, playground } from "./playground.js";

// What runs the bot's file, and what it tells.
export {
  type OutputLine,
  Runner,
  type RunnerEvents,
  type RunnerOptions,
  type RunnerStatus,
} from "./runner.js";
export type { ExcerptLine, Fault, Place } from "./fault.js";
export type { HandlerReport } from "./report.js";

// What the page is sent.
export type { BotProcess, CallEntry, Group, HandlerRun, PageEvents, PageState } from "./page-state.js";
