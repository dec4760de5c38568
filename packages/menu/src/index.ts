/** Menus: pages of buttons. */
export { Menu, menu } from "./menu.js";
export type {
  ActionOutcome,
  ActionResult,
  MenuAnswer,
  MenuOptions,
  MenuPress,
  MenuViewer,
  Place,
  RenderedMenu,
  Target,
} from "./menu.js";
export { View } from "./view.js";
export type { PagerOptions, ViewButton, ViewTarget } from "./view.js";
/** Ready-made pages: a calendar, a number pad, a choice. */
export { calendar } from "./calendar.js";
export type { CalendarBound, CalendarDate, CalendarOptions } from "./calendar.js";
export { numberPad } from "./number-pad.js";
export type { NumberPadOptions } from "./number-pad.js";
export { select } from "./select.js";
export type { SelectOptions } from "./select.js";
/** Questions that are answered with buttons, for conversations. */
export { calendarQuestion, menuQuestion, numberQuestion, selectQuestion } from "./question.js";
export type { AnswerWith, MenuQuestion, QuestionPress } from "./question.js";
