import { openSync, readSync } from "node:fs";

/** A survey that somebody has taken part in: what it was called, how long it was, and what was answered. */
export interface Survey {
  readonly name: string;
  readonly user: number;
  readonly rounds: number;
  readonly answers: readonly string[];
}

/** What a ledger says of the surveys that were taken. */
export interface Judgement {
  /** What breaks the promise. */
  readonly faults: readonly string[];
  /** Deeds done again, each explained by a life that ended, or lost its lane, while it was at it. */
  readonly repeatedDeeds: number;
  readonly repeatedSends: number;
  readonly takeovers: number;
  readonly fenced: number;
}

interface Line {
  readonly life: string;
  readonly word: string;
  readonly rest: readonly string[];
}

/** What `surveyor.mjs` has written down, whoever ran it. */
export class SurveyLedger {
  readonly #file: number;
  readonly #lines: Line[] = [];
  /** Deeds that are begun and not ended, by life. */
  readonly #open: Map<string, Set<string>> = new Map();
  readonly #listening: Set<string> = new Set<string>();
  #ended = 0;
  #rest = "";

  constructor(path: string) {
    this.#file = openSync(path, "r");
  }

  /** How many deeds have ended, whoever did them. */
  get ended(): number {
    this.#readOn();
    return this.#ended;
  }

  /** How many deeds of a life are begun and not ended. */
  inFlight(life: string): number {
    this.#readOn();
    return this.#open.get(life)?.size ?? 0;
  }

  /** Whether a life has come so far as to take updates. */
  listens(life: string): boolean {
    this.#readOn();
    return this.#listening.has(life);
  }

  /**
   * What may be done twice, exactly: what a life had begun, and not written down, when its claim on the lane was taken
   * over; once more for each time that it was. And what a life that was frozen meanwhile begins before it finds that out:
   * the one batch whose claim it had looked at before.
   * @param killed the lives that were ended by SIGKILL
   */
  judge(surveys: readonly Survey[], killed: ReadonlySet<string>): Judgement {
    const lines = this.#all();
    const faults = new Set<string>();
    const lives = new Map<string, string>();
    const fenced = new Set<string>();
    let takeovers = 0;
    const known = new Map<string, Line[]>();
    const inLane = new Map<string, Line[]>();
    for (const line of lines) {
      const { life, word, rest } = line;
      const [what = "", lane = ""] = rest;
      if (word === "owner") lives.set(what, life);
      if (word === "event" && what === "fenced") fenced.add(`${life} ${userOf(lane)}`);
      if (word === "event" && what === "takeover") takeovers++;
      if (word === "event" && what === "parked") faults.add(`parked: ${rest.slice(1).join(" ")}`);
      if (word === "passed") faults.add(`nobody took the answer ${rest.join(" ")}`);
      if (word === "fault") faults.add(`a fault in ${life}: ${rest.join(" ")}`);
      const name = surveyOf(line);
      if (name !== undefined) listIn(known, name).push(line);
      const user = name?.split(".")[0] ?? laneUserOf(line);
      if (user !== undefined) listIn(inLane, user).push(line);
    }
    let repeatedDeeds = 0;
    let repeatedSends = 0;
    const lateOnes = new Map<string, ReadonlySet<Line>>();
    for (const [user, own] of inLane) {
      const { late, wrong } = lateIn(own, lives, killed);
      lateOnes.set(user, late);
      for (const fault of wrong) faults.add(`the lane of ${user}: ${fault}`);
    }
    for (const survey of surveys) {
      const own = known.get(survey.name) ?? [];
      const lane = inLane.get(String(survey.user)) ?? [];
      const late = lateOnes.get(String(survey.user)) ?? new Set<Line>();
      for (const fault of orderFaults(own.filter((line) => !late.has(line))))
        faults.add(`${survey.name}: ${fault}`);
      for (const fault of contentFaults(own, survey)) faults.add(`${survey.name}: ${fault}`);
      for (const [effect, runs] of effectsOf(own)) {
        if (effect.startsWith("send")) repeatedSends += runs.length - 1;
        else repeatedDeeds += runs.length - 1;
        const inTime = runs.filter((run) => !late.has(run));
        for (const [at, run] of inTime.entries()) {
          const next = inTime[at + 1];
          if (next !== undefined && !isHandedOver(lane, run, next, lives))
            faults.add(
              `${survey.name}: ${effect} was done again by ${next.life}, which ${run.life} had begun`,
            );
        }
      }
    }
    return { faults: [...faults], repeatedDeeds, repeatedSends, takeovers, fenced: fenced.size };
  }

