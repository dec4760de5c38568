import type { CallOptions } from "./call-options.js";
import type { Methods } from "./generated/methods.js";

export type { CallOptions } from "./call-options.js";

/** The name of a method the spec knows, documented by Bale or not. */
export type MethodName = keyof Methods;

/**
 * One call on its way out, as transformers see it. Discriminated by `method`: after
 * `if (call.method === "sendMessage")` the parameters are `sendMessage`'s.
 * `api.call` with a name the spec does not know arrives here too, so a `switch` wants a `default`.
 */
export type Call = {
  readonly [Name in MethodName]: {
    readonly method: Name;
    readonly params: Methods[Name]["params"];
    readonly options: CallOptions;
  };
}[MethodName];

/** What Bale answered, before it is unwrapped: failures are values here, not exceptions. */
export type Reply =
  | { readonly ok: true; readonly result: unknown }
  | {
      readonly ok: false;
      readonly error_code: number;
      readonly description: string;
      readonly parameters?: { readonly retry_after?: number | undefined } | undefined;
    };

/**
 * Carries a call out. Rejects only when there is no answer to speak of: `NetworkError`, `TimeoutError`,
 * `DecodeError`, or the reason of an aborted signal.
 */
export type Send = (call: Call) => Promise<Reply>;

/** Stands between the api and its transport: sees each call, may change, repeat, delay or answer it. */
export type Transformer = (call: Call, next: Send) => Promise<Reply>;

/** The bytes of a file on Bale's server. */
export interface Download {
  /** The size Bale announced, when it did. */
  readonly totalBytes?: number | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * What stands where `tapi.bale.ai` stands: HTTP by default, the emulator in tests.
 */
export interface Transport {
  readonly send: Send;
  /** Opens a file by the `file_path` of `getFile`. Rejects with an `ApiError` when there is none. */
  download(filePath: string, options: CallOptions): Promise<Download>;
  /** Lets go of sockets. Calls after it open new ones. */
  close(): Promise<void>;
}
