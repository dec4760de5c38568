import type { Dispatcher } from "undici";
import { readAnswer } from "./answer.js";
import type { Reply } from "./call.js";
import { BaleError, NetworkError, TimeoutError } from "./errors.js";
import { type Scrub, scrubbedError } from "./redact.js";

/** What one exchange needs to know beside the bytes. */
export interface ExchangeInit {
  readonly method: string;
  readonly origin: string;
  readonly timeoutMs: number;
  /** Whether moving bytes push the deadline: an upload may take long, it may not stand still. */
  readonly idle: boolean;
  readonly signal: AbortSignal | undefined;
  readonly scrub: Scrub;
}

/** No answer of Bale's is anywhere near this; what is belongs to somebody else, and memory is finite. */
const LONGEST_ANSWER = 64 * 1024 * 1024;

/**
 * One request and its answer, collected and read. Hand it to `dispatcher.dispatch` as the handler and await `reply`.
 * Cheaper than `dispatcher.request`: no stream is made for a body that is read whole, and no AbortController.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly reply: Promise<Reply>;
  readonly #init: ExchangeInit;
  #resolve!: (reply: Reply) => void;
  #reject!: (reason: unknown) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #settled = false;
  #status = 0;
  #retryAfter: string | undefined;
  #first: Buffer | undefined;
  #rest: Buffer[] | undefined;
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #onAbort: (() => void) | undefined;

  constructor(init: ExchangeInit) {
    this.#init = init;
    this.reply = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    if (init.timeoutMs > 0 && init.timeoutMs !== Number.POSITIVE_INFINITY) {
      this.#timer = setTimeout(timedOut, Math.min(init.timeoutMs, LONGEST_TIMER), this);
    }
    if (init.signal !== undefined) {
      const { signal } = init;
      this.#onAbort = () => this.fail(signal.reason);
      signal.addEventListener("abort", this.#onAbort, { once: true });
    }
  }

  /** Whether the request has begun to leave: from here on nobody knows what Bale did with it. */
  get #maybeSent(): boolean {
    return this.#controller !== undefined;
  }

  /** Pushes the deadline of an upload: bytes are moving. */
  alive(): void {
    if (this.#init.idle) this.#timer?.refresh();
  }

  /** Ends the exchange from our side. */
  fail(reason: unknown): void {
    if (this.#settled) return;
    this.#settle();
    this.#reject(reason);
    this.#controller?.abort(reason instanceof Error ? reason : new Error("aborted"));
  }

  timeOut(): void {
    const { method, origin, timeoutMs, idle } = this.#init;
    const what = idle ? `nothing moved for ${timeoutMs} ms` : `no answer within ${timeoutMs} ms`;
    this.fail(
      new TimeoutError(`${method}: ${what} (${origin}).${this.#fate()}`, {
        method,
        timeoutMs,
        maybeSent: this.#maybeSent,
      }),
    );
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Settled while it waited for a free socket: nothing is to be sent any more.
    if (this.#settled) controller.abort(new Error("aborted"));
    else this.#controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#status = status;
    const retryAfter = headers["retry-after"];
    this.#retryAfter = typeof retryAfter === "string" ? retryAfter : undefined;
    this.alive();
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#first === undefined) this.#first = chunk;
    else if (this.#rest === undefined) this.#rest = [this.#first, chunk];
    else this.#rest.push(chunk);
    this.alive();
    if (this.#bytes > LONGEST_ANSWER)
      this.#lose(new Error(`the answer is longer than ${LONGEST_ANSWER} bytes`));
  }

  onResponseEnd(): void {
    if (this.#settled) return;
    this.#settle();
    // Joined before decoding: a Persian letter may lie across two chunks.
    const bytes = this.#rest === undefined ? this.#first : Buffer.concat(this.#rest, this.#bytes);
    const text = bytes === undefined ? "" : bytes.toString();
    const { method, scrub } = this.#init;
    try {
      this.#resolve(readAnswer(method, { status: this.#status, text, retryAfter: this.#retryAfter }, scrub));
    } catch (error) {
      this.#reject(error);
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#lose(error);
  }

  /** Ends the exchange because the connection failed, or because our own body did. */
  #lose(error: Error): void {
    // Errors of ours come out of the body: a file that vanished while it was being sent.
    this.fail(error instanceof BaleError ? error : this.#networkError(error));
  }

  #networkError(error: Error): NetworkError {
    const { method, origin, scrub } = this.#init;
    return networkError(method, origin, error, { maybeSent: this.#maybeSent, fate: this.#fate(), scrub });
  }

  #fate(): string {
    return this.#maybeSent ? " Whether Bale carried it out is unknown." : " Nothing was sent.";
  }

  #settle(): void {
    this.#settled = true;
    clearTimeout(this.#timer);
    if (this.#onAbort !== undefined) this.#init.signal?.removeEventListener("abort", this.#onAbort);
  }
}

/** The longest delay a timer takes before it overflows to 1 ms. */
const LONGEST_TIMER = 2 ** 31 - 1;

function timedOut(exchange: Exchange): void {
  exchange.timeOut();
}

/** Says in one sentence why a connection failed, and carries a scrubbed copy of what the socket said. */
export function networkError(
  method: string,
  origin: string,
  error: unknown,
  { maybeSent, fate, scrub }: { maybeSent: boolean; fate: string; scrub: Scrub },
): NetworkError {
  const { code, why } = reasonOf(error);
  const advice = ADVICE.find(([pattern]) => pattern.test(code))?.[1] ?? "";
  return new NetworkError(scrub(`${method}: the connection to ${origin} failed: ${why}.${fate}${advice}`), {
    method,
    maybeSent,
    cause: scrubbedError(error, scrub),
  });
}

function reasonOf(error: unknown): { code: string; why: string } {
  // Several addresses were tried: the first one speaks for all.
  const inner =
    error instanceof AggregateError && error.errors.length > 0 ? (error.errors[0] as unknown) : error;
  const code = codeOf(inner) || codeOf(error);
  const message = inner instanceof Error ? inner.message : String(inner);
  const said = message.replace(/[.\s]+$/, "");
  return { code, why: code === "" || said.includes(code) ? said : `${said} (${code})` };
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "";
}

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/^(?:ENOTFOUND|EAI_AGAIN)$/, " Check this machine's network and name service."],
  [
    /CERT|SELF_SIGNED|UNABLE_TO_/,
    " If a proxy here inspects TLS, name its certificate in NODE_EXTRA_CA_CERTS.",
  ],
];
