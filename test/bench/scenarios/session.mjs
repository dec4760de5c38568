// One peer counts each person's updates in its own session, kept in memory; prints CPU per update. What the sessions say
// afterwards is asked through the bot and checked.
import { expectedEffects, mixedBot, mixedTraffic, textUpdate } from "../traffic.mjs";

const STREAM = 5_000;
export const QUESTION = "how many?";

/** @param bot `mixed`: beside all that the mixed bot has. `bare`: nothing but the session and the count. */
export async function measure({ peer, bot: kind, count = 100_000, warmup = 100_000 }) {
  const { sessionDispatcher } = await import(`../peers/${peer}.mjs`);
  const bot =
    kind === "mixed" ? mixedBot("literal") : { middleware: 0, commands: [], callbacks: [], hears: [] };
  const stream = mixedTraffic(STREAM);
  const effects = { middleware: 0, command: 0, callback: 0, hears: 0, counted: undefined };
  const dispatch = await sessionDispatcher(bot, effects, QUESTION);
  await play(dispatch, stream, warmup);
  for (const key of Object.keys(effects)) effects[key] = 0;
  const expected = expectedEffects(bot, stream);
  globalThis.gc?.();
  const before = process.cpuUsage();
  await play(dispatch, stream, count);
  const used = process.cpuUsage(before);
  for (const key of Object.keys(expected)) check(peer, key, effects[key], (expected[key] * count) / STREAM);
  const rounds = (warmup + count) / STREAM;
  for (const [chat, each] of countsByChat(stream)) {
    effects.counted = undefined;
    await dispatch(textUpdate(STREAM + chat, chat, QUESTION));
    check(peer, `the session of ${chat}`, effects.counted, each * rounds);
  }
  return { cpuMicros: (used.user + used.system) / count };
}

function check(peer, what, found, wanted) {
  if (found !== wanted) throw new Error(`${peer}: ${what} counted ${found}, expected ${wanted}.`);
}

function countsByChat(stream) {
  const counts = new Map();
  for (const { message, callback_query } of stream) {
    const chat = (message ?? callback_query.message).chat.id;
    counts.set(chat, (counts.get(chat) ?? 0) + 1);
  }
  return counts;
}

async function play(dispatch, stream, count) {
  for (let round = 0; round < count / STREAM; round++) {
    for (const update of stream) await dispatch(update);
  }
}
