import type { UpdateKind } from "@balekit/api";
import { type ArgProblem, type ArgShape, checkShape, readArgs } from "./command-args.js";
import { shown, wrongType } from "./misuse.js";
import type { Hit, RouteKey, RouteTest } from "./route-test.js";
import type { Subject, TypedCommand } from "./subject.js";

/** What a command's test needs to know of the options it was registered with. */
export interface CommandRules {
  readonly args: ArgShape | undefined;
  /** Runs instead of the handlers when the arguments are not acceptable. */
  readonly invalid: ((ctx: never, problem: ArgProblem) => unknown) | undefined;
  /** Runs instead of the handlers when this command was probably meant. */
  readonly mistyped: ((ctx: never, meant: string, typed: string) => unknown) | undefined;
  /** The command of the bot that was probably meant by a name that is none. */
  readonly meantBy: (typed: string, normalize: (text: string) => string) => string | undefined;
}

/** Behind `command`: a message that begins with one of some commands. */
export class CommandTest implements RouteTest {
  readonly label: string;
  readonly kinds: readonly UpdateKind[] = ["message"];
  /** As registered, without slashes. */
  readonly names: readonly string[];
  readonly #rules: CommandRules;
  #normal: ReadonlySet<string> = new Set();
  #normalFor: ((text: string) => string) | undefined;

  /** @throws TypeError for a name that nobody could type */
  constructor(names: string | readonly string[], rules: CommandRules) {
    const list = typeof names === "string" ? [names] : names;
    if (!Array.isArray(list) || list.length === 0) {
      throw wrongType("ERR_BALE_COMMAND", `command: give it a name or a list of names, not ${shown(names)}.`);
    }
    this.names = (list as readonly string[]).map(checkedName);
    const shownNames = this.names.map((name) => JSON.stringify(name)).join(", ");
    this.label = typeof names === "string" ? `command(${shownNames})` : `command([${shownNames}])`;
    if (rules.args !== undefined) checkShape(rules.args);
    this.#rules = rules;
  }

  match(subject: Subject): Hit | undefined {
    const typed = subject.command;
    if (typed === undefined || !subject.isForUs) return undefined;
    if (this.#normalized(subject.viewer.normalizeText).has(typed.name)) return this.#called(typed, subject);
    return this.#mistaken(typed, subject);
  }

  whyNot(subject: Subject): string {
    if (subject.kind !== "message") {
      return `the update is ${subject.kind ?? "of an undocumented kind"}, not message`;
    }
    const typed = subject.command;
    if (typed === undefined) return "the text is not a command";
    if (!subject.isForUs) return `the command is for @${typed.mention}`;
    if (!this.#normalized(subject.viewer.normalizeText).has(typed.name))
      return `the command is /${typed.rawName}`;
    const read = this.#read(typed, subject);
    if (read === undefined || "values" in read) return "the command is the same";
    const { name, expects, typed: word } = read.problem;
    if (name === undefined) return `it takes nothing after its arguments, but ${shown(word)} was typed`;
    return word === undefined
      ? `the argument ${name} (${expects}) is missing`
      : `the argument ${name} is ${expects}, not ${shown(word)}`;
  }

  keys(normalize: (text: string) => string): readonly RouteKey[] {
    const sure = this.#rules.args === undefined || this.#rules.invalid !== undefined;
    const keys: RouteKey[] = [...this.#normalized(normalize)].map((name) => ({ by: "command", name, sure }));
    if (this.#rules.mistyped !== undefined) keys.push({ by: "mistyped" });
    return keys;
  }

  #called(typed: TypedCommand, subject: Subject): Hit | undefined {
    const read = this.#read(typed, subject);
    if (read === undefined) return { match: typed.payload };
    if ("values" in read) return { match: typed.payload, args: read.values };
    const { invalid } = this.#rules;
    if (invalid === undefined) return undefined;
    return { match: typed.payload, instead: (ctx) => invalid(ctx, read.problem) };
  }

  #mistaken(typed: TypedCommand, subject: Subject): Hit | undefined {
    const { mistyped, meantBy } = this.#rules;
    if (mistyped === undefined) return undefined;
    const meant = meantBy(typed.name, subject.viewer.normalizeText);
    if (meant === undefined || !this.names.includes(meant)) return undefined;
    return { match: typed.payload, instead: (ctx) => mistyped(ctx, meant, typed.rawName) };
  }

  #read(typed: TypedCommand, subject: Subject): ReturnType<typeof readArgs> | undefined {
    const { args } = this.#rules;
    if (args === undefined) return undefined;
    return readArgs(args, typed.payload, typed.rawName, subject.viewer.normalizeText);
  }

  #normalized(normalize: (text: string) => string): ReadonlySet<string> {
    if (this.#normalFor !== normalize) {
      this.#normal = new Set(this.names.map((name) => normalize(name).toLowerCase()));
      this.#normalFor = normalize;
    }
    return this.#normal;
  }
}

function checkedName(name: string): string {
  const bare = typeof name === "string" && name.startsWith("/") ? name.slice(1) : name;
  if (typeof bare !== "string" || !/^[^\s@/]+$/.test(bare)) {
    const hint = "A command is one word, with or without a slash before it.";
    throw wrongType("ERR_BALE_COMMAND", `command: ${shown(name)} can't be typed as a command. ${hint}`);
  }
  return bare;
}
