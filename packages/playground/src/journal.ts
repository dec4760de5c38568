import { AsyncLocalStorage } from "node:async_hooks";
import type { CallRecord, EmulatorEvent } from "@balekit/emulator";
import type { Message, User } from "@balekit/api";
import type { Fault } from "./fault.js";
import type {
  BotProcess,
  CallEntry,
  Group,
  HandlerRun,
  PageEvents,
  PageState,
  PendingUpdate,
} from "./page-state.js";
import type { HandlerReport, PendingReport } from "./report.js";
import type { OutputLine } from "./runner.js";

/** How many calls, lines and errors a page that connects later is shown. */
const KEPT = 300;

/** How many messages a page that connects later is shown, of all chats together. */
const KEPT_MESSAGES = 2000;

/** A line longer than this is cut: a bot may print whole files. */
const LONGEST_LINE = 10_000;

/** What an error says, and its stack, are cut at this; a line of the file near it much sooner, one may be a whole program. */
const LONGEST_FAULT = 10_000;
const LONGEST_CODE = 500;

/** How many handlers of the bot are remembered: a call names its handler while that runs. */
const KEPT_HANDLERS = 500;

/** How many updates whose handlers do not end are told of: the first ones, which the others may wait for. */
const KEPT_PENDING = 100;

/** The request of the bot that is being answered. */
interface Request {
  readonly startedAt: number;
  readonly handler: number | undefined;
}

/**
 * What happened so far, in the order a page wants it: it listens to the emulator and to the bot's process, keeps what a
 * page that connects later must see, and tells the pages that are open.
 */
export class Journal {
  readonly #tell: <Name extends keyof PageEvents>(name: Name, data: PageEvents[Name]) => void;
  readonly #request = new AsyncLocalStorage<Request>();
  readonly #people = new Map<number, User>();
  readonly #groups = new Map<number, Group>();
  readonly #messages = new Map<string, Message>();
  readonly #handlers = new Map<number, HandlerRun>();
  /** Calls, by id, whose handler has not been told of yet: they come over HTTP, the news over a wire of its own. */
  readonly #unnamed = new Map<number, number>();
  #calls: CallEntry[] = [];
  #output: OutputLine[] = [];
  #faults: Fault[] = [];
  readonly #pending = new Map<number, PendingUpdate>();
  #process: BotProcess;
  readonly #bot: () => User;
  readonly #members: (chatId: number) => readonly number[];

  constructor(options: {
    readonly bot: () => User;
    readonly members: (chatId: number) => readonly number[];
    readonly process: BotProcess;
    readonly tell: <Name extends keyof PageEvents>(name: Name, data: PageEvents[Name]) => void;
  }) {
    this.#bot = options.bot;
    this.#members = options.members;
    this.#process = options.process;
    this.#tell = options.tell;
  }

