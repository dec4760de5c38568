import { DecodeError, FileError, ForbiddenError, LimitError, NetworkError, TimeoutError } from "balekit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openApiError } from "../src/api-error.js";
import { conversation } from "../src/definition.js";
import { pack, unpack } from "../src/value.js";
import { Deploys, told } from "./talking-bot.js";

let world: Deploys;
beforeEach(() => {
  world = new Deploys();
});
afterEach(() => world.stop());

test.each([
  new NetworkError("cut", { method: "sendMessage", maybeSent: true }),
  new TimeoutError("late", { method: "sendMessage", maybeSent: false, timeoutMs: 5 }),
  new DecodeError("html", { method: "getMe", status: 502, snippet: "<html>" }),
  new FileError("gone", { method: "sendPhoto" }),
  new LimitError("long", { method: "sendMessage", param: "text", actual: 5_000, max: 4_096 }),
])("an error of the api comes out of a journal as it was: $name", (error) => {
  const back = openApiError(unpack(pack(error, "A test").json)) as Error;
  expect(back.constructor).toBe(error.constructor);
  expect(back.message).toBe(error.message);
  const own = (one: Error): object => ({ ...one, cause: undefined, stack: undefined });
  expect(own(back)).toEqual(own(error));
});

test("what is caught is of the same class with the same fields alive and after a restart", async () => {
  const seen: string[][] = [];
  let run: string[] = [];
  const failing = conversation("failing", async (c, ctx) => {
    seen.push((run = []));
    for (let n = 0; n < 3; n++) {
      await ctx.reply("x").catch((error: Error) => {
        const { name, message, cause: _, ...fields } = error as Error & { cause?: unknown };
        const isKnown = [NetworkError, DecodeError, ForbiddenError].some((one) => error instanceof one);
        run.push(`${error.constructor.name} ${name} ${message} ${JSON.stringify(fields)} ${isKnown}`);
      });
    }
    await c.waitFor("message:text", { id: "go" });
    await ctx.reply("went on");
  });
  const ali = world.bale.user();
  await world.say(ali, "hi");
  const talks = await world.deploy({ definitions: [failing] });
  for (const kind of ["reset-before", "502-html"] as const) world.bale.fault({ kind, method: "sendMessage" });
  ali.blocks();
  await talks.enter(failing, { chatId: ali.id });
  await world.deploy({ definitions: [failing] });
  ali.unblocks();
  await world.say(ali, "go");
  expect(told(ali).at(-1)).toBe("went on");
  expect(seen).toHaveLength(2);
  expect(seen[0]).toHaveLength(3);
  expect(seen[0]?.[0]).toMatch(/^NetworkError .* true$/);
  expect(seen[0]?.[2]).toMatch(/^ForbiddenError .* true$/);
  expect(seen[1]).toEqual(seen[0]);
});
