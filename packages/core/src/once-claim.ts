import { type Clock, sleep, type Storage, type Timer } from "@balekit/storage";

/** What a storage keeps of a step. */
export type OnceRecord =
  /** Somebody is at it; `beat` counts how often they have said so. */
  | { readonly is: "begun"; readonly beat: number }
  /** It is finished. */
  | { readonly is: "done"; readonly value?: unknown }
  /** It is finished, but what it resolved to could not be kept. */
  | { readonly is: "lost"; readonly why: string };

/** What a claim stands on. */
export interface ClaimInit {
  readonly storage: Storage<OnceRecord>;
  readonly key: string;
  readonly ttlMs: number;
  readonly claimMs: number;
  readonly clock: Clock;
}

/** Times a finished step is tried to be recorded: unrecorded, it would be carried out again. */
const RECORDING_ATTEMPTS = 5;
const FIRST_PAUSE_MS = 100;
const UNKEEPABLE: ReadonlySet<unknown> = new Set(["ERR_BALE_STORAGE_TOO_LARGE", "ERR_BALE_STORAGE_VALUE"]);

/** The right to carry a step out, for as long as one shows signs of life. */
export class Claim {
  readonly #init: ClaimInit;
  #version: string;
  #beat = 0;
  #timer: Timer | undefined;
  #beating: Promise<void> = Promise.resolve();

  private constructor(init: ClaimInit, version: string) {
    this.#init = init;
    this.#version = version;
  }

  /** Claims the step if it is still at a version; `null`: if nobody has begun it. */
  static async take(init: ClaimInit, ifVersion: string | null): Promise<Claim | undefined> {
    const { storage, key, ttlMs } = init;
    const written = await storage.set(key, { is: "begun", beat: 0 }, { ifVersion, ttlMs });
    return written.ok ? new Claim(init, written.version) : undefined;
  }

  /** Shows signs of life from now on. */
  hold(): void {
    const { clock, claimMs } = this.#init;
    this.#timer = clock.setTimeout(() => {
      this.#beating = this.#sayAlive();
    }, claimMs / 3);
  }

  /** Lets go of a step that was not carried out. */
  async giveUp(): Promise<void> {
    await this.#rest();
    // If this fails, the claim runs out by itself.
    await this.#init.storage.delete(this.#init.key, { ifVersion: this.#version }).catch(() => undefined);
  }

  /** Records what the step resolved to; answers the record of somebody who was first. */
  async finish(value: unknown): Promise<OnceRecord | undefined> {
    await this.#rest();
    const record: OnceRecord = value === undefined ? { is: "done" } : { is: "done", value };
    try {
      return await this.#record(record);
    } catch (error) {
      if (!UNKEEPABLE.has((error as { readonly code?: unknown } | undefined)?.code)) throw error;
      const lost: OnceRecord = { is: "lost", why: (error as Error).message };
      return (await this.#record(lost)) ?? lost;
    }
  }

  async #record(record: OnceRecord): Promise<OnceRecord | undefined> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#recordOnce(record);
      } catch (error) {
        const isFinal = UNKEEPABLE.has((error as { readonly code?: unknown } | undefined)?.code);
        if (isFinal || attempt >= RECORDING_ATTEMPTS) throw error;
        await sleep(this.#init.clock, FIRST_PAUSE_MS * 2 ** (attempt - 1));
      }
    }
  }

  async #recordOnce(record: OnceRecord): Promise<OnceRecord | undefined> {
    const { storage, key, ttlMs } = this.#init;
    if ((await storage.set(key, record, { ifVersion: this.#version, ttlMs })).ok) return undefined;
    const stored = await storage.get(key);
    if (stored !== undefined && stored.value.is !== "begun") return stored.value;
    // Somebody took this process for dead and has begun anew: what is finished here ends that.
    await storage.set(key, record, { ttlMs });
    return undefined;
  }

  async #sayAlive(): Promise<void> {
    const { storage, key, ttlMs } = this.#init;
    try {
      const record: OnceRecord = { is: "begun", beat: ++this.#beat };
      const written = await storage.set(key, record, { ifVersion: this.#version, ttlMs });
      // Refused: somebody else is at it, and there is nothing more to hold.
      if (!written.ok) return;
      this.#version = written.version;
    } catch {
      // The next one may get through.
    }
    if (this.#timer !== undefined) this.hold();
  }

  async #rest(): Promise<void> {
    this.#init.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#beating;
  }
}
