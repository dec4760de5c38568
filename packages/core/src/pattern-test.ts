import type { UpdateKind } from "@balekit/api";
import { shown, wrongType } from "./misuse.js";
import { patternOf, type RoutePattern } from "./callback-route.js";
import { type Found, Pattern, type PatternSource, type ReadyPattern, type TextPattern } from "./patterns.js";
import type { Hit, RouteKey, RouteTest } from "./route-test.js";
import type { Subject } from "./subject.js";

interface Ready {
  readonly patterns: readonly ReadyPattern[];
  /** The first place of each exact text among the patterns. */
  readonly exact: ReadonlyMap<string, number>;
  /** The places of all others, in order. */
  readonly inexact: readonly number[];
}

/** What `callback` takes. */
export type CallbackSource = PatternSource | RoutePattern<object>;

const asItIs = (text: string): string => text;

/** Behind `hears` and `callback`: a text that fits one of some patterns; the first that does gives the match. */
export class PatternTest implements RouteTest {
  readonly label: string;
  readonly kinds: readonly UpdateKind[];
  readonly #method: "hears" | "callback";
  readonly #patterns: readonly TextPattern[];
  #ready: Ready | undefined;
  #readyFor: ((text: string) => string) | undefined;

  /** @throws TypeError for something that is not a pattern, or an empty list */
  constructor(method: "hears" | "callback", sources: CallbackSource | readonly CallbackSource[]) {
    const list = Array.isArray(sources)
      ? (sources as readonly CallbackSource[])
      : [sources as CallbackSource];
    if (list.length === 0) {
      throw wrongType("ERR_BALE_PATTERN", `${method}: the list of patterns is empty.`, PatternTest);
    }
    this.#method = method;
    this.#patterns = list.map((source) => patternFrom(source, method));
    const labels = this.#patterns.map((pattern) => pattern.label).join(", ");
    this.label = Array.isArray(sources) ? `${method}([${labels}])` : `${method}(${labels})`;
    this.kinds = method === "hears" ? ["message"] : ["callback_query"];
  }

  match(subject: Subject): Hit | undefined {
    const raw = this.#method === "hears" ? subject.content : subject.data;
    if (raw === undefined) return undefined;
    const normal = this.#method === "hears" ? (subject.normalContent ?? raw) : raw;
    const ready = this.#prepare(subject.viewer.normalizeText);
    const exact = ready.exact.get(normal);
    for (const place of ready.inexact) {
      if (exact !== undefined && place > exact) break;
      const found = ready.patterns[place]?.find(raw, normal);
      if (found !== undefined) return found satisfies Found;
    }
    return exact === undefined ? undefined : { match: raw };
  }

  whyNot(subject: Subject): string {
    const [kind] = this.kinds;
    if (subject.kind !== kind)
      return `the update is ${subject.kind ?? "of an undocumented kind"}, not ${kind}`;
    const text = this.#method === "hears" ? subject.content : subject.data;
    if (text === undefined) return this.#method === "hears" ? "it has no text" : "the button carries no data";
    return `${shown(text)} does not fit`;
  }

  keys(normalize: (text: string) => string): readonly RouteKey[] {
    return this.#prepare(normalize).patterns.map(({ exact, prefix }, place): RouteKey => {
      if (exact !== undefined) return { by: "exact", text: exact };
      if (prefix === "") return { by: "scan" };
      return { by: "prefix", text: prefix, raw: this.#patterns[place]?.seesRaw === true };
    });
  }

  #prepare(given: (text: string) => string): Ready {
    const normalize = this.#method === "hears" ? given : asItIs;
    if (this.#ready === undefined || this.#readyFor !== normalize) {
      const patterns = this.#patterns.map((pattern) => pattern.ready(normalize));
      const exact = new Map<string, number>();
      const inexact: number[] = [];
      patterns.forEach((pattern, place) => {
        if (pattern.exact === undefined) inexact.push(place);
        else if (!exact.has(pattern.exact)) exact.set(pattern.exact, place);
      });
      this.#ready = { patterns, exact, inexact };
      this.#readyFor = normalize;
    }
    return this.#ready;
  }
}

function patternFrom(source: CallbackSource, method: "hears" | "callback"): TextPattern {
  const route = method === "callback" ? patternOf(source) : undefined;
  return route ?? new Pattern(source as PatternSource, method);
}
