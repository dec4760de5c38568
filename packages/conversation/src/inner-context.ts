import {
  type Composer,
  Context,
  type ContextServices,
  type Derivation,
  isThenable,
  sessionAccess,
  type Update,
  type UpdateMatch,
} from "balekit";
import { misuse } from "./misuse.js";
import { scopes } from "./scope.js";
import { type Json, pack, unpack } from "./value.js";

/** What `derive(…, { replay: "journal" })` has made for an update, by name, as it stands in the journal. */
export type KeptValues = Readonly<Record<string, Json>>;

/** What contexts inside conversations are made of. */
export interface InnerContextsInit {
  readonly services: ContextServices;
  /** The place the plugin stands at. */
  readonly composer: () => Composer | undefined;
}

/** Makes contexts for conversations: of the bot's own class, with what plugins have added to the place of this one. */
export class InnerContexts {
  readonly #init: InnerContextsInit;
  #derivations: readonly Derivation[] | undefined;
  #keptNames: readonly string[] = [];

  constructor(init: InnerContextsInit) {
    this.#init = init;
  }

  /** A context of an update; a promise when something that is added to it takes time. */
  make(
    update: Update,
    match: UpdateMatch | undefined,
    kept: KeptValues | undefined,
  ): Context | Promise<Context> {
    const ctx = new Context(update, this.#init.services);
    if (match?.match !== undefined) ctx.match = match.match;
    if (match?.params !== undefined) ctx.params = match.params;
    ctx.memberNow = match?.members?.[0];
    const composer = this.#init.composer();
    const derivations = composer?.tree.derivations();
    if (composer === undefined || derivations === undefined || derivations.length === 0) return ctx;
    return scopes.run(undefined, added, ctx, composer, derivations, kept);
  }

  /**
   * What has to be kept of an update, because it could be another after a restart: taken from the context it came with,
   * made where that has none. @throws TypeError for what a journal can't keep
   */
  kept(from: Context): KeptValues | undefined | Promise<KeptValues> {
    const derivations = this.#init.composer()?.tree.derivations();
    if (this.#derivations !== derivations) {
      this.#derivations = derivations;
      this.#keptNames = (derivations ?? [])
        .filter((one) => "replay" in one && one.replay === "journal")
        .map(({ name }) => name);
    }
    return this.#keptNames.length === 0 ? undefined : this.#made(from, this.#keptNames);
  }

  async #made(from: Context, names: readonly string[]): Promise<KeptValues> {
    const hasAll = names.every((name) => Object.hasOwn(from, name));
    const ctx: object = hasAll ? from : await this.make(from.update, undefined, undefined);
    const values = ctx as Readonly<Record<string, unknown>>;
    return Object.fromEntries(
      names.map((name) => [
        name,
        pack(values[name], `Keeping what derive(${JSON.stringify(name)}) has made`).json,
      ]),
    );
  }
}

function added(
  ctx: Context,
  composer: Composer,
  derivations: readonly Derivation[],
  kept: KeptValues | undefined,
  from = 0,
): Context | Promise<Context> {
  const target = ctx as unknown as Record<string, unknown>;
  for (let at = from; at < derivations.length; at++) {
    const derivation = derivations[at] as Derivation;
    const { name } = derivation;
    if ("descriptor" in derivation) {
      const isSession = composer.find(sessionAccess(name)) !== undefined;
      Object.defineProperty(ctx, name, isSession ? refusedSession(name) : derivation.descriptor);
    } else if (derivation.replay === "journal" && kept !== undefined && Object.hasOwn(kept, name)) {
      target[name] = unpack(kept[name] as Json);
    } else {
      const value = derivation.make(ctx);
      if (isThenable(value)) {
        return Promise.resolve(value).then((ready: unknown) => {
          target[name] = ready;
          return added(ctx, composer, derivations, kept, at + 1);
        });
      }
      target[name] = value;
    }
  }
  return ctx;
}

/** In place of a live session: code that is run again would read other data, and change it a second time. */
function refusedSession(name: string): PropertyDescriptor {
  const refuse = (): never => {
    const access = name === "session" ? "c.session" : `c.session(${JSON.stringify(name)})`;
    throw misuse(
      "ERR_BALE_CONVERSATION_SESSION",
      `ctx.${name} inside a conversation: its live data would be others after a restart. Use await ${access}.read() and await ${access}.update((data) => …); in a derive that reads it, { replay: "journal" }.`,
    );
  };
  return { configurable: true, enumerable: false, get: refuse, set: refuse };
}
