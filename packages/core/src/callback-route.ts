import { ApiError, type InlineKeyboardButton, LIMITS } from "@balekit/api";
import type { Storage } from "@balekit/storage";
import type { Context } from "./context.js";
import { InlineKeyboard } from "./inline-keyboard.js";
import { outOfRange, shown, wrongType } from "./misuse.js";
import type { Found, ReadyPattern, TextPattern } from "./patterns.js";
import { RouteLayout } from "./route-layout.js";
import { type RouteParams, RouteParts, type RouteShape } from "./route-parts.js";
import { type RouteSecret, RouteSeal, TAG_LENGTH } from "./route-seal.js";

/** Why a press on a button of a route does not reach its handlers. */
export type RefusalReason =
  /** The tag is missing or not ours: the data was made by somebody else. */
  | "forged"
  /** The button was made for another version of the route. */
  | "outdated"
  /** What the button stands for is no longer kept. */
  | "expired";

/** What a route says about callback data. */
export type RouteReading<Params extends object> =
  | { readonly is: "ours"; readonly params: Params }
  | { readonly is: RefusalReason }
  | { readonly is: "unrelated" };

/** What goes into a route: a value of its type for each part that has one, a text or a number for the others. */
export type RouteValues<Params extends object> = {
  readonly [Name in keyof Params]: string extends Params[Name] ? string | number | bigint : Params[Name];
};

/** How a route is typed, protected and kept. */
export interface CallbackRouteOptions<Shape extends object = object> {
  /**
   * What parts are beside texts: `{ id: arg.integer() }`. Values are checked when a button is made, and handlers find
   * them as what they are; data that does not read as such is not this route's. @default texts
   */
  readonly parts?: Shape | undefined;
  /**
   * Raise it when the meaning of the data changes: buttons of other versions, and of the time before there was one,
   * answer that they are old. A route with a version owns all data that begins like it. @default none
   */
  readonly version?: number | undefined;
  /**
   * Signs the data, so that what a user's own client makes up is refused; costs 11 of the 64 bytes. The tag is cut to 64
   * bits. It does not say whose button it was: check who presses. Of a list, the first signs and all are accepted.
   * @default none
   */
  readonly secret?: RouteSecret | undefined;
  /** Answers a press that is refused. @default a passing notice in Persian */
  readonly refused?: ((ctx: Context, reason: RefusalReason) => unknown) | undefined;
}

/** How a route keeps what does not fit in a button. */
export interface StoredRouteOptions<Shape extends object = object> extends CallbackRouteOptions<Shape> {
  /** Keeps values that make the data longer than 64 bytes; the button gets a short token. Shared by all processes. */
  readonly storage: Storage<unknown>;
  /** How long they are kept after the button was last made. @default 30 days */
  readonly ttlMs?: number | undefined;
}

/** What stands in `bot.callback` where a pattern can stand. */
export interface RoutePattern<Params extends object> {
  /** As it was written. */
  readonly path: string;
  /** Never set: carries the type. */
  readonly params?: Params | undefined;
}

/** A pattern for callback data that also builds what it matches. */
export interface CallbackRoute<Params extends object> extends RoutePattern<Params> {
  /** The data of a button. @throws RangeError when it is longer than Bale's 64 bytes of UTF-8 */
  data(values: RouteValues<Params>): string;
  /** A button with this data, for `keyboard.add`. */
  button(label: string, values: RouteValues<Params>): InlineKeyboardButton;
  /** Takes data apart where there is no `bot.callback`: in a wait, in a conversation. */
  read(data: string): RouteReading<Params>;
}

/** A {@link CallbackRoute} whose longer values are kept in a storage, and that therefore has to be awaited. */
export interface StoredCallbackRoute<Params extends object> extends RoutePattern<Params> {
  /** The data of a button, once it is kept. */
  data(values: RouteValues<Params>): Promise<string>;
  /** A button with this data, for `keyboard.add`. */
  button(label: string, values: RouteValues<Params>): Promise<InlineKeyboardButton>;
  /** Takes data apart where there is no `bot.callback`: in a wait, in a conversation. */
  read(data: string): Promise<RouteReading<Params>>;
}

/**
 * Makes a route: one pattern that builds the data of buttons and matches it, with the same names and types on both sides.
 * What is put in comes out exactly, slashes and emoji included.
 * @throws TypeError for a pattern with optional groups, wildcards, or without a word in front
 *
 * @example
 * const buy = callbackRoute("buy/:id/:size");
 * bot.command("shop", (ctx) => ctx.reply("کدام؟", {
 *   reply_markup: new InlineKeyboard().text("بزرگ", buy.data({ id: 12, size: "XL" })),
 * }));
 * bot.callback(buy, (ctx) => ctx.answer(`${ctx.params.id} ${ctx.params.size}`));
 */
