import { createHash } from "node:crypto";
import { type FSWatcher, watch } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";

/** Editors write a file in several steps; this long after the last of them the save is over. */
const SETTLE_MS = 60;

/**
 * Calls back when the content of one of its files changes.
 *
 * It watches folders, not files, because many editors save by writing beside a file and renaming over it; and it
 * compares content, so a touched but equal file says nothing.
 */
export class Watcher {
  readonly #changed: (file: string) => void;
  readonly #folders = new Map<string, FSWatcher>();
  readonly #prints = new Map<string, string>();
  #settling: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(changed: (file: string) => void) {
    this.#changed = changed;
  }

  /** The files watched at present. */
  get files(): string[] {
    return [...this.#prints.keys()];
  }

  /** Watches exactly these files from now on; what they hold at this moment counts as known. */
  async follow(files: readonly string[]): Promise<void> {
    const known = new Map(await Promise.all(files.map(async (file) => [file, await print(file)] as const)));
    if (this.#closed) return;
    this.#prints.clear();
    for (const [file, hash] of known) this.#prints.set(file, hash);
    const wanted = new Set(files.map((file) => dirname(file)));
    for (const [folder, watcher] of this.#folders) {
      if (wanted.has(folder)) continue;
      watcher.close();
      this.#folders.delete(folder);
    }
    for (const folder of wanted) if (!this.#folders.has(folder)) this.#open(folder);
  }

  /** Stops watching. Nothing is called back afterwards. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#settling);
    for (const watcher of this.#folders.values()) watcher.close();
    this.#folders.clear();
  }

  #open(folder: string): void {
    let watcher: FSWatcher;
    try {
      watcher = watch(folder, (_event, name) => {
        if (name !== null && !this.files.some((file) => dirname(file) === folder && basename(file) === name))
          return;
        clearTimeout(this.#settling);
        this.#settling = setTimeout(() => void this.#compare(), SETTLE_MS);
      });
    } catch {
      return; // The folder is gone; the next `follow` looks again.
    }
    watcher.on("error", () => {
      watcher.close();
      this.#folders.delete(folder);
    });
    this.#folders.set(folder, watcher);
  }

  async #compare(): Promise<void> {
    for (const [file, before] of [...this.#prints]) {
      const now = await print(file);
      // A file that is missing for a moment is being replaced: the rename that follows wakes us again.
      if (this.#closed || now === before || now === MISSING) continue;
      this.#prints.set(file, now);
      this.#changed(file);
      return;
    }
  }
}

const MISSING = "";

async function print(file: string): Promise<string> {
  try {
    return createHash("sha1")
      .update(await readFile(file))
      .digest("hex");
  } catch {
    return MISSING;
  }
}
