// A bot with one long conversation, in a process of its own that dies often: `surveyor.mjs <setting as JSON>`. What it does
// outside goes into a ledger, one line a write, so that no kill tears it; each line names this life of the process.
import { openSync, writeSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { setTimeout as later } from "node:timers/promises";
import { conversation, conversations } from "@balekit/conversation";
import { Bot, retry } from "balekit";

/**
 * @type {{
 *   apiRoot: string; token: string; ledger: string; life: string; port: number;
 *   store: { kind: "sqlite" | "postgres" | "redis"; where: string }; leaseMs: number; sweepMs: number; isUnfenced: boolean;
 * }}
 * `life` goes into the ledger; `port` is where the webhook listens, the same in every life; `where` is a path or an address; with `isUnfenced`
 * whoever has lost a lane writes on, as the protocol never does: to see whether the judge would notice.
 */
const setting = JSON.parse(process.argv[2]);
const ledger = openSync(setting.ledger, "a");
const note = (...words) => void writeSync(ledger, `${setting.life} ${words.join(" ")}\n`);

async function openStore({ kind, where }) {
  const load = createRequire(import.meta.url);
  if (kind === "sqlite") {
    const { sqliteLanes } = await import("@balekit/storage/sqlite");
    return sqliteLanes(new (load("libsql"))(where), { survives: "kill" });
  }
  if (kind === "redis") {
    const { redisLanes } = await import("@balekit/storage/redis");
    // Whoever is frozen again and again hears late what the store has answered: that is no outage.
    return redisLanes(new (load("ioredis").Redis)(where), { timeoutMs: 60_000 });
  }
  const { postgresLanes } = await import("@balekit/storage/postgres");
  return postgresLanes(new (load("pg").Pool)({ connectionString: where, max: 8 }));
}

/** Does something outside: it is under way from `begin` to `end`, and has happened in between. */
const deed =
  (survey, stage, value = "") =>
  async ({ idempotencyKey }) => {
    const about = [idempotencyKey, survey, stage];
    note("begin", ...about);
    await later(5 + Math.random() * 25);
    note("did", ...about, value);
    await later(5 + Math.random() * 25);
    note("end", ...about);
    return `${idempotencyKey} is done`;
  };

/** Stages are numbered by the author, so that a ledger tells what came before what. */
const survey = conversation("survey", async (c, ctx, { survey, rounds }) => {
  const answers = [];
  const ask = async (stage) => {
    await ctx.reply(`${survey} ${stage} ?`);
    return (await c.waitFor("message:text", { id: `answer-${stage}` })).text;
  };

  answers.push(await ask(1));
  const made = await c.external("account", deed(survey, 2));
  if (!made.endsWith("is done")) throw new Error(`The result of a deed is ${made}.`);

  const page = await c.step("page", async () => {
    const first = await ask(3);
    await c.external("page", deed(survey, 4));
    return [first, await ask(5)];
  });
  answers.push(...page);

  const items = await c.loop("items", [], async (known) => {
    const stage = 6 + known.length * 2;
    const item = await ask(stage);
    await c.external("item", deed(survey, stage + 1));
    return known.length + 1 < rounds ? [...known, item] : c.done([...known, item]);
  });
  answers.push(...items);

  const stage = 6 + rounds * 2;
  await Promise.all([c.external("left", deed(survey, stage)), c.external("right", deed(survey, stage))]);
  try {
    await c.waitFor("callback_query", { id: "nobody", timeoutMs: 50 });
  } catch (error) {
    if (error.name !== "WaitExpiredError") throw error;
  }
  await c.sleep(30);
  await c.external("file", deed(survey, stage + 1, answers.join(",")));
  await ctx.reply(`${survey} ${stage + 2} !`);
});

/**
 * Notes which claims are this life's, and whose it has taken over, the last one at the end: those of all who have got
 * nothing done there. That is noted once it is so, and before anything is done about it.
 */
function watched(store) {
  let me;
  const commit = async (key, expected, change) => {
    const version = await store.commit(key, expected, change);
    if (version !== false || expected === null || !setting.isUnfenced) return version;
    const now = await store.load(key, 0);
    return now === undefined ? false : store.commit(key, now.version, change);
  };
  return {
    ...store,
    commit: async (key, expected, change) => {
      const { head, append = [] } = change;
      const owner = head?.writer.split(".")[0] ?? append[0]?.[1]?.c?.[0];
      if (me === undefined && owner !== undefined) {
        me = owner;
        note("owner", me);
      }
      const version = await commit(key, expected, change);
      const toll = append.length === 0 ? head?.claim?.toll : undefined;
      if (version !== false && toll !== undefined) note("took", key, toll.ended.join() || me);
      return version;
    },
  };
}

const storage = watched(await openStore(setting.store));
const bot = new Bot(setting.token, { api: { apiRoot: setting.apiRoot } });
bot.catch((error) => note("fault", JSON.stringify(error.message)));
bot.transform((call, next) => {
  // Below the journal: what is here leaves the process.
  if (call.method === "sendMessage") note("send", ...call.params.text.split(" "));
  return next(call);
});
// A connection that was idle may close just as something is sent: nobody knows whether it arrived, and it is sent again.
bot.transform(retry({ resend: true, backOffMs: 20, onRetry: ({ method }) => note("resent", method) }));
const talks = conversations({
  definitions: [survey],
  storage,
  leaseMs: setting.leaseMs,
  sweepMs: setting.sweepMs,
  // Thirty kills are chance, not the doing of a step: on a slow machine five of them have hit the same one.
  limits: { maxAttempts: 30 },
  onEvent: ({ type, lane, message }) => {
    if (type === "takeover" || type === "fenced" || type === "parked")
      note("event", type, lane, message ?? "");
  },
});
const talking = bot.extend(talks);
talking.command("survey", async (ctx) => {
  const [, name, rounds] = ctx.text.split(" ");
  await ctx.conversation.enter(survey, { survey: name, rounds: Number(rounds) });
});
talking.on("message:text", (ctx) => note("passed", ctx.text));

await bot.init();
const hook = bot.webhook({ path: "/updates" });
createServer(hook.node).listen(setting.port, "127.0.0.1", () => note("listens"));
