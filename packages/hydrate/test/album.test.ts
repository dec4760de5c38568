import { expect, test } from "vitest";
import { albums } from "../src/index.js";
import { stage, until } from "./stage.js";

const item = (group: string, file: string) => ({
  media_group_id: group,
  photo: [{ file_id: file, file_unique_id: file, width: 1, height: 1 }],
});

test("an album is one event with all its items in order, and what follows it is not held up", async () => {
  const { bot, bale, ali, errors } = stage();
  const seen: unknown[] = [];
  bot.extend(albums()).on("message", (ctx) => {
    seen.push(ctx.album === undefined ? ctx.text : ctx.album.map(({ photo }) => photo?.[0]?.file_id));
  });
  await ali.sends(item("g1", "a"));
  await ali.sends(item("g1", "b"));
  await ali.sends("نه آلبوم");
  await ali.sends(item("g1", "c"));
  expect(seen).toEqual(["نه آلبوم"]);
  await bale.clock.advance(500);
  await until(() => seen.length === 2);
  expect([errors, seen]).toEqual([[], ["نه آلبوم", ["a", "b", "c"]]]);
});

test("items that came in one batch, and albums of two people at once, are told apart", async () => {
  const { bot, bale, ali, errors } = stage();
  const sara = bale.user({ first_name: "Sara" });
  const group = bale.group({ title: "g", members: [ali, sara] });
  const seen: string[] = [];
  bot.extend(albums()).on("message", (ctx) => {
    seen.push(
      `${ctx.from?.first_name}:${(ctx.album ?? []).map(({ photo }) => photo?.[0]?.file_id).join("")}`,
    );
  });
  await Promise.all([
    ali.sends(item("1", "a"), { chat: group }),
    sara.sends(item("2", "x"), { chat: group }),
    ali.sends(item("1", "b"), { chat: group }),
    sara.sends(item("2", "y"), { chat: group }),
  ]);
  await bale.clock.advance(500);
  await until(() => seen.length === 2);
  expect([errors, seen.sort()]).toEqual([[], ["Ali:ab", "Sara:xy"]]);
});

test("an album is whole with maxItems, without waiting, and one photo alone is no album", async () => {
  const { bot, ali } = stage();
  const seen: unknown[] = [];
  bot.extend(albums({ maxItems: 2 })).on("message:photo", (ctx) => void seen.push(ctx.album?.length));
  await ali.sendsPhoto();
  await ali.sends(item("g", "a"));
  await ali.sends(item("g", "b"));
  await until(() => seen.length === 2);
  expect(seen).toEqual([undefined, 2]);
});

test("a bot that stops handles what has come", async () => {
  const { bot, ali } = stage();
  const seen: unknown[] = [];
  bot.extend(albums()).on("message:photo", (ctx) => void seen.push(ctx.album?.length));
  await ali.sends(item("g", "a"));
  await bot.stop({ graceMs: 1000 });
  expect(seen).toEqual([1]);
});

test("options that cannot work are refused", () => {
  for (const options of [{ quietMs: 0 }, { quietMs: 60_001 }, { maxItems: 1 }, { maxItems: 2.5 }]) {
    expect(() => albums(options)).toThrow(expect.objectContaining({ code: "ERR_BALE_ALBUM" }));
  }
});
