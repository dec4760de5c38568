/** One part of a multipart body. */
export interface Part {
  readonly name: string;
  /** Present when the part is a file. */
  readonly fileName: string | undefined;
  /** The part's own content type, lower case and without parameters. */
  readonly type: string | undefined;
  readonly bytes: Buffer;
}

const BOUNDARY = /boundary=(?:"([^"]+)"|([^\s;,]+))/i;
/** A name, and a value with or without quotes. A quote inside quotes may be escaped with a backslash. */
const PARAMETER = /;\s*([\w-]+\*?)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^;]*))/g;

/**
 * Takes a multipart body apart; nothing when it is none. Kinder than the platform's own parser, which refuses what
 * real bot clients send: short boundaries, unquoted file names, no space after the colon.
 */
export function readParts(body: Buffer, contentType: string): Part[] | undefined {
  const match = BOUNDARY.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) return undefined;
  const first = Buffer.from(`--${boundary}`);
  const next = Buffer.from(`\r\n--${boundary}`);
  let at = body.indexOf(first);
  if (at === -1) return undefined;
  at += first.length;
  const parts: Part[] = [];
  while (body.toString("latin1", at, at + 2) !== "--") {
    const start = body.indexOf("\r\n", at);
    const end = start === -1 ? -1 : body.indexOf(next, start);
    if (end === -1) return undefined;
    const part = readPart(body.subarray(start, end));
    if (part === undefined) return undefined;
    parts.push(part);
    at = end + next.length;
  }
  return parts;
}

/** One part: from the line break before its headers to the end of its content. */
function readPart(part: Buffer): Part | undefined {
  const gap = part.indexOf("\r\n\r\n");
  if (gap === -1) return undefined;
  const headers = new Map<string, string>();
  for (const line of part.toString("utf8", 0, gap).split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  const parameters = parametersOf(headers.get("content-disposition") ?? "");
  const name = parameters.get("name");
  if (name === undefined) return undefined;
  const type = headers.get("content-type")?.split(";", 1)[0]?.trim().toLowerCase();
  return {
    name,
    fileName: extended(parameters.get("filename*")) ?? parameters.get("filename"),
    type,
    bytes: part.subarray(gap + 4),
  };
}

function parametersOf(disposition: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [, name = "", quoted, bare = ""] of disposition.matchAll(PARAMETER)) {
    parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, "$1") ?? bare.trim());
  }
  return parameters;
}

/** A value of the form `UTF-8''%D8%B3`. */
function extended(value: string | undefined): string | undefined {
  return value === undefined ? undefined : value.slice(value.lastIndexOf("'") + 1);
}
