import type { Update } from "@balekit/api";
import type { Clock } from "@balekit/storage";

import type { UpdateQueue } from "./update-queue.js";

/** How long an endpoint may take. Low confidence: Bale publishes no figure; thirty seconds is this emulator's choice. */
const DELIVERY_TIMEOUT_MS = 30_000;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 60_000;

/** One try to post an update to the webhook. */
export interface WebhookDelivery {
  readonly update_id: number;
  /** When it was over, in ms since 1970 on the emulator's clock. */
  readonly at: number;
  /** How it was answered; absent when nobody listened, the connection broke, or no answer came in time. */
  readonly status?: number | undefined;
}

/** How many deliveries are kept, at least. */
const KEPT_DELIVERIES = 10_000;

/**
 * Posts updates to the bot's webhook: in order, one at a time, each again until it is answered with 2xx or is a day
 * old. How Bale retries and orders is not documented; its docs hint that duplicates happen (notes.md 3).
 */
export class Webhook {
  readonly #queue: UpdateQueue;
  readonly #clock: Clock;
  #deliveries: WebhookDelivery[] = [];
  #url = "";
  #stop: AbortController | undefined;

  constructor(queue: UpdateQueue, clock: Clock) {
    this.#queue = queue;
    this.#clock = clock;
  }

  /** Where updates go; empty when they are polled. */
  get url(): string {
    return this.#url;
  }

  /** Every delivery kept, oldest first: an update that was not taken is there once for each try. */
  get deliveries(): readonly WebhookDelivery[] {
    return this.#deliveries.slice();
  }

  /** Sends updates there from now on; an empty string goes back to polling. */
  set(url: string): void {
    this.#stop?.abort();
    this.#stop = undefined;
    this.#url = url;
    if (url === "") return;
    this.#stop = new AbortController();
    void this.#run(url, this.#stop.signal);
  }

  async #run(url: string, signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const head = this.#queue.head();
      if (head === undefined) {
        await this.#queue.changed(signal);
        continue;
      }
      const { update, repeat } = head;
      const delivered =
        (await this.#deliver(url, update, signal)) && (!repeat || (await this.#deliver(url, update, signal)));
      if (signal.aborted) return;
      if (delivered) {
        failures = 0;
        this.#queue.drop(head.update.update_id);
      } else {
        await this.#pause(pauseMs(failures++), signal);
      }
    }
  }

  async #deliver(url: string, update: Update, stop: AbortSignal): Promise<boolean> {
    const status = await this.#post(url, JSON.stringify(update), stop);
    if (!stop.aborted) this.#keep({ update_id: update.update_id, at: this.#clock.now(), status });
    return status !== undefined && status >= 200 && status < 300;
  }

  #keep(delivery: WebhookDelivery): void {
    this.#deliveries.push(delivery);
    if (this.#deliveries.length >= 2 * KEPT_DELIVERIES) {
      this.#deliveries = this.#deliveries.slice(-KEPT_DELIVERIES);
    }
  }

  /** The status of the answer; `undefined` when none came. */
  async #post(url: string, body: string, stop: AbortSignal): Promise<number | undefined> {
    const late = new AbortController();
    const timer = this.#clock.setTimeout(() => late.abort(), DELIVERY_TIMEOUT_MS);
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: headersOfDelivery(),
        body,
        redirect: "manual",
        signal: AbortSignal.any([stop, late.signal]),
      });
      // What the endpoint answers is not read as a call: replies in the answer are not documented.
      await response.body?.cancel();
      return response.status;
    } catch {
      return undefined;
    } finally {
      this.#clock.clearTimeout(timer);
    }
  }

  #pause(delayMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        this.#clock.clearTimeout(timer);
        signal.removeEventListener("abort", end);
        resolve();
      };
      const timer = this.#clock.setTimeout(end, delayMs);
      signal.addEventListener("abort", end, { once: true });
    });
  }
}

/**
 * How long an update that was not taken rests after so many tries before. Low confidence: how Bale tries again is not
 * published (notes.md 3); a second at first, twice as long each time, up to a minute is this emulator's choice.
 */
function pauseMs(triesBefore: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** triesBefore, LAST_RETRY_MS);
}

/**
 * What an update is posted with. Low confidence: no secret header is documented, and of the names that three projects
 * claim none is verified (notes.md 3), so there is none.
 */
function headersOfDelivery(): Record<string, string> {
  return { "content-type": "application/json" };
}

/** Says why `url` cannot be a webhook, or nothing when it can. */
export function webhookProblem(url: string, strict: boolean): string | undefined {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return "bad webhook: the url cannot be read";
  }
  if (
    !strict &&
    isLoopback(parsed.hostname) &&
    (parsed.protocol === "http:" || parsed.protocol === "https:")
  ) {
    return undefined;
  }
  if (parsed.protocol !== "https:") return "bad webhook: HTTPS url must be provided for webhook";
  // Only the ports 443 and 88 are taken (notes.md 3: documented).
  const port = parsed.port === "" ? "443" : parsed.port;
  return port === "443" || port === "88"
    ? undefined
    : "bad webhook: webhook can be set up only on ports 88 or 443";
}

/** Whether a host name means this machine. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  return (
    host === "localhost" || host.endsWith(".localhost") || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host)
  );
}
