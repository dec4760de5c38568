import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as later } from "node:timers/promises";
import { emulator } from "@balekit/emulator";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type RabbitServer, startRabbit } from "../servers/rabbitmq.js";

const root = new URL("../..", import.meta.url).pathname;
const token = "1000:not-a-real-secret";

/** `CHAOS_SEED` plays a run again; `CHAOS_KILLS` and `CHAOS_UPDATES` make it longer. */
const seed = Number(process.env["CHAOS_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const kills = Number(process.env["CHAOS_KILLS"] ?? 5);
const updates = Number(process.env["CHAOS_UPDATES"] ?? 600);

let rabbit: RabbitServer;
beforeAll(async () => {
  rabbit = await startRabbit();
});
afterAll(() => rabbit?.server.close());

/** What every process begins with: a bot on the inbox, and a ledger that all of them write. */
const preamble = (apiRoot: string, ledger: string, prefix: string, heartbeatSeconds: number): string => `
  import { appendFileSync } from "node:fs";
  import { setTimeout as later } from "node:timers/promises";
  import { rabbitInbox } from "@balekit/rabbitmq";
  import { Bot } from "balekit";
  const inbox = rabbitInbox(${JSON.stringify(rabbit.url)}, ${JSON.stringify({ prefix, heartbeatSeconds })});
  const bot = new Bot("${token}", { inbox, api: { apiRoot: ${JSON.stringify(apiRoot)} } });
  const note = (line) => appendFileSync(${JSON.stringify(ledger)}, process.pid + " " + line + "\\n");
`;

/** A Bale, a ledger, and processes that are gone when the test is. */
async function setUp(prefix: string, heartbeatSeconds: number) {
  const bale = emulator({ token });
  const server = await bale.listen();
  const folder = mkdtempSync(join(tmpdir(), "balekit-many-"));
  const ledger = join(folder, "ledger");
  writeFileSync(ledger, "");
  const processes = new Set<ChildProcess>();
  const kill = async (child: ChildProcess): Promise<void> => {
    processes.delete(child);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  };
  onTestFinished(async () => {
    await Promise.all([...processes].map(kill));
    await bale.close();
    rmSync(folder, { recursive: true });
  });
  return {
    bale,
    folder,
    kill,
    start(role: "ingest" | "work", handlers: string): ChildProcess {
      const code = `${preamble(server.url, ledger, prefix, heartbeatSeconds)}\n${handlers}\nawait bot.run({ role: "${role}" });`;
      const args = ["--conditions=@balekit/source", "--import", "tsx", "--input-type=module", "-e", code];
      const child = spawn(process.execPath, args, { cwd: root, stdio: "ignore" });
      processes.add(child);
      return child;
    },
    lines: (): { pid: number; what: string; of: string }[] =>
      readFileSync(ledger, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => {
          const [pid = "", what = "", of = ""] = line.split(" ");
          return { pid: Number(pid), what, of };
        }),
  };
}

async function until(holds: () => boolean, limitMs = 120_000): Promise<void> {
  for (const limit = Date.now() + limitMs; !holds(); await later(10)) {
    if (Date.now() > limit) throw new Error(`It does not come about within ${limitMs} ms: ${String(holds)}`);
  }
}

/** Numbers from 0 to 1 that are the same for the same seed. */
function random(from: number): () => number {
  let state = from | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test.each([
  ["killed again and again: nothing is lost, and each chat keeps its order", false],
  ["killed again and again, and once the broker with them: nothing is lost", true],
])(
  "two ingesters and three workers, %s",
  async (_what, isBrokerKilled) => {
    console.log(`chaos on RabbitMQ: CHAOS_SEED=${seed} CHAOS_KILLS=${kills} CHAOS_UPDATES=${updates}`);
    const next = random(seed);
    const { bale, start, kill, lines } = await setUp(isBrokerKilled ? "chaos.broker" : "chaos", 2);
    const chats = Array.from({ length: 50 }, (_, at) => bale.user({ first_name: `User ${at}` }));
    const work = `bot.on("message:text", async (ctx) => {
    note("begin " + ctx.text);
    await later(5 + (ctx.update.update_id % 5) * 20);
    note("end " + ctx.text);
  });`;
    const ingesters = [start("ingest", ""), start("ingest", "")];
    const workers = [start("work", work), start("work", work), start("work", work)];
    const texts = Array.from({ length: updates }, (_, at) => `${at % chats.length}:${at}`);

    let killed = 0;
    let inFlight = 0;
    let sent = 0;
    let isBroken = false;
    const sending = (async () => {
      for (const [at, text] of texts.entries()) {
        if (isBroken) return;
        // Below what Bale keeps for a bot that does not ask.
        while (bale.pendingUpdates > 1_000) await later(20);
        await chats[at % chats.length]?.sends(text);
        sent++;
        // So that it lasts as long as the killing does.
        await until(() => sent / updates <= (killed + 2) / (kills + 1) || isBroken, 600_000);
      }
    })();
    try {
      for (; killed < kills; killed++) {
        const before = lines().length;
        await until(() => lines().length > before + 20, 240_000);
        await later(next() * 300);
        if (isBrokerKilled && killed === Math.floor(kills / 2)) {
          await rabbit.server.kill();
          await later(next() * 1_000);
          await rabbit.server.start();
        }
        if (killed % 6 === 5) {
          const at = Math.floor(next() * ingesters.length);
          await kill(ingesters[at] as ChildProcess);
          ingesters[at] = start("ingest", "");
        }
        // One that is in the middle of something.
        let at = -1;
        await until(() => {
          const open = new Map<number, number>();
          for (const { pid, what } of lines())
            open.set(pid, (open.get(pid) ?? 0) + (what === "begin" ? 1 : -1));
          at = workers.findIndex(({ pid }) => (open.get(pid ?? 0) ?? 0) > 0);
          return at >= 0;
        });
        const victim = workers[at] as ChildProcess;
        await kill(victim);
        const own = lines().filter(({ pid }) => pid === victim.pid);
        if (
          own.filter(({ what }) => what === "begin").length > own.filter(({ what }) => what === "end").length
        ) {
          inFlight++;
        }
        workers[at] = start("work", work);
      }
      await sending;
      const done = (): Set<string> =>
        new Set(
          lines()
            .filter(({ what }) => what === "end")
            .map(({ of }) => of),
        );
      await until(() => done().size === texts.length, 240_000);
    } finally {
      isBroken = true;
    }

    const begun = lines().filter(({ what }) => what === "begin");
    const ended = lines().filter(({ what }) => what === "end");
    for (const chat of chats.keys()) {
      const own = texts.filter((text) => text.startsWith(`${chat}:`));
      const first = [...new Set(begun.map(({ of }) => of))].filter((text) => text.startsWith(`${chat}:`));
      const last = [...new Set(ended.map(({ of }) => of).toReversed())].filter((text) =>
        text.startsWith(`${chat}:`),
      );
      if (isBrokerKilled) {
        expect(new Set(last)).toEqual(new Set(own));
      } else {
        expect(first).toEqual(own);
        expect(last.toReversed()).toEqual(own);
      }
    }
    expect(inFlight).toBeGreaterThanOrEqual(kills * 0.8);
    console.log(
      `chaos on RabbitMQ: ${texts.length} updates, ${killed} workers killed, ${inFlight} of them at work, ${ended.length - texts.length} repeats`,
    );
  },
  600_000,
);

test("a worker frozen past its heartbeat and thawed after it was replaced finds its signal aborted and its write refused", async () => {
  const { bale, folder, start, lines } = await setUp("frozen", 1);
  const work = `
    import Database from "libsql";
    import { sqlite } from "@balekit/storage/sqlite";
    const store = sqlite(new Database(${JSON.stringify(join(folder, "state.db"))}));
    note("ready");
    bot.on("message:text", async (ctx) => {
      const found = await store.get("balance");
      note("begin");
      await later(1_000);
      const { ok } = await store.set("balance", process.pid, { ifVersion: found?.version ?? null });
      note(ok ? "written" : "refused");
      await later(500);
      note(ctx.signal.aborted ? "aborted" : "free");
    });`;
  const workers = [start("work", work), start("work", work)];
  start("ingest", "");
  await until(() => lines().filter(({ what }) => what === "ready").length === 2);
  await later(2_000);
  await bale.user({ first_name: "Ali" }).sends("once");
  await until(() => lines().some(({ what }) => what === "begin"));
  const first = lines().find(({ what }) => what === "begin")?.pid;
  const frozen = workers.find(({ pid }) => pid === first);
  frozen?.kill("SIGSTOP");
  await until(() => lines().some(({ what, pid }) => what === "written" && pid !== first));
  await until(() => lines().some(({ what, pid }) => what === "free" && pid !== first));
  frozen?.kill("SIGCONT");
  const of = (pid: number | undefined): string[] =>
    lines()
      .filter((line) => line.pid === pid && line.what !== "ready")
      .map(({ what }) => what);
  await until(() => of(first).length === 3);
  expect(of(first)).toEqual(["begin", "refused", "aborted"]);
  expect(of(workers.find(({ pid }) => pid !== first)?.pid)).toEqual(["begin", "written", "free"]);
}, 180_000);
