import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { SurveyLedger } from "./survey-ledger.js";

/** A survey of one round by the user 7, who answers a, b, c and d. */
const survey = { name: "7.1", user: 7, rounds: 1, answers: ["a", "b", "c", "d"] };
const lane = "cv:1000:7:7";

const asks = (life: string, stage: number): string => `${life} send 7.1 ${stage} ?`;
const deed = (life: string, stage: number, key = `i:${stage}`): string[] => [
  `${life} begin ${key} 7.1 ${stage}`,
  `${life} did ${key} 7.1 ${stage} ${stage === 9 ? "a,b,c,d" : ""}`,
  `${life} end ${key} 7.1 ${stage}`,
];
const begun = (life: string, stage: number): string[] => deed(life, stage).slice(0, 1);
const owners = ["A1 owner a", "B1 owner b", "C1 owner c"];
const took = (life: string, from: string): string => `${life} took ${lane} ${from}`;
const fenced = (life: string): string => `${life} event fenced ${lane} `;

/** What is left of the survey after its second stage, by one life. */
const rest = (life: string): string[] => [
  asks(life, 3),
  ...deed(life, 4),
  asks(life, 5),
  asks(life, 6),
  ...deed(life, 7),
  ...deed(life, 8, "i:8l"),
  ...deed(life, 8, "i:8r"),
  ...deed(life, 9),
  asks(life, 10),
];

function judged(lines: readonly string[], killed: readonly string[] = []) {
  const folder = mkdtempSync(join(tmpdir(), "balekit-ledger-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "ledger");
  appendFileSync(path, `${[...owners, ...lines].join("\n")}\n`);
  return new SurveyLedger(path).judge([survey], new Set(killed));
}

test("a survey that nobody disturbed has no fault and no repeats", () => {
  const lines = [asks("A1", 1), ...deed("A1", 2), ...rest("A1")];
  expect(judged(lines)).toMatchObject({ faults: [], repeatedDeeds: 0, repeatedSends: 0 });
});

test("what a killed life was at is done once more by each that takes its lane over, and no more often", () => {
  const start = [asks("A1", 1), ...begun("A1", 2)];
  const once = [...start, took("B1", "a"), ...deed("B1", 2), ...rest("B1")];
  expect(judged(once, ["A1"])).toMatchObject({ faults: [], repeatedDeeds: 1 });
  const twice = [
    ...start,
    took("B1", "a"),
    ...begun("B1", 2),
    took("C1", "b"),
    ...deed("C1", 2),
    ...rest("C1"),
  ];
  expect(judged(twice, ["A1", "B1"])).toMatchObject({ faults: [], repeatedDeeds: 2 });
  const idle = [...start, took("B1", "a"), took("C1", "a,b"), ...deed("C1", 2), ...rest("C1")];
  expect(judged(idle, ["A1", "B1"])).toMatchObject({ faults: [], repeatedDeeds: 1 });

  const again = /^7\.1: deed i:2 was done again by B1, which (A1|B1) had begun$/;
  const tooOften = [...start, took("B1", "a"), ...begun("B1", 2), ...deed("B1", 2), ...rest("B1")];
  expect(judged(tooOften, ["A1"]).faults).toEqual([expect.stringMatching(again)]);
  const untaken = [...start, ...deed("B1", 2), ...rest("B1")];
  expect(judged(untaken, ["A1"]).faults).toEqual([expect.stringMatching(again)]);
  const fromAnother = [...start, took("B1", "c"), ...deed("B1", 2), ...rest("B1")];
  expect(judged(fromAnother, ["A1", "C1"]).faults).toEqual([expect.stringMatching(again)]);
});

test("a frozen life may end what it had begun, and begin one batch; then it is refused", () => {
  const start = [asks("A1", 1), ...begun("A1", 2), took("B1", "a"), ...deed("B1", 2)];
  const ends = [...start, ...deed("A1", 2).slice(1), fenced("A1"), ...rest("B1")];
  expect(judged(ends)).toMatchObject({ faults: [], repeatedDeeds: 1, fenced: 1 });
  const endsLate = [
    ...start,
    fenced("A1"),
    ...rest("B1").slice(0, 4),
    ...deed("A1", 2).slice(1),
    ...rest("B1").slice(4),
  ];
  expect(judged(endsLate)).toMatchObject({ faults: [], repeatedDeeds: 1 });
  const oneBatch = [
    asks("A1", 1),
    took("B1", "a"),
    ...deed("B1", 2),
    asks("B1", 3),
    ...deed("A1", 2),
    fenced("A1"),
    ...rest("B1").slice(1),
  ];
  expect(judged(oneBatch)).toMatchObject({ faults: [], repeatedDeeds: 1 });

  const goesOn = [
    ...start,
    ...deed("A1", 2).slice(1),
    asks("A1", 3),
    ...deed("A1", 4),
    fenced("A1"),
    ...rest("B1"),
  ];
  expect(judged(goesOn).faults).toEqual([
    "the lane of 7: A1 went on to 7.1 4 without being refused, though it had lost it",
  ]);
  const neverRefused = [...start, ...deed("A1", 2).slice(1), ...rest("B1")];
  expect(judged(neverRefused).faults).toEqual([
    "the lane of 7: A1 lost it while it lived, and was never refused",
  ]);
  expect(judged(neverRefused, ["A1"]).faults).toEqual([]);
});

test("what a life did before it lost the lane counts as reached: it excuses nothing", () => {
  const lines = [
    asks("A1", 1),
    ...deed("A1", 2),
    asks("A1", 3),
    took("B1", "a"),
    ...deed("B1", 2),
    ...rest("B1"),
  ];
  expect(judged(lines, ["A1"]).faults).toContain("7.1: stage 2 came again when 3 was reached: B1 begin");
});
