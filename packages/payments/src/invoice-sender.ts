import { type Api, type BotHost, sleep } from "balekit";
import { ClaimWatch } from "./claim-watch.js";
import type { Invoices } from "./invoices.js";
import { Lease } from "./lease.js";
import type { OrderBook } from "./order-book.js";
import { type Order, publicOrder, type StoredOrder } from "./order.js";
import { PaymentError } from "./payment-error.js";

/** How long a process that sends an invoice may be silent before another one sends it. */
const SILENT_MS = 6_000;
/** How often whoever waits for another process looks: often at first. */
const FIRST_LOOK_MS = 20;
const LONGEST_LOOK_MS = 500;
const REFUSED = "the invoice could not be sent";

/** What invoices are sent with. */
export interface InvoiceSenderInit {
  readonly book: OrderBook;
  readonly host: BotHost;
  readonly invoices: Invoices;
}

/**
 * Sends the invoices of orders. Of several calls for one order at once, in whichever process, one sends, and the others
 * wait for what comes of it.
 */
export class InvoiceSender {
  readonly #book: OrderBook;
  readonly #host: BotHost;
  readonly #invoices: Invoices;
  /** The call of this process that is at an order, or the last of those that wait for it. */
  readonly #turns = new Map<string, Promise<void>>();
  /** Messages with invoices that have come, and could not be written into their orders. */
  readonly #unwritten = new Map<string, number>();

  constructor({ book, host, invoices }: InvoiceSenderInit) {
    this.#book = book;
    this.#host = host;
    this.#invoices = invoices;
  }

  /** Writes an order down that nobody else can know of, and sends its invoice. */
  async send(api: Api, draft: StoredOrder): Promise<Order> {
    const { order } = await this.#book.open(draft);
    return this.#deliver(api, order, true);
  }

  /**
   * Writes an order down, or finds it, and sends its invoice unless it is known to have been sent.
   * @param check throws where the order that is found is not the one that is meant
   */
  async sendOnce(api: Api, draft: StoredOrder, check: (order: StoredOrder) => void): Promise<Order> {
    const before = this.#turns.get(draft.id);
    const work = (before ?? Promise.resolve()).then(() =>
      this.#sendOnce(api, draft, check, before !== undefined),
    );
    const turn = work.then(
      () => undefined,
      () => undefined,
    );
    this.#turns.set(draft.id, turn);
    try {
      return await work;
    } finally {
      if (this.#turns.get(draft.id) === turn) this.#turns.delete(draft.id);
    }
  }

  async #sendOnce(
    api: Api,
    draft: StoredOrder,
    check: (order: StoredOrder) => void,
    hasWaitedHere: boolean,
  ): Promise<Order> {
    const { clock } = this.#host;
    const watch = new ClaimWatch(clock, SILENT_MS);
    let hasWaited = hasWaitedHere;
    try {
      for (let lookMs = FIRST_LOOK_MS; ; lookMs = Math.min(lookMs * 2, LONGEST_LOOK_MS)) {
        const lease = new Lease(draft, this.#book, clock, SILENT_MS);
        const { order, isNew } = await this.#book.open({ ...draft, claim: lease.first });
        check(order);
        if (order.state !== "created") return publicOrder(order);
        // Whoever was waited for has let go of it and not said how it ended.
        if (!isNew && order.claim === undefined && hasWaited) throw unsure(order);
        const claimed = isNew ? order : await this.#claim(order, lease, watch);
        if (claimed !== undefined) {
          try {
            if (await lease.hold()) return await this.#deliver(api, claimed, isNew, lease);
          } finally {
            lease.end();
          }
        }
        hasWaited = true;
        await sleep(clock, lookMs);
      }
    } finally {
      watch.stop();
    }
  }

  async #claim(order: StoredOrder, lease: Lease, watch: ClaimWatch): Promise<StoredOrder | undefined> {
    const changed = await this.#book.change(order, (now) =>
      now.state === "created" && !watch.isHeld(now) ? { ...now, claim: lease.first } : undefined,
    );
    return changed?.after;
  }

  /** @param isNew whether no earlier call may have sent an invoice of it */
  async #deliver(api: Api, order: StoredOrder, isNew: boolean, lease?: Lease): Promise<Order> {
    const sale = `${order.id} ${order.createdAt}`;
    let messageId = this.#unwritten.get(sale);
    if (messageId === undefined) {
      try {
        const message = await api.sendInvoice(this.#invoices.message("order", order, order.chatId));
        messageId = message.message_id;
      } catch (error) {
        // It may have come all the same, or another call's may have: then it can be paid, from the state it is in.
        const isRefused = isNew && (error as { readonly maybeSent?: unknown }).maybeSent !== true;
        await this.#giveUp(order, isRefused, lease);
        throw error;
      }
      this.#unwritten.set(sale, messageId);
    }
    const sent = await this.#sent(order, messageId);
    this.#unwritten.delete(sale);
    return sent;
  }

  async #sent(order: StoredOrder, messageId: number): Promise<Order> {
    const changed = await this.#book.change(order, (now) => {
      // Another call of the same key may have been refused meanwhile: this invoice has come, and can be paid.
      const isOpen = now.state === "created" || (now.state === "failed" && now.charge === undefined);
      if (!isOpen) return { ...now, messageId };
      const { failure: _failure, claim: _claim, ...rest } = now;
      return { ...rest, state: "invoiced", messageId };
    });
    return publicOrder(changed?.after ?? order);
  }

  /** Writes down that nothing was sent, as far as that is known, and lets others send it. */
  async #giveUp(order: StoredOrder, isRefused: boolean, lease: Lease | undefined): Promise<void> {
    try {
      await this.#book.change(
        order,
        (now) => {
          if (now.state !== "created" || (lease !== undefined && !lease.owns(now))) return undefined;
          const { claim: _claim, ...rest } = now;
          if (isRefused) return { ...rest, state: "failed", failure: REFUSED };
          return lease === undefined ? undefined : rest;
        },
        REFUSED,
      );
    } catch (error) {
      // What Bale has said is what the caller has to hear.
      await this.#host.report(
        error,
        `Writing down that the invoice of the order ${order.id} could not be sent`,
      );
    }
  }
}

function unsure({ id }: StoredOrder): PaymentError & { readonly maybeSent: true } {
  const message = `Selling: another call was sending the invoice of the order ${id}, and nobody knows whether it has come. Selling it again sends one more.`;
  const error = new PaymentError("ERR_BALE_PAYMENT_UNKNOWN", message, { orderId: id });
  return Object.assign(error, { maybeSent: true as const });
}