export function callbackRoute<const Path extends string, Shape extends RouteShape<Path> = object>(
  path: Path,
  options: StoredRouteOptions<Shape>,
): StoredCallbackRoute<RouteParams<Path, Shape>>;
export function callbackRoute<const Path extends string, Shape extends RouteShape<Path> = object>(
  path: Path,
  options?: CallbackRouteOptions<Shape> | undefined,
): CallbackRoute<RouteParams<Path, Shape>>;
export function callbackRoute(
  path: string,
  options: CallbackRouteOptions & Partial<StoredRouteOptions> = {},
): unknown {
  const maker = new RouteMaker(path, options);
  if (options.storage === undefined) {
    return Object.assign(new BuiltRoute(path, maker), {
      data: (values: unknown) => maker.data(values),
      button: (label: string, values: unknown) => InlineKeyboard.text(label, maker.data(values)),
      read: (data: string) => maker.read(data),
    });
  }
  return Object.assign(new BuiltRoute(path, maker), {
    data: async (values: unknown) => maker.kept(values),
    button: async (label: string, values: unknown) => InlineKeyboard.text(label, await maker.kept(values)),
    read: async (data: string) => maker.loaded(data),
  });
}

/** The pattern behind a route; `undefined` for anything else. */
export function patternOf(source: unknown): TextPattern | undefined {
  return source instanceof BuiltRoute ? source.pattern : undefined;
}

/** What every route is underneath. Its pattern is not for callers, and so not in their way. */
class BuiltRoute {
  readonly path: string;
  readonly #pattern: TextPattern;

  constructor(path: string, pattern: TextPattern) {
    this.path = path;
    this.#pattern = pattern;
  }

  get pattern(): TextPattern {
    return this.#pattern;
  }
}

/** Data of a route that says where the rest of it is. */
interface Reference {
  readonly is: "kept";
  readonly token: string;
}

const DAY_MS = 86_400_000;
const TOKEN_LENGTH = 16;
const encoder = new TextEncoder();

/**
 * Lays data out as `prefix [%v<version>.] (values | %s<token>) [tag]`. No value ever begins with `%v` or `%s`: a percent
 * sign in a value is followed by two hexadecimal digits.
 */
class RouteMaker implements TextPattern {
  readonly label: string;
  readonly seesRaw = false;
  readonly #layout: RouteLayout;
  readonly #parts: RouteParts;
  readonly #version: number | undefined;
  readonly #head: string;
  readonly #seal: RouteSeal | undefined;
  readonly #storage: Storage<unknown> | undefined;
  readonly #ttlMs: number;
  readonly #refused: (ctx: Context, reason: RefusalReason) => unknown;
  readonly #ready: ReadyPattern;

