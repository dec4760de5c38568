import type { Update, UpdateKind } from "@balekit/api";
import { Subject, type Viewer } from "./subject.js";
import type { Entry, Tree } from "./tree.js";

/** How an update fares with one registration. */
export type Outcome =
  /** The update fits, and this is reached. */
  | "matches"
  /** The update fits, but a route before it takes the update first, and must call `next()`. */
  | "matches if next"
  /** The update does not fit. */
  | "no"
  /** A function of the bot's decides, and was not run. */
  | "depends"
  /** Plain middleware: runs whenever it is reached. */
  | "runs"
  /** Behind something the update does not fit. */
  | "not reached";

/** One registration, and how the update fares with it. */
export interface RouteExplanation {
  /** As it was written: `command("start")`. */
  readonly label: string;
  /** `file:line:column` of its registration, when known. */
  readonly at: string | undefined;
  readonly outcome: Outcome;
  readonly why: string;
  readonly inside: readonly RouteExplanation[];
}

/** Why the handlers of a bot would or would not run for an update. `String(explanation)` is for people. */
export interface Explanation {
  readonly updateId: number;
  readonly kind: UpdateKind | undefined;
  readonly routes: readonly RouteExplanation[];
  toString(): string;
}

/** Holds an update against every registration, running none. */
export function explainTree(tree: Tree, update: Update, viewer: Viewer): Explanation {
  const subject = new Subject(update, viewer);
  const routes = explainEntries(tree, subject, { reached: true, takenBy: undefined });
  const { kind } = subject;
  return {
    updateId: update.update_id,
    kind,
    routes,
    toString: () => {
      const lines = [`update ${update.update_id} (${kind ?? "of an undocumented kind"})`];
      for (const route of routes) write(route, 1, lines);
      return lines.join("\n");
    },
  };
}

/** The registrations of a composer as an indented list. */
export function printTree(tree: Tree): string {
  const lines: string[] = [];
  const walk = (of: Tree, depth: number): void => {
    for (const entry of of.entries) {
      if (entry.is === "inline") {
        walk(entry.child, depth);
        continue;
      }
      lines.push(line(depth, entry.mark.label, entry.mark.at));
      for (const child of inside(entry)) walk(child, depth + 1);
    }
  };
  walk(tree, 0);
  return lines.length === 0 ? "(nothing is registered)" : lines.join("\n");
}

/** What stands before an entry: whether it can be reached at all, and who took the update already. */
interface Before {
  readonly reached: boolean;
  takenBy: string | undefined;
}

function explainEntries(tree: Tree, subject: Subject, before: Before): RouteExplanation[] {
  const all: RouteExplanation[] = [];
  for (const entry of tree.entries) {
    if (entry.is === "inline") all.push(...explainEntries(entry.child, subject, before));
    else all.push(explainEntry(entry, subject, before));
  }
  return all;
}

function explainEntry(
  entry: Exclude<Entry, { is: "inline" }>,
  subject: Subject,
  before: Before,
): RouteExplanation {
  const { label, at } = entry.mark;
  if (entry.is === "step") {
    const decides = entry.children.length > 0 && !/^(fork|errorBoundary)\(/.test(label);
    const reached = before.reached;
    const outcome: Outcome = !reached ? "not reached" : decides ? "depends" : "runs";
    const why = !reached
      ? "what it stands in does not fit"
      : decides
        ? "a function decides"
        : "plain middleware";
    const within = entry.children.flatMap((child) =>
      explainEntries(child, subject, { reached, takenBy: before.takenBy }),
    );
    return { label, at, outcome, why, inside: within };
  }
  const hit = entry.route.test.match(subject);
  const fits = hit !== undefined;
  const reached = before.reached && fits;
  const within = explainEntries(entry.child, subject, { reached, takenBy: before.takenBy });
  const told = { label, at, inside: within };
  if (!fits) return { ...told, outcome: "no", why: entry.route.test.whyNot(subject) };
  if (!before.reached) {
    return { ...told, outcome: "not reached", why: "it fits, but what it stands in does not" };
  }
  if (before.takenBy !== undefined) {
    return { ...told, outcome: "matches if next", why: `it fits, if ${before.takenBy} calls next()` };
  }
  if (entry.child.entries.length > 0) before.takenBy = label;
  const why = hit.instead === undefined ? "it fits" : "it fits, but its handlers give way to another answer";
  return { ...told, outcome: "matches", why };
}

function inside(entry: Entry): readonly Tree[] {
  return entry.is === "step" ? entry.children : [entry.child];
}

const signs: Readonly<Record<Outcome, string>> = {
  matches: "✓",
  "matches if next": "(✓)",
  no: "✗",
  depends: "?",
  runs: "→",
  "not reached": "·",
};

function write(route: RouteExplanation, depth: number, lines: string[]): void {
  lines.push(line(depth, `${signs[route.outcome]} ${route.label}: ${route.why}`, route.at));
  for (const within of route.inside) write(within, depth + 1, lines);
}

function line(depth: number, text: string, at: string | undefined): string {
  return `${"  ".repeat(depth)}${text}${at === undefined ? "" : `  (${at})`}`;
}
