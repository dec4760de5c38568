import { conversation, type Conversations, conversations } from "@balekit/conversation";
import {
  type ConversationFlavor as GrammyFlavor,
  conversations as grammyConversations,
  createConversation,
} from "@grammyjs/conversations";
import { Bot, type LaneStore, memoryLanes, type Update } from "balekit";
import { Bot as GrammyBot, type Context as GrammyContext } from "grammy";
import { setTimeout as later } from "node:timers/promises";

/** How long either store takes to answer. */
const LATENCY_MS = 4;

/** What both sides' conversations are written with: as much as both have. */
export interface Talk {
  /** Waits for a text, or another kind of update; names the wait where waits have names. */
  wait(
    id: string,
    options?: { readonly timeoutMs?: number; readonly query?: "pre_checkout_query" },
  ): Promise<string>;
  say(text: string): Promise<void>;
  /** Sends an invoice. */
  charge(payload: string): Promise<void>;
  outside(name: string, run: () => void): Promise<void>;
}

export type Flow = (talk: Talk) => Promise<void>;

/** One process of a bot. */
export interface Machine {
  handle(update: object): Promise<void>;
  stop(): Promise<void>;
}

/** One way of holding conversations, with a store that outlives its processes and a Bale that hears what is said. */
export interface Side {
  /** What Bale was told to say. */
  readonly said: string[];
  /** Payloads of invoices that were sent. */
  readonly invoices: string[];
  /** What no conversation took. */
  readonly passed: string[];
  readonly errors: string[];
  /** A process on the same store; it dies, with whatever it awaits, when `dies` says so before the store is asked. */
  machine(flow: Flow, dies?: () => boolean): Machine;
}

const never: Promise<never> = new Promise(() => undefined);

async function asked<Value>(dies: () => boolean, run: () => Value | Promise<Value>): Promise<Value> {
  if (dies()) await never;
  await later(LATENCY_MS);
  const value = await run();
  if (dies()) await never;
  return value;
}

const me = { id: 1000, is_bot: true as const, first_name: "b", username: "b" };

interface Params {
  readonly text?: string;
  readonly payload?: string;
}

/** A call as Bale carries it out. */
function carriedOut(side: Side, method: string, params: Params): object {
  if (method === "getMe") return me;
  if (method === "sendMessage") side.said.push(String(params.text));
  if (method === "sendInvoice") side.invoices.push(String(params.payload));
  return { message_id: side.said.length, date: 1, chat: { id: 1, type: "private" } };
}

export function balekitSide(): Side {
  const lanes = memoryLanes();
  const side: Side = {
    said: [],
    invoices: [],
    passed: [],
    errors: [],
    machine(flow, dies = () => false) {
      const storage: LaneStore = {
        load: (...args) => asked(dies, () => lanes.load(...args)),
        commit: (...args) => asked(dies, () => lanes.commit(...args)),
        delete: (...args) => asked(dies, () => lanes.delete(...args)),
        due: (...args) => asked(dies, () => lanes.due(...args)),
        find: (...args) => asked(dies, () => lanes.find(...args)),
        keys: (prefix) => lanes.keys(prefix),
      };
      const talk = conversation("talk", async (c, ctx) => {
        await flow({
          async wait(id, { timeoutMs, query } = {}) {
            if (query !== undefined) {
              return (await c.waitFor("pre_checkout_query", { id, timeoutMs })).preCheckoutQuery
                .invoice_payload;
            }
            return (await c.waitFor("message:text", { id, timeoutMs })).text;
          },
          say: async (text) => void (await ctx.reply(text)),
          charge: async (payload) =>
            void (await ctx.replyWithInvoice({
              title: "t",
              description: "d",
              payload,
              provider_token: "p",
              prices: [{ label: "l", amount: 1 }],
            } as never)),
          outside: (name, run) => c.external(name, run),
        });
      });
      const bot = new Bot("1000:not-a-real-secret");
      bot.transform(async (call) => {
        await later(1);
        return { ok: true, result: carriedOut(side, call.method, call.params as Params) as never };
      });
      bot.catch((error) => void side.errors.push(error.message));
      const talks: Conversations = conversations({ definitions: [talk], storage, leaseMs: 300, sweepMs: 20 });
      const talking = bot.extend(talks);
      talking.command("begin", (ctx) => ctx.conversation.enter(talk));
      talking.use((ctx) => void side.passed.push(passing(ctx.update)));
      return { handle: (update) => bot.handle(update as Update), stop: () => bot.stop() };
    },
  };
  return side;
}

