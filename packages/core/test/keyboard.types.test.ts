import type {
  InlineKeyboardMarkup,
  ReplyKeyboardMarkup,
  ReplyKeyboardRemove,
  SendMessageParams,
} from "@balekit/api";
import { describe, expectTypeOf, it } from "vitest";
import { find } from "../src/find.js";
import { InlineKeyboard } from "../src/inline-keyboard.js";
import { Keyboard } from "../src/keyboard.js";
import { mention } from "../src/mention.js";
import { messageDate } from "../src/message-date.js";

describe("types of keyboards", () => {
  it("builders are markups: they go into reply_markup as they are", () => {
    expectTypeOf<InlineKeyboard>().toExtend<InlineKeyboardMarkup>();
    expectTypeOf<Keyboard>().toExtend<ReplyKeyboardMarkup>();
    expectTypeOf(Keyboard.remove()).toExtend<ReplyKeyboardRemove>();
    expectTypeOf<{
      chat_id: number;
      text: string;
      reply_markup: InlineKeyboard;
    }>().toExtend<SendMessageParams>();
    expectTypeOf<{ chat_id: number; text: string; reply_markup: Keyboard }>().toExtend<SendMessageParams>();
  });

  it("chains keep the class", () => {
    expectTypeOf(new InlineKeyboard().text("a").row().columns(2)).toEqualTypeOf<InlineKeyboard>();
    expectTypeOf(new Keyboard().text("a").toFlowed(2)).toEqualTypeOf<Keyboard>();
  });

  it("a button of one kind is not a button of the other", () => {
    // @ts-expect-error a reply button asks for a contact, an inline one cannot
    new InlineKeyboard().add({ text: "a", request_contact: true });
    // @ts-expect-error reply buttons carry no data
    new Keyboard().text("a", "data");
  });
});

describe("types of the small helpers", () => {
  it("find narrows by a type guard", () => {
    expectTypeOf(find([1, "a"], (item) => typeof item === "string")).toEqualTypeOf<string | undefined>();
  });

  it("mention may have nothing unless a name is asked for", () => {
    const user = { first_name: "علی" };
    expectTypeOf(mention(user)).toEqualTypeOf<string | undefined>();
    expectTypeOf(mention(user, { orName: true })).toEqualTypeOf<string>();
  });

  it("messageDate is a Date where the date is known to be there", () => {
    expectTypeOf(messageDate({ date: 1 })).toEqualTypeOf<Date>();
    expectTypeOf(messageDate({} as { date?: number })).toEqualTypeOf<Date | undefined>();
  });
});
