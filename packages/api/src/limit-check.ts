import { LimitError } from "./errors.js";
import type { FilePart } from "./form.js";
import type { Limit, MethodInfo } from "./generated/method-table.js";
import { valuesAt } from "./limit-path.js";
import { withRoom } from "./stack.js";
import type { OnWarning } from "./warning.js";

/**
 * Compares a call's parameters with the limits of its method. Lengths are counted in characters (code points), the
 * most lenient reading of Bale's "characters": what is refused here, Bale would refuse under any reading.
 *
 * @throws LimitError for a hard limit; the others are told to `warn`
 */
export function checkLimits(
  method: string,
  info: MethodInfo,
  params: Readonly<Record<string, unknown>>,
  warn: OnWarning,
): void {
  const { limits, nestedLimits } = info;
  for (let i = 0; i < limits.length; i++) {
    const limit = limits[i] as Limit;
    const actual = measured(limit, params[limit.param]);
    if (actual !== undefined && isOutside(limit, actual)) report(method, limit, actual, warn);
  }
  if (nestedLimits !== undefined) checkInside(method, nestedLimits, params, warn);
  if (params["parse_mode"] !== undefined) warnOfParseMode(method, warn);
}

/** Other messengers have it, Bale does not: its text is always read as its own markdown. */
function warnOfParseMode(method: string, warn: OnWarning): void {
  warn({
    code: "ERR_BALE_PARSE_MODE",
    method,
    param: "parse_mode",
    message:
      `${method}: parse_mode does nothing on Bale, which always reads text as its own markdown and shows tags as they are. ` +
      "Leave it out, and write text with md of balekit: md`سلام ${bold(name)}`.",
  });
}

/** Compares what lies inside parameters: the buttons of a keyboard, the items of an album. */
function checkInside(
  method: string,
  limits: readonly Limit[],
  params: Readonly<Record<string, unknown>>,
  warn: OnWarning,
): void {
  for (const limit of limits) {
    for (const { where, value } of valuesAt(limit.param, params)) {
      const actual = measured(limit, value);
      if (actual !== undefined && isOutside(limit, actual))
        report(method, { ...limit, param: where }, actual, warn);
    }
  }
}

/** Compares the sizes of files that are about to be uploaded. */
export function checkFileSizes(
  method: string,
  info: MethodInfo,
  files: readonly FilePart[],
  warn: OnWarning,
): void {
  for (const limit of info.limits) {
    if (limit.kind !== "bytes") continue;
    for (const { param, part } of files) {
      const isMeant = param === limit.param && part.size !== undefined;
      if (isMeant && isOutside(limit, part.size)) report(method, limit, part.size, warn);
    }
  }
}

function isOutside(limit: Limit, actual: number): boolean {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = limit;
  // Not a number is outside too: JSON would make a null of it.
  return !(actual >= min && actual <= max);
}

/** The number a limit speaks about; `undefined` when it does not apply to this value. */
function measured(limit: Limit, value: unknown): number | undefined {
  if (limit.kind === "range") return typeof value === "number" ? value : undefined;
  if (limit.kind === "count") return Array.isArray(value) ? value.length : undefined;
  if (typeof value !== "string") return undefined;
  if (limit.kind === "bytes")
    return isQuickly(value.length * 3, limit) ? undefined : Buffer.byteLength(value);
  // There are at most as many characters as UTF-16 units: nearly always the first look decides.
  if (isQuickly(value.length, limit)) return undefined;
  let characters = 0;
  for (const _ of value) characters++;
  return characters;
}

/** Whether something of at most this size is certainly inside. */
function isQuickly(atMost: number, limit: Limit): boolean {
  return atMost > (limit.min ?? 0) * 3 && (limit.max === undefined || atMost <= limit.max);
}

function report(method: string, limit: Limit, actual: number, warn: OnWarning): void {
  const { param, min, max, level, kind } = limit;
  const unit = UNITS[kind];
  const allowed =
    min === undefined ? `at most ${max}` : max === undefined ? `at least ${min}` : `${min} to ${max}`;
  const verb = kind === "range" ? "is" : "has";
  const message = `${method}: ${param} ${verb} ${actual}${unit}, Bale takes ${allowed}.`;
  if (level === "reject") {
    const isLongText = param === "text" && max !== undefined && actual > max;
    const known = isLongText ? LONG_TEXT : ADVICE[kind];
    const advice = known === undefined ? "" : ` ${known}`;
    throw withRoom(() => new LimitError(`${message}${advice}`, { method, param, actual, min, max }));
  }
  warn({
    code: "ERR_BALE_LIMIT",
    method,
    param,
    message: `${message} It is sent all the same and may fail.`,
  });
}

const UNITS: Readonly<Record<Limit["kind"], string>> = {
  length: " characters",
  bytes: " bytes",
  range: "",
  count: " items",
};

const LONG_TEXT = "Send it in parts: splitText of balekit cuts it between sentences.";

const ADVICE: Readonly<Partial<Record<Limit["kind"], string>>> = {
  bytes: "A Persian letter is two bytes.",
};
