import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as later } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type EmulatedUser, type Emulator, emulator } from "@balekit/emulator";
import type { Update } from "balekit";
import { freePort } from "../servers/free-port.js";
import { startProgram } from "./chaos.js";
import { seeded } from "./seeded.js";
import { type Judgement, type Survey, SurveyLedger } from "./survey-ledger.js";

/** What the processes keep their conversations in. */
export interface SurveyStore {
  readonly kind: "sqlite" | "postgres" | "redis";
  /** A path, or an address. */
  readonly where: string;
}

/** How surveys are taken while processes are killed. */
export interface SurveysOptions {
  /** Given a folder of this run's own. */
  readonly store: (folder: string) => SurveyStore;
  readonly kills: number;
  /** How often a process with something under way is frozen for longer than its claims last. @default 0 */
  readonly freezes?: number | undefined;
  /** @default 30 */
  readonly people?: number | undefined;
  /** Whether whoever has lost a lane writes on: what comes of that is for the judge to find. @default false */
  readonly isUnfenced?: boolean | undefined;
  /** What stands open in the store: is to become nothing once everybody is done. */
  readonly open: (store: SurveyStore) => Promise<readonly string[]>;
}

/** What came of it. */
export interface SurveysResult extends Judgement {
  readonly seed: number;
  readonly surveys: number;
  readonly answers: number;
  readonly kills: number;
  /** Kills that hit a process with a deed begun and not ended. */
  readonly killsInFlight: number;
}

const token = "1000:not-a-real-secret";
const program = fileURLToPath(new URL("programs/surveyor.mjs", import.meta.url));
/** Short, so that lanes of the dead are free again soon; long enough for a busy machine. */
const LEASE_MS = 3_000;
const SWEEP_MS = 400;

/**
 * Lets people go through a long conversation, again and again, with three processes on one store, each of which is
 * killed with SIGKILL now and then, and judges by the ledger alone. A balancer hands each update to any of them until
 * one has answered 200, and some updates twice. The seed is printed; BALEKIT_CHAOS_SEED gives the same people,
 * updates and victims again.
 */
export async function takeSurveys(options: SurveysOptions): Promise<SurveysResult> {
  const seed = Number(process.env["BALEKIT_CHAOS_SEED"] ?? Math.floor(Math.random() * 1e9));
  const folder = mkdtempSync(join(tmpdir(), "balekit-surveys-"));
  const store = options.store(folder);
  console.log(`surveys on ${store.kind}: seed ${seed}`);
  const path = join(folder, "ledger");
  writeFileSync(path, "");
  const ledger = new SurveyLedger(path);
  const bale = emulator({ token });
  const { url } = await bale.listen();
  const { kills, freezes = 0, people = 30, isUnfenced = false } = options;
  const ports = [await freePort(), await freePort(), await freePort()];
  const crew = new Crew(ports, {
    apiRoot: url,
    token,
    ledger: path,
    store,
    leaseMs: LEASE_MS,
    sweepMs: SWEEP_MS,
    isUnfenced,
  });
  const balancer = new Balancer(ports, seed);
  const detach = bale.attach({ connect: () => undefined, handle: (update) => balancer.deliver(update) });
  const crowd = new Crowd(bale, people, seed);
  try {
    crew.start();
    crowd.start();
    const random = seeded(seed + 1);
    let killsInFlight = 0;
    for (let killed = 0; killed < kills; killed++) {
      const ready = (): readonly number[] => [...ports.keys()].filter((at) => ledger.listens(crew.life(at)));
      await until("two processes listen", () => ready().length > 1);
      const at = ready()[Math.floor(random() * ready().length)] ?? 0;
      const life = crew.life(at);
      // However slow the machine is, some work gets done between two kills.
      const enough = ledger.ended + 5 + Math.floor(random() * 10);
      await until("work gets done", () => ledger.ended >= enough);
      await until("something is under way", () => ledger.inFlight(life) > 0, 3_000).catch(() => undefined);
      await crew.kill(at);
      if (ledger.inFlight(life) > 0) killsInFlight++;
    }
    for (let frozen = 0; frozen < freezes; frozen++) {
      // Whoever was frozen last finds out what has become of its lanes meanwhile, before it is frozen anew.
      if (frozen > 0) await later(LEASE_MS / 3);
      await until("all listen", () => [...ports.keys()].every((at) => ledger.listens(crew.life(at))));
      const at = Math.floor(random() * ports.length);
      const life = crew.life(at);
      await until("something is under way", () => ledger.inFlight(life) > 0, 3_000).catch(() => undefined);
      const enough = ledger.ended + 5;
      await crew.freeze(at, LEASE_MS + SWEEP_MS * 2);
      // However slow the machine is, whoever takes over gets something done.
      if (!isUnfenced) await until("work gets done", () => ledger.ended >= enough);
    }
    crowd.finish();
    await until("everybody is done", () => crowd.isDone, isUnfenced ? 5_000 : 180_000).catch(
      (error: unknown) => {
        // Without fences nobody has promised that they ever are.
        if (isUnfenced) return;
        const { faults } = ledger.judge(crowd.surveys, crew.killed);
        throw new Error(`${crowd.waiting().join("; ")}\n${faults.slice(0, 20).join("\n")}`, { cause: error });
      },
    );
    if (!isUnfenced) await balancer.settled();
    // The last word is heard before it is written down that it was said.
    let open: readonly string[] = [];
    for (const limit = Date.now() + (isUnfenced ? 0 : 60_000); Date.now() < limit; await later(100)) {
      open = await options.open(store);
      if (open.length === 0) break;
    }
    await crew.end();
    const judgement = ledger.judge(crowd.surveys, crew.killed);
    const answers = crowd.surveys.reduce((sum, survey) => sum + survey.answers.length, 0);
    return {
      ...judgement,
      faults: [...crew.faults, ...judgement.faults, ...open.map((lane) => `${lane} stands open at the end`)],
      seed,
      surveys: crowd.surveys.length,
      answers,
      kills,
      killsInFlight,
    };
  } catch (error) {
    throw new Error(`surveys on ${store.kind} with seed ${seed}: ${String(error)}`, { cause: error });
  } finally {
    balancer.close();
    await crew.end();
    detach();
    await bale.close();
    if (process.env["BALEKIT_CHAOS_SHOW"] === undefined) rmSync(folder, { recursive: true, force: true });
    else console.log(`the ledger is ${path}`);
  }
}

