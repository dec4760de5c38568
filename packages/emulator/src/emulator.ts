import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import type { Transport, Update, User } from "@balekit/api";
import type { Clock } from "@balekit/storage";

import type { Calls } from "./calls.js";
import { EmulatedChat } from "./emulated-chat.js";
import { type ChatLike, EmulatedUser } from "./emulated-user.js";
import { EmulatorError } from "./emulator-error.js";
import type { EmulatorEvent } from "./events.js";
import type { Fault, FaultOptions } from "./faults.js";
import { isOurs, serve } from "./http.js";
import { makeRoom, type RoomProfile, roomBy } from "./rooms.js";
import type { ServerClock } from "./server-clock.js";
import { inProcess } from "./transport.js";
import type { UserProfile } from "./users.js";
import { isLoopback, type WebhookDelivery } from "./webhook.js";
import { World, type WorldOptions } from "./world.js";

/** How an emulator is made. */
export interface EmulatorOptions extends WorldOptions {
  /**
   * Further host names under which it may be reached over HTTP; `"*"` is any. Loopback always may.
   * @default none
   */
  readonly allowedHosts?: readonly string[] | undefined;
}

/** A bot that can be attached: one that takes a transport and a clock, and updates one by one. */
export interface AttachableBot {
  connect(to: { readonly transport: Transport; readonly clock: Clock }): unknown;
  /** Resolves when the bot is done with the update. */
  handle(update: Update): Promise<unknown>;
}

/** Where the emulator listens. */
export interface ListenOptions {
  /** 0 picks a free one. @default 0 */
  readonly port?: number | undefined;
  /** @default "127.0.0.1"; anything else lets other machines in, and is up to you */
  readonly host?: string | undefined;
}

/** A listening emulator. */
export interface Listening {
  /** Without a slash at the end; goes where `https://tapi.bale.ai` goes. */
  readonly url: string;
  readonly token: string;
  readonly port: number;
  /** Stops listening and cuts what is open. */
  close(): Promise<void>;
}

/** People and chats given by somebody who makes a group. */
export interface GroupProfile {
  readonly title: string;
  readonly username?: string | undefined;
  readonly members?: readonly ChatLike[] | undefined;
  /** The first is the creator. */
  readonly admins?: readonly ChatLike[] | undefined;
  /** How the bot stands in it. As a member it sees commands, mentions and replies only. @default "administrator" */
  readonly bot?: "administrator" | "member" | "absent" | undefined;
}

/**
 * Bale's server in memory: people, chats, files, payments and one bot.
 * Make one with `emulator()`.
 */
export class Emulator {
  readonly token: string;
  /** The bot's own profile, as getMe tells it. */
  readonly bot: User;
  /** Moves the time of the server and of an attached bot. Stands still until moved, or until HTTP is used. */
  readonly clock: ServerClock;
  /** What the bot asked of Bale. */
  readonly calls: Calls;
  readonly #world: World;
  readonly #hosts: readonly string[];
  readonly #listening: Set<Listening> = new Set();
  #attached: AttachableBot | undefined;

  constructor(options: EmulatorOptions = {}) {
    this.#world = new World(options);
    this.#hosts = options.allowedHosts ?? [];
    this.token = this.#world.token;
    this.bot = this.#world.bot;
    this.clock = this.#world.clock;
    this.calls = this.#world.calls;
  }

