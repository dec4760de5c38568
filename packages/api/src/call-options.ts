import type { Priority } from "./priority.js";

/** How one call is carried out; every method of the api takes it as its last argument. */
export interface CallOptions {
  /** Aborts the call, its waits between retries included. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds this call may take on the wire, one attempt. @default the api's `timeoutMs` */
  readonly timeoutMs?: number | undefined;
  /** How urgent the call is to `throttle()`; without one it says nothing. @default "answer" */
  readonly priority?: Priority | undefined;
  /** Told as the body of an upload leaves. `totalBytes` is absent for a stream of unknown length. */
  readonly onUploadProgress?: ((progress: Progress) => void) | undefined;
}

/** How far a transfer has come. */
export interface Progress {
  readonly bytes: number;
  readonly totalBytes?: number | undefined;
}
