import type { Context } from "balekit";
import { calendar, type CalendarDate, type CalendarOptions, MONTHS } from "./calendar.js";
import {
  type ActionResult,
  type Menu,
  menu,
  type MenuAnswer,
  type MenuViewer,
  type RenderedMenu,
  type Target,
} from "./menu.js";
import { numberPad, type NumberPadOptions } from "./number-pad.js";
import { persianDigits } from "./persian-digits.js";
import { select, type SelectOptions } from "./select.js";

/** What a press on a question's button leads to. */
export interface QuestionPress<Value> {
  readonly notice?: string | undefined;
  readonly view?: RenderedMenu | undefined;
  /** Set when the question is answered. */
  readonly answer?: MenuAnswer<Value> | undefined;
}

/** A question that is answered with buttons. A conversation asks it: `c.ask.menu("day", "چه روزی؟", question)`. */
export interface MenuQuestion<Value, Viewer extends MenuViewer = Context> {
  /** What it shows at first; sends nothing. */
  open(viewer: Viewer): Promise<RenderedMenu>;
  /** What a press on a button that it has shown leads to; sends nothing. */
  press(data: string, viewer: Viewer): Promise<QuestionPress<Value>>;
}

/** Ends the question: what an action of it returns. `label` is how the answer is shown. @default nothing but the question */
export type AnswerWith<Value> = (value: Value, label?: string) => ActionResult;

/**
 * Makes a question of a menu: `build` adds pages and actions, and names the page to begin with. It is answered when an
 * action returns `answer(value)`; the value is kept by whoever asks, so it has to be data.
 * @example
 * const size = menuQuestion<string>((pages, answer) => {
 *   const first = pages.page("first", (view) => view.button("بزرگ", take.at({ size: "l" })));
 *   const take = pages.action("take/:size", ({ size }) => answer(size));
 *   return first.at({});
 * });
 */
export function menuQuestion<Value, Viewer extends MenuViewer = Context>(
  build: (pages: Menu<Viewer>, answer: AnswerWith<Value>) => Target,
): MenuQuestion<Value, Viewer> {
  const pages = menu<Viewer>("q");
  const first = build(pages, (value, label) => ({ answer: { value, label } }));
  return {
    open: (viewer) => pages.render(first, viewer),
    press: async (data, viewer) => {
      const pressed = await pages.press(data, viewer);
      if (pressed.is === "unrelated") return {};
      const { notice, view } = pressed;
      const answer = pressed.is === "done" ? (pressed.answer as MenuAnswer<Value> | undefined) : undefined;
      return { notice, view, answer };
    },
  };
}

/** Asks for a day of the Persian calendar. */
export function calendarQuestion<Viewer extends MenuViewer = Context>(
  options: Omit<CalendarOptions<Viewer>, "pick" | "text" | "back"> = {},
): MenuQuestion<CalendarDate, Viewer> {
  return menuQuestion((pages, answer) =>
    calendar(pages, "day", {
      ...options,
      text: "",
      pick: (date) => answer(date, persianDigits(`${date.day} ${MONTHS[date.month - 1] ?? ""} ${date.year}`)),
    }).at({ month: "" }),
  );
}

/** Asks for a whole number, typed with buttons. */
export function numberQuestion<Viewer extends MenuViewer = Context>(
  options: Omit<NumberPadOptions<Viewer>, "done" | "text" | "back"> = {},
): MenuQuestion<number, Viewer> {
  return menuQuestion((pages, answer) =>
    numberPad(pages, "n", {
      ...options,
      text: "",
      done: (value) => answer(value, persianDigits(value)),
    }).at({ typed: "" }),
  );
}

/** Asks to tick some of several things; answers with them, in the order they are listed in. */
export function selectQuestion<const Choice extends string, Viewer extends MenuViewer = Context>(
  options: Omit<SelectOptions<Viewer>, "choices" | "done" | "text" | "back"> & {
    readonly choices: readonly Choice[];
  },
): MenuQuestion<readonly Choice[], Viewer> {
  return menuQuestion((pages, answer) =>
    select(pages, "s", {
      ...options,
      text: "",
      done: (chosen) => {
        const choices = chosen.map((at) => options.choices[at] as Choice);
        return answer(choices, choices.join("، "));
      },
    }).at({ page: 0, chosen: "" }),
  );
}
