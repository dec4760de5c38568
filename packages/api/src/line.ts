import type { Call, CallOptions, Reply, Send, Transformer, Transport } from "./call.js";
import { BaleError } from "./errors.js";
import { METHODS } from "./generated/method-table.js";
import { checkLimits } from "./limit-check.js";
import { misuse, shown } from "./misuse.js";
import type { Scrub } from "./redact.js";
import { errorOf } from "./refusal.js";
import { startAtCaller } from "./stack.js";
import type { OnWarning } from "./warning.js";

/** What an api and everything derived from it share. */
export interface Exchangeable {
  transport: Transport;
  isClosed: boolean;
  /** Counts installations of transformers, so that every line knows when its chain is stale. */
  version: number;
  readonly scrub: Scrub;
  readonly warn: OnWarning;
  /** Refuses calls this face of Bale cannot carry out. */
  readonly check?: ((call: Call) => void) | undefined;
}

const NO_OPTIONS: CallOptions = Object.freeze({});
const NO_PARAMS: object = Object.freeze({});

/**
 * The way of a call from one api to the transport: its parents' transformers, then its own, then the check of limits.
 * The chain is composed when it is first needed and after each change.
 */
export class Line {
  readonly shared: Exchangeable;
  readonly #parent: Line | undefined;
  readonly #own: Transformer[];
  #chain: Send | undefined;
  #version = -1;

  constructor(shared: Exchangeable, parent: Line | undefined, own: readonly Transformer[]) {
    this.shared = shared;
    this.#parent = parent;
    this.#own = own.map(checkedTransformer);
  }

  use(transformers: readonly Transformer[]): void {
    this.#own.push(...transformers.map(checkedTransformer));
    this.shared.version++;
  }

  /** Installs transformers around all that are here. */
  useFirst(transformers: readonly Transformer[]): void {
    this.#own.unshift(...transformers.map(checkedTransformer));
    this.shared.version++;
  }

  /** Makes a call and unwraps its reply: the one place where `{ ok: false }` turns into an error. */
  async invoke(method: string, params: unknown, options: unknown): Promise<unknown> {
    try {
      const call = callOf(method, params, options);
      const reply: Reply | undefined = await this.#send(call);
      if (reply?.ok) return reply.result;
      throw refusalOf(reply, call, this.shared.scrub);
    } catch (error) {
      throw located(error, this, "invoke");
    }
  }

  /** Runs work made of several steps, so that its errors point at the user's line like those of a call. */
  async guard<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw located(error, this, "guard");
    }
  }

  get #send(): Send {
    const { version } = this.shared;
    if (this.#chain === undefined || this.#version !== version) {
      this.#chain = this.#compose(this.#transformers());
      this.#version = version;
    }
    return this.#chain;
  }

  #transformers(): Transformer[] {
    return [...(this.#parent === undefined ? [] : this.#parent.#transformers()), ...this.#own];
  }

  #compose(transformers: readonly Transformer[]): Send {
    const { shared } = this;
    return transformers.reduceRight<Send>(
      (next, transformer) => (call) => pass(call, transformer, next),
      (call) => leave(call, shared),
    );
  }
}

/** Runs a transformer; one that throws at once, or answers without a promise, is as one that does so later. */
function pass(call: Call, transformer: Transformer, next: Send): Promise<Reply> {
  try {
    const reply: unknown = transformer(call, next);
    // An async function in its place would make three promises more, each call anew.
    return reply instanceof Promise ? (reply as Promise<Reply>) : Promise.resolve(reply as Reply);
  } catch (error) {
    return Promise.reject(error as Error);
  }
}

/** The innermost step: what leaves here is what Bale gets, so this is where limits are compared. */
function leave(call: Call, shared: Exchangeable): Promise<Reply> {
  const { method } = call;
  shared.isClosed = false;
  shared.check?.(call);
  if (Object.hasOwn(METHODS, method)) {
    checkLimits(method, METHODS[method], (call.params ?? NO_PARAMS) as Record<string, unknown>, shared.warn);
  }
  return shared.transport.send(call);
}

function callOf(method: string, params: unknown, options: unknown): Call {
  if (params !== undefined && params !== null && (typeof params !== "object" || Array.isArray(params))) {
    throw misuse(
      "ERR_BALE_PARAMS",
      `${method}: the parameters are ${shown(params)}. Give one object with Bale's names, like { chat_id, text }.`,
    );
  }
  if (options !== undefined && (typeof options !== "object" || options === null)) {
    throw misuse(
      "ERR_BALE_PARAMS",
      `${method}: the options are ${shown(options)}. Give an object like { signal, timeoutMs }.`,
    );
  }
  return { method, params: params ?? NO_PARAMS, options: options ?? NO_OPTIONS } as Call;
}

function refusalOf(reply: Reply | undefined, call: Call, scrub: Scrub): Error {
  if (reply !== null && typeof reply === "object" && "ok" in reply && !reply.ok) {
    return errorOf(reply, call.method, call.params, scrub);
  }
  return misuse(
    "ERR_BALE_OPTION",
    `${call.method}: a transformer resolved to ${shown(reply)} instead of a reply. Return what next(call) gives, or { ok: true, result }.`,
  );
}

function checkedTransformer(transformer: Transformer): Transformer {
  if (typeof transformer === "function") return transformer;
  throw misuse(
    "ERR_BALE_OPTION",
    `api.use: ${shown(transformer)} is not a transformer. Give a function (call, next) => next(call).`,
  );
}

const alreadyLocated: WeakSet<object> = new WeakSet();

/** Points an error of ours at the user's line; errors of others pass as they are. */
function located<Frame extends string>(
  error: unknown,
  line: { readonly [Name in Frame]: (...args: never[]) => unknown },
  frame: Frame,
): unknown {
  const isOurs = error instanceof BaleError || (error instanceof TypeError && isMisuse(error));
  if (isOurs && !alreadyLocated.has(error)) {
    alreadyLocated.add(error);
    startAtCaller(error, line[frame]);
  }
  return error;
}

function isMisuse(error: Error): boolean {
  return "code" in error && typeof error.code === "string" && error.code.startsWith("ERR_BALE_");
}
