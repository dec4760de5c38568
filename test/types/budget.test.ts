import { afterAll, beforeAll, expect, test } from "vitest";
import { type AppSize, bigApp, QUERY_COUNT } from "./big-app.js";
import { type Figures, type ProgramFolder, programFolder } from "./program-folder.js";

const SIZE: AppSize = { plugins: 10, handlers: 300, patterns: 50 };
const BUDGET = 15_000;

let folder: ProgramFolder;
let empty: Figures;
let used: number;

beforeAll(async () => {
  folder = programFolder();
  folder.write("empty.ts", "export {};\n");
  empty = await folder.compile("empty.ts");
  used = await net("app.ts", bigApp(SIZE));
});
afterAll(() => folder.remove());

const net = async (name: string, text: string): Promise<number> => {
  folder.write(name, text);
  return (await folder.compile(name)).instantiations - empty.instantiations;
};

test(`an app of 10 plugins, 300 handlers over 20 queries and 50 patterns stays under ${BUDGET} instantiations`, () => {
  expect(QUERY_COUNT).toBe(20);
  console.log(`type budget: ${used} instantiations of ${BUDGET}`);
  expect(used).toBeGreaterThan(SIZE.handlers);
  expect(used).toBeLessThan(BUDGET);
});

test("a handler that reads what its query did not narrow does not compile", async () => {
  const wrong = bigApp(SIZE).replace("ctx.message.video.duration", "ctx.message.voice.duration");
  expect(wrong).not.toBe(bigApp(SIZE));
  await expect(net("wrong.ts", wrong)).rejects.toThrow(/'voice'|possibly 'undefined'/);
});

test("a parameter that its pattern does not name does not compile", async () => {
  const wrong = bigApp(SIZE).replace("ctx.params.action", "ctx.params.verb");
  await expect(net("wrong-parameter.ts", wrong)).rejects.toThrow(/'verb'/);
});

test("the price of a handler stays flat: 300 cost less than three times what 150 cost", async () => {
  const half = await net("half.ts", bigApp({ ...SIZE, handlers: 150 }));
  expect(used).toBeLessThan(half * 3);
});

test("objects that act make the same app dearer by no more than half", async () => {
  const acting = bigApp(SIZE)
    .replace("import { Bot", 'import { hydrate } from "@balekit/hydrate";\nimport { Bot')
    .replace('new Bot("1:x")', 'new Bot("1:x")\n  .extend(hydrate())')
    .replaceAll('await ctx.reply(words.join(" "));', 'await (await ctx.reply(words.join(" "))).edit("x");');
  expect(acting.split('.edit("x")')).toHaveLength(SIZE.patterns + 1);
  const instantiations = await net("acting.ts", acting);
  console.log(`type budget with hydrate(): ${instantiations} instantiations`);
  expect(instantiations).toBeLessThan(used * 1.5);
});
