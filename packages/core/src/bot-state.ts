/**
 * How a bot is doing as a whole. `"degraded"`: it works, but something is wrong that it may get over by itself.
 * `"stalled"`: nothing gets through any more. `"starting"`: it takes no updates yet. `"stopped"`: it takes none any more.
 */
export type BotState = "starting" | "ok" | "degraded" | "stalled" | "stopped";
