import type { Update } from "@balekit/api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Composer } from "../src/composer.js";
import type { Context } from "../src/context.js";
import { contextOf, pressed, said, sent } from "./routing-fixture.js";

/** What a handler does, in words both sides understand. */
interface Leaf {
  readonly is: "leaf";
  readonly id: number;
  readonly calls: "nothing" | "next" | "throw" | "throwAfter";
  /** Changes the text, data and photo of the update before anything else. */
  readonly rewrites: string | undefined;
}
interface Group {
  readonly is:
    | "on"
    | "command"
    | "hears"
    | "callback"
    | "filter"
    | "drop"
    | "inline"
    | "boundary"
    | "chatType";
  readonly what: number;
  readonly id: number;
  readonly kids: readonly Node[];
  /** Registered on the child after the whole tree has run once. */
  readonly late: readonly Node[];
}
interface Branch {
  readonly is: "branch";
  readonly yes: readonly Node[];
  readonly no: readonly Node[];
}
interface Fork {
  readonly is: "fork";
  readonly id: number;
}
type Node = Leaf | Group | Branch | Fork;

const words = [
  "/start",
  "/start@shop_bot go",
  "/شروع x",
  "/star",
  "buy 1",
  "buy 12 now",
  "سلام",
  "item:5",
  "item:",
  "كتاب ۱۲",
];
const queries = [
  "message",
  "message:text",
  "callback_query:data",
  ["message:photo", ":text"],
  "update",
  "member_chat_join",
] as const;
const commands = ["start", ["شروع", "/help"], "star"] as const;
const texts = [
  "سلام",
  "buy :count",
  /^buy (\d+)/g,
  /\d/,
  /^کتاب/,
  ["item:5".replace(":", "\\:"), /^item:/y, "کتاب 12"],
  /^(buy|item)/,
  "buy {:a }now",
] as const;

const wants = (ctx: Context): boolean => (ctx.text ?? ctx.callbackQuery?.data ?? "").includes("1");

/** The tests, written a second time and in the plainest way. */
function fits(node: Group, ctx: Context): unknown {
  const { message, callback_query: press } = ctx.update;
  const text = message?.text ?? press?.data ?? "";
  const plain = (value: string): string =>
    value.replace(/[۰-۹]/g, (digit) => String("۰۱۲۳۴۵۶۷۸۹".indexOf(digit))).replaceAll("ك", "ک");
  if (node.is === "inline" || node.is === "boundary") return true;
  if (node.is === "filter") return wants(ctx);
  if (node.is === "drop") return !wants(ctx);
  if (node.is === "chatType") return (message ?? press?.message)?.chat.type === "private";
  if (node.is === "on") {
    if (node.what === 0) return message !== undefined;
    if (node.what === 1) return Boolean(message?.text);
    if (node.what === 2) return Boolean(press?.data);
    if (node.what === 3) return Boolean(message?.photo ?? message?.text);
    return node.what === 4 || (message?.new_chat_members?.length ?? 0) > 0;
  }
  if (node.is === "command") {
    const typed = /^\/([^\s@]+)(@shop_bot)?(\s|$)/i.exec(message?.text ?? "")?.[1];
    return typed !== undefined && [["start"], ["شروع", "help"], ["star"]][node.what]?.includes(typed);
  }
  if ((node.is === "hears") !== (message !== undefined) || text === "") return false;
  const raw = node.is === "callback" ? text : plain(text);
  const is = (pattern: RegExp): boolean => pattern.test(text) || pattern.test(raw);
  if (node.what === 0) return raw === "سلام";
  if (node.what === 1) return /^buy [^/]+$/.test(raw);
  if (node.what === 2) return is(/^buy (\d+)/);
  if (node.what === 3) return is(/\d/);
  if (node.what === 4) return is(/^کتاب/);
  if (node.what === 5) return raw === "item:5" || is(/^item:/) || raw === "کتاب 12";
  if (node.what === 6) return is(/^(buy|item)/);
  return /^buy (?:[^/]+ )?now$/.test(raw);
}

