import { relative } from "node:path";
import { emulator } from "@balekit/emulator";
import { systemClock } from "@balekit/storage";
import type { Fault } from "./fault.js";
import { Journal } from "./journal.js";
import type { BotProcess, PageEvents } from "./page-state.js";
import { type OutputLine, Runner, type RunnerStatus } from "./runner.js";
import { listen } from "./server.js";
import { Stream } from "./stream.js";

/** The port that is tried first. */
export const DEFAULT_PORT = 8080;

/** Options of `playground`. All may be left out. */
export interface PlaygroundOptions {
  /** The bot to run: a TypeScript or JavaScript file. Left out, the playground waits for a bot from elsewhere. */
  readonly file?: string | undefined;
  /** Where to listen; a taken port moves to the next, 0 takes any. @default 8080 */
  readonly port?: number | undefined;
  /** Restart the bot when its file, or a file it imports by a relative path, is saved. @default true */
  readonly watch?: boolean | undefined;
  /**
   * Environment of the bot, asked at every start; the token and the address of the emulated Bale are added to it.
   * @default () => process.env
   */
  readonly env?: (() => NodeJS.ProcessEnv) | undefined;
  /** Other files whose change restarts the bot: `.env`. */
  readonly alsoWatch?: readonly string[] | undefined;
  /** Hears every line the bot prints. */
  readonly onOutput?: ((line: OutputLine) => void) | undefined;
  /** Hears what the bot's process is doing. */
  readonly onStatus?: ((status: RunnerStatus) => void) | undefined;
  /** Hears every error of the bot. */
  readonly onFault?: ((fault: Fault) => void) | undefined;
}

/** A playground that is open. */
export interface Playground {
  /** Address of the page; Bale's API is below it too. */
  readonly url: string;
  readonly port: number;
  /** The emulated bot's token: `1000:emulator` without a `file`, and another each time with one. */
  readonly token: string;
  /** The emulator behind the page: make people, send messages, read calls. */
  readonly bale: ReturnType<typeof emulator>;
  /** What the bot's process is doing; `none` without a file. */
  readonly status: BotProcess["status"];
  /** The bot's process, while there is one. */
  readonly pid: number | undefined;
  /** Ends the bot and starts it again. */
  restart(): Promise<void>;
  /** Ends the bot and closes the page. Idempotent. */
  close(): Promise<void>;
}

/**
 * Opens a page in which people talk to a bot that believes it talks to Bale.
 *
 * It listens on this machine only. With a `file` it runs that bot in a process of its own and again after every save;
 * the chats stay.
 *
 * @example
 * const page = await playground({ file: "bot.ts" });
 * console.log(page.url);
 */
export async function playground(options: PlaygroundOptions = {}): Promise<Playground> {
  const bale = emulator({
    clock: systemClock,
    bot: { first_name: "ربات من", username: "my_bot" },
    token: options.file === undefined ? undefined : newToken(),
  });
  const stream = new Stream<PageEvents>();
  const name = options.file === undefined ? "" : relative(process.cwd(), options.file) || options.file;
  const journal = new Journal({
    bot: () => bale.bot,
    members: (chatId) => bale.chat(chatId).members.map((member) => member.id),
    process: { status: options.file === undefined ? "none" : "starting", file: name, restarts: 0 },
    tell: (event, data) => stream.send(event, data),
  });
  bale.onEvent((event) => journal.take(event));

  let runner: Runner | undefined;
  const server = await listen(
    {
      bale: (request, response) => bale.handleRequest(request, response),
      during: (handler, answer) => journal.during(handler, answer),
      heard: (method) => {
        if (method.toLowerCase() === "getupdates") runner?.heard();
      },
      listen: (response) => stream.join(response, "state", journal.state()),
      state: () => journal.state(),
      actions: { restart: () => runner?.restart(), clear: () => journal.clear() },
    },
    options.port ?? DEFAULT_PORT,
  );
  peopleOf(bale);

  if (options.file !== undefined) {
    let isFileGone = false;
    const tellProcess = (): void =>
      journal.process({
        status: runner?.status ?? "starting",
        file: name,
        restarts: runner?.restarts ?? 0,
        isFileGone,
      });
    runner = new Runner({
      file: options.file,
      watch: options.watch,
      alsoWatch: options.alsoWatch,
      env: () => ({
        // Conversations are brought back from their journals at every step: what would go wrong after a restart shows.
        BALE_REPLAY: "always",
        ...(options.env?.() ?? process.env),
        BALE_TOKEN: bale.token,
        BALE_API_ROOT: server.url,
      }),
      events: {
        output: (line) => {
          journal.output(line);
          options.onOutput?.(line);
        },
        status: (status) => {
          tellProcess();
          options.onStatus?.(status);
        },
        presence: (isThere) => {
          isFileGone = !isThere;
          tellProcess();
        },
        fault: (fault) => {
          journal.fault(fault);
          options.onFault?.(fault);
        },
        handler: (report) => journal.handler(report),
        pending: (report) => journal.pending(report),
        settled: (id) => journal.settled(id),
      },
    });
    await runner.start();
  }

  let closing: Promise<void> | undefined;
  return {
    url: server.url,
    port: server.port,
    token: bale.token,
    bale,
    get status() {
      return runner?.status ?? "none";
    },
    get pid() {
      return runner?.pid;
    },
    restart: async () => runner?.restart(),
    close: () => {
      closing ??= (async () => {
        await runner?.stop();
        stream.close();
        await server.close();
      })();
      return closing;
    },
  };
}

/**
 * The token of a bot that nobody has met. Chats begin anew with each playground while a bot's database stays: under the
 * id of an earlier one, the first updates and payments would count as had already.
 */
function newToken(): string {
  return `${systemClock.now()}:playground`;
}

/** Two people and a group of them, so that the page has somebody to talk as. */
function peopleOf(bale: ReturnType<typeof emulator>): void {
  const sara = bale.user({ first_name: "سارا", username: "sara" });
  const ali = bale.user({ first_name: "علی", username: "ali" });
  bale.group({ title: "گروه آزمایش", members: [sara, ali], admins: [sara] });
}
