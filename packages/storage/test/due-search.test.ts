import { expect, test } from "vitest";
import { dueSearch, groupOf } from "../src/due-search.js";

test("the group of a key is what stands before its second colon, if it has one", () => {
  expect(["cv:1000:7:8", "a::b", "::", ":", "a:b", "a", ""].map(groupOf)).toEqual([
    "cv:1000",
    "a:",
    ":",
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test("every key with a prefix that names a group is in that group", () => {
  for (const prefix of ["cv:1000:", "cv:1000:7", "a::", "::"]) {
    const { group } = dueSearch(prefix, 10);
    expect(group).toBeDefined();
    for (const rest of ["", "x", ":", "x:y", "😀"]) expect(groupOf(prefix + rest)).toBe(group);
  }
  expect(dueSearch("cv:1000", 10).group).toBeUndefined();
});

test("half a pair at the end of a prefix is compared after the store has answered", () => {
  const search = dueSearch("a\ud83d", 1);
  expect([search.text, search.limit]).toEqual(["a", Number.MAX_SAFE_INTEGER]);
  expect(search.keysOf(["a", "a😀", "a😁"])).toEqual(["a😀"]);
  expect(dueSearch("a", 1)).toMatchObject({ text: "a", limit: 1 });
});
