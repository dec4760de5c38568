import { type Clock, keyOf, type Storage, sleep } from "@balekit/storage";
import type { Plugin } from "./composer.js";
import type { Context } from "./context.js";
import { outOfRange, shown, wrongType } from "./misuse.js";
import { Claim, type OnceRecord } from "./once-claim.js";
import { plugin } from "./plugin.js";

/** Where and how long steps are remembered. */
export interface OnceOptions {
  /** Keeps what steps resolved to; one that survives a restart, or the promise holds for this process only. */
  readonly storage: Storage<OnceRecord>;
  /**
   * Forgets a step after so long. Bale keeps updates for a day; longer is for an inbox whose updates may be tried
   * again later than that. @default 25 hours
   */
  readonly ttlMs?: number | undefined;
  /**
   * How long a step whose process has gone silent is left alone, before another may begin it anew. A step that runs
   * longer says every third of this time that it is alive. @default 10_000
   */
  readonly claimMs?: number | undefined;
}

/**
 * Runs a step of a handler once an update: when the update comes again, a step that was finished resolves to what it
 * resolved to then. Names are the bot author's, and unique within one update.
 */
export type Once = <Value>(name: string, run: () => Value) => Promise<Awaited<Value>>;

const HOUR_MS = 3_600_000;
const LONGEST_NAME = 200;

/**
 * Adds `ctx.once(name, run)`, for what must not happen twice when an update is delivered again: money, mostly.
 *
 * A step that throws is not remembered. Neither is one whose process dies after the effect and before the record:
 * between the two there is a moment that only the other side can close, with a key of its own.
 * @example
 * const shop = new Bot(process.env.BALE_TOKEN).extend(once({ storage: memory() }));
 * shop.command("buy", async (ctx) => {
 *   const order = await ctx.once("order", () => ({ id: ctx.update.update_id }));
 *   await ctx.once("answer", () => ctx.reply(`شماره ${order.id}`).then(() => undefined));
 * });
 */
export function once(options: OnceOptions): Plugin<{ readonly once: Once }> {
  const { storage, ttlMs = 25 * HOUR_MS, claimMs = 10_000 } = options ?? {};
  if (typeof storage?.get !== "function" || typeof storage.set !== "function") {
    throw wrongType(
      "ERR_BALE_ONCE",
      `once: storage is ${shown(storage)}. Give a storage, such as sqlite(database).`,
    );
  }
  for (const [name, value] of Object.entries({ ttlMs, claimMs })) {
    if (value > 0) continue;
    throw outOfRange(
      "ERR_BALE_ONCE",
      `once: ${name} is ${shown(value)}. Give a number of milliseconds above 0.`,
    );
  }
  if (ttlMs <= claimMs) {
    const message = `once: ttlMs is ${ttlMs} and claimMs ${claimMs}. Keep steps longer than they may take: give a larger ttlMs.`;
    throw outOfRange("ERR_BALE_ONCE", message);
  }
  return plugin<{ readonly once: Once }>("once", (composer) =>
    composer.derive("once", (ctx): Once => {
      const names = new Set<string>();
      return (name, run) => runOnce({ ctx, storage, ttlMs, claimMs, names }, name, run);
    }),
  );
}

interface Run {
  readonly ctx: Context;
  readonly storage: Storage<OnceRecord>;
  readonly ttlMs: number;
  readonly claimMs: number;
  /** What this run of the handlers has begun or done. */
  readonly names: Set<string>;
}

async function runOnce<Value>(
  { ctx, storage, ttlMs, claimMs, names }: Run,
  name: string,
  run: () => Value,
): Promise<Awaited<Value>> {
  if (typeof name !== "string" || name === "" || name.length > LONGEST_NAME) {
    const message = `ctx.once: the name is ${shown(name)}. Give a text of 1 to ${LONGEST_NAME} characters.`;
    throw wrongType("ERR_BALE_ONCE", message);
  }
  if (typeof run !== "function") {
    throw wrongType("ERR_BALE_ONCE", `ctx.once(${shown(name)}): the step is ${shown(run)}. Give a function.`);
  }
  // A chain of member_chat_join runs once a member, with one update.
  const member = ctx.memberNow?.id;
  const parts = [ctx.me.id, ctx.update.update_id, ...(member === undefined ? [] : [member]), name];
  const key = keyOf("once", ...parts);
  if (names.has(key)) {
    const hint = "A step has a name of its own: in a loop, put the item's id into it.";
    throw wrongType(
      "ERR_BALE_ONCE",
      `ctx.once(${shown(name)}): a step of this name has run in this update. ${hint}`,
    );
  }
  names.add(key);
  const { clock } = ctx.services;
  try {
    const begun = await begin({ storage, key, ttlMs, claimMs, clock, signal: ctx.signal });
    if (!(begun instanceof Claim)) return valueOf(name, begun) as Awaited<Value>;
    return await carryOut(begun, name, run);
  } catch (error) {
    // What came to nothing may be tried again by the handler itself.
    names.delete(key);
    throw error;
  }
}

interface Beginning {
  readonly storage: Storage<OnceRecord>;
  readonly key: string;
  readonly ttlMs: number;
  readonly claimMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
}

const LONGEST_LOOK_MS = 500;

/** A claim on the step, or the record of it when somebody has finished it; waits for whoever is at it. */
async function begin(beginning: Beginning): Promise<Claim | OnceRecord> {
  const { storage, key, claimMs, clock, signal } = beginning;
  let claim = await Claim.take(beginning, null);
  let seen: string | undefined;
  let seenAt = clock.now();
  for (let lookMs = 20; claim === undefined; lookMs = Math.min(lookMs * 2, LONGEST_LOOK_MS)) {
    const stored = await storage.get(key);
    if (stored?.value.is === "done" || stored?.value.is === "lost") return stored.value;
    if (stored === undefined) claim = await Claim.take(beginning, null);
    else if (stored.version !== seen) {
      // Whose clock is right does not matter: one that does nothing for so long, as seen from here, is gone.
      seen = stored.version;
      seenAt = clock.now();
    } else if (clock.now() - seenAt >= claimMs) claim = await Claim.take(beginning, seen);
    if (claim === undefined) await sleep(clock, Math.min(lookMs, claimMs), signal);
  }
  return claim;
}

async function carryOut<Value>(claim: Claim, name: string, run: () => Value): Promise<Awaited<Value>> {
  let value: Awaited<Value>;
  try {
    claim.hold();
    value = await run();
  } catch (error) {
    await claim.giveUp();
    throw error;
  }
  const other = await claim.finish(value);
  // Another process took it for dead and was first: what that one has recorded holds for all.
  return other === undefined ? value : (valueOf(name, other) as Awaited<Value>);
}

function valueOf(name: string, record: OnceRecord): unknown {
  if (record.is === "done") return record.value;
  const why = record.is === "lost" ? record.why : "";
  throw wrongType(
    "ERR_BALE_ONCE",
    `ctx.once(${shown(name)}): the step was carried out, but what it resolved to could not be kept: ${why} ` +
      "Let it resolve to less, such as an id, or to nothing.",
  );
}
