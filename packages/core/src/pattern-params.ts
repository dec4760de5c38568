/**
 * The named parts of a pattern, worked out from its text: `order/:id{/:action}` has `id` and perhaps `action`;
 * `*rest` is a list. Names in quotes and patterns that are not literals give loosely typed parts.
 */
export type PatternParams<Path extends string> = string extends Path
  ? LooseParams
  : Path extends
        | `${string}{${string}`
        | `${string}*${string}`
        | `${string}\\${string}`
        | `${string}"${string}`
    ? HardParams<Path>
    : { readonly [Name in Names<Path>]: string };

/** The parts of a pattern whose text the compiler does not know. */
export interface LooseParams {
  readonly [name: string]: string | readonly string[] | undefined;
}

/** Every name after a colon. */
type Names<Path extends string> = Path extends `${string}:${infer Rest}`
  ? NameOf<Rest> | (Rest extends `${string}:${string}` ? Names<Rest> : never)
  : never;

/** The identifier a text begins with. Cut at the marks that usually end one. */
type NameOf<Text extends string> = Text extends `${infer Head}/${string}` ? CutName<Head> : CutName<Text>;

type CutName<Text extends string> = Text extends `${infer Name}${Ending}${string}` ? CutName<Name> : Text;

type Ending = " " | "-" | "." | ":" | "," | "=" | "{" | "}" | "|" | "*" | "#" | ";" | "@" | "~" | "&";

/** Patterns with groups, wildcards or escapes: read from left to right. */
type HardParams<Path extends string> = Path extends `${string}"${string}`
  ? LooseParams
  : Required_<Outside<Path>> & Optional_<Inside<Path>>;

type Required_<Text extends string> = {
  readonly [Name in Names<Unescaped<Text>>]: string;
} & { readonly [Name in Wildcards<Unescaped<Text>>]: readonly string[] };

type Optional_<Text extends string> = {
  readonly [Name in Names<Unescaped<Text>>]?: string | undefined;
} & { readonly [Name in Wildcards<Unescaped<Text>>]?: readonly string[] | undefined };

/** Every name after a star. */
type Wildcards<Path extends string> = Path extends `${string}*${infer Rest}`
  ? NameOf<Rest> | Wildcards<Rest>
  : never;

/** The text without its escaped marks. */
type Unescaped<Text extends string> = Text extends `${infer Before}\\${infer After}`
  ? After extends `${string}${infer Rest}`
    ? `${Before} ${Unescaped<Rest>}`
    : Before
  : Text;

/** What stands outside of every group. Groups inside groups count as inside. */
type Outside<Path extends string> = Path extends `${infer Before}{${infer Rest}`
  ? `${Before} ${Outside<AfterGroup<Rest>>}`
  : Path;

/** What stands inside of groups. */
type Inside<Path extends string> = Path extends `${string}{${infer Rest}`
  ? `${WithinGroup<Rest>} ${Inside<AfterGroup<Rest>>}`
  : "";

type AfterGroup<Text extends string, Depth extends 0[] = []> = Text extends `${infer Mark}${infer Rest}`
  ? Mark extends "{"
    ? AfterGroup<Rest, [...Depth, 0]>
    : Mark extends "}"
      ? Depth extends [0, ...infer Less extends 0[]]
        ? AfterGroup<Rest, Less>
        : Rest
      : AfterGroup<Rest, Depth>
  : "";

type WithinGroup<Text extends string, Depth extends 0[] = []> = Text extends `${infer Mark}${infer Rest}`
  ? Mark extends "{"
    ? ` ${WithinGroup<Rest, [...Depth, 0]>}`
    : Mark extends "}"
      ? Depth extends [0, ...infer Less extends 0[]]
        ? ` ${WithinGroup<Rest, Less>}`
        : ""
      : `${Mark}${WithinGroup<Rest, Depth>}`
  : "";
