import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as later } from "node:timers/promises";
import { emulator, type Payment } from "@balekit/emulator";
import type { Order } from "@balekit/payments";
import { sqliteLanes } from "@balekit/storage/sqlite";
import { build } from "esbuild";
import Database from "libsql";
import { afterAll, beforeAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "balekit-pay-"));
const program = join(folder, "dying-shop.mjs");

beforeAll(async () => {
  // In one file, so that a process is there in a moment: there are many.
  await build({
    entryPoints: [new URL("fixtures/dying-shop.ts", import.meta.url).pathname],
    outfile: program,
    bundle: true,
    format: "esm",
    platform: "node",
    conditions: ["@balekit/source"],
    external: ["libsql", "undici"],
    banner: {
      js: `import { createRequire } from "node:module"; const require = createRequire(${JSON.stringify(import.meta.url)});`,
    },
    plugins: [
      {
        name: "found from here",
        setup(builder) {
          builder.onResolve({ filter: /^(libsql|undici\/.*)$/ }, ({ path }) => ({
            path: import.meta.resolve(path),
            external: true,
          }));
        },
      },
    ],
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Outcome {
  readonly death: string | undefined;
  readonly payments: readonly Payment[];
  readonly orders: readonly Order[];
  /** What was given, as the ledger outside has it. */
  readonly given: readonly string[];
}

/** Sells once, the shop dying at its `dieAt`th step and starting again; resolves when nothing is owed any more. */
async function sellOnce(dieAt: number, receipt: "once" | "twice" | "never"): Promise<Outcome> {
  const bale = emulator({ token: "1000:not-a-real-secret" });
  const server = await bale.listen();
  const ledger = join(folder, `ledger-${receipt}-${dieAt}`);
  const database = join(folder, `orders-${receipt}-${dieAt}.db`);
  writeFileSync(ledger, "");
  const start = (at: number): ChildProcess =>
    spawn(process.execPath, [program], {
      stdio: "ignore",
      env: { ...process.env, API_ROOT: server.url, DATABASE: database, LEDGER: ledger, DIE_AT: String(at) },
    });
  let shop = start(dieAt);
  const isDead = (): boolean => shop.exitCode !== null || shop.signalCode !== null;
  const reviver = setInterval(() => {
    if (isDead()) shop = start(0);
  }, 10);
  const orders = async (): Promise<readonly Order[]> => {
    const db = new Database(database);
    try {
      const lanes = sqliteLanes(db);
      const found: Order[] = [];
      for await (const key of lanes.keys("pay:")) found.push((await lanes.load(key))?.head as Order);
      return found;
    } finally {
      db.close();
    }
  };
  const until = async (holds: () => boolean | Promise<boolean>, limitMs = 30_000): Promise<boolean> => {
    for (const limit = Date.now() + limitMs; Date.now() < limit; await later(20)) {
      if (await holds()) return true;
    }
    return false;
  };
  try {
    const ali = bale.user({ first_name: "Ali" });
    await ali.sends("/buy");
    expect(await until(() => ali.inbox.all.at(-1)?.invoice !== undefined && existsSync(database))).toBe(true);
    const tries: Payment[] = [];
    // A payment that failed with the shop's death is tried again, as a person would.
    for (let attempt = 1; attempt <= 3; attempt++) {
      const paying = ali.pays(ali.inbox.last, { receipt });
      const isDecided = await Promise.race([paying.then(() => true), later(10_000, false)]);
      // Nobody answers: the wallet's ten seconds pass.
      if (!isDecided) await bale.clock.advance(11_000);
      const payment = await paying;
      tries.push(payment);
      if (payment.status === "paid") break;
      // The order has to be found unpaid before it can be paid again.
      await until(async () => (await orders()).every(({ state }) => state !== "checking"));
    }
    await until(async () => {
      const all = await orders();
      return all.length > 0 && all.every(({ state }) => !["checking", "paid"].includes(state));
    });
    // What comes late must change nothing.
    await later(300);
    return {
      death: existsSync(`${ledger}.death`) ? readFileSync(`${ledger}.death`, "utf8") : undefined,
      payments: tries,
      orders: await orders(),
      given: readFileSync(ledger, "utf8").split("\n").filter(Boolean),
    };
  } finally {
    clearInterval(reviver);
    if (!isDead()) {
      const gone = once(shop, "exit");
      shop.kill("SIGKILL");
      await gone;
    }
    await bale.close();
  }
}

const AT_ONCE = 2;

/** What must hold however the shop died. Answers where it did; `undefined` when it lived. */
function judge({ death, payments, orders, given }: Outcome, dieAt: number): string | undefined {
  const paid = payments.filter(({ status }) => status === "paid").map(({ id }) => id);
  const keys = given.map((line) => line.split(" ")[0]);
  const states = orders.map(({ id, state }) => [id, state]);
  const at = `killed at step ${dieAt} (${death}): ${JSON.stringify({ paid, given, states })}`;
  expect(paid.length, at).toBe(1);
  // The payment that went through has one recorded fulfilment, and nothing was given without one.
  expect([...new Set(keys)], at).toEqual(paid);
  const fulfilled = orders.filter(({ state }) => state === "fulfilled").map(({ charge }) => charge?.id);
  expect(fulfilled, at).toEqual(paid);
  // Twice only where the process died after giving and before it had written that down, and then with the same key.
  if (keys.length > 1) {
    expect(keys.length, at).toBe(2);
    expect(["after the goods", "before a commit"], at).toContain(death);
  }
  return death;
}

test.each([
  { told: "once", from: 1, ends: ["before the goods", "after the goods", "after answerPreCheckoutQuery"] },
  // The steps before the payment are the same.
  { told: "never", from: 7, ends: ["after inquireTransaction", "before the goods", "after the goods"] },
] as const)(
  "a shop killed between any two steps gives the goods of every payment, and of nothing else: success told $told",
  async ({ told, from, ends }) => {
    const deaths: string[] = [];
    for (let next = from; ; next += AT_ONCE) {
      const steps = Array.from({ length: AT_ONCE }, (_, place) => next + place);
      const outcomes = await Promise.all(steps.map((dieAt) => sellOnce(dieAt, told)));
      const died = outcomes.map((outcome, place) => judge(outcome, next + place));
      deaths.push(...died.filter((death) => death !== undefined));
      if (died.includes(undefined)) break;
    }
    expect(deaths).toEqual(expect.arrayContaining([...ends]));
    expect(deaths.length).toBeGreaterThan(8);
  },
  400_000,
);
