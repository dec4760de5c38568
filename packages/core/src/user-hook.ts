import type { ContextServices } from "./context.js";

/** Deletes what somebody keeps about a user. */
export type ForgetHook = (userId: number, services: ContextServices) => unknown;

/** Collects what somebody keeps about a user: plain data, or `undefined` when there is nothing. */
export type ExportHook = (userId: number, services: ContextServices) => unknown;