  /** All of it, for a page that connects. */
  state(): PageState {
    return {
      bot: this.#bot(),
      people: [...this.#people.values()],
      groups: [...this.#groups.values()],
      messages: [...this.#messages.values()],
      calls: this.#calls,
      output: this.#output,
      faults: this.#faults,
      pending: this.#pendingUpdates(),
      process: this.#process,
    };
  }

  /** Runs the answering of one request of the bot: calls logged inside know when it began and which handler asked. */
  during<Result>(handler: number | undefined, answer: () => Result): Result {
    return this.#request.run({ startedAt: performance.now(), handler }, answer);
  }

  /** Takes what happened in the emulator. */
  take(event: EmulatorEvent): void {
    switch (event.type) {
      case "user":
        this.#people.set(event.data.id, event.data);
        this.#tell("person", event.data);
        break;
      case "chat":
        this.#group(event.data.id, { chat: event.data, members: this.#members(event.data.id) });
        break;
      case "message":
        this.#message(event.data);
        break;
      case "edited_message":
        // An old one that is no longer kept would come back as the newest.
        if (this.#messages.has(keyOf(event.data))) this.#message(event.data);
        else this.#tell("message", event.data);
        break;
      case "deleted_message":
        this.#messages.delete(`${event.data.chat_id}/${event.data.message_id}`);
        this.#tell("deleted_message", event.data);
        break;
      case "callback_answer":
        this.#tell("callback_answer", event.data);
        break;
      case "chat_action":
        this.#tell("chat_action", event.data);
        break;
      case "payment":
        this.#tell("payment", event.data);
        break;
      case "call":
        this.#call(event.data);
        break;
      // The rest is told in other words: an update is a message somebody sent, a fault is in the call it spoiled.
      case "callback_query":
      case "pre_checkout_query":
      case "update":
      case "fault":
      case "clock":
        break;
    }
  }

  /** Takes a line that the bot printed. */
  output(line: OutputLine): void {
    const shown = { ...line, text: cut(line.text, LONGEST_LINE) };
    this.#output = [...this.#output, shown].slice(-KEPT);
    this.#tell("output", shown);
  }

  /** Takes an error of the bot. */
  fault(fault: Fault): void {
    const shown: Fault = {
      ...fault,
      message: cut(fault.message, LONGEST_FAULT),
      stack: cut(fault.stack, LONGEST_FAULT),
      excerpt: fault.excerpt?.map((one) => ({ ...one, text: cut(one.text, LONGEST_CODE) })),
    };
    this.#faults = [...this.#faults, shown].slice(-KEPT);
    this.#tell("fault", shown);
  }

  /** Takes the news that a handler of the bot began. */
  handler(report: HandlerReport): void {
    const { id, title, updateId, file, line } = report;
    this.#handlers.set(id, { id, title, updateId, file, line });
    const [oldest] = this.#handlers.keys();
    if (this.#handlers.size > KEPT_HANDLERS && oldest !== undefined) this.#handlers.delete(oldest);
    for (const [callId, handlerId] of this.#unnamed) {
      // News comes in the order of the numbers: what is older than this will not be told of any more.
      if (handlerId > id) continue;
      this.#unnamed.delete(callId);
      if (handlerId === id) this.#name(callId, { id, title, updateId, file, line });
    }
  }

  /** Takes the news that handlers do not end, or something new about ones that were told of. */
  pending(report: PendingReport): void {
    const { id, since, chatId, isHolding, handlers } = report;
    this.#pending.set(id, { id, since, chatId, isHolding, handlers });
    this.#tell("pending", this.#pendingUpdates());
  }

  /** Takes the news that handlers have ended after all. */
  settled(id: number): void {
    if (this.#pending.delete(id)) this.#tell("pending", this.#pendingUpdates());
  }

  /** Takes the state of the bot's process. */
  process(process: BotProcess): void {
    // Of a process that is gone nothing goes on. (One that is stuck may come back.)
    if (process.status !== "running" && process.status !== "stuck" && this.#pending.size > 0) {
      this.#pending.clear();
      this.#tell("pending", []);
    }
    // A new process numbers its handlers anew.
    if (process.status === "starting" || process.status === "restarting") {
      this.#handlers.clear();
      this.#unnamed.clear();
    }
    this.#process = process;
    this.#tell("process", process);
  }

  /** Forgets calls, output and errors; the chats stay, and so does the error that keeps the bot down. */
  clear(): void {
    const isDown = this.#process.status === "crashed";
    const cause = isDown ? this.#faults.findLast(({ where }) => where === "crash") : undefined;
    this.#calls = [];
    this.#output = [];
    this.#faults = cause === undefined ? [] : [cause];
  }

  #pendingUpdates(): PendingUpdate[] {
    return [...this.#pending.values()].slice(0, KEPT_PENDING);
  }

  #message(message: Message): void {
    this.#messages.set(keyOf(message), message);
    const [oldest] = this.#messages.keys();
    if (this.#messages.size > KEPT_MESSAGES && oldest !== undefined) this.#messages.delete(oldest);
    this.#tell("message", message);
    const group = this.#groups.get(message.chat.id);
    const moved = message.new_chat_members !== undefined || message.left_chat_member !== undefined;
    if (group !== undefined && moved) {
      this.#group(message.chat.id, { chat: group.chat, members: this.#members(message.chat.id) });
    }
  }

  #group(id: number, group: Group): void {
    if (group.chat.type === "private") return;
    this.#groups.set(id, group);
    this.#tell("group", group);
  }

  /** Says of a call that was told already which handler made it, if the call is still kept. */
  #name(callId: number, handler: HandlerRun): void {
    const at = this.#calls.findIndex((call) => call.id === callId);
    const call = this.#calls[at];
    if (call === undefined) return;
    const named = { ...call, handler };
    this.#calls = this.#calls.with(at, named);
    this.#tell("call", named);
  }

  #call(record: CallRecord): void {
    const request = this.#request.getStore();
    // The poll goes on in the context of what it started; it is still nobody's.
    const handlerId = record.method === "getUpdates" ? undefined : request?.handler;
    const handler = handlerId === undefined ? undefined : this.#handlers.get(handlerId);
    const entry: CallEntry = {
      id: record.id,
      at: Date.now(),
      durationMs: request === undefined ? 0 : performance.now() - request.startedAt,
      method: record.method,
      params: record.params,
      result: record.result,
      error: record.ok ? undefined : { code: record.error_code ?? 0, description: record.description ?? "" },
      warnings: record.warnings,
      handler,
    };
    if (handlerId !== undefined && handler === undefined) {
      this.#unnamed.set(record.id, handlerId);
      // A call that is not kept needs no name.
      const [oldest] = this.#unnamed.keys();
      if (this.#unnamed.size > KEPT && oldest !== undefined) this.#unnamed.delete(oldest);
    }
    // Polls that brought updates are calls as well, but there are many of them: they must not push out the others.
    this.#calls = [...this.#calls, entry].slice(-KEPT);
    this.#tell("call", entry);
    if (record.ok && removesKeyboard(record.params["reply_markup"])) this.#removeKeyboard(record.result);
  }

  /** Bale's messages do not say that they took a keyboard away; the page has to know. */
  #removeKeyboard(result: unknown): void {
    const sent = result as Partial<Message> | undefined;
    const key = `${sent?.chat?.id}/${sent?.message_id}`;
    const message = this.#messages.get(key);
    if (message === undefined) return;
    const marked = { ...message, reply_markup: { remove_keyboard: true } } as unknown as Message;
    this.#messages.set(key, marked);
    this.#tell("message", marked);
  }
}

function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

function keyOf(message: Message): string {
  return `${message.chat.id}/${message.message_id}`;
}

function removesKeyboard(markup: unknown): boolean {
  if (typeof markup === "string") return /"remove_keyboard"\s*:\s*true/.test(markup);
  return typeof markup === "object" && markup !== null && "remove_keyboard" in markup;
}
