import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as guards from "@balekit/guards";
import * as hydrating from "@balekit/hydrate";
import { Context, METHODS, QUERIES } from "balekit";
import * as core from "balekit";
import { describe, expect, test } from "vitest";
import { ChatVerbs } from "../../packages/hydrate/src/chat-verbs.js";
import { FileVerbs } from "../../packages/hydrate/src/file-verbs.js";
import { LocationVerbs } from "../../packages/hydrate/src/location-verbs.js";
import { MemberVerbs } from "../../packages/hydrate/src/member-verbs.js";
import { MessageVerbs } from "../../packages/hydrate/src/message-verbs.js";
import { UserVerbs } from "../../packages/hydrate/src/user-verbs.js";

const root = new URL("../..", import.meta.url).pathname;
const page = readFileSync(join(root, "docs/guide/from-python-bale-bot.md"), "utf8");

/** How many rows each part of python-bale-bot 2.5.0 has. */
const PARTS = { BOT: 15, API: 27, EVT: 13, UPD: 45, CHT: 53, USR: 35, KBD: 21, PAY: 15, ATT: 58, HLP: 8 };
const IDS = Object.entries(PARTS).flatMap(([part, count]) =>
  Array.from({ length: count }, (_, at) => `${part}${String(at + 1).padStart(2, "0")}`),
);

interface Row {
  readonly id: string;
  readonly here: string;
  readonly title: string;
  readonly path: string;
}

const ROW = /^\| ([A-Z]{3}\d\d) \| `[^`]+` \| (.+) \| \[(.+)\]\(\.\.\/\.\.\/([^)]+)\) \|$/gm;
const rows: readonly Row[] = [...page.matchAll(ROW)].map(([, id = "", here = "", title = "", path = ""]) => ({
  id,
  here,
  title,
  path,
}));

const BUG = /^\| (BUG\d\d) \| .+ \| .+ \| \[(.+)\]\(\.\.\/\.\.\/([^)]+)\) \|$/gm;
/** What python-bale-bot 2.5.0 breaks, and the test that shows it mended. */
const bugs = [...page.matchAll(BUG)].map(([, id = "", title = "", path = ""]) => ({ id, title, path }));
const BUGS = 33;

interface Spec {
  readonly types: Readonly<Record<string, { readonly fields?: object; readonly union?: readonly string[] }>>;
}
const spec = JSON.parse(readFileSync(join(root, "packages/api/spec/bale-api.json"), "utf8")) as Spec;

const bot = new core.Bot("1000:a-token-that-opens-nothing-at-all-000000").extend(hydrating.cache());
const objects: Readonly<Record<string, object>> = {
  bot,
  "bot.api": bot.api,
  "bot.api.undocumented": bot.api.undocumented,
  message: MessageVerbs.prototype,
  chat: ChatVerbs.prototype,
  user: UserVerbs.prototype,
  file: FileVerbs.prototype,
  member: MemberVerbs.prototype,
  location: LocationVerbs.prototype,
  "bot.cache": hydrating.Cache.prototype,
  InlineKeyboard: core.InlineKeyboard.prototype,
  Keyboard: core.Keyboard.prototype,
};
const exported: readonly object[] = [core, hydrating, guards];
/** What plugins add to contexts, and types that leave nothing behind at run time. */
const added = ["deleteAfter"];
const bareTypes = ["PlacedButton"];
const own = Object.keys(new Context({ update_id: 0 }, {} as never));

/** What a piece of code in the table names that is not there. */
function missing(code: string): string | undefined {
  const name = code.replace(/^new /, "").replace(/\((?!\)\.).*$/, "");
  if (code.startsWith("examples/")) return existsSync(join(root, code)) ? undefined : "the file";
  if (
    /^[@a-z]+: |^@|^(message_id|file_id|row|button|quote: true|Date|onMessage|onCallback|onError|Bot)$/.test(
      code,
    )
  )
    return undefined;
  const event = /^bot\.on\("(\w+)"\)$/.exec(code)?.[1];
  if (event !== undefined) {
    const isMoment = event === "before_ready" || event === "ready";
    return isMoment || Object.hasOwn(QUERIES, event) ? undefined : `the event ${event}`;
  }
  const at = name.lastIndexOf(".");
  if (at < 0) {
    const isThere =
      exported.some((one) => name in one) ||
      name in spec.types ||
      bareTypes.includes(name) ||
      name in objects;
    return isThere ? undefined : `the export ${name}`;
  }
  const [owner, member] = [name.slice(0, at), name.slice(at + 1)];
  if (owner === "ctx") {
    return member in Context.prototype || own.includes(member) || added.includes(member)
      ? undefined
      : `ctx.${member}`;
  }
  if (owner in objects) {
    const statics = (core as unknown as Readonly<Record<string, object>>)[owner];
    return member in (objects[owner] ?? {}) || (statics !== undefined && member in statics)
      ? undefined
      : `${owner}.${member}`;
  }
  const type = spec.types[owner];
  return type?.fields !== undefined && member in type.fields ? undefined : `the field ${owner}.${member}`;
}

describe("the table of python-bale-bot's rows", () => {
  test("has each of the 290 rows once, in order", () => {
    expect(IDS).toHaveLength(290);
    expect(rows.map(({ id }) => id)).toEqual(IDS);
  });

  test("has each of the bugs once, in order", () => {
    const ids = Array.from({ length: BUGS }, (_, at) => `BUG${String(at + 1).padStart(2, "0")}`);
    expect(bugs.map(({ id }) => id)).toEqual(ids);
  });

  test("names tests that exist and are run", () => {
    const texts = new Map<string, string>();
    const lost: string[] = [];
    for (const { id, title, path } of [...rows, ...bugs]) {
      const file = join(root, path);
      if (!texts.has(path)) texts.set(path, existsSync(file) ? readFileSync(file, "utf8") : "");
      const quoted = title.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      // Not behind skip, todo or only: `test(`, `it(` and `each` run.
      const registered = new RegExp(`\\b(?:test|it)(?:\\.each\\([^;]*?\\))?\\(\\s*(["'\`])${quoted}\\1`);
      if (!registered.test(texts.get(path) ?? "")) lost.push(`${id}: ${path} › ${title}`);
    }
    expect(lost).toEqual([]);
  });

  test("names only what there is", () => {
    const lost: string[] = [];
    for (const { id, here } of rows) {
      const pieces = [...here.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
      if (pieces.length === 0) lost.push(`${id}: names nothing`);
      for (const code of pieces) {
        const what = missing(code);
        if (what !== undefined) lost.push(`${id}: ${code}: there is no ${what}`);
      }
    }
    expect(lost).toEqual([]);
  });

  test("would tell of an invented method, field, event or export", () => {
    for (const code of [
      "bot.api.sendPizza()",
      "ctx.sing()",
      "Message.smell",
      'bot.on("dinner")',
      "pizza()",
      "message.sing()",
    ]) {
      expect([code, missing(code)]).toEqual([code, expect.any(String)]);
    }
    expect(Object.hasOwn(METHODS, "sendPizza")).toBe(false);
  });
});