/** Tries everything in order, one after the other. */
async function scan(
  nodes: readonly Node[],
  ctx: Context,
  trace: string[],
  next: () => Promise<void>,
): Promise<void> {
  const [node, ...rest] = nodes;
  if (node === undefined) return next();
  const goOn = (): Promise<void> => scan(rest, ctx, trace, next);
  if (node.is === "leaf") return runLeaf(node, ctx, trace, goOn);
  if (node.is === "fork") {
    trace.push(`fork ${node.id}`);
    return goOn();
  }
  if (node.is === "branch") return scan(wants(ctx) ? node.yes : node.no, ctx, trace, goOn);
  if (!fits(node, ctx)) return goOn();
  const kids = [...node.kids, ...node.late];
  if (node.is === "boundary") {
    let passing: unknown;
    let wentOn = false;
    try {
      return await scan(kids, ctx, trace, () => {
        wentOn = true;
        return goOn().catch((error: unknown) => {
          passing = error;
          throw error;
        });
      });
    } catch (error) {
      if (error === passing) throw error;
      trace.push(`caught ${node.id} ${(error as Error).message}`);
      return wentOn ? undefined : goOn();
    }
  }
  if (node.is === "on" && node.what === 5) {
    let goes = false;
    for (const member of ctx.update.message?.new_chat_members ?? []) {
      trace.push(`member ${member.id}`);
      await scan(kids, ctx, trace, async () => void (goes = true));
    }
    return goes ? goOn() : undefined;
  }
  return scan(kids, ctx, trace, goOn);
}

async function runLeaf(leaf: Leaf, ctx: Context, trace: string[], next: () => Promise<void>): Promise<void> {
  trace.push(`in ${leaf.id}`);
  if (leaf.rewrites !== undefined) rewrite(ctx.update, leaf.rewrites);
  if (leaf.calls === "throw") throw new Error(`thrown ${leaf.id}`);
  if (leaf.calls !== "nothing") await next();
  if (leaf.calls === "throwAfter") throw new Error(`thrown late ${leaf.id}`);
  trace.push(`out ${leaf.id}`);
}

function rewrite(update: Update, text: string): void {
  if (update.message?.text !== undefined) Object.assign(update.message, { text });
  if (update.callback_query !== undefined) Object.assign(update.callback_query, { data: text });
}

/** Registers the same with the composer under test. Returns what registers the late ones. */
function register(composer: Composer, nodes: readonly Node[], trace: string[]): () => void {
  const later: (() => void)[] = [];
  for (const node of nodes) {
    if (node.is === "leaf") composer.use((ctx, next) => runLeaf(node, ctx, trace, next));
    else if (node.is === "fork") composer.fork(() => void trace.push(`fork ${node.id}`));
    else if (node.is === "branch") {
      const yes = new Composer();
      const no = new Composer();
      later.push(register(yes, node.yes, trace), register(no, node.no, trace));
      composer.branch(wants, yes, no);
    } else {
      const child = childFor(composer, node, trace);
      later.push(register(child, node.kids, trace), () => register(child, node.late, trace)());
    }
  }
  return () => {
    for (const run of later) run();
  };
}

function childFor(composer: Composer, node: Group, trace: string[]): Composer {
  if (node.is === "filter") return composer.filter(async (ctx) => wants(ctx));
  if (node.is === "drop") return composer.drop(wants);
  if (node.is === "chatType") return composer.chatType("private") as unknown as Composer;
  if (node.is === "command") return composer.command(commands[node.what] ?? "start") as unknown as Composer;
  if (node.is === "hears") return composer.hears(texts[node.what] as string) as unknown as Composer;
  if (node.is === "callback") return composer.callback(texts[node.what] as string) as unknown as Composer;
  if (node.is === "on") {
    const child = composer.on(queries[node.what] ?? "update");
    if (node.what === 5) child.use((ctx, next) => (trace.push(`member ${ctx.member?.id}`), next()));
    return child as unknown as Composer;
  }
  if (node.is === "inline") {
    const child = new Composer();
    composer.use(child);
    return child;
  }
  return composer.errorBoundary((error, _ctx, next) => {
    trace.push(`caught ${node.id} ${(error as Error).message}`);
    return next();
  });
}

