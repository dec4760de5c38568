import { SessionVersionError, sessionMisuse } from "./session-error.js";

/** What is kept in the store for one session. */
export interface SessionRecord {
  /** The number of the last migration the data has gone through. */
  readonly v: number;
  readonly data: unknown;
}

/** Brings data of one version to the next. Pure: it may run more than once for the same data. */
export interface SessionMigration {
  /** @param data a copy of what is stored; change it, or answer something new */
  run(data: unknown): unknown;
}

/** Migrations by number, from 1 without gaps. Never change one that has been released. */
export type SessionMigrations = Readonly<Record<number, SessionMigration["run"]>>;

/** The steps in order. @throws TypeError when a number is missing */
export function migrationSteps(
  name: string,
  migrations: SessionMigrations,
): readonly SessionMigration["run"][] {
  const numbers = Object.keys(migrations).map(Number);
  return numbers
    .sort((one, other) => one - other)
    .map((number, at) => {
      const step: unknown = migrations[number];
      if (number === at + 1 && typeof step === "function") return step as SessionMigration["run"];
      const what = typeof step === "function" ? `comes as step ${at + 1}` : "is no function";
      throw sessionMisuse(
        "ERR_BALE_OPTION",
        `session(${JSON.stringify(name)}): migration ${number} ${what}. Number functions 1, 2, 3 in order.`,
      );
    });
}

/**
 * The data of a record as this release knows it.
 * @throws SessionVersionError when a newer release has written it, TypeError when it is no record of a session
 */
export function dataOf(
  name: string,
  steps: readonly SessionMigration["run"][],
  found: unknown,
): object | Promise<object> {
  if (!isRecord(found)) {
    throw sessionMisuse(
      "ERR_BALE_SESSION_DATA",
      `Reading ctx.${name}: what lies in the store under its key is no session. Give sessions a store or a name of their own.`,
    );
  }
  if (found.v > steps.length) throw new SessionVersionError(name, found.v, steps.length);
  return found.v === steps.length ? checkedData(name, found.data) : migrated(name, steps, found);
}

async function migrated(
  name: string,
  steps: readonly SessionMigration["run"][],
  { v, data }: SessionRecord,
): Promise<object> {
  let now = data;
  for (const step of steps.slice(v)) now = (await step(now)) ?? now;
  return checkedData(name, now);
}

/** Data that a session can hold: an object without an `update` of its own. @throws TypeError otherwise */
export function checkedData(name: string, data: unknown): object {
  if (typeof data !== "object" || data === null) {
    throw sessionMisuse(
      "ERR_BALE_SESSION_DATA",
      `Filling ctx.${name}: its data is an object, such as { count: 0 }, not ${data === null ? "null" : typeof data}.`,
    );
  }
  // What `ctx.session` gives has the method, which is no field: nothing lists it.
  if ("update" in data && Object.prototype.propertyIsEnumerable.call(data, "update")) {
    throw sessionMisuse(
      "ERR_BALE_SESSION_DATA",
      `Filling ctx.${name}: its data has a field "update", which is the name of a method of sessions. Rename the field.`,
    );
  }
  return data;
}

function isRecord(found: unknown): found is SessionRecord {
  return (
    typeof found === "object" &&
    found !== null &&
    "v" in found &&
    Number.isSafeInteger(found.v) &&
    (found.v as number) >= 0 &&
    "data" in found
  );
}
