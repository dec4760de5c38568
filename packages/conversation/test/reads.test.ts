import { emulator } from "@balekit/emulator";
import { Bot, type LaneStore, memoryLanes } from "balekit";
import { expect, test } from "vitest";
import { conversations } from "../src/conversations.js";
import { conversation } from "../src/definition.js";

const signup = conversation("signup", async (c, ctx) => {
  await ctx.reply("name?");
  const name = await c.waitFor("message:text");
  await name.reply(`salam ${name.text}`);
});

/** How often a store is read while people write with whom nobody has a conversation. */
async function readsWith(machines: "one" | "many"): Promise<number> {
  const bale = emulator();
  const lanes = memoryLanes({ clock: bale.clock });
  let reads = 0;
  const counting = <Args extends readonly unknown[], Value>(run: (...args: Args) => Value) => {
    return (...args: Args): Value => {
      reads++;
      return run(...args);
    };
  };
  const storage: LaneStore = {
    ...lanes,
    load: counting(lanes.load),
    find: counting(lanes.find),
    keys: counting(lanes.keys),
  };
  const bot = new Bot(undefined);
  const talking = bot.extend(conversations({ definitions: [signup], storage, machines }));
  talking.command("signup", (ctx) => ctx.conversation.enter(signup));
  talking.on("message:text", (ctx) => ctx.reply("heard"));
  const detach = bale.attach(bot);
  const [ali, sara] = [bale.user({ first_name: "Ali" }), bale.user({ first_name: "Sara" })];
  await ali.sends("/signup");
  await sara.sends("first");
  const before = reads;
  for (let at = 0; at < 10; at++) await sara.sends(`${at}`);
  expect(sara.inbox.all.length).toBe(11);
  const after = reads;
  await bot.stop();
  detach();
  return after - before;
}

test("a user without a conversation costs no read of the store where there is one process, and one where there are many", async () => {
  expect(await readsWith("one")).toBe(0);
  expect(await readsWith("many")).toBe(10);
});
