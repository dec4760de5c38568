import { DecodeError, FileError, LimitError, NetworkError, TimeoutError } from "balekit";
import { AmbiguousEffectError, JournalLimitError } from "./errors.js";

type Fields = Readonly<Record<string, unknown>> & { readonly message: string; readonly name: string };

const CLASSES: Readonly<Record<string, (fields: Fields) => Error>> = {
  NetworkError: (fields) =>
    new NetworkError(fields.message, { method: String(fields.method), maybeSent: fields.maybeSent === true }),
  TimeoutError: (fields) =>
    new TimeoutError(fields.message, {
      method: String(fields.method),
      maybeSent: fields.maybeSent === true,
      timeoutMs: Number(fields.timeoutMs),
    }),
  DecodeError: (fields) =>
    new DecodeError(fields.message, {
      method: String(fields.method),
      status: Number(fields.status),
      snippet: String(fields.snippet),
    }),
  FileError: (fields) => new FileError(fields.message, { method: String(fields.method) }),
  LimitError: (fields) =>
    new LimitError(fields.message, {
      method: String(fields.method),
      param: String(fields.param),
      actual: Number(fields.actual),
      ...(typeof fields.min === "number" ? { min: fields.min } : undefined),
      ...(typeof fields.max === "number" ? { max: fields.max } : undefined),
    }),
};

/** An error from a journal: one of the journal's own is of its class again. */
export function openOwnError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code, operation } = error as Error & { readonly code?: unknown; readonly operation?: unknown };
  if (code === "ERR_BALE_CONVERSATION_AMBIGUOUS") return new AmbiguousEffectError(String(operation));
  return code === "ERR_BALE_CONVERSATION_LIMIT" ? new JournalLimitError(error.message) : error;
}

/** An error of the api from a journal: of the same class, with the same fields, live and in a replay. */
export function openApiError(kept: unknown): unknown {
  const error = openOwnError(kept);
  if (!(error instanceof Error)) return error;
  const make = Object.hasOwn(CLASSES, error.name) ? CLASSES[error.name] : undefined;
  return make === undefined ? error : make(error as unknown as Fields);
}