const { nodes } = fc.letrec<{ nodes: readonly Node[]; node: Node; group: Group }>((tie) => ({
  nodes: fc.array(tie("node"), { maxLength: 6 }),
  node: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({
      is: fc.constant("leaf" as const),
      id: fc.nat(999),
      calls: fc.constantFrom("next", "nothing", "next", "throw", "next", "throwAfter"),
      rewrites: fc.oneof(fc.constant(undefined), fc.constant(undefined), fc.constantFrom(...words)),
    }),
    tie("group"),
    fc.record({ is: fc.constant("branch" as const), yes: tie("nodes"), no: tie("nodes") }),
    fc.record({ is: fc.constant("fork" as const), id: fc.nat(999) }),
  ),
  group: fc
    .record({
      is: fc.constantFrom<Group["is"]>(
        "on",
        "command",
        "hears",
        "hears",
        "callback",
        "callback",
        "filter",
        "drop",
        "inline",
        "boundary",
        "chatType",
      ),
      pick: fc.nat(23),
      id: fc.nat(999),
      kids: tie("nodes"),
      late: fc.oneof(fc.constant([] as const), tie("nodes")),
    })
    .map(({ pick, ...group }) => {
      const many =
        group.is === "on" ? queries.length : group.is === "command" ? commands.length : texts.length;
      return { ...group, what: pick % many };
    }),
}));

const updates = fc.constantFrom<() => Update>(
  ...words.map((text) => () => said(text)),
  ...words.map((text) => () => pressed(text)),
  () => sent({ photo: [{ file_id: "a", file_unique_id: "b", width: 1, height: 1 }] }),
  () => sent({ new_chat_members: [1, 2].map((id) => ({ id, is_bot: false, first_name: "x" })) }),
  () => ({ update_id: 4 }),
);

async function outcome(run: () => Promise<void>, trace: string[]): Promise<readonly string[]> {
  trace.length = 0;
  await run().then(
    () => trace.push("done"),
    (error: unknown) => trace.push(`failed: ${(error as Error).message}`),
  );
  return [...trace];
}

const withoutLate = (all: readonly Node[]): readonly Node[] =>
  all.map((node) => {
    if (node.is === "leaf" || node.is === "fork") return node;
    if (node.is === "branch") return { ...node, yes: withoutLate(node.yes), no: withoutLate(node.no) };
    return { ...node, kids: withoutLate(node.kids), late: [] };
  });

test("random trees of routes run exactly as if every route were tried in order, also when routes come later", async () => {
  let ran = 0;
  await fc.assert(
    fc.asyncProperty(nodes, fc.array(updates, { minLength: 1, maxLength: 4 }), async (tree, makers) => {
      const real: string[] = [];
      const plain: string[] = [];
      const composer = new Composer();
      const registerLate = register(composer, tree, real);
      const compare = async (expected: readonly Node[]): Promise<void> => {
        for (const make of makers) {
          const [mine, theirs] = [contextOf(make()), contextOf(make())];
          const got = await outcome(() => composer.dispatch(mine), real);
          const wanted = await outcome(() => scan(expected, theirs, plain, () => Promise.resolve()), plain);
          expect(got).toEqual(wanted);
          expect(mine.update).toEqual(theirs.update);
          ran++;
        }
      };
      await compare(withoutLate(tree));
      registerLate();
      await compare(tree);
    }),
    { numRuns: 400 },
  );
  expect(ran).toBeGreaterThan(800);
}, 120_000);