  /** Adds a person. */
  user(profile: UserProfile = { first_name: "Ali" }): EmulatedUser {
    return new EmulatedUser(this.#world, this.#world.addPerson(profile), () => this.#attached !== undefined);
  }

  /** Adds a group. */
  group(profile: GroupProfile): EmulatedChat {
    return this.#makeRoom("group", profile);
  }

  /** Adds a channel. Its admins post; posts come to the bot as `message` with `sender_chat`. */
  channel(profile: GroupProfile): EmulatedChat {
    return this.#makeRoom("channel", profile);
  }

  /** Looks into a chat. @throws {EmulatorError} when there is none. */
  chat(chat: ChatLike): EmulatedChat {
    return new EmulatedChat(this.#world, roomBy(this.#world, typeof chat === "number" ? chat : chat.id));
  }

  /**
   * Connects a bot without a socket: its calls come here, its clock is this one, and each update is handed to it as
   * it happens. Updates that waited are handed over at once. Returns what detaches it.
   */
  attach(bot: AttachableBot): () => void {
    if (this.#attached !== undefined) {
      throw new EmulatorError(
        "Attaching a bot: another one is attached. Detach it first, or make a second emulator.",
      );
    }
    bot.connect({ transport: this.transport(), clock: this.clock });
    this.#attached = bot;
    const waiting = this.#world.updates.receive(async (update) => {
      await bot.handle(copyOf(update));
    });
    waiting.catch(() => undefined);
    return () => {
      if (this.#attached !== bot) return;
      this.#attached = undefined;
      void this.#world.updates.receive(undefined);
    };
  }

  /** What `createApi` takes in the place of HTTP. With another token Bale's refusal can be tried. */
  transport(token: string = this.token): Transport {
    return inProcess(this.#world, token);
  }

  /** Makes calls, or the delivery of updates, go wrong. */
  fault(options: FaultOptions): Fault {
    return this.#world.faults.add(options);
  }

  /** Takes back the faults that have not struck. */
  clearFaults(): void {
    this.#world.faults.clear();
  }

  /** Calls `listener` with everything that happens from now on; returns what stops it. */
  onEvent(listener: (event: EmulatorEvent) => void): () => void {
    return this.#world.events.on(listener);
  }

  /** How many updates wait to be fetched. */
  get pendingUpdates(): number {
    return this.#world.updates.size;
  }

  /**
   * What was posted to the webhook: every try, oldest first, with the status it was answered with. Of a run that goes on,
   * the last 10,000 at least.
   */
  get deliveries(): readonly WebhookDelivery[] {
    return this.#world.webhook.deliveries;
  }

  /** Serves Bale's API and the control API over HTTP. The clock flows from now on. */
  async listen(options: ListenOptions = {}): Promise<Listening> {
    const host = options.host ?? "127.0.0.1";
    this.clock.flow();
    // Opened wider on purpose, it is reached under names nobody can know in advance.
    const hosts = isLoopback(host) ? this.#hosts : ["*"];
    const server = createServer((request, response) => {
      void serve(this.#world, request, response, hosts);
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(options.port ?? 0, host, () => {
        server.off("error", reject);
        resolve();
      });
    });
    const { port } = server.address() as AddressInfo;
    const shown = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
    const listening: Listening = {
      url: `http://${shown}:${port}`,
      token: this.token,
      port,
      close: () => {
        this.#listening.delete(listening);
        return new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        });
      },
    };
    this.#listening.add(listening);
    return listening;
  }

  /**
   * Answers a request of somebody else's `node:http` server if it is for the emulator: `/bot…`, `/file/bot…`,
   * `/business/bot…` and `/emulator…`. Says whether it is; the answer may come later. The clock flows from now on.
   */
  handleRequest(request: IncomingMessage, response: ServerResponse): boolean {
    if (!isOurs((request.url ?? "/").split("?", 1)[0] ?? "/")) return false;
    this.clock.flow();
    void serve(this.#world, request, response, this.#hosts);
    return true;
  }

  /** Stops listening everywhere and delivering to a webhook. */
  async close(): Promise<void> {
    this.#world.webhook.set("");
    await Promise.all([...this.#listening].map((listening) => listening.close()));
  }

  #makeRoom(type: RoomProfile["type"], profile: GroupProfile): EmulatedChat {
    const ids = (people: readonly ChatLike[] | undefined): number[] =>
      (people ?? []).map((person) => (typeof person === "number" ? person : person.id));
    const room = makeRoom(this.#world, {
      ...profile,
      type,
      members: ids(profile.members),
      admins: ids(profile.admins),
    });
    return new EmulatedChat(this.#world, room);
  }
}

/**
 * Makes a Bale of one's own: a server in memory, for tests without a socket and, with `listen()`, for any client.
 *
 * @example
 * const bale = emulator();
 * bale.attach(bot);
 * const ali = bale.user({ first_name: "Ali" });
 * await ali.sends("/start");
 * console.log(ali.inbox.last.text);
 */
export function emulator(options: EmulatorOptions = {}): Emulator {
  return new Emulator(options);
}

/** An update as it comes off the wire: nothing in it is shared with the world. */
function copyOf(update: Update): Update {
  return JSON.parse(JSON.stringify(update)) as Update;
}
