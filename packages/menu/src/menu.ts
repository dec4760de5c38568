import {
  ApiError,
  type CallbackRoute,
  callbackRoute,
  type Context,
  InlineKeyboard,
  type PatternParams,
  type Plugin,
  plugin,
  type RouteSecret,
  type RouteValues,
  type Storage,
  type StoredCallbackRoute,
} from "balekit";
import { misuse } from "./misuse.js";
import { View } from "./view.js";

/** Who looks at a menu, and when: a `Context` is one. */
export interface MenuViewer {
  readonly from?: { readonly id: number } | undefined;
}

/** A page with its values: what a button opens. Made by `page.at(values)` and `action.at(values)`. */
export interface Target {
  readonly name: string;
  readonly values: Readonly<Record<string, string | number | bigint>>;
}

/** A page or an action of a menu. */
export interface Place<Params extends object> {
  /** Names this place with its values. */
  at(values: RouteValues<Params>): Target;
}

/** What an action leads to: a page to show, and a passing notice. */
export interface ActionResult {
  readonly show?: Target | undefined;
  /** Ends a `menuQuestion`: what its `answer` makes. */
  readonly answer?: MenuAnswer<unknown> | undefined;
  /** Up to 200 characters, shown once. */
  readonly notice?: string | undefined;
}

/** What an action may return: nothing, when there is nothing to show. */
// biome-ignore lint/suspicious/noConfusingVoidType: an async function that returns nothing fits only void
export type ActionOutcome = ActionResult | undefined | void;

/** What somebody has answered with a menu. */
export interface MenuAnswer<Value> {
  readonly value: Value;
  /** How it is shown. */
  readonly label?: string | undefined;
}

/** What a menu shows: ready for `sendMessage` and `editMessageText`. */
export interface RenderedMenu {
  readonly text: string;
  readonly reply_markup: InlineKeyboard;
}

/** What came of a press. */
export type MenuPress =
  /** The data is no button of this menu. */
  | { readonly is: "unrelated" }
  /** Nothing was done; say why. */
  | { readonly is: "refused"; readonly notice: string; readonly view?: RenderedMenu | undefined }
  | {
      readonly is: "done";
      readonly notice?: string | undefined;
      readonly view?: RenderedMenu | undefined;
      readonly answer?: MenuAnswer<unknown> | undefined;
    };

/** Options of `menu`. */
export interface MenuOptions<Viewer extends MenuViewer> {
  /** Raise it when the meaning of buttons changes: old ones answer that they are old. @default none */
  readonly version?: number | undefined;
  /** Signs the buttons: see `callbackRoute`. @default none */
  readonly secret?: RouteSecret | undefined;
  /** Keeps values that do not fit in 64 bytes: see `callbackRoute`. @default none: such a button is an error */
  readonly storage?: Storage<unknown> | undefined;
  /** Only whoever a menu was shown to may press it. @default false */
  readonly ownerOnly?: boolean | undefined;
  /**
   * What the menu was made from, such as the version of a catalogue. When it has changed since a button was made, its
   * action is not run; the page that `stale` names is shown instead. @default none
   */
  readonly print?: ((viewer: Viewer) => unknown) | undefined;
  /** The page to show in place of a stale press. @default none: only the notice */
  readonly stale?: (() => Target) | undefined;
  /** Edits the message whose button was pressed; a fresh one where that fails. `false`: always a fresh one. @default true */
  readonly edit?: boolean | undefined;
}

type Draw<Viewer> = (view: View, params: Record<string, string>, viewer: Viewer) => unknown;
type Act<Viewer> = (params: Record<string, string>, viewer: Viewer) => unknown;
type AnyRoute = CallbackRoute<Record<string, string>> | StoredCallbackRoute<Record<string, string>>;

interface Entry<Viewer> {
  readonly route: AnyRoute;
  readonly draw: Draw<Viewer> | undefined;
  readonly act: Act<Viewer> | undefined;
}

const SAID = {
  foreign: "این منو برای شما نیست.",
  stale: "این منو تازه شده است. دوباره انتخاب کنید.",
  old: "این دکمه قدیمی شده است. لطفاً دوباره از ابتدا شروع کنید.",
} as const;