export function grammySide(): Side {
  const kept = new Map<string, string>();
  const side: Side = {
    said: [],
    invoices: [],
    passed: [],
    errors: [],
    machine(flow, dies = () => false) {
      type Talking = GrammyFlavor<GrammyContext>;
      // Conversations call through a client of their own, so Bale is put where both reach it.
      const fetch = async (url: string, { body }: { readonly body: string }): Promise<object> => {
        await later(1);
        const result = carriedOut(side, url.slice(url.lastIndexOf("/") + 1), JSON.parse(body));
        return { json: async () => ({ ok: true, result }) };
      };
      const bot = new GrammyBot<Talking>("1000:not-a-real-secret", {
        botInfo: me as never,
        client: { fetch: fetch as never },
      });
      bot.use(
        grammyConversations({
          storage: {
            type: "key",
            version: 0,
            adapter: {
              read: (key) =>
                asked(dies, () => {
                  const text = kept.get(key);
                  return text === undefined ? undefined : JSON.parse(text);
                }),
              write: (key, state) => asked(dies, () => void kept.set(key, JSON.stringify(state))),
              delete: (key) => asked(dies, () => void kept.delete(key)),
            },
          },
        }),
      );
      bot.use(
        createConversation<Talking, GrammyContext>(async (c, ctx) => {
          await flow({
            async wait(_id, { timeoutMs, query } = {}) {
              const options = timeoutMs === undefined ? {} : { maxMilliseconds: timeoutMs };
              if (query !== undefined) {
                return (await c.waitFor("pre_checkout_query", options)).preCheckoutQuery.invoice_payload;
              }
              return (await c.waitFor("message:text", options)).message.text;
            },
            say: async (text) => void (await ctx.reply(text)),
            charge: async (payload) =>
              void (await ctx.replyWithInvoice("t", "d", payload, "XTR", [{ label: "l", amount: 1 }])),
            outside: (_name, run) => c.external(run),
          });
        }, "talk"),
      );
      bot.command("begin", (ctx) => ctx.conversation.enter("talk"));
      bot.use((ctx) => void side.passed.push(passing(ctx.update)));
      return {
        // What its polling does with an error is up to `bot.catch`.
        handle: (update) =>
          bot.handleUpdate(update as never).catch((error: unknown) => void side.errors.push(String(error))),
        stop: async () => undefined,
      };
    },
  };
  return side;
}

function passing(update: object): string {
  const { message, pre_checkout_query: query } = update as {
    message?: { text?: string };
    pre_checkout_query?: { from: { id: number } };
  };
  return query === undefined ? String(message?.text) : `pre-checkout of ${query.from.id}`;
}

let updates = 0;

/** A text of a user in the private chat with the bot. */
export function text(said: string, from = 1): { readonly update_id: number } {
  const message = {
    message_id: ++updates,
    date: 1,
    chat: { id: from, type: "private", first_name: "u" },
    from: { id: from, is_bot: false, first_name: "u" },
    text: said,
    ...(said.startsWith("/") ? { entities: [{ type: "bot_command", offset: 0, length: said.length }] } : {}),
  };
  return { update_id: updates, message } as { readonly update_id: number };
}

/** What comes before a payment: who may pay is asked. */
export function preCheckout(payload: string, from: number): { readonly update_id: number } {
  const query = {
    id: `q${++updates}`,
    from: { id: from, is_bot: false, first_name: "u" },
    currency: "IRR",
    total_amount: 1,
    invoice_payload: payload,
  };
  return { update_id: updates, pre_checkout_query: query } as { readonly update_id: number };
}
