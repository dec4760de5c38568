import type { AttachReference } from "./attach-reference.js";
import { openPart, type Part } from "./file-part.js";
import { DEEPEST, isFile, isPlain } from "./file-search.js";
import type { InputFile } from "./input-file.js";

/** One parameter's file, measured. `param` is the top-level parameter it came in. */
export interface FilePart {
  readonly param: string;
  readonly part: Part;
}

/** A `multipart/form-data` body on its way: made afresh for each attempt, so that files are read again. */
export interface Form {
  readonly contentType: string;
  /** Absent when a stream did not say how long it is. */
  readonly totalBytes: number | undefined;
  readonly files: readonly FilePart[];
  readonly body: AsyncIterable<Uint8Array>;
  /** Lets go of files that are open. Idempotent. */
  close(): void;
}

/** How forms are made. */
export interface FormSettings {
  readonly attach: AttachReference;
  /** Whether the body is read chunk by chunk, each one gone before the next: see `Part.read`. */
  readonly isCopied: boolean;
}

type Params = Readonly<Record<string, unknown>>;

/**
 * Builds the body. Top-level files become parts named after their parameter; files deeper inside become parts
 * `file0`, `file1`, … and their place is taken by `attach`'s reference.
 *
 * @throws FileError when a file is missing or unreadable; nothing has been sent then
 */
export async function formOf(
  method: string,
  params: Params,
  { attach, isCopied }: FormSettings,
): Promise<Form> {
  const boundary = `balekit-${crypto.randomUUID()}`;
  const heads: Buffer[] = [];
  const files: FilePart[] = [];
  const order: (FilePart | undefined)[] = [];

  const addField = (name: string, value: string): void => {
    heads.push(headOf(boundary, `name="${escaped(name)}"`, undefined, value));
    order.push(undefined);
  };
  const addFile = async (param: string, partName: string, file: InputFile): Promise<void> => {
    const part = await openPart(method, param, file);
    const fileName = escaped(part.name);
    heads.push(headOf(boundary, `name="${escaped(partName)}"; filename="${fileName}"`, part.type, ""));
    const filePart = { param, part };
    order.push(filePart);
    files.push(filePart);
  };

  let nested = 0;
  const pending: { param: string; partName: string; file: InputFile }[] = [];
  const refer = (param: string, value: unknown, depth: number): unknown => {
    if (isFile(value)) {
      const address = addressOf(value);
      if (address !== undefined) return address;
      const partName = `file${nested++}`;
      pending.push({ param, partName, file: value });
      return attach(partName);
    }
    if (!isPlain(value) || depth === DEEPEST) return value;
    if (Array.isArray(value)) return value.map((item) => refer(param, item, depth + 1));
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, refer(param, item, depth + 1)]),
    );
  };

  for (const [param, value] of Object.entries(params)) {
    if (value === undefined || value === null) continue;
    if (!isFile(value)) addField(param, fieldOf(refer(param, value, 0)));
    else {
      const address = addressOf(value);
      if (address === undefined) await addFile(param, param, value);
      else addField(param, address);
    }
  }
  for (const { param, partName, file } of pending) await addFile(param, partName, file);

  return assemble(boundary, heads, order, files, isCopied);
}

function assemble(
  boundary: string,
  heads: readonly Buffer[],
  order: readonly (FilePart | undefined)[],
  files: readonly FilePart[],
  isCopied: boolean,
): Form {
  const end = Buffer.from(`--${boundary}--\r\n`);
  const lineEnd = Buffer.from("\r\n");
  let totalBytes: number | undefined = end.length;
  for (const head of heads) totalBytes += head.length;
  for (const { part } of files) {
    totalBytes =
      part.size === undefined || totalBytes === undefined
        ? undefined
        : totalBytes + part.size + lineEnd.length;
  }
  async function* body(): AsyncGenerator<Uint8Array> {
    // Heads of plain fields travel together, so that a small form is one write.
    let waiting: Buffer[] = [];
    for (let i = 0; i < heads.length; i++) {
      waiting.push(heads[i] as Buffer);
      const file = order[i];
      if (file === undefined) continue;
      yield Buffer.concat(waiting);
      yield* file.part.read(isCopied);
      waiting = [lineEnd];
    }
    yield Buffer.concat([...waiting, end]);
  }
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    totalBytes,
    files,
    body: body(),
    close: () => {
      for (const { part } of files) part.close();
    },
  };
}

/** A part's head; a field's value and the line end after it come along. */
function headOf(boundary: string, disposition: string, type: string | undefined, value: string): Buffer {
  const typeLine = type === undefined ? "" : `content-type: ${type}\r\n`;
  const tail = type === undefined ? `${value}\r\n` : "";
  return Buffer.from(
    `--${boundary}\r\ncontent-disposition: form-data; ${disposition}\r\n${typeLine}\r\n${tail}`,
  );
}

/** As browsers do it: UTF-8 as it is, only what would break the line is percent-encoded. */
function escaped(name: string): string {
  return name.replace(/[\r\n"]/g, (character) =>
    character === '"' ? "%22" : character === "\r" ? "%0D" : "%0A",
  );
}

function fieldOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof URL) return value.href;
  return typeof value === "bigint" ? value.toString() : JSON.stringify(value);
}

/** A file Bale fetches by itself is a mere address. */
function addressOf(file: InputFile): string | undefined {
  return file.source instanceof URL ? file.source.href : undefined;
}