  #all(): readonly Line[] {
    this.#readOn();
    return this.#lines;
  }

  #readOn(): void {
    const chunk = Buffer.alloc(65_536);
    for (let size = readSync(this.#file, chunk); size > 0; size = readSync(this.#file, chunk)) {
      const texts = `${this.#rest}${chunk.toString("latin1", 0, size)}`.split("\n");
      this.#rest = texts.pop() ?? "";
      for (const text of texts) {
        const [life = "", word = "", ...rest] = text.split(" ");
        this.#lines.push({ life, word, rest });
        const open = this.#open.get(life) ?? new Set<string>();
        this.#open.set(life, open);
        if (word === "listens") this.#listening.add(life);
        if (word === "begin") open.add(rest[0] ?? "");
        if (word !== "end") continue;
        open.delete(rest[0] ?? "");
        this.#ended++;
      }
    }
  }
}

/** `begin|did|end KEY SURVEY STAGE …` and `send SURVEY STAGE …`. */
function surveyOf({ word, rest }: Line): string | undefined {
  if (word === "send") return rest[0];
  return word === "begin" || word === "did" || word === "end" ? rest[1] : undefined;
}

function stageOf({ word, rest }: Line): number {
  return Number(word === "send" ? rest[1] : rest[2]);
}

/** Lanes are named by chat and user. */
function userOf(lane: string): string {
  return lane.slice(lane.lastIndexOf(":") + 1);
}

function laneUserOf({ word, rest }: Line): string | undefined {
  if (word === "took") return userOf(rest[0] ?? "");
  return word === "event" ? userOf(rest[1] ?? "") : undefined;
}

function listIn(lists: Map<string, Line[]>, name: string): Line[] {
  const list = lists.get(name) ?? [];
  lists.set(name, list);
  return list;
}

/** Whether who began something anew had taken the lane in between, from who had begun it before. */
function isHandedOver(
  lane: readonly Line[],
  run: Line,
  next: Line,
  lives: ReadonlyMap<string, string>,
): boolean {
  const between = lane.slice(lane.indexOf(run) + 1, lane.indexOf(next));
  const taken = between.findLast(({ word }) => word === "took");
  if (taken?.life !== next.life) return false;
  return run.life === next.life || ownersIn(taken).some((owner) => lives.get(owner) === run.life);
}

/** Whose claims somebody has taken over: of all who have got nothing done there, the last one at the end. */
function ownersIn({ rest }: Line): readonly string[] {
  return (rest[1] ?? "").split(",");
}