/**
 * A menu: pages of buttons, each with its values in the buttons themselves, so that it outlives restarts and works on
 * any number of machines. `render` and `press` work without a bot; `plugin` does both in one.
 */
export class Menu<Viewer extends MenuViewer = Context> {
  readonly id: string;
  readonly #options: MenuOptions<Viewer>;
  readonly #entries = new Map<string, Entry<Viewer>>();

  /** @throws TypeError for an id that is not a short word */
  constructor(id: string, options: MenuOptions<Viewer> = {}) {
    if (typeof id !== "string" || !/^[a-z][a-z0-9]{0,11}$/.test(id)) {
      throw misuse(
        `menu: the id is ${JSON.stringify(id)}. Give 1 to 12 letters a to z and digits; every button carries it.`,
      );
    }
    this.id = id;
    this.#options = options;
  }

  /** A page: `draw` says what it shows. Its values are in the pattern: `page("product/:id", …)`. */
  page<const Path extends string>(
    path: Path,
    draw: (view: View, params: PatternParams<Path>, viewer: Viewer) => unknown,
  ): Place<PatternParams<Path>> {
    return this.#place(path, draw as unknown as Draw<Viewer>, undefined);
  }

  /** Something a button does before a page is shown. */
  action<const Path extends string>(
    path: Path,
    act: (params: PatternParams<Path>, viewer: Viewer) => ActionOutcome | Promise<ActionOutcome>,
  ): Place<PatternParams<Path>> {
    return this.#place(path, undefined, act as unknown as Act<Viewer>);
  }

  /** What a page shows to somebody: text and buttons, sent nowhere. */
  async render(target: Target, viewer: Viewer): Promise<RenderedMenu> {
    const entry = this.#entries.get(target.name);
    if (entry?.draw === undefined) {
      throw misuse(
        `menu ${this.id}: ${JSON.stringify(target.name)} is no page of it. Give what page.at() makes.`,
      );
    }
    const view = new View();
    const values = Object.entries(target.values).map(([name, value]) => [name, String(value)]);
    await entry.draw(view, Object.fromEntries(values) as Record<string, string>, viewer);
    const mark = this.#mark(viewer);
    const reply_markup = new InlineKeyboard();
    for (const row of view.rows) {
      reply_markup.row();
      for (const button of row) {
        if ("markup" in button) reply_markup.add(button.markup);
        else reply_markup.text(button.label, await this.#data(button.target, mark));
      }
    }
    return { text: view.content, reply_markup };
  }

  /** Does what a button stands for, and renders what is to be shown then. Sends nothing. */
  async press(data: string, viewer: Viewer): Promise<MenuPress> {
    const name = this.#nameIn(data);
    if (name === undefined) return { is: "unrelated" };
    const entry = this.#entries.get(name);
    const reading = await entry?.route.read(data);
    if (entry === undefined || reading?.is !== "ours") return { is: "refused", notice: SAID.old };
    const { mark = "", ...values } = reading.params;
    const [print = "", owner = ""] = mark.split("~");
    if (this.#options.ownerOnly && owner !== ownerOf(viewer)) return { is: "refused", notice: SAID.foreign };
    if (entry.act === undefined) return { is: "done", view: await this.render({ name, values }, viewer) };
    if (print !== this.#printOf(viewer)) {
      const stale = this.#options.stale?.();
      const view = stale === undefined ? undefined : await this.render(stale, viewer);
      return { is: "refused", notice: SAID.stale, view };
    }
    const result = (await entry.act(values, viewer)) as ActionResult | undefined;
    const view = result?.show === undefined ? undefined : await this.render(result.show, viewer);
    return { is: "done", notice: result?.notice, view, answer: result?.answer };
  }

  /** Sends a page as a message of its own. */
  async send(ctx: Context & Viewer, target: Target): Promise<void> {
    const { text, reply_markup } = await this.render(target, ctx);
    await ctx.send(text, { reply_markup });
  }

  /** Takes the presses of this menu in a bot: `bot.extend(shop.plugin())`. The bot's contexts have to be its viewers. */
  plugin(): Plugin<object, Viewer> {
    return plugin<object, Viewer>(`menu:${this.id}`, (composer) => {
      composer.callback(new RegExp(`^${this.id}\\.`), async (ctx) => {
        const viewer = ctx as unknown as Context & Viewer;
        const done = await this.press(ctx.callbackQuery.data, viewer);
        if (done.is === "unrelated") return;
        // Without a notice the bot answers by itself when this is over.
        if (done.notice !== undefined) await notify(ctx, done.notice);
        if (done.view !== undefined) await this.#show(viewer, done.view);
      });
      return composer;
    });
  }

  async #show(ctx: Context, { text, reply_markup }: RenderedMenu): Promise<void> {
    if (this.#options.edit !== false && ctx.msg !== undefined) {
      try {
        await ctx.edit(text, { reply_markup });
        return;
      } catch (error) {
        // What is shown already need not be shown; what can't be edited is sent anew. Anything else is a fault.
        if (!(error instanceof ApiError) || ![400, 403, 404].includes(error.errorCode)) throw error;
        if (/not modified/i.test(error.message)) return;
      }
    }
    await ctx.send(text, { reply_markup });
  }

  #place<Params extends object>(
    path: string,
    draw: Draw<Viewer> | undefined,
    act: Act<Viewer> | undefined,
  ): Place<Params> {
    const [name = "", ...rest] = path.split("/");
    if (!/^[a-z0-9-]+$/i.test(name) || this.#entries.has(name)) {
      throw misuse(
        `menu ${this.id}: ${JSON.stringify(path)} needs a first word of its own, of letters a to z and digits.`,
      );
    }
    if (rest.includes(":mark")) {
      throw misuse(
        `menu ${this.id}: ${JSON.stringify(path)} has a value called mark, as the menu's own in every button is. Give it another name.`,
      );
    }
    const { version, secret, storage } = this.#options;
    const full = [`${this.id}.${name}`, ":mark", ...rest].join("/");
    const route = storage
      ? callbackRoute(full, { version, secret, storage })
      : callbackRoute(full, { version, secret });
    this.#entries.set(name, { route: route as unknown as AnyRoute, draw, act });
    return { at: (values) => ({ name, values: { ...values } as Target["values"] }) };
  }

