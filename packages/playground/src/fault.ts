import { readFileSync } from "node:fs";
import { basename, extname, isAbsolute, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** How many lines of the file are shown on each side of the one at fault. */
const EXCERPT_LINES = 3;

/** A place in a file of the bot. */
export interface Place {
  /** Absolute path. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Something that went wrong in the bot, as its process reported it. */
export interface Fault {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What was running: `crash` ended the process; the others are the places balekit names. */
  readonly where: string;
  readonly name: string;
  readonly message: string;
  /** A stable name such as `ERR_BALE_…`, when the error has one. */
  readonly code?: string | undefined;
  readonly stack: string;
  /** The innermost place that is the user's own code. */
  readonly place?: Place | undefined;
  /** The lines around that place, read when the fault came in. */
  readonly excerpt?: readonly ExcerptLine[] | undefined;
}

/** One line of the user's file. */
export interface ExcerptLine {
  readonly line: number;
  readonly text: string;
  readonly guilty: boolean;
}

/** Where a path begins: a file's URL, a root, a drive. */
const ROOT = String.raw`(?:file:\/\/\/|[/\\]|[A-Za-z]:[/\\])`;

/** `:1:2`, or what only knows its line. */
const POSITION = String.raw`:(\d+)(?::(\d+))?`;

/**
 * `at fn (/x.ts:1:2)`, `at /x.ts:1:2`, and for what does not parse esbuild's `/x.ts:1:2: ERROR: …` and V8's
 * `file:///x.js:1`. Only what stands around a path tells where it ends: folders have spaces and brackets in their names. (What `eval` names has a `<`: the frame below it is the one to read.)
 */
const FRAMES: readonly RegExp[] = [
  new RegExp(String.raw` \((${ROOT}[^<]*?)${POSITION}\)$`),
  new RegExp(String.raw`^\s*at (?:async )?(${ROOT}[^<]*?)${POSITION}$`),
  new RegExp(String.raw`^\s*(${ROOT}[^<]*?)${POSITION}(?=$|: )`),
];

/**
 * Finds the innermost line of a stack that the user wrote: not Node's, not a dependency's, and, with `ours`, not a
 * file below one of those folders either.
 */
export function placeOf(stack: string, ours: readonly string[] = []): Place | undefined {
  for (const line of stack.split("\n")) {
    const match = frameIn(line.trimEnd());
    if (match?.[1] === undefined) continue;
    const file = pathOf(match[1]);
    if (file.includes(`${sep}node_modules${sep}`) || ours.some((folder) => file.startsWith(folder))) continue;
    return { file, line: Number(match[2]), column: Number(match[3] ?? 1) };
  }
  return undefined;
}

/** `Cannot find package 'x' imported from /bot.ts`, and the same of a module by its path. */
const NOT_FOUND = /^Cannot find (?:package|module) '([^']+)' imported from (.+)$/m;

/** Finds the line that imports what does not exist: the stack of that error holds only Node's own. */
export function placeOfImport(message: string): Place | undefined {
  const [, what = "", from = ""] = NOT_FOUND.exec(message) ?? [];
  if (what === "") return undefined;
  const file = pathOf(from);
  // By a path it is told whole, while the file names it by its end, with whatever ending.
  const name = isAbsolute(what) ? basename(what, extname(what)) : what;
  const line = readLines(file)?.findIndex(
    (text) => /\b(?:from|import|require)\b/.test(text) && text.includes(name),
  );
  return line === undefined || line === -1 ? undefined : { file, line: line + 1, column: 1 };
}

function frameIn(line: string): RegExpExecArray | undefined {
  for (const frame of FRAMES) {
    const match = frame.exec(line);
    if (match !== null) return match;
  }
  return undefined;
}

/** Reads the lines around a place, or `undefined` when the file cannot be read or is shorter than that. */
export function excerptOf(place: Place): ExcerptLine[] | undefined {
  const lines = readLines(place.file);
  if (lines === undefined || place.line < 1 || place.line > lines.length) return undefined;
  const first = Math.max(1, place.line - EXCERPT_LINES);
  return lines
    .slice(first - 1, place.line + EXCERPT_LINES)
    .map((text, index) => ({ line: first + index, text, guilty: first + index === place.line }));
}

function readLines(file: string): string[] | undefined {
  try {
    return readFileSync(file, "utf8").split(/\r?\n/);
  } catch {
    return undefined;
  }
}

function pathOf(location: string): string {
  if (!location.startsWith("file://")) return location;
  try {
    return fileURLToPath(location.replace(/\?.*$/, ""));
  } catch {
    return location;
  }
}
