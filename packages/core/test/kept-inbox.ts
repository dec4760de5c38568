import type { Update } from "@balekit/api";
import type { DeadUpdate, Inbox, InboxEntry, InboxHealth, InboxHost } from "../src/index.js";

/** An inbox in memory that outlives the bot it is given to, as a store outlives a process. For tests of the bot's side. */
export class KeptInbox implements Inbox {
  /** What is kept: updates not done with, with the attempts that failed. */
  readonly kept = new Map<number, { readonly update: Update; attempts: number; error?: string }>();
  readonly log: string[] = [];
  /** What comes before the ordinary `put`: to wait, or to fail. */
  beforePut: (() => Promise<void>) | undefined;
  takenAt: number | undefined;
  /** What its health says is wrong. */
  trouble: string | undefined;
  #host: InboxHost | undefined;
  #isPaused = false;

  async open(host: InboxHost): Promise<void> {
    this.log.push("open");
    this.#host = host;
    this.#isPaused = false;
    for (const { update, error } of this.kept.values()) if (error === undefined) this.#handOut(update);
  }

  async put(updates: readonly Update[]): Promise<void> {
    await this.beforePut?.();
    for (const update of updates) {
      if (this.kept.has(update.update_id)) continue;
      this.kept.set(update.update_id, { update, attempts: 0 });
      this.log.push(`put ${update.update_id}`);
      this.#handOut(update);
    }
  }

  pause(): void {
    this.#isPaused = true;
    this.log.push("pause");
  }

  async close(): Promise<void> {
    this.#host = undefined;
    this.log.push("close");
  }

  health(): InboxHealth {
    const state = this.trouble === undefined ? "ok" : "degraded";
    return { state, reason: this.trouble, pending: this.kept.size };
  }

  async dead(): Promise<readonly DeadUpdate[]> {
    return [...this.kept.values()]
      .filter(({ error }) => error !== undefined)
      .map(({ update, attempts, error = "" }) => ({
        id: String(update.update_id),
        update,
        attempts,
        error,
        diedAt: 0,
      }));
  }

  async retry(id: string): Promise<boolean> {
    const found = this.kept.get(Number(id));
    if (found === undefined) return false;
    this.kept.set(Number(id), { update: found.update, attempts: 0 });
    this.#handOut(found.update);
    return true;
  }

  async drop(id: string): Promise<boolean> {
    return this.kept.delete(Number(id));
  }

  #handOut(update: Update): void {
    const host = this.#host;
    const found = this.kept.get(update.update_id);
    if (host === undefined || found === undefined || this.#isPaused) return;
    const entry: InboxEntry = {
      update,
      takenAt: this.takenAt ?? host.clock.now(),
      attempt: found.attempts + 1,
      signal: host.signal,
      done: () => {
        this.kept.delete(update.update_id);
        this.log.push(`done ${update.update_id}`);
      },
      failed: async (error, attempt, retryInMs) => {
        found.attempts = attempt;
        if (retryInMs === undefined) found.error = error;
        this.log.push(`failed ${update.update_id}, attempt ${attempt}`);
      },
    };
    host.handle(entry).catch(() => this.log.push(`refused ${update.update_id}`));
  }
}
