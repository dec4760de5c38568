import type { Context } from "balekit";
import type { ActionOutcome, Menu, MenuViewer, Place, Target } from "./menu.js";
import { outOfRange } from "./misuse.js";
import { persianDigits } from "./persian-digits.js";

/** Options of `numberPad`. */
export interface NumberPadOptions<Viewer> {
  /** Runs when the number is finished and within its bounds. */
  readonly done: (value: number, viewer: Viewer) => ActionOutcome | Promise<ActionOutcome>;
  /** From 0 up: there is no key for a sign. @default 0 */
  readonly min?: number | undefined;
  /** Up to 15 digits. @default 999_999_999 */
  readonly max?: number | undefined;
  /** What stands above the number. @default "عدد را وارد کنید:" */
  readonly text?: string | undefined;
  /** Where the button that leads back goes. @default none */
  readonly back?: (() => Target) | undefined;
}

/** More digits are not exact in a number. */
const LARGEST = 999_999_999_999_999;

/**
 * A page on which a whole number is typed with buttons, in Persian digits; `at({ typed: "" })` is the empty one.
 * @throws RangeError for bounds between which no number can be typed
 */
export function numberPad<Viewer extends MenuViewer = Context>(
  menu: Menu<Viewer>,
  name: string,
  options: NumberPadOptions<Viewer>,
): Place<{ readonly typed: string }> {
  const { done, min = 0, max = 999_999_999, text = "عدد را وارد کنید:", back } = options;
  const areWhole = Number.isSafeInteger(min) && Number.isSafeInteger(max);
  if (!(areWhole && min >= 0 && min <= max && max <= LARGEST)) {
    throw outOfRange(
      `numberPad ${name}: min is ${min} and max ${max}. Give whole numbers from 0 to ${LARGEST}, min not above max.`,
    );
  }
  const page: Place<{ readonly typed: string }> = menu.page(`${name}/:typed`, (view, params) => {
    const typed = /^\d{0,15}$/.test(params.typed) ? params.typed : "";
    view.say(text).say(typed === "" ? "—" : persianDigits(typed));
    const key = (digit: string): void => {
      const next = String(Number(typed + digit));
      view.button(persianDigits(digit), page.at({ typed: Number(next) <= max ? next : typed }));
    };
    for (const row of ["123", "456", "789"]) {
      for (const digit of row) key(digit);
      view.row();
    }
    view.button("⌫", page.at({ typed: typed.slice(0, -1) }));
    key("0");
    view.button("تأیید", finished.at({ typed }));
    if (back !== undefined) view.back(back());
  });
  const finished: Place<{ readonly typed: string }> = menu.action(
    `${name}-ok/:typed`,
    ({ typed }, viewer) => {
      const value = Number(typed);
      if (/^\d{1,15}$/.test(typed) && value >= min && value <= max) return done(value, viewer);
      return { notice: persianDigits(`عددی از ${min} تا ${max} وارد کنید.`), show: page.at({ typed: "" }) };
    },
  );
  return page;
}
