import type { Dispatcher } from "undici";

/** What an inflow is told when it is made. */
export interface InflowInit {
  /** Milliseconds without a byte after which it fails; 0 waits for ever. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Makes the error of a silence. */
  readonly timedOut: () => Error;
}

/** The beginning of an answer. */
export interface InflowHead {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
}

/** Above this much unread, the socket is told to wait. */
const UNREAD_BYTES = 128 * 1024;

type End = { readonly failed: false } | { readonly failed: true; readonly reason: unknown };
type Waiting = { resolve: (step: IteratorResult<Uint8Array>) => void; reject: (reason: unknown) => void };

/**
 * One answer read as it comes, no faster than it is taken: hand it to `dispatcher.dispatch` as the handler, await
 * `head`, then iterate. Leaving the loop early lets go of the socket.
 */
export class Inflow implements Dispatcher.DispatchHandler, AsyncIterableIterator<Uint8Array> {
  readonly head: Promise<InflowHead>;
  readonly #init: InflowInit;
  readonly #unread: Uint8Array[] = [];
  #unreadBytes = 0;
  #resolveHead!: (head: InflowHead) => void;
  #rejectHead!: (reason: unknown) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #waiting: Waiting | undefined;
  /** How it ended: `undefined` while it runs. Bytes still unread are given out first. */
  #end: End | undefined;
  #timer: NodeJS.Timeout | undefined;
  #onAbort: (() => void) | undefined;

  constructor(init: InflowInit) {
    this.#init = init;
    this.head = new Promise((resolve, reject) => {
      this.#resolveHead = resolve;
      this.#rejectHead = reject;
    });
    const { timeoutMs, signal } = init;
    if (timeoutMs > 0 && timeoutMs < 2 ** 31) {
      this.#timer = setTimeout(() => this.#onSilence(), timeoutMs);
    }
    if (signal !== undefined) {
      this.#onAbort = () => this.fail(signal.reason);
      signal.addEventListener("abort", this.#onAbort, { once: true });
    }
  }

  /** Ends it from our side: what is unread is dropped, and whoever waits gets the reason. */
  fail(reason: unknown): void {
    if (this.#end !== undefined) return;
    this.#finish({ failed: true, reason });
    this.#unread.length = 0;
    this.#controller?.abort(reason instanceof Error ? reason : new Error("aborted"));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#end !== undefined) controller.abort(new Error("aborted"));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: InflowHead["headers"]): void {
    this.#timer?.refresh();
    // Early hints come before the answer and say nothing of it.
    if (status >= 200) this.#resolveHead({ status, headers });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#timer?.refresh();
    if (this.#end !== undefined) return;
    const waiting = this.#waiting;
    if (waiting !== undefined) {
      this.#waiting = undefined;
      waiting.resolve({ done: false, value: chunk });
      return;
    }
    this.#unread.push(chunk);
    this.#unreadBytes += chunk.length;
    if (this.#unreadBytes > UNREAD_BYTES) {
      controller.pause();
    }
  }

  onResponseEnd(): void {
    this.#finish({ failed: false });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#finish({ failed: true, reason: error });
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    const chunk = this.#unread.shift();
    if (chunk !== undefined) {
      this.#unreadBytes -= chunk.length;
      if (this.#unread.length === 0 && this.#end === undefined) {
        this.#timer?.refresh();
        this.#controller?.resume();
      }
      return { done: false, value: chunk };
    }
    if (this.#end === undefined)
      return new Promise((resolve, reject) => (this.#waiting = { resolve, reject }));
    if (this.#end.failed) throw this.#end.reason;
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.fail(new Error("nobody reads this any more"));
    this.#end = { failed: false };
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #onSilence(): void {
    // While the reader takes its time, silence is our own doing.
    if (this.#unread.length > 0) this.#timer?.refresh();
    else this.fail(this.#init.timedOut());
  }

  #finish(end: End): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    clearTimeout(this.#timer);
    if (this.#onAbort !== undefined) this.#init.signal?.removeEventListener("abort", this.#onAbort);
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (end.failed) {
      this.#rejectHead(end.reason);
      // When the head is long here, its promise has nobody to tell.
      this.head.catch(() => {});
      waiting?.reject(end.reason);
    } else {
      waiting?.resolve({ done: true, value: undefined });
    }
  }
}
