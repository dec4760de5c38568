import { manualClock } from "balekit";
import { expect, expectTypeOf, test } from "vitest";
import { calendarQuestion, menuQuestion, numberQuestion, selectQuestion } from "../src/index.js";
import type { MenuQuestion } from "../src/index.js";

const viewer = { from: { id: 1 } };
type Viewer = typeof viewer;

/** Presses buttons by their labels, and answers with what the last led to. */
async function press<Value>(question: MenuQuestion<Value, Viewer>, ...labels: readonly string[]) {
  let view = await question.open(viewer);
  let last: Awaited<ReturnType<typeof question.press>> = {};
  for (const label of labels) {
    const button = view.reply_markup.inline_keyboard.flat().find(({ text }) => text === label);
    expect(button, label).toBeDefined();
    last = await question.press(button?.callback_data ?? "", viewer);
    view = last.view ?? view;
  }
  return { ...last, text: view.text };
}

test("a number is typed with buttons, within its bounds", async () => {
  const count = numberQuestion<Viewer>({ min: 1, max: 20 });
  expectTypeOf(count).toEqualTypeOf<MenuQuestion<number, Viewer>>();
  expect((await press(count, "۱", "۲")).text).toBe("۱۲");
  expect((await press(count, "۱", "۲", "تأیید")).answer).toEqual({ value: 12, label: "۱۲" });
  const refused = await press(count, "۰", "تأیید");
  expect([refused.answer, refused.notice]).toEqual([undefined, "عددی از ۱ تا ۲۰ وارد کنید."]);
});

test("a day is chosen from tomorrow on, by the clock", async () => {
  const clock = manualClock({ now: Date.parse("2026-11-26T10:00:00Z") });
  const day = calendarQuestion<Viewer>({ min: "tomorrow", clock });
  const shown = await day.open(viewer);
  expect(shown.text).toBe("آذر ۱۴۰۵");
  const labels = shown.reply_markup.inline_keyboard.flat().map(({ text }) => text);
  expect([labels.includes("۵"), labels.includes("۶"), labels.includes("قبل ›")]).toEqual([
    false,
    true,
    false,
  ]);
  expect((await press(day, "۶")).answer).toEqual({
    value: { year: 1405, month: 9, day: 6 },
    label: "۶ آذر ۱۴۰۵",
  });
  expect((await press(day, "‹ بعد", "۱")).answer?.label).toBe("۱ دی ۱۴۰۵");
});

test("several are ticked, and come in the order of the list", async () => {
  const extras = selectQuestion<"کارت" | "جعبه" | "روبان", Viewer>({
    choices: ["کارت", "جعبه", "روبان"],
    min: 1,
  });
  const { answer } = await press(extras, "روبان", "کارت", "تأیید");
  expect(answer).toEqual({ value: ["کارت", "روبان"], label: "کارت، روبان" });
  expect((await press(extras, "تأیید")).notice).toBe("تعداد انتخاب‌ها درست نیست.");
});

test("pages of one's own end where an action answers", async () => {
  const tea = menuQuestion<string, Viewer>((pages, answer) => {
    const kinds = pages.page("kinds", (view) => {
      for (const kind of ["سیاه", "سبز"]) view.button(kind, sizes.at({ kind })).row();
    });
    const sizes = pages.page("sizes/:kind", (view, { kind }) => {
      view
        .say(kind)
        .button("بزرگ", take.at({ kind, size: "l" }))
        .back(kinds.at({}));
    });
    const take = pages.action("take/:kind/:size", ({ kind, size }) => answer(`${kind}-${size}`));
    return kinds.at({});
  });
  expect((await press(tea, "سبز", "بازگشت", "سیاه", "بزرگ")).answer).toEqual({
    value: "سیاه-l",
    label: undefined,
  });
  expect(await tea.press("other.kinds/", viewer)).toEqual({});
});