  #data(target: Target, mark: string): string | Promise<string> {
    const entry = this.#entries.get(target.name);
    if (entry === undefined) {
      throw misuse(
        `menu ${this.id}: a button opens ${JSON.stringify(target.name)}, which is no page or action of it.`,
      );
    }
    return entry.route.data({ ...target.values, mark } as never);
  }

  #nameIn(data: string): string | undefined {
    return typeof data === "string" && data.startsWith(`${this.id}.`)
      ? /^[^/]*/.exec(data.slice(this.id.length + 1))?.[0]
      : undefined;
  }

  #mark(viewer: Viewer): string {
    return this.#options.ownerOnly ? `${this.#printOf(viewer)}~${ownerOf(viewer)}` : this.#printOf(viewer);
  }

  #printOf(viewer: Viewer): string {
    const { print } = this.#options;
    return print === undefined ? "" : fingerprint(String(print(viewer)));
  }
}

/** Makes a menu: see {@link Menu}. */
export function menu<Viewer extends MenuViewer = Context>(
  id: string,
  options: MenuOptions<Viewer> = {},
): Menu<Viewer> {
  return new Menu<Viewer>(id, options);
}

/**
 * Shows a notice. A press that is too old to be answered is no fault: what it stands for is done, and thrown from here it
 * would be done again with the update.
 */
async function notify(ctx: Context, notice: string): Promise<void> {
  try {
    await ctx.answer(notice);
  } catch (error) {
    if (!(error instanceof ApiError) || ![400, 404].includes(error.errorCode)) throw error;
  }
}

function ownerOf(viewer: MenuViewer): string {
  return viewer.from === undefined ? "-" : viewer.from.id.toString(36);
}

/** Four letters of a text (FNV-1a): enough to notice a change, not to prove anything. */
function fingerprint(text: string): string {
  let hash = 0x81_1c_9d_c5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01_00_01_93);
  return (hash >>> 0).toString(36).padStart(4, "0").slice(-4);
}
