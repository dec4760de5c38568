// One peer handles a fixed stream of updates in process; prints CPU per update and what its handlers counted.
import { commandBot, commandUpdate, expectedEffects, mixedBot, mixedTraffic } from "../traffic.mjs";

/** The stream is this many updates, over and over: enough for variety, few enough to stay out of the collector's way. */
const STREAM = 5_000;

export async function measure({ peer, shape, count = 100_000, warmup = 50_000 }) {
  const { dispatcher } = await import(`../peers/${peer}.mjs`);
  const commands = /^commands(\d+)$/.exec(shape);
  const bot = commands ? commandBot(Number(commands[1])) : mixedBot(shape);
  const stream = commands
    ? Array.from({ length: STREAM }, (_, index) =>
        commandUpdate(index, 1000 + (index % 200), bot.commands.at(-1)),
      )
    : mixedTraffic(STREAM);
  const effects = { middleware: 0, command: 0, callback: 0, hears: 0 };
  const dispatch = await dispatcher(bot, effects);
  await play(dispatch, stream, warmup);
  for (const key of Object.keys(effects)) effects[key] = 0;
  const expected = expectedEffects(bot, stream);
  globalThis.gc?.();
  const before = process.cpuUsage();
  await play(dispatch, stream, count);
  const used = process.cpuUsage(before);
  for (const key of Object.keys(expected)) {
    const wanted = (expected[key] * count) / STREAM;
    if (effects[key] !== wanted) {
      throw new Error(`${peer}, ${shape}: ${key} ran ${effects[key]} times, expected ${wanted}.`);
    }
  }
  return { cpuMicros: (used.user + used.system) / count };
}

async function play(dispatch, stream, count) {
  for (let round = 0; round < count / STREAM; round++) {
    for (const update of stream) await dispatch(update);
  }
}