  constructor(path: string, options: CallbackRouteOptions & Partial<StoredRouteOptions>) {
    this.label = `callbackRoute(${shown(path)})`;
    const { version, secret, storage, ttlMs = 30 * DAY_MS, refused = sayRefused, parts = {} } = options;
    this.#layout = new RouteLayout(path);
    this.#parts = new RouteParts(parts, this.#layout.names, this.label);
    if (version !== undefined && !(Number.isSafeInteger(version) && version >= 1)) {
      throw outOfRange(
        "ERR_BALE_ROUTE",
        `${this.label}: the version is ${shown(version)}. Give 1, 2, 3 and so on.`,
      );
    }
    if (!(ttlMs > 0)) {
      throw outOfRange(
        "ERR_BALE_ROUTE",
        `${this.label}: ttlMs is ${shown(ttlMs)}. Give milliseconds above 0.`,
      );
    }
    if (typeof refused !== "function") {
      throw wrongType("ERR_BALE_ROUTE", `${this.label}: refused is ${shown(refused)}. Give a function.`);
    }
    this.#version = version;
    this.#head = this.#layout.prefix + (version === undefined ? "" : `%v${version.toString(36)}.`);
    this.#seal = secret === undefined ? undefined : new RouteSeal(secret, this.label);
    this.#storage = storage;
    this.#ttlMs = ttlMs;
    this.#refused = refused;
    this.#ready = { exact: undefined, prefix: this.#layout.prefix, find: (raw) => this.#find(raw) };
    const least = byteLength(this.#head) + (secret === undefined ? 0 : TAG_LENGTH) + 2 + TOKEN_LENGTH;
    if (storage !== undefined && least > LIMITS.callbackDataBytes) {
      throw outOfRange(
        "ERR_BALE_ROUTE",
        `${this.label}: even a token needs ${least} of Bale's ${LIMITS.callbackDataBytes} bytes. ` +
          "Begin the pattern with a shorter word.",
      );
    }
  }

  ready(): ReadyPattern {
    return this.#ready;
  }

  data(values: unknown): string {
    const { data, bytes } = this.#write(values);
    if (bytes <= LIMITS.callbackDataBytes) return data;
    throw outOfRange(
      "ERR_BALE_ROUTE",
      `Building the data of ${this.label}: it is ${bytes} bytes long: ${shown(data)}. Bale takes ` +
        `${LIMITS.callbackDataBytes} bytes of UTF-8, where a Persian letter takes two. ` +
        "Give shorter values, or give the route a storage.",
    );
  }

  async kept(values: unknown): Promise<string> {
    const { data, bytes, body } = this.#write(values);
    if (bytes <= LIMITS.callbackDataBytes) return data;
    // The same values have the same token: a list that is shown again and again is kept once.
    const { createHash } = process.getBuiltinModule("node:crypto");
    const digest = createHash("sha256").update(this.#head).update("\0").update(body).digest("base64url");
    const token = digest.slice(0, TOKEN_LENGTH);
    await this.#storage?.set(this.#key(token), body, { ttlMs: this.#ttlMs });
    return this.#closed(`${this.#head}%s${token}`);
  }

  read(raw: string): RouteReading<object> {
    const reading = this.#open(raw);
    return reading.is === "kept" ? { is: "unrelated" } : reading;
  }

  async loaded(raw: string): Promise<RouteReading<object>> {
    const reading = this.#open(raw);
    if (reading.is !== "kept") return reading;
    const stored = await this.#storage?.get(this.#key(reading.token));
    const params = typeof stored?.value === "string" ? this.#valuesIn(stored.value) : undefined;
    return params === undefined ? { is: "expired" } : { is: "ours", params };
  }

  #find(raw: string): Found | undefined {
    const reading = this.#open(raw);
    if (reading.is === "unrelated") return undefined;
    if (reading.is === "ours") return { match: raw, params: reading.params };
    if (reading.is !== "kept") {
      const { is } = reading;
      return { match: raw, params: undefined, instead: (ctx: Context) => this.#refused(ctx, is) };
    }
    const instead = async (ctx: Context, handlers: () => Promise<void>): Promise<void> => {
      const found = await this.loaded(raw);
      if (found.is === "ours") {
        ctx.params = found.params;
        await handlers();
      } else if (found.is !== "unrelated") await this.#refused(ctx, found.is);
    };
    return { match: raw, params: undefined, instead };
  }

  #open(raw: string): RouteReading<object> | Reference {
    const { prefix } = this.#layout;
    if (typeof raw !== "string" || !raw.startsWith(prefix)) return { is: "unrelated" };
    if (!raw.startsWith(this.#head)) return { is: "outdated" };
    // Without a version of our own, what has one was made by a later release of the bot, or an earlier one.
    if (this.#version === undefined && /^%v[0-9a-z]+\./.test(raw.slice(prefix.length)))
      return { is: "outdated" };
    const data = this.#seal === undefined ? raw : this.#seal.open(raw);
    if (data === undefined) return this.#isWhole(raw) ? { is: "forged" } : { is: "unrelated" };
    const body = data.slice(this.#head.length);
    if (/^%s[\w-]{16}$/.test(body)) {
      return this.#storage === undefined ? { is: "outdated" } : { is: "kept", token: body.slice(2) };
    }
    const params = this.#valuesIn(body);
    return params === undefined ? { is: "unrelated" } : { is: "ours", params };
  }

  /** Whether data without a right tag has our shape: a route without a version leaves what looks different to others. */
  #isWhole(raw: string): boolean {
    if (this.#version !== undefined) return true;
    const body = raw.slice(this.#head.length);
    return body.startsWith("%s") || this.#valuesIn(body) !== undefined;
  }

  #valuesIn(body: string): Record<string, unknown> | undefined {
    return this.#parts.read(this.#layout.read(body));
  }

  #write(values: unknown): { readonly data: string; readonly bytes: number; readonly body: string } {
    const doing = `Building the data of ${this.label}`;
    const body = this.#layout.write(values, doing);
    this.#parts.check(values as object, doing);
    const data = this.#closed(this.#head + body);
    return { data, bytes: byteLength(data), body };
  }

  #closed(data: string): string {
    return this.#seal === undefined ? data : this.#seal.close(data);
  }

  #key(token: string): string {
    return `callback:${this.#head}:${token}`;
  }
}

const SAID: Readonly<Record<RefusalReason, string>> = {
  forged: "این دکمه از این بازو نیست.",
  outdated: "این دکمه قدیمی شده است. لطفاً دوباره از ابتدا شروع کنید.",
  expired: "مهلت این دکمه گذشته است. لطفاً دوباره از ابتدا شروع کنید.",
};

async function sayRefused(ctx: Context, reason: RefusalReason): Promise<void> {
  try {
    await ctx.answer(SAID[reason]);
  } catch (error) {
    // A press that is too old to be answered is no fault of anybody's.
    if (!(error instanceof ApiError) || ![400, 404].includes(error.errorCode)) throw error;
  }
}

function byteLength(text: string): number {
  return encoder.encode(text).length;
}
