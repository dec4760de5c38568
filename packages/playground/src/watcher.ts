import { createHash } from "node:crypto";
import { type FSWatcher, watch } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";

/** Editors write a file in several steps; this long after the last of them the save is over. */
const SETTLE_MS = 60;

/** A file that is away for this long is not being saved: it was renamed or deleted. One that is empty was emptied. */
const GONE_MS = 1000;

/**
 * Calls back when the content of one of its files changes.
 *
 * It watches folders, not files, because many editors save by writing beside a file and renaming over it; and it
 * compares content, so a touched but equal file says nothing.
 */
export class Watcher {
  readonly #changed: (file: string) => void;
  readonly #presence: (file: string, isThere: boolean) => void;
  readonly #gone = new Set<string>();
  readonly #folders = new Map<string, FSWatcher>();
  readonly #prints = new Map<string, string>();
  #settling: NodeJS.Timeout | undefined;
  #missing: NodeJS.Timeout | undefined;
  #emptied: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param presence hears that a file is gone for good, and that it is back. */
  constructor(
    changed: (file: string) => void,
    presence: (file: string, isThere: boolean) => void = () => undefined,
  ) {
    this.#changed = changed;
    this.#presence = presence;
  }

  /** The files watched at present. */
  get files(): string[] {
    return [...this.#prints.keys()];
  }

  /**
   * Watches exactly these files from now on; what they hold at this moment counts as known. Of one that is not there it
   * is told, unless it comes soon.
   */
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
    // It went while the bot was being started, and its going was seen by nobody.
    if (files.some((file) => known.get(file) === MISSING && !this.#gone.has(file))) this.#missSoon();
  }

  /** Stops watching. Nothing is called back afterwards. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#settling);
    clearTimeout(this.#missing);
    clearTimeout(this.#emptied);
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
        clearTimeout(this.#emptied);
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

  /** @param emptyCounts an empty file is what was saved: it has been empty for long enough. */
  async #compare(emptyCounts = false): Promise<void> {
    for (const file of this.files) {
      const before = this.#prints.get(file);
      const now = await print(file);
      if (this.#closed) return;
      // Looked at for a start meanwhile: what that start runs is no change, and what comes after it wakes us again.
      if (this.#prints.get(file) !== before) continue;
      if (now === MISSING) {
        // One that is missing for a moment is being replaced: the rename that follows wakes us again.
        if (!this.#gone.has(file)) this.#missSoon();
        continue;
      }
      if (this.#gone.delete(file)) this.#presence(file, true);
      if (now === before) continue;
      if (now === EMPTY && !emptyCounts) {
        // Most programs save by emptying the file and writing it then, which on a busy machine takes its time.
        clearTimeout(this.#emptied);
        this.#emptied = setTimeout(() => void this.#compare(true), GONE_MS);
        continue;
      }
      this.#prints.set(file, now);
      this.#changed(file);
      return;
    }
  }

  #missSoon(): void {
    clearTimeout(this.#missing);
    this.#missing = setTimeout(() => void this.#miss(), GONE_MS);
  }

  async #miss(): Promise<void> {
    for (const file of this.files) {
      if (this.#gone.has(file) || (await print(file)) !== MISSING || this.#closed) continue;
      this.#gone.add(file);
      this.#presence(file, false);
    }
  }
}

const MISSING = "";
const EMPTY = "(empty)";

async function print(file: string): Promise<string> {
  try {
    const content = await readFile(file);
    return content.length === 0 ? EMPTY : createHash("sha1").update(content).digest("hex");
  } catch {
    return MISSING;
  }
}
