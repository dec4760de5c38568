import type { Contact, Document, Location, PhotoSize } from "balekit";
import * as v from "valibot";
import { expectTypeOf, test } from "vitest";
import type { AskedDate } from "../src/date-reader.js";
import type { ConversationHandle } from "../src/handle.js";

test("each question's answer has the type that was asked for", () => {
  const code = async (c: ConversationHandle): Promise<void> => {
    const { ask } = c;
    expectTypeOf(await ask.text("a", "?")).toEqualTypeOf<string>();
    expectTypeOf(await ask.number("a", "?", { min: 1 })).toEqualTypeOf<number>();
    expectTypeOf(await ask.integer("a", "?")).toEqualTypeOf<number>();
    expectTypeOf(await ask.confirm("a", "?")).toEqualTypeOf<boolean>();
    expectTypeOf(await ask.date("a", "?", { min: "today" })).toEqualTypeOf<AskedDate>();
    expectTypeOf(await ask.phone("a", "?")).toEqualTypeOf<string>();
    expectTypeOf(await ask.contact("a", "?")).toEqualTypeOf<Contact>();
    expectTypeOf(await ask.location("a", "?")).toEqualTypeOf<Location>();
    expectTypeOf(await ask.photo("a", "?")).toEqualTypeOf<PhotoSize>();
    expectTypeOf(await ask.file("a", "?")).toEqualTypeOf<Document>();
  };
  expectTypeOf(code).toBeFunction();
});

test("a choice narrows to its values, a schema to what it makes", () => {
  const code = async (c: ConversationHandle): Promise<void> => {
    const { ask } = c;
    expectTypeOf(await ask.choice("a", "?", ["post", "peyk"])).toEqualTypeOf<"post" | "peyk">();
    expectTypeOf(await ask.choice("a", "?", { post: "پست", peyk: "پیک" })).toEqualTypeOf<"post" | "peyk">();
    const sizes = [
      { value: 1, label: "کوچک" },
      { value: 2, label: "بزرگ" },
    ] as const;
    expectTypeOf(await ask.choice("a", "?", sizes)).toEqualTypeOf<1 | 2>();
    expectTypeOf(
      await ask.choice("a", "?", ["post", "peyk"], {
        validate: (value) => {
          expectTypeOf(value).toEqualTypeOf<"post" | "peyk">();
          return true;
        },
      }),
    ).toEqualTypeOf<"post" | "peyk">();
    expectTypeOf(await ask.schema("a", "?", v.pipe(v.string(), v.transform(Number)))).toEqualTypeOf<number>();
    // @ts-expect-error a bound is a number
    await ask.number("a", "?", { min: "1" });
    // @ts-expect-error a question has a name and a text
    await ask.text("a");
  };
  expectTypeOf(code).toBeFunction();
});