/** The processes: each of a few places is taken by one life after another. */
class Crew {
  readonly killed: Set<string> = new Set<string>();
  readonly faults: string[] = [];
  readonly #setting: object;
  readonly #places: { readonly port: number; lives: number; child: ChildProcess | undefined }[];
  #isOver = false;

  constructor(ports: readonly number[], setting: object) {
    this.#setting = setting;
    this.#places = ports.map((port) => ({ port, lives: 0, child: undefined }));
  }

  start(): void {
    for (const at of this.#places.keys()) this.#begin(at);
  }

  life(at: number): string {
    return `${"ABC"[at]}${this.#places[at]?.lives}`;
  }

  isOver(at: number): boolean {
    const child = this.#places[at]?.child;
    return child === undefined || child.exitCode !== null || child.signalCode !== null;
  }

  /** SIGKILL, and another life begins. */
  async kill(at: number): Promise<void> {
    const life = this.life(at);
    this.killed.add(life);
    await this.#end(at);
    this.#begin(at);
  }

  /** SIGSTOP, and it goes on after a time. */
  async freeze(at: number, ms: number): Promise<void> {
    const child = this.#places[at]?.child;
    child?.kill("SIGSTOP");
    await later(ms);
    child?.kill("SIGCONT");
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all([...this.#places.keys()].map((at) => this.#end(at)));
  }

  #begin(at: number): void {
    const place = this.#places[at];
    if (place === undefined || this.#isOver) return;
    place.lives++;
    const life = this.life(at);
    const child = startProgram(program, { ...this.#setting, life, port: place.port });
    place.child = child;
    child.once("exit", (code, signal) => {
      if (this.#isOver || this.killed.has(life)) return;
      this.faults.push(`${life} ended by itself: ${code ?? signal}`);
      this.#begin(at);
    });
  }

  async #end(at: number): Promise<void> {
    const child = this.#places[at]?.child;
    if (child === undefined || this.isOver(at)) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }
}

/** Hands each update to one process after another until one has answered 200; some to two at a time, or once more. */
class Balancer {
  readonly #ports: readonly number[];
  readonly #seed: number;
  readonly #open: Set<Promise<void>> = new Set();
  #isClosed = false;

  constructor(ports: readonly number[], seed: number) {
    this.#ports = ports;
    this.#seed = seed;
  }

  async deliver(update: Update): Promise<void> {
    const random = seeded(this.#seed + update.update_id * 7);
    const copies = [this.#insist(update, random)];
    if (random() < 0.1) copies.push(later(random() * 300).then(() => this.#insist(update, random)));
    const all = Promise.all(copies).then(() => undefined);
    this.#open.add(all);
    await all;
    this.#open.delete(all);
  }

  /** Resolves when nothing is to be delivered any more. */
  async settled(): Promise<void> {
    while (this.#open.size > 0) await Promise.all(this.#open);
  }

  close(): void {
    this.#isClosed = true;
  }

  async #insist(update: Update, random: () => number): Promise<void> {
    const request = {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(update),
    };
    while (!this.#isClosed) {
      const port = this.#ports[Math.floor(random() * this.#ports.length)];
      try {
        const response = await fetch(`http://127.0.0.1:${port}/updates`, request);
        await response.body?.cancel();
        if (response.ok) return;
      } catch {
        // That process is dead, or has died over it.
      }
      await later(20 + random() * 60);
    }
  }
}

/** People who begin a survey, answer each question once, and begin another until it is enough. */
class Crowd {
  readonly surveys: Survey[] = [];
  readonly #bale: Emulator;
  readonly #people: readonly { readonly user: EmulatedUser; readonly random: () => number }[];
  /** What each has under way, by the id of the user. */
  readonly #open: Map<
    number,
    { readonly survey: Survey; readonly answers: string[]; readonly heard: Set<string> }
  > = new Map();
  #isEnough = false;

  constructor(bale: Emulator, people: number, seed: number) {
    this.#bale = bale;
    this.#people = Array.from({ length: people }, (_, at) => ({
      user: bale.user({ first_name: `User ${at}` }),
      random: seeded(seed + 1_000 + at),
    }));
  }

  get isDone(): boolean {
    return this.#isEnough && this.#open.size === 0;
  }

  start(): void {
    const byId = new Map(this.#people.map((person) => [person.user.id, person]));
    this.#bale.onEvent((event) => {
      if (event.type !== "message" || event.data.from?.is_bot !== true) return;
      const person = byId.get(event.data.chat.id);
      if (person !== undefined) this.#hear(person, event.data.text ?? "");
    });
    for (const person of this.#people) this.#begin(person, 1);
  }

  /** Nobody begins another. */
  finish(): void {
    this.#isEnough = true;
  }

  /** Who has not come to an end, and where they are. */
  waiting(): readonly string[] {
    return [...this.#open.values()].map(({ survey, heard }) => `${survey.name} after ${[...heard].at(-1)}`);
  }

  #begin(person: { readonly user: EmulatedUser; readonly random: () => number }, number: number): void {
    const { user, random } = person;
    const answers: string[] = [];
    const survey = {
      name: `${user.id}.${number}`,
      user: user.id,
      rounds: 1 + Math.floor(random() * 3),
      answers,
    };
    this.surveys.push(survey);
    this.#open.set(user.id, { survey, answers, heard: new Set() });
    this.#say(user, `/survey ${survey.name} ${survey.rounds}`);
  }

  #hear(person: { readonly user: EmulatedUser; readonly random: () => number }, text: string): void {
    const { user, random } = person;
    const open = this.#open.get(user.id);
    const [name = "", stage = "", end] = text.split(" ");
    // A question that comes a second time is answered already.
    if (open === undefined || name !== open.survey.name || open.heard.has(stage)) return;
    open.heard.add(stage);
    if (end === "!") {
      this.#open.delete(user.id);
      const next = Number(name.split(".")[1]) + 1;
      if (!this.#isEnough) void later(random() * 100).then(() => this.#begin(person, next));
      return;
    }
    const answer = `${name}:${stage}:${Math.floor(random() * 1e9).toString(36)}`;
    open.answers.push(answer);
    void later(random() * 60).then(() => this.#say(user, answer));
  }

  /** Not waited for: it is over when the bot has answered. */
  #say(user: EmulatedUser, text: string): void {
    user.sends(text).catch(() => undefined);
  }
}

async function until(what: string, holds: () => boolean, limitMs = 180_000): Promise<void> {
  for (const limit = Date.now() + limitMs; !holds(); await later(3)) {
    if (Date.now() > limit) throw new Error(`After ${limitMs} ms still not: ${what}.`);
  }
}
