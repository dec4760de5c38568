import type { Call, Transformer } from "./call.js";
import { BUSINESS_METHODS } from "./generated/method-table.js";
import type { BusinessApi } from "./generated/methods.js";
import type { ApiOptions } from "./api.js";
import { http } from "./http.js";
import { InputFile } from "./input-file.js";
import { Line } from "./line.js";
import { misuse } from "./misuse.js";
import { tokenScrubber } from "./redact.js";
import { warner } from "./warning.js";

/** Bale's Business API: seven methods for paid messages to private chats, under a quota of their own. */
export interface BusinessClient extends BusinessApi {
  /** Installs transformers, e.g. `retry()`: the first one installed is outermost. */
  use(...transformers: Transformer[]): this;
  /** Closes the sockets; a later call opens them again. */
  close(): Promise<void>;
}

/**
 * Makes the client of the Business API, which answers under `/business`. Files go by `file_id`: upload them with the
 * ordinary api first.
 *
 * @see https://docs.bale.ai
 */
export function businessApi(options: ApiOptions = {}): BusinessClient {
  const { transport = http({ ...options, face: "business" }), token, onWarning } = options;
  const scrub = tokenScrubber(token);
  const shared = {
    transport,
    isClosed: false,
    version: 0,
    scrub,
    warn: warner(onWarning),
    check: refuseUploads,
  };
  const line = new Line(shared, undefined, []);
  const client = {
    use(...transformers: Transformer[]) {
      line.use(transformers);
      return client;
    },
    close: () => transport.close(),
    ...Object.fromEntries(
      BUSINESS_METHODS.map((name) => [
        name,
        (params?: object, options?: object) => line.invoke(name, params, options),
      ]),
    ),
  } as BusinessClient;
  return client;
}

function refuseUploads(call: Call): void {
  for (const [name, value] of Object.entries(call.params ?? {})) {
    if (!(value instanceof InputFile)) continue;
    throw misuse(
      "ERR_BALE_PARAMS",
      `${call.method}: the Business API takes no uploads, but ${name} is ${value.toString()}. Upload it with the bot's own api and give its file_id.`,
    );
  }
}
