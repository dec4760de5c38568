import type { Update, User } from "@balekit/api";
import { CommandTest } from "./command-test.js";
import { PatternTest } from "./pattern-test.js";
import type { PatternSource } from "./patterns.js";
import type { QueryName } from "./queries.js";
import { QueryTest } from "./query-test.js";
import type { RouteTest } from "./route-test.js";
import { Subject, type Viewer } from "./subject.js";

/** What an update that fits leaves on its context. */
export interface UpdateMatch {
  readonly match?: string | RegExpExecArray | undefined;
  readonly params?: object | undefined;
  /** The members that a query runs once for; absent for a query that runs once. */
  readonly members?: readonly User[] | undefined;
}

/** Holds an update against a test; `undefined`: it does not fit. */
export type UpdateTest = (update: Update, viewer: Viewer) => UpdateMatch | undefined;

/**
 * Makes the tests behind `on`, `command`, `hears` and `callback` for those who test updates outside of a composer.
 * @throws TypeError for what the method of that name would refuse
 */
export const updateTest: {
  readonly on: (queries: QueryName | readonly QueryName[]) => UpdateTest;
  readonly command: (names: string | readonly string[]) => UpdateTest;
  readonly hears: (patterns: PatternSource | readonly PatternSource[]) => UpdateTest;
  readonly callback: (patterns: PatternSource | readonly PatternSource[]) => UpdateTest;
} = {
  on: (queries) => (typeof queries === "string" ? testOfQuery(queries) : testOf(new QueryTest(queries))),
  command: (names) => {
    const rules = { args: undefined, invalid: undefined, mistyped: undefined, meantBy: () => undefined };
    return testOf(new CommandTest(names, rules));
  },
  hears: (patterns) => testOf(new PatternTest("hears", patterns)),
  callback: (patterns) => testOf(new PatternTest("callback", patterns)),
};

/** Those of single queries, which hold nothing of their own: as many as there are queries. */
const known = new Map<QueryName, UpdateTest>();

function testOfQuery(query: QueryName): UpdateTest {
  let test = known.get(query);
  if (test === undefined) known.set(query, (test = testOf(new QueryTest(query))));
  return test;
}

function testOf(test: RouteTest): UpdateTest {
  return (update, viewer) => test.match(new Subject(update, viewer));
}
