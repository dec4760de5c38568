/** What `c.done` makes. */
export class Done<Result> {
  readonly result: Result;
  constructor(result: Result) {
    this.result = result;
  }
}

/** Ends a loop. */
export type LoopEnd<Result> = Done<Result>;

/** Where a form of `c.steps` stands. */
export interface StepsAt<Way, State> {
  readonly next: Way & string;
  readonly state: State;
}

/** What the ways of `c.steps` end it with. */
export type StepsResult<Ways> = {
  [Way in keyof Ways]: Ways[Way] extends (state: never) => Promise<infer End>
    ? End extends LoopEnd<infer Result>
      ? Result
      : never
    : never;
}[keyof Ways];

/** The end that a value is; `undefined` when it is none. */
export function asDone(value: unknown): LoopEnd<unknown> | undefined {
  return value instanceof Done ? (value as Done<unknown>) : undefined;
}
