/** Facts beside a log line. Never message texts, phone numbers or tokens. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Where the bot writes what its operator should know. Any logger with these four methods fits; pino's take the fields
 * first, so wrap it: `warn: (message, fields) => log.warn(fields, message)`.
 */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Options of `consoleLogger`. */
export interface ConsoleLoggerOptions {
  /** Which debug lines are shown: patterns as the `DEBUG` variable has them. @default process.env.DEBUG */
  readonly debug?: string | undefined;
  /** Where lines go. @default process.stderr */
  readonly stream?: NodeJS.WritableStream | undefined;
}

/**
 * Writes lines to stderr: warnings and errors always, debug lines when `DEBUG` names them (`DEBUG=balekit:*`, or
 * `DEBUG=balekit:poll,balekit:call`).
 */
export function consoleLogger(options: ConsoleLoggerOptions = {}): Logger {
  // Made with the first line: looking at process.stderr opens it, which a start need not wait for.
  let output: Console | undefined;
  const open = (): Console =>
    new (process.getBuiltinModule("node:console").Console)(options.stream ?? process.stderr);
  const shows = debugFilter(options.debug ?? process.env["DEBUG"] ?? "");
  function write(message: string, fields: LogFields | undefined): void {
    const facts = Object.entries(fields ?? {})
      .filter(([key, value]) => key !== "topic" && value !== undefined)
      .map(([key, value]) => ` ${key}=${typeof value === "string" ? value : JSON.stringify(value)}`);
    output ??= open();
    output.error(`${String(fields?.["topic"] ?? "balekit")} ${message}${facts.join("")}`);
  }
  return {
    debug(message: string, fields?: LogFields): void {
      if (shows(String(fields?.["topic"] ?? "balekit"))) write(message, fields);
    },
    info: write,
    warn: write,
    error: write,
  };
}

/** Whether a topic (`balekit:poll`) is asked for by a `DEBUG` value: names, `*`, and `-name` to leave one out. */
export function debugFilter(patterns: string): (topic: string) => boolean {
  const asked = patterns.split(/[\s,]+/).filter((pattern) => pattern !== "");
  const matches = (pattern: string, topic: string): boolean =>
    new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*")}$`).test(topic);
  return (topic) =>
    asked.some((pattern) => !pattern.startsWith("-") && matches(pattern, topic)) &&
    !asked.some((pattern) => pattern.startsWith("-") && matches(pattern.slice(1), topic));
}

/** Makes what takes the secret out of a text. */
export function hideSecret(secret: string | undefined): (text: string) => string {
  if (secret === undefined || secret.length < 8) return (text) => text;
  const tail = secret.slice(secret.indexOf(":") + 1);
  const hidden = tail.length >= 8 ? [secret, tail] : [secret];
  return (text) => hidden.reduce((left, each) => left.replaceAll(each, "[token]"), text);
}

/** A logger whose lines cannot carry the secret, whatever they are made of. */
export function withoutSecret(logger: Logger, secret: string | undefined): Logger {
  if (secret === undefined || secret.length < 8) return logger;
  const clean = hideSecret(secret);
  const cleanFields = (fields: LogFields | undefined): LogFields | undefined =>
    fields &&
    Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [key, typeof value === "string" ? clean(value) : value]),
    );
  return {
    debug: (message, fields) => logger.debug(clean(message), cleanFields(fields)),
    info: (message, fields) => logger.info(clean(message), cleanFields(fields)),
    warn: (message, fields) => logger.warn(clean(message), cleanFields(fields)),
    error: (message, fields) => logger.error(clean(message), cleanFields(fields)),
  };
}