/** What lives have done in a lane after it was taken from them, and what of that no window allows. */
function lateIn(
  lane: readonly Line[],
  lives: ReadonlyMap<string, string>,
  killed: ReadonlySet<string>,
): { readonly late: ReadonlySet<Line>; readonly wrong: readonly string[] } {
  const late = new Set<Line>();
  const wrong: string[] = [];
  /** Who has lost the lane and does not know it yet, and what each has begun since. */
  const losers = new Map<string, Set<string>>();
  /** What lives are at, by life and key; and what of that they were at when they lost the lane. */
  const open = new Map<string, Set<string>>();
  const lost = new Set<string>();
  for (const line of lane) {
    const { life, word, rest } = line;
    const own = open.get(life) ?? new Set<string>();
    open.set(life, own);
    const run = `${life} ${rest[0]}`;
    const batches = losers.get(life);
    if (word === "took") {
      const from = lives.get(ownersIn(line).at(-1) ?? "");
      // Who takes it again has read it anew.
      losers.delete(life);
      if (from === undefined || from === life) continue;
      losers.set(from, new Set<string>());
      for (const one of open.get(from) ?? []) lost.add(one);
    } else if (word === "event") {
      if (rest[0] === "fenced") losers.delete(life);
    } else if (word === "begin" || word === "send") {
      if (word === "begin") own.add(run);
      if (batches === undefined) {
        lost.delete(run);
        continue;
      }
      late.add(line);
      if (word === "begin") lost.add(run);
      batches.add(`${surveyOf(line)} ${stageOf(line)}`);
      if (batches.size > 1)
        wrong.push(`${life} went on to ${[...batches].at(-1)} without being refused, though it had lost it`);
    } else {
      // What was under way when the lane was lost comes to its end, also when that is known by then.
      if (lost.has(run)) late.add(line);
      if (word === "end") own.delete(run);
    }
  }
  for (const life of losers.keys()) {
    if (!killed.has(life)) wrong.push(`${life} lost it while it lived, and was never refused`);
  }
  return { late, wrong };
}

/** What was begun, and by whom, in order: a deed by its idempotency key, a message by its stage. */
function effectsOf(lines: readonly Line[]): ReadonlyMap<string, readonly Line[]> {
  const effects = new Map<string, Line[]>();
  for (const line of lines) {
    if (line.word !== "begin" && line.word !== "send") continue;
    const effect = line.word === "send" ? `send ${stageOf(line)}` : `deed ${line.rest[0]}`;
    effects.set(effect, [...(effects.get(effect) ?? []), line]);
  }
  return effects;
}

/** Once a stage was begun, the results of all before it are kept: none of them comes again. */
function orderFaults(lines: readonly Line[]): readonly string[] {
  const faults: string[] = [];
  let reached = 0;
  for (const line of lines) {
    const stage = stageOf(line);
    if (stage < reached)
      faults.push(`stage ${stage} came again when ${reached} was reached: ${line.life} ${line.word}`);
    reached = Math.max(reached, stage);
  }
  return faults;
}

/** What a survey has done beyond or short of what it is to do. */
function contentFaults(lines: readonly Line[], { rounds, answers }: Survey): readonly string[] {
  const faults: string[] = [];
  const deeds = new Map<number, Set<string>>();
  const instances = new Set<string>();
  const filed = new Set<string>();
  const last = 7 + rounds * 2;
  for (const line of lines) {
    const [key = "", , , value = ""] = line.rest;
    if (line.word !== "did") continue;
    const stage = stageOf(line);
    deeds.set(stage, (deeds.get(stage) ?? new Set<string>()).add(key));
    instances.add(key.slice(0, key.indexOf(":")));
    if (stage === last) filed.add(value);
  }
  const sent = new Set(lines.filter(({ word }) => word === "send").map(stageOf));
  const asked = [1, 3, 5, ...Array.from({ length: rounds }, (_, at) => 6 + at * 2), last + 1];
  const done = [2, 4, ...Array.from({ length: rounds }, (_, at) => 7 + at * 2), last - 1, last];
  for (const stage of asked) if (!sent.delete(stage)) faults.push(`nothing was said at stage ${stage}`);
  if (sent.size > 0) faults.push(`something was said at the stages ${[...sent].join(", ")}`);
  for (const stage of done) {
    const count = deeds.get(stage)?.size ?? 0;
    const expected = stage === last - 1 ? 2 : 1;
    if (count !== expected) faults.push(`stage ${stage} has ${count} keys of deeds, not ${expected}`);
  }
  if (instances.size !== 1) faults.push(`it ran as ${instances.size} conversations`);
  const expected = answers.join(",");
  if (filed.size !== 1 || !filed.has(expected))
    faults.push(`filed ${[...filed].join(" and ")}, answered ${expected}`);
  return faults;
}
