import type { Clock, ManualClock, Timer } from "@balekit/storage";

import { type Alarm, Alarms } from "./alarms.js";

/** The emulator's clock: stands still until moved, or flows with real time once somebody connects over HTTP. */
export interface ServerClock extends ManualClock {
  /**
   * Lets the time flow from now on, starting at the real time or where the clock stands, whichever is later.
   * Does nothing when it flows already, or when the clock was given by the user.
   */
  flow(): void;
}

/** The longest delay Node's timers take; longer ones fire at once there. */
const LONGEST_TIMEOUT_MS = 2_147_483_647;

/** The last moment a Date can hold. */
const LAST_TIME = 8.64e15;

/** How many turns of the event loop promises may take to settle between two alarms of one move. */
const SETTLING_TURNS = 3;

/** Where a clock stands first when nobody says otherwise: 2026-01-01T00:00:00Z. */
const BEGINNING = Date.UTC(2026, 0, 1);

/**
 * Makes the emulator's clock. A manual clock of the user's is used as it is; any other clock is followed, and can
 * still be moved ahead; none makes one that stands still until `flow()`.
 */
export function serverClock(given?: Clock): ServerClock {
  const inTurn = oneByOne();
  if (given !== undefined && isManual(given)) {
    return {
      now: () => given.now(),
      setTimeout: (run, delayMs) => given.setTimeout(run, delayMs),
      clearTimeout: (timer) => given.clearTimeout(timer),
      advance: (ms) => inTurn(() => given.advance(ms)),
      get pending() {
        return given.pending;
      },
      flow() {},
    };
  }
  const real: () => number = given === undefined ? Date.now : () => given.now();
  const alarms = new Alarms();
  let standing = BEGINNING;
  let ahead = 0;
  let flowing = given !== undefined;

  const now = (): number => (flowing ? real() + ahead : standing);

  function ring(alarm: Alarm): void {
    const leftMs = alarm.dueAt - now();
    if (leftMs > 0) {
      arm(alarm);
      return;
    }
    alarms.delete(alarm);
    alarm.run();
  }

  function arm(alarm: Alarm): void {
    clearTimeout(alarm.handle);
    alarm.handle = setTimeout(ring, Math.min(Math.max(alarm.dueAt - now(), 0), LONGEST_TIMEOUT_MS), alarm);
    alarm.handle.unref();
  }

  function earliest(until: number): Alarm | undefined {
    const { first } = alarms;
    return first === undefined || first.dueAt > until ? undefined : first;
  }

  async function move(ms: number): Promise<void> {
    const until = now() + ms;
    await settle();
    for (let alarm = earliest(until); alarm !== undefined; alarm = earliest(until)) {
      alarms.delete(alarm);
      clearTimeout(alarm.handle);
      moveTo(alarm.dueAt);
      alarm.run();
      await settle();
    }
    moveTo(until);
    if (flowing) for (const alarm of alarms.all) arm(alarm);
  }

  function moveTo(time: number): void {
    if (time <= now()) return;
    if (flowing) ahead = time - real();
    else standing = time;
  }

  return {
    now,
    setTimeout(run: () => void, delayMs: number): Timer {
      const alarm = alarms.add(now() + Math.max(delayMs, 0), run);
      if (flowing) arm(alarm);
      return alarm;
    },
    clearTimeout(timer: Timer): void {
      const alarm = timer as Alarm | undefined;
      if (alarm === undefined || !alarms.delete(alarm)) return;
      clearTimeout(alarm.handle);
    },
    async advance(ms: number): Promise<void> {
      if (!(ms >= 0 && ms <= LAST_TIME - now())) {
        throw new RangeError(
          `Moving the clock: ${ms} is not a number of milliseconds from 0 up that ends before the year 275760. Time only goes forward.`,
        );
      }
      return inTurn(() => move(ms));
    },
    get pending() {
      return alarms.size;
    },
    flow(): void {
      if (flowing) return;
      flowing = true;
      ahead = Math.max(0, standing - real());
      for (const alarm of alarms.all) arm(alarm);
    },
  };
}

function isManual(clock: Clock): clock is ManualClock {
  return typeof (clock as Partial<ManualClock>).advance === "function";
}

/** Runs moves one after another, so that two at once add up. */
function oneByOne(): (move: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (move) => {
    const mine = last.then(move);
    last = mine.catch(() => undefined);
    return mine;
  };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < SETTLING_TURNS; turn++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
