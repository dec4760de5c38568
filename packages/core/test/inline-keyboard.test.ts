import { describe, expect, it } from "vitest";
import { InlineKeyboard } from "../src/inline-keyboard.js";

/** The labels as the user sees them. */
function labels(keyboard: InlineKeyboard): string[][] {
  return keyboard.inline_keyboard.map((row) => row.map((button) => button.text));
}

function lettered(letters: string): InlineKeyboard {
  const keyboard = new InlineKeyboard();
  for (const letter of letters) keyboard.text(letter);
  return keyboard;
}

describe("InlineKeyboard: buttons", () => {
  it("makes every kind of button Bale documents", () => {
    const keyboard = new InlineKeyboard()
      .text("خرید", "buy:1")
      .url("سایت", "https://example.com")
      .row()
      .webApp("فروشگاه", "https://shop.example.com/app")
      .copyText("کد تخفیف", "NOWRUZ");
    expect(JSON.parse(JSON.stringify(keyboard))).toEqual({
      inline_keyboard: [
        [
          { text: "خرید", callback_data: "buy:1" },
          { text: "سایت", url: "https://example.com" },
        ],
        [
          { text: "فروشگاه", web_app: { url: "https://shop.example.com/app" } },
          { text: "کد تخفیف", copy_text: { text: "NOWRUZ" } },
        ],
      ],
    });
  });

  it("sends the label as data when no data is given", () => {
    expect(InlineKeyboard.text("yes")).toEqual({ text: "yes", callback_data: "yes" });
  });

  it("makes single buttons for rows of one's own", () => {
    const rows = [[InlineKeyboard.text("a", "1")], [InlineKeyboard.url("b", "https://b.example")]];
    expect(InlineKeyboard.from(rows).toJSON()).toEqual({ inline_keyboard: rows });
  });
});

describe("InlineKeyboard: what Bale would refuse", () => {
  it("counts callback data in bytes of UTF-8: 32 Persian letters fit, 33 do not", () => {
    const fits = "س".repeat(32);
    expect(InlineKeyboard.text("ok", fits)).toEqual({ text: "ok", callback_data: fits });
    expect(() => InlineKeyboard.text("ok", `${fits}س`)).toThrow(RangeError);
    expect(() => new InlineKeyboard().text("ok", `${fits}a`)).toThrow("65 bytes long");
    expect(InlineKeyboard.text("ok", "x".repeat(64))).toHaveProperty("callback_data");
    expect(() => InlineKeyboard.text("ok", "x".repeat(65))).toThrow(RangeError);
  });

  it("says the button, the bytes and the value", () => {
    const data = "انتخاب شمارهٔ یک از فهرست بلند کالاها";
    expect(() => new InlineKeyboard().text("انتخاب", data)).toThrow(
      `Making the button "انتخاب": its callback data is ${new TextEncoder().encode(data).length} bytes long: "${data}". ` +
        "Bale takes 1 to 64 bytes of UTF-8, where a Persian letter takes two.",
    );
  });

  it("carries a stable code", () => {
    expect(() => new InlineKeyboard().text("a", "")).toThrow(
      expect.objectContaining({ code: "ERR_BALE_BUTTON" }),
    );
  });

  it("refuses empty data and data that is no string", () => {
    expect(() => new InlineKeyboard().text("a", "")).toThrow("0 bytes long");
    expect(() => new InlineKeyboard().text("a", 5 as never)).toThrow(TypeError);
  });

  it("refuses a label nobody can see", () => {
    for (const label of ["", "  ", undefined, 3, null]) {
      expect(() => new InlineKeyboard().text(label as string, "x")).toThrow("its label is");
    }
  });

  it("takes 1 to 256 characters to copy, an emoji being one", () => {
    expect(() => InlineKeyboard.copyText("a", "😀".repeat(256))).not.toThrow();
    expect(() => InlineKeyboard.copyText("a", "x".repeat(257))).toThrow("257 characters long");
    expect(() => InlineKeyboard.copyText("a", "")).toThrow(RangeError);
  });

  it("refuses an address without a scheme, and a script", () => {
    for (const url of ["ble.ir/ali", "", "/path", "javascript:alert(1)", undefined]) {
      expect(() => InlineKeyboard.url("a", url as string)).toThrow(TypeError);
    }
    expect(() => InlineKeyboard.url("a", "ble.ir/ali")).toThrow('"ble.ir/ali" is not an absolute address');
  });

  it("wants https for a mini app, and takes http on this machine", () => {
    expect(() => InlineKeyboard.webApp("a", "http://shop.example.com")).toThrow("not served over https");
    expect(() => InlineKeyboard.webApp("a", "ftp://localhost")).toThrow(TypeError);
    expect(InlineKeyboard.webApp("a", "http://localhost:5173/")).toHaveProperty("web_app");
    expect(InlineKeyboard.webApp("a", "http://127.0.0.1:5173/")).toHaveProperty("web_app");
  });

  it("wants exactly one action of a button given from outside", () => {
    const keyboard = new InlineKeyboard();
    expect(() => keyboard.add({ text: "a", callback_data: "x", url: "https://x.example" })).toThrow(
      "it has callback_data and url",
    );
    expect(() => keyboard.add({ text: "a" })).toThrow("nothing happens when it is pressed");
    expect(() => keyboard.add({ text: "a", callback_data: "x".repeat(65) })).toThrow("65 bytes");
    expect(() => keyboard.add({ text: "a", url: "nowhere" })).toThrow("absolute address");
    expect(() => keyboard.add({ text: "a", web_app: { url: "http://x.example" } })).toThrow("https");
    expect(() => keyboard.add({ text: "a", copy_text: { text: "" } })).toThrow("0 characters");
    expect(() => keyboard.add("a" as never)).toThrow("is not a button");
    expect(keyboard.size).toBe(0);
  });

  it("lets an action through that Bale may have added since", () => {
    const button = { text: "a", teleport: { to: "Shiraz" } } as never;
    expect(InlineKeyboard.from([[button]]).toJSON()).toEqual({ inline_keyboard: [[button]] });
  });
});

