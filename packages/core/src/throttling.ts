import { type Throttle, type ThrottleClock, throttle, type ThrottleOptions } from "@balekit/api";
import { systemClock } from "@balekit/storage";
import { botHost } from "./bot-host.js";
import { type Capability, capability } from "./capability.js";
import type { Plugin } from "./composer.js";
import { plugin } from "./plugin.js";

/** The throttle of a bot, for plugins that send much: `composer.find(botThrottle)?.stats()`. */
export const botThrottle: Capability<Throttle> = capability("throttle");

/**
 * Lets a bot send no faster than Bale takes it, in the bot's own time, and sends what waits when the bot stops, as
 * long as its `graceMs` last. See `throttle()` for what it does to calls.
 * @example
 * bot.extend(throttling());
 */
export function throttling(options: Omit<ThrottleOptions, "clock"> = {}): Plugin {
  return plugin("throttling", (composer) => {
    // Asked for late: the composer may find its place in a bot after this.
    const current = (): ThrottleClock => composer.find(botHost)?.clock ?? systemClock;
    const clock: ThrottleClock = {
      now: () => current().now(),
      setTimeout: (run, delayMs) => current().setTimeout(run, delayMs),
      clearTimeout: (timer) => current().clearTimeout(timer),
    };
    const throttled = throttle({ ...options, clock });
    return composer
      .transform(throttled)
      .provide(botThrottle, throttled)
      .onStart(() => throttled.open())
      .onStop((signal) => throttled.drain(signal));
  });
}
