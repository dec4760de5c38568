import type { Call, Download, Reply, Transport, Update } from "@balekit/api";
import { type Clock, systemClock } from "@balekit/storage";

/** How one call is to go wrong, or what it is answered with. */
export type Script = (call: Call) => Promise<Reply> | Reply;

/**
 * A Bale of few words behind the `Transport` interface: a queue of updates with Bale's offset, a log of calls, and
 * faults on demand. For tests of how updates come in.
 */
export class ScriptedBale implements Transport {
  readonly calls: Call[] = [];
  readonly queue: Update[] = [];
  readonly clock: Clock;
  /** What comes before the ordinary answer, by method; each is used once. */
  readonly scripts = new Map<string, Script[]>();
  webhookUrl = "";
  isClosed = false;
  nextId = 0;
  /** Milliseconds every call takes. */
  latencyMs = 0;
  #wake: (() => void)[] = [];
  #messages = 0;

  constructor(clock: Clock = systemClock) {
    this.clock = clock;
  }

  /** Puts a text into the queue, as somebody in a private chat would. Answers the id of the update. */
  writes(userId: number, text: string, chatId = userId): number {
    return this.push({
      message: {
        message_id: ++this.#messages,
        date: 0,
        text,
        chat: { id: chatId, type: chatId === userId ? "private" : "group", first_name: "someone" },
        from: { id: userId, is_bot: false, first_name: "someone" },
      },
    } as Partial<Update>);
  }

  /** Puts a press on a button into the queue. */
  presses(userId: number, data: string): number {
    const from = { id: userId, is_bot: false, first_name: "someone" };
    const message = { message_id: 1, date: 0, chat: { id: userId, type: "private", first_name: "someone" } };
    return this.push({ callback_query: { id: `q${this.nextId}`, from, data, message } } as Partial<Update>);
  }

  push(payload: Partial<Update>): number {
    const update = { ...payload, update_id: this.nextId++ } as Update;
    this.queue.push(update);
    for (const wake of this.#wake.splice(0)) wake();
    return update.update_id;
  }

  /** Makes the next calls of a method go as scripted, one after another. */
  script(method: string, ...scripts: Script[]): void {
    this.scripts.set(method, [...(this.scripts.get(method) ?? []), ...scripts]);
  }

  of(method: string): Record<string, unknown>[] {
    return this.calls
      .filter((call) => call.method === method)
      .map((call) => call.params as Record<string, unknown>);
  }

  /** The texts that were sent, oldest first. */
  get texts(): unknown[] {
    return this.of("sendMessage").map((params) => params["text"]);
  }

  readonly send = async (call: Call): Promise<Reply> => {
    this.calls.push(call);
    if (this.latencyMs > 0) await new Promise<void>((done) => this.clock.setTimeout(done, this.latencyMs));
    const script = this.scripts.get(call.method)?.shift();
    if (script !== undefined) return script(call);
    const result = await this.#answer(call);
    return { ok: true, result };
  };

  download(): Promise<Download> {
    return Promise.reject(new Error("there are no files here"));
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  async #answer(call: Call): Promise<unknown> {
    switch (call.method) {
      case "getMe":
        return { id: 1, is_bot: true, first_name: "Bot", username: "scripted_bot" };
      case "getWebhookInfo":
        return { url: this.webhookUrl };
      case "deleteWebhook":
        this.webhookUrl = "";
        return true;
      case "getUpdates":
        return this.#updates(call);
      case "sendMessage":
        return { message_id: ++this.#messages, date: 0, ...(call.params as object) };
      default:
        return true;
    }
  }

  async #updates(call: Call & { method: "getUpdates" }): Promise<Update[]> {
    const { offset = 0, limit = 100, timeout = 0 } = call.params ?? {};
    if (offset < 0) this.queue.splice(0, this.queue.length + offset);
    else {
      while (this.queue[0] !== undefined && this.queue[0].update_id < offset) this.queue.shift();
    }
    if (this.queue.length === 0 && timeout > 0) await this.#wait(timeout * 1_000, call.options.signal);
    return this.queue.slice(0, limit);
  }

  #wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = this.clock.setTimeout(resolve, ms);
      const end = (): void => this.clock.clearTimeout(timer);
      this.#wake.push(() => {
        end();
        resolve();
      });
      signal?.addEventListener("abort", () => {
        end();
        reject(signal.reason as Error);
      });
    });
  }
}

/** Lets promise chains settle without moving any clock. */
export async function settled(turns = 5): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise<void>((done) => setImmediate(done));
}

/** A promise with its handles. */
export function gate(): { promise: Promise<void>; open: () => void; fail: (error: Error) => void } {
  let open = (): void => undefined;
  let fail: (error: Error) => void = () => undefined;
  const promise = new Promise<void>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { promise, open, fail };
}

/** A logger that keeps its lines. */
export function keptLog(): {
  readonly lines: string[];
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
} {
  const lines: string[] = [];
  const keep = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  return { lines, debug: keep("debug"), info: keep("info"), warn: keep("warn"), error: keep("error") };
}
