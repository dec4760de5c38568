import { describe, expect, it } from "vitest";
import { Keyboard } from "../src/keyboard.js";

describe("Keyboard", () => {
  it("makes every kind of button Bale documents", () => {
    const keyboard = new Keyboard()
      .text("فروشگاه")
      .webApp("برنامه", "https://app.example.com")
      .row()
      .requestContact("شمارهٔ من")
      .requestLocation("جای من");
    expect(JSON.parse(JSON.stringify(keyboard))).toEqual({
      keyboard: [
        [{ text: "فروشگاه" }, { text: "برنامه", web_app: { url: "https://app.example.com" } }],
        [
          { text: "شمارهٔ من", request_contact: true },
          { text: "جای من", request_location: true },
        ],
      ],
    });
  });

  it("is built from rows of labels and buttons", () => {
    const keyboard = Keyboard.from([["بله", "خیر"], [Keyboard.requestContact("شمارهٔ من")]]);
    expect(keyboard.toJSON()).toEqual({
      keyboard: [[{ text: "بله" }, { text: "خیر" }], [{ text: "شمارهٔ من", request_contact: true }]],
    });
  });

  it("is built from a markup, which stays as it is", () => {
    const markup = { keyboard: [["a", { text: "b" }]] };
    const keyboard = Keyboard.from(markup).text("c");
    expect(markup).toEqual({ keyboard: [["a", { text: "b" }]] });
    expect(keyboard.toJSON()).toEqual({ keyboard: [[{ text: "a" }, { text: "b" }, { text: "c" }]] });
  });

  it("is taken away by remove_keyboard", () => {
    expect(Keyboard.remove()).toEqual({ remove_keyboard: true });
  });

  it("takes the manual's add, remove and removeRow", () => {
    const keyboard = new Keyboard()
      .add(Keyboard.text("last"), 7)
      .add(Keyboard.text("first"))
      .add({ text: "second", request_location: true }, 1);
    expect(keyboard.toJSON().keyboard).toEqual([
      [{ text: "first" }, { text: "second", request_location: true }],
      [{ text: "last" }],
    ]);
    expect(keyboard.remove(Keyboard.text("first"))).toBe(true);
    expect(keyboard.removeRow(7)).toBe(true);
    expect(keyboard.toJSON()).toEqual({ keyboard: [[{ text: "second", request_location: true }]] });
    expect(() => keyboard.add(Keyboard.text("x"), 0)).toThrow(RangeError);
  });

  it("lays out columns", () => {
    const keyboard = new Keyboard().columns(2).text("1").text("2").text("3");
    expect(keyboard.toJSON()).toEqual({ keyboard: [[{ text: "1" }, { text: "2" }], [{ text: "3" }]] });
  });

  it("refuses a button that asks for two things", () => {
    expect(() => new Keyboard().add({ text: "a", request_contact: true, request_location: true })).toThrow(
      "it has request_contact and request_location",
    );
    expect(new Keyboard().add({ text: "a", request_contact: true, request_location: false }).size).toBe(1);
  });

  it("refuses labels nobody can see, http mini apps, and what is not a button", () => {
    expect(() => new Keyboard().text(" ")).toThrow(RangeError);
    expect(() => new Keyboard().webApp("a", "http://x.example")).toThrow("https");
    expect(() => new Keyboard().add({ text: "a", web_app: { url: "x" } })).toThrow("absolute address");
    expect(() => new Keyboard().add(7 as never)).toThrow("7 to a keyboard: it is not a button");
    expect(() => Keyboard.from({ inline_keyboard: [] } as never)).toThrow(TypeError);
  });
});
