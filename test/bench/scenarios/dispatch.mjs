// One peer handles a fixed stream of updates in process; prints CPU per update and what its handlers counted.
import { commandBot, commandUpdate, expectedEffects, mixedBot, mixedTraffic } from "../traffic.mjs";

export async function measure({ peer, shape, count = 20_000, warmup = 20_000 }) {
  const { dispatcher } = await import(`../peers/${peer}.mjs`);
  const commands = /^commands(\d+)$/.exec(shape);
  const bot = commands ? commandBot(Number(commands[1])) : mixedBot(shape);
  const make = (size, from) =>
    commands
      ? Array.from({ length: size }, (_, index) =>
          commandUpdate(from + index, 1000 + (index % 200), bot.commands.at(-1)),
        )
      : mixedTraffic(size, from + 7).map((update) => ({ ...update, update_id: update.update_id + from }));
  const effects = { middleware: 0, command: 0, callback: 0, hears: 0 };
  const dispatch = await dispatcher(bot, effects);
  for (const update of make(warmup, 0)) await dispatch(update);
  for (const key of Object.keys(effects)) effects[key] = 0;
  const updates = make(count, warmup);
  const expected = expectedEffects(bot, updates);
  globalThis.gc?.();
  const before = process.cpuUsage();
  for (const update of updates) await dispatch(update);
  const used = process.cpuUsage(before);
  for (const key of Object.keys(expected)) {
    if (effects[key] !== expected[key]) {
      throw new Error(`${peer}, ${shape}: ${key} ran ${effects[key]} times, expected ${expected[key]}.`);
    }
  }
  return { cpuMicros: (used.user + used.system) / count };
}
