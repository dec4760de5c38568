/** The api: Bale's methods as functions. */
export { createApi } from "./api.js";
export type { Api, ApiOptions } from "./api.js";
/** The Business API: paid messages to private chats. */
export { businessApi } from "./business.js";
export type { BusinessClient } from "./business.js";
/** How calls reach Bale, and how failed ones are repeated. */
export { http } from "./http.js";
export type { HttpOptions } from "./http.js";
export type { ConnectionOptions } from "./connections.js";
export type { AttachReference, AttachStyle } from "./attach-reference.js";
export type { ApiWarning, OnWarning } from "./warning.js";
export { retry } from "./retry.js";
export type { RetryNotice, RetryOptions, RetryTimer } from "./retry.js";
/** Sending no faster than Bale takes it. */
export { throttle } from "./throttle.js";
export type { Throttle, ThrottleOptions } from "./throttle.js";
export type { ThrottleClock, ThrottleStats } from "./send-queue.js";
export type { Priority } from "./priority.js";
export { QueueClosedError, QueueFullError } from "./queue-error.js";
/** Downloads. */
export type { DownloadedFile, DownloadOptions, DownloadToOptions, FileReference } from "./download.js";
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
  Download,
  MethodName,
  Reply,
  Send,
  Transformer,
  Transport,
} from "./call.js";
export type { CallOptions, Progress } from "./call-options.js";
/** What can be plugged in or measured. */
export type { ApiErrorInit, NoAnswerInit } from "./errors.js";
export type { BaleErrorInit } from "./base-error.js";
/** Generated from the spec: types, methods, the query table, limits. */
export * from "./generated/types.js";
export * from "./generated/methods.js";
export * from "./generated/method-table.js";
export * from "./generated/queries.js";
export * from "./generated/limits.js";
