/** The oldest Node this runs on; loaded first, so that an older one is refused in words. */
export { OLDEST_NODE, refuseOldNode } from "./node-version.js";
/** Files to upload. */
export { InputFile } from "./input-file.js";
export type { ByteStream, FileSource, InputFileOptions, StreamFactory } from "./input-file.js";
/** What goes wrong, by cause. */
export {
  ApiError,
  BadRequestError,
  BaleError,
  ConflictError,
  DecodeError,
  FileError,
  ForbiddenError,
  InvalidTokenError,
  LimitError,
  NetworkError,
  NotFoundError,
  RateLimitedError,
  ServerError,
  TimeoutError,
  TooLargeError,
} from "./errors.js";
/** A call on its way out, and what stands between it and Bale. */
export type {
  Call,
  CallOptions,
  Download,
  MethodName,
  Progress,
  Reply,
  Send,
  Transformer,
  Transport,
} from "./call.js";
/** What can be plugged in or measured. */
export type { ApiErrorInit, NoAnswerInit } from "./errors.js";
export type { BaleErrorInit } from "./base-error.js";
