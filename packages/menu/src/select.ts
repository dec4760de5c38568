import type { Context } from "balekit";
import type { ActionOutcome, Menu, MenuViewer, Place, Target } from "./menu.js";
import { outOfRange } from "./misuse.js";

/** Options of `select`. */
export interface SelectOptions<Viewer> {
  /** What there is to choose from, in an order that stays: buttons carry places in it. At most 120. */
  readonly choices: readonly string[];
  /** Runs with the places that were chosen, in ascending order. */
  readonly done: (chosen: readonly number[], viewer: Viewer) => ActionOutcome | Promise<ActionOutcome>;
  /** What stands above. @default "انتخاب کنید:" */
  readonly text?: string | undefined;
  /** How many must and may be chosen. With `max: 1` a new choice takes the place of the old one. @default 0 and all */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Where the button that leads back goes. @default none */
  readonly back?: (() => Target) | undefined;
}

/**
 * A page on which several things are ticked; `at({ page: 0, chosen: "" })` is the one with nothing ticked.
 * @throws RangeError for too many choices, and for bounds that no choice fulfils
 */
export function select<Viewer extends MenuViewer = Context>(
  menu: Menu<Viewer>,
  name: string,
  options: SelectOptions<Viewer>,
): Place<{ readonly page: string; readonly chosen: string }> {
  const { choices, done, text = "انتخاب کنید:", min = 0, max = choices.length, back } = options;
  if (choices.length === 0 || choices.length > 120) {
    throw outOfRange(
      `select ${name}: there are ${choices.length} choices. Give 1 to 120, so that they fit in a button.`,
    );
  }
  if (!(min >= 0 && min <= max && min <= choices.length && max >= 1)) {
    throw outOfRange(
      `select ${name}: min is ${min} and max ${max} of ${choices.length} choices, which nobody can fulfil. Give a max of at least 1, and a min from 0 up that is above neither.`,
    );
  }
  const page: Place<{ readonly page: string; readonly chosen: string }> = menu.page(
    `${name}/:page/:chosen`,
    (view, params) => {
      const chosen = readSet(params.chosen, choices.length);
      view.say(text).pager({
        items: choices.map((_, at) => at),
        page: Number(params.page),
        label: (at) => `${chosen.has(at) ? "✓ " : ""}${choices[at] ?? ""}`,
        open: (at) => page.at({ page: params.page, chosen: writeSet(toggled(chosen, at, max)) }),
        turn: (to) => page.at({ page: to, chosen: params.chosen }),
      });
      view.row().button("تأیید", finished.at({ chosen: params.chosen }));
      if (back !== undefined) view.back(back());
    },
  );
  const finished: Place<{ readonly chosen: string }> = menu.action(`${name}-ok/:chosen`, (params, viewer) => {
    const chosen = [...readSet(params.chosen, choices.length)].sort((a, b) => a - b);
    if (chosen.length >= min && chosen.length <= max) return done(chosen, viewer);
    return { notice: "تعداد انتخاب‌ها درست نیست.", show: page.at({ page: 0, chosen: params.chosen }) };
  });
  return page;
}

function toggled(chosen: ReadonlySet<number>, at: number, max: number): ReadonlySet<number> {
  const next = new Set(chosen);
  if (next.delete(at)) return next;
  if (max === 1) return new Set([at]);
  return next.size < max ? next.add(at) : chosen;
}

/** One bit a choice, 24 letters for 120. */
function writeSet(chosen: ReadonlySet<number>): string {
  let bits = 0n;
  for (const at of chosen) bits |= 1n << BigInt(at);
  return bits === 0n ? "" : bits.toString(32);
}

function readSet(text: string, size: number): ReadonlySet<number> {
  const chosen = new Set<number>();
  let bits = 0n;
  for (const letter of /^[0-9a-v]{0,24}$/.test(text) ? text : "")
    bits = bits * 32n + BigInt(Number.parseInt(letter, 32));
  for (let at = 0; at < size; at++) if ((bits >> BigInt(at)) & 1n) chosen.add(at);
  return chosen;
}