describe("InlineKeyboard: rows", () => {
  it("never sends an empty row", () => {
    const keyboard = new InlineKeyboard().row().text("a").row().row().text("b").row();
    expect(labels(keyboard)).toEqual([["a"], ["b"]]);
    expect(new InlineKeyboard().toJSON()).toEqual({ inline_keyboard: [] });
  });

  it("lays out so many columns, also of buttons still to come, and row() breaks earlier", () => {
    const keyboard = lettered("abc").columns(2).text("d").text("e").row().text("f").text("g").text("h");
    expect(labels(keyboard)).toEqual([["a", "b"], ["c", "d"], ["e"], ["f", "g"], ["h"]]);
  });

  it("flows what is here once: later buttons stay in the last row", () => {
    expect(labels(lettered("abcde").flow(3).text("f").text("g"))).toEqual([
      ["a", "b", "c"],
      ["d", "e", "f", "g"],
    ]);
  });

  it("flows a copy and leaves the original alone", () => {
    const keyboard = lettered("abc");
    expect(labels(keyboard.toFlowed(1))).toEqual([["a"], ["b"], ["c"]]);
    expect(labels(keyboard)).toEqual([["a", "b", "c"]]);
  });

  it("follows a pattern of row lengths, the last of which goes on", () => {
    expect(labels(lettered("abcdefg").pattern([1, 2, 3]))).toEqual([
      ["a"],
      ["b", "c"],
      ["d", "e", "f"],
      ["g"],
    ]);
    expect(labels(lettered("abcde").pattern([3, 1]))).toEqual([["a", "b", "c"], ["d"], ["e"]]);
    expect(labels(lettered("").pattern([2]))).toEqual([]);
  });

  it.each([0, -1, 1.5, Number.NaN, "2" as never])("refuses %s columns", (count) => {
    expect(() => lettered("ab").columns(count)).toThrow(RangeError);
    expect(() => lettered("ab").flow(count)).toThrow(RangeError);
    expect(() => lettered("ab").pattern([1, count])).toThrow(RangeError);
  });

  it("refuses an empty pattern", () => {
    expect(() => lettered("ab").pattern([])).toThrow(TypeError);
  });

  it("appends the rows of other keyboards below its own", () => {
    const both = lettered("ab").append(lettered("c").row().text("d"), new InlineKeyboard());
    expect(labels(both)).toEqual([["a", "b"], ["c"], ["d"]]);
    const doubled = lettered("a");
    expect(labels(doubled.append(doubled))).toEqual([["a"], ["a"]]);
  });

  it("counts its buttons", () => {
    expect(lettered("abc").row().text("d").size).toBe(4);
  });
});

