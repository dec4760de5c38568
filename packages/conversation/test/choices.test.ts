import { expect, test } from "vitest";
import { Choices } from "../src/choices.js";

test("a choice is found by its label, its value, its synonyms and its number, as people type them", () => {
  const choices = new Choices<string>("kind", [
    { value: "post", label: "پست پیشتاز", also: ["پستی"] },
    { value: "peyk", label: "پیک" },
  ]);
  for (const text of ["پست پیشتاز", "پست‌پیشتاز", "پستپیشتاز", "post", "POST", "پستي", "۱", "1"]) {
    expect(choices.find(text)?.value, text).toBe("post");
  }
  expect(choices.find("پيک")?.value).toBe("peyk");
  for (const text of ["۳", "0", "-1", "پیکی", ""]) expect(choices.find(text), text).toBeUndefined();
});

test("where labels are numbers a number means the label", () => {
  const choices = new Choices<string>("size", ["۴۲", "۴۱", "2"]);
  expect(choices.find("42")?.value).toBe("۴۲");
  expect(choices.find("2")?.value).toBe("2");
  expect(choices.find("1")).toBeUndefined();
});

test("nothing to choose from, and labels that look alike, are refused at once", () => {
  expect(() => new Choices("kind", [])).toThrow("there is nothing to choose from");
  expect(() => new Choices("kind", ["پیک", "پيك"])).toThrow("two choices are called");
  expect(() => new Choices("kind", [" "])).toThrow("the label");
  expect(() => new Choices("kind", undefined as never)).toThrow("the choices are undefined");
});
