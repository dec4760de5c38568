import type { QueryInfo, UpdateKind, User } from "@balekit/api";
import type { Subject } from "./subject.js";

/** What a route that matches leaves on the context. */
export interface Hit {
  readonly match?: string | RegExpExecArray | undefined;
  readonly params?: object | undefined;
  readonly args?: object | undefined;
  /** Runs the route once for each of these, as `ctx.member`. */
  readonly members?: readonly User[] | undefined;
  /** Runs this instead of the route's handlers, which it may run after all. */
  readonly instead?: ((ctx: never, handlers: () => Promise<void>) => unknown) | undefined;
}

/**
 * Where the index may find a route. A route is found under each of its keys; a key that is not `sure` only says that
 * the route is worth a closer look.
 */
export type RouteKey =
  | { readonly by: "command"; readonly name: string; readonly sure: boolean }
  | { readonly by: "exact"; readonly text: string }
  | { readonly by: "prefix"; readonly text: string; readonly raw: boolean }
  | { readonly by: "row"; readonly row: QueryInfo }
  | { readonly by: "mistyped" }
  | { readonly by: "scan" };

/** A built-in test of an update: pure, so that the index may skip it when it cannot match. */
export interface RouteTest {
  /** As it was written: `command("start")`. */
  readonly label: string;
  /** The kinds of update it can match; `undefined` is every kind, undocumented ones too. */
  readonly kinds: readonly UpdateKind[] | undefined;
  /** Holds an update against the test. */
  match(subject: Subject): Hit | undefined;
  /** Says why an update that did not match did not. */
  whyNot(subject: Subject): string;
  /** Where the index finds it, given how texts are normalized. */
  keys(normalize: (text: string) => string): readonly RouteKey[];
}

/** The hit of a test that has nothing to tell. */
export const plainHit: Hit = Object.freeze({});
