import { type Codec, json } from "./codec.js";
import { misuse, StorageError } from "./storage-error.js";

/** How a store turns values into text; options every driver takes. */
export interface ValueOptions {
  /** Writes values as text. @default json */
  readonly codec?: Codec | undefined;
  /** The largest value taken, in bytes of UTF-8 after encoding. @default 1_048_576 */
  readonly maxBytes?: number | undefined;
}

/** Values in and out of a store, each fault told with what was being done. */
export interface ValueText {
  /** The largest value taken, in bytes. */
  readonly maxBytes: number;
  write(doing: () => string, value: unknown): string;
  read(doing: () => string, text: string): unknown;
}

/** Makes the writer and reader that these options describe. */
export function valueText(store: string, { codec = json, maxBytes = 1_048_576 }: ValueOptions): ValueText {
  if (!(maxBytes >= 1)) {
    throw misuse(
      "ERR_BALE_OPTION",
      `Making a ${store} store: maxBytes is ${maxBytes}. Give a number from 1 up.`,
    );
  }
  return {
    maxBytes,
    write(doing: () => string, value: unknown): string {
      let text: string;
      try {
        text = codec.encode(value);
      } catch (cause) {
        const why = cause instanceof Error ? cause.message : String(cause);
        throw misuse("ERR_BALE_STORAGE_VALUE", `${doing()}: the value cannot be written: ${why}`, cause);
      }
      // A UTF-16 unit takes at most three bytes, so short text need not be counted.
      if (text.length * 3 > maxBytes) {
        const bytes = Buffer.byteLength(text);
        if (bytes > maxBytes) {
          throw new StorageError(
            "ERR_BALE_STORAGE_TOO_LARGE",
            `${doing()}: the value takes ${bytes} bytes, and maxBytes is ${maxBytes}. ` +
              "Keep less under one key, or raise maxBytes.",
          );
        }
      }
      return text;
    },
    read(doing: () => string, text: string): unknown {
      try {
        return codec.decode(text);
      } catch (cause) {
        throw new StorageError(
          "ERR_BALE_STORAGE_READ",
          `${doing()}: what is kept there cannot be read: ${cause instanceof Error ? cause.message : String(cause)} ` +
            "Use the codec that wrote it, or delete the key.",
          { cause },
        );
      }
    },
  };
}