describe("InlineKeyboard: natural row numbers", () => {
  const button = (text: string) => InlineKeyboard.text(text);

  it("sorts rows by number and closes gaps", () => {
    const keyboard = new InlineKeyboard().add(button("e"), 5).add(button("a"), 1).add(button("c"), 3);
    expect(labels(keyboard)).toEqual([["a"], ["c"], ["e"]]);
  });

  it("puts a button at the end of its row, and in the first row by default", () => {
    const keyboard = new InlineKeyboard()
      .add(button("a"))
      .add(button("x"), 2)
      .add(button("b"))
      .add(button("c"), 1);
    expect(labels(keyboard)).toEqual([["a", "b", "c"], ["x"]]);
  });

  it("keeps the numbers the rows were given", () => {
    const keyboard = new InlineKeyboard().add(button("a"), 1).add(button("e"), 5);
    expect(keyboard.placed()).toEqual([
      { item: button("a"), row: 1 },
      { item: button("e"), row: 5 },
    ]);
    expect(keyboard.removeRow(2)).toBe(false);
    expect(keyboard.removeRow(5)).toBe(true);
    expect(labels(keyboard)).toEqual([["a"]]);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "1" as never, null as never])(
    "refuses row %s with a RangeError",
    (row) => {
      expect(() => new InlineKeyboard().add(button("a"), row)).toThrow(RangeError);
      expect(() => new InlineKeyboard().removeRow(row)).toThrow(`there is no row`);
    },
  );

  it("removes a whole row, however many buttons it has", () => {
    const keyboard = lettered("acd").row().text("z");
    expect(keyboard.removeRow(1)).toBe(true);
    expect(labels(keyboard)).toEqual([["z"]]);
    expect(keyboard.removeRow(1)).toBe(false);
  });

  it("goes on after the last row when a row has gone", () => {
    const keyboard = lettered("a").row().text("b").row().text("c");
    keyboard.removeRow(2);
    expect(labels(keyboard.row().text("d"))).toEqual([["a"], ["c"], ["d"]]);
  });

  it("removes the first equal button", () => {
    const keyboard = lettered("aba");
    expect(keyboard.remove({ callback_data: "a", text: "a" })).toBe(true);
    expect(labels(keyboard)).toEqual([["b", "a"]]);
    expect(keyboard.remove(InlineKeyboard.text("a", "other"))).toBe(false);
  });

  it("removes a placed button from its own row", () => {
    const keyboard = lettered("a").row().text("a");
    const [, second] = keyboard.placed();
    expect(second && keyboard.remove(second)).toBe(true);
    expect(keyboard.placed()).toEqual([{ item: button("a"), row: 1 }]);
  });

  it("removes everything that passes a test, and the rows that became empty", () => {
    const keyboard = lettered("ab").row().text("c").row().text("d");
    expect(keyboard.remove((item, row) => item.text === "b" || row === 2)).toBe(true);
    expect(labels(keyboard)).toEqual([["a"], ["d"]]);
    expect(keyboard.remove(() => false)).toBe(false);
  });
});

describe("InlineKeyboard: as a value", () => {
  it("is the wire object itself: stringified, spread or cloned, it stays whole", () => {
    const keyboard = lettered("ab").row().text("c");
    const wire = keyboard.toJSON();
    expect(JSON.parse(JSON.stringify({ reply_markup: keyboard }))).toEqual({ reply_markup: wire });
    expect(Object.assign({}, keyboard)).toEqual(wire);
    expect(structuredClone({ inline_keyboard: keyboard.inline_keyboard })).toEqual(wire);
  });

  it("copies what it is built from, and is not changed through it", () => {
    const source = { inline_keyboard: [[{ text: "a", callback_data: "a" }]] };
    const before = structuredClone(source);
    const keyboard = InlineKeyboard.from(source).text("b").row().text("c");
    keyboard.removeRow(1);
    expect(source).toEqual(before);
    source.inline_keyboard[0]?.push({ text: "later", callback_data: "later" });
    expect(labels(keyboard)).toEqual([["c"]]);
  });

  it("builds from another keyboard, and the two part ways", () => {
    const first = lettered("ab");
    const second = InlineKeyboard.from(first).text("c");
    expect(labels(first)).toEqual([["a", "b"]]);
    expect(labels(second)).toEqual([["a", "b", "c"]]);
  });

  it("clones with its row numbers and its cursor", () => {
    const keyboard = lettered("a").add(InlineKeyboard.text("z"), 9).columns(2);
    const copy = keyboard.clone().text("b");
    expect(copy).toBeInstanceOf(InlineKeyboard);
    expect(labels(copy)).toEqual([["a", "z"], ["b"]]);
    expect(labels(keyboard)).toEqual([["a", "z"]]);
  });

  it("answers plain objects of its own from toJSON", () => {
    const keyboard = lettered("a");
    Object.assign(keyboard.toJSON().inline_keyboard, { 0: [] });
    expect(labels(keyboard)).toEqual([["a"]]);
  });

  it.each([undefined, null, {}, "rows", { keyboard: [] }, [["a"], "b"]])(
    "refuses to be built from %j",
    (source) => {
      expect(() => InlineKeyboard.from(source as never)).toThrow(TypeError);
    },
  );
});
