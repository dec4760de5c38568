/// <reference path="./undici-pool.d.ts" />
import type { Dispatcher } from "undici";
import { misuse, shown } from "./misuse.js";

/** Which sockets the calls go through. */
export interface ConnectionOptions {
  /**
   * An undici dispatcher of your own: an agent with a client certificate, a mock, a composition of interceptors.
   * It is used as it is, and `close()` leaves it open.
   */
  readonly dispatcher?: Dispatcher | undefined;
  /**
   * Address of an HTTP proxy, or `false` to ignore the environment.
   * @default `HTTPS_PROXY` or `HTTP_PROXY`, unless `NO_PROXY` lists the host; never for an address of this machine
   */
  readonly proxy?: string | false | undefined;
  /** Sockets open to Bale at once, at most; further calls wait for a free one. @default 128 */
  readonly connections?: number | undefined;
}

const KEEP_ALIVE_MS = 15_000;
const CONNECT_TIMEOUT_MS = 10_000;
const LOOPBACK = /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|\[::1\])$/;

/** The sockets of one api: opened at the first call, one pool an origin. */
export class Connections {
  readonly #options: ConnectionOptions;
  readonly #open: Map<string, Dispatcher> = new Map();
  readonly #opening: Map<string, Promise<Dispatcher>> = new Map();
  readonly #underWay: Set<Promise<unknown>> = new Set();

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { connections, proxy } = options;
    if (connections !== undefined && !(Number.isSafeInteger(connections) && connections > 0)) {
      throw misuse(
        "ERR_BALE_OPTION",
        `connections: ${shown(connections)} is not a number of sockets. Give 1 or more.`,
      );
    }
    if (typeof proxy === "string" && !isProxy(proxy)) {
      // Without the value: proxies have passwords.
      throw misuse(
        "ERR_BALE_OPTION",
        `proxy: not an http or https address. Give one like "http://127.0.0.1:3128".`,
      );
    }
  }

  /** The dispatcher for an origin, if it is open already: the fast path of every call but the first. */
  ready(origin: string): Dispatcher | undefined {
    return this.#options.dispatcher ?? this.#open.get(origin);
  }

  /** Loads undici if it is not loaded yet, and opens a dispatcher for an origin. */
  async open(origin: string): Promise<Dispatcher> {
    const ready = this.ready(origin);
    if (ready !== undefined) return ready;
    let opening = this.#opening.get(origin);
    if (opening === undefined) {
      opening = this.#make(origin);
      this.#opening.set(origin, opening);
    }
    try {
      const dispatcher = await opening;
      if (this.#opening.get(origin) === opening) this.#open.set(origin, dispatcher);
      return dispatcher;
    } finally {
      if (this.#opening.get(origin) === opening) this.#opening.delete(origin);
    }
  }

  /** Keeps `close` from closing while work goes on that holds no socket yet: one that looks at its files first. */
  async during<Result>(work: Promise<Result>): Promise<Result> {
    this.#underWay.add(work);
    try {
      return await work;
    } finally {
      this.#underWay.delete(work);
    }
  }

  /** Lets calls under way finish, then closes. Calls made later open anew. */
  async close(): Promise<void> {
    const open = [...this.#open.values()];
    const opening = [...this.#opening.values()];
    const underWay = [...this.#underWay];
    this.#open.clear();
    this.#opening.clear();
    await Promise.allSettled(underWay);
    for (const one of await Promise.allSettled(opening)) if (one.status === "fulfilled") open.push(one.value);
    await Promise.all([...new Set(open)].map((dispatcher) => dispatcher.close()));
  }

  async #make(origin: string): Promise<Dispatcher> {
    const { connections = 128, proxy } = this.#options;
    const settings = {
      connections,
      pipelining: 1,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connect: { timeout: CONNECT_TIMEOUT_MS },
    };
    if (typeof proxy === "string") {
      const { ProxyAgent } = await import("undici");
      return new ProxyAgent({ ...settings, uri: proxy });
    }
    if (proxy !== false && environmentHasProxy() && !LOOPBACK.test(new URL(origin).hostname)) {
      const { EnvHttpProxyAgent } = await import("undici");
      const { http: httpProxy, https: httpsProxy } = proxiesOfEnvironment();
      return new EnvHttpProxyAgent({
        ...settings,
        ...(httpProxy === undefined ? {} : { httpProxy }),
        ...(httpsProxy === undefined ? {} : { httpsProxy }),
      });
    }
    const { default: Pool } = await import("undici/lib/dispatcher/pool.js");
    return new Pool(origin, settings);
  }
}

function environmentHasProxy(): boolean {
  const { env } = process;
  return [...HTTPS_NAMES, ...HTTP_NAMES].some((name) => Boolean(env[name]));
}

const HTTPS_NAMES: readonly string[] = ["https_proxy", "HTTPS_PROXY"];
const HTTP_NAMES: readonly string[] = ["http_proxy", "HTTP_PROXY"];

/** The proxies of the environment; many write them without a scheme, as curl takes them. */
function proxiesOfEnvironment(): { http: string | undefined; https: string | undefined } {
  return { http: proxyNamed(HTTP_NAMES), https: proxyNamed(HTTPS_NAMES) };
}

function proxyNamed(names: readonly string[]): string | undefined {
  const name = names.find((one) => Boolean(process.env[one]));
  if (name === undefined) return undefined;
  const given = process.env[name] ?? "";
  const address = given.includes("://") ? given : `http://${given}`;
  if (isProxy(address)) return address;
  // Without the value: proxies have passwords.
  throw misuse(
    "ERR_BALE_OPTION",
    `${name}: the environment names no http or https address there. Set one like "http://127.0.0.1:3128", or give the option proxy: false.`,
  );
}

function isProxy(address: string): boolean {
  return URL.canParse(address) && /^https?:$/.test(new URL(address).protocol);
}
