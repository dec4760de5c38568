import { expect, test } from "vitest";
import { arg } from "../src/command-args.js";
import { Composer } from "../src/composer.js";
import { Context } from "../src/context.js";
import { ali, contextOf, pressed, said, sent, services } from "./routing-fixture.js";

const codeOf = (run: () => unknown): { readonly code: unknown; readonly text: string } => {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return { code: (error as { code?: unknown }).code, text: (error as Error).message };
  }
  throw new Error("nothing was thrown");
};

test("a command is heard with and without a slash in its name, with payload, mention and Persian digits", async () => {
  const heard: (string | undefined)[] = [];
  const composer = new Composer();
  composer.command(["/start", "گزارش۱"], (ctx) => void heard.push(ctx.match));
  for (const text of ["/start", "/start  deep-link ", "/start@Shop_bot x y", "/گزارش1 الف", "/Start z"]) {
    await composer.dispatch(contextOf(said(text)));
  }
  expect(heard).toEqual(["", "deep-link", "x y", "الف", "z"]);
});

test("a command for another bot, in the middle of a text, or merely longer is not heard", async () => {
  const composer = new Composer();
  composer.command("start", () => {
    throw new Error("heard");
  });
  for (const text of ["/start@other_bot", "say /start", "/starts", "start"]) {
    await composer.dispatch(contextOf(said(text)));
  }
});

test("typed arguments are read, Persian digits and quotes included", async () => {
  const seen: unknown[] = [];
  const composer = new Composer();
  composer.command(
    "pay",
    { args: { amount: arg.integer({ min: 1 }), to: arg.word(), note: arg.optional(arg.rest()) } },
    (ctx) => void seen.push({ ...ctx.args }),
  );
  await composer.dispatch(contextOf(said('/pay ۱۲۰۰ "Ali Reza" بابت  كتاب')));
  await composer.dispatch(contextOf(said("/pay 5 ali")));
  expect(seen).toEqual([
    { amount: 1200, to: "Ali Reza", note: "بابت  كتاب" },
    { amount: 5, to: "ali", note: undefined },
  ]);
});

test("arguments that do not fit run `invalid`; without it the search goes on", async () => {
  const seen: unknown[] = [];
  const composer = new Composer();
  const args = { amount: arg.integer({ min: 1, max: 10 }) };
  composer.command(
    "strict",
    { args, invalid: (_, problem) => void seen.push(problem) },
    () => void seen.push("ran"),
  );
  composer.command("loose", { args }, () => void seen.push("ran"));
  composer.on("message", (ctx) => void seen.push(`passed ${ctx.text}`));
  await composer.dispatch(contextOf(said("/strict 11")));
  await composer.dispatch(contextOf(said("/strict 1 2")));
  await composer.dispatch(contextOf(said("/loose x")));
  expect(seen).toEqual([
    { name: "amount", typed: "11", expects: "a whole number from 1 to 10", usage: "/strict <amount>" },
    { name: undefined, typed: "2", expects: "nothing more", usage: "/strict <amount>" },
    "passed /loose x",
  ]);
});

test("a mistyped command is answered with the nearest one that asked for it, unless another composer knows it", async () => {
  const { services: shared, calls } = services();
  const composer = new Composer();
  const inner = composer.on("message");
  inner.command("balance", { suggest: true }, () => {
    throw new Error("ran");
  });
  composer.command("balances", () => {});
  composer.command("help", { suggest: (ctx, meant) => ctx.send(`? ${meant}`) });
  for (const text of ["/balanse", "/balances", "/hlep", "/zebra"]) {
    await composer.dispatch(new Context(said(text), shared));
  }
  expect(calls.map(({ params }) => params)).toEqual([
    { chat_id: 7, text: "دستور /balanse را نمی‌شناسم. منظورتان /balance بود؟" },
    { chat_id: 7, text: "? help" },
  ]);
});

test("patterns give their parts, RegExps their groups, strings themselves", async () => {
  const seen: unknown[] = [];
  const composer = new Composer();
  composer.callback("order/:id{/:action}", (ctx) => void seen.push({ ...ctx.params }));
  composer.callback("files/*path", (ctx) => void seen.push(ctx.params.path));
  composer.callback(/^page:(?<page>\d+)$/g, (ctx) => void seen.push(ctx.match.groups?.["page"]));
  composer.callback(["a", "b"], (ctx) => void seen.push(ctx.match));
  composer.hears("12\\:30", (ctx) => void seen.push(ctx.match));
  composer.hears("قیمت :what", (ctx) => void seen.push(ctx.params.what));
  for (const data of ["order/5/del", "order/5", "files/a/b", "page:1", "page:2", "b", "c"]) {
    await composer.dispatch(contextOf(pressed(data)));
  }
  for (const text of ["۱۲:۳۰", "قيمت كتاب"]) await composer.dispatch(contextOf(said(text)));
  expect(seen).toEqual([{ id: "5", action: "del" }, { id: "5" }, ["a", "b"], "1", "2", "b", "۱۲:۳۰", "کتاب"]);
});

test("captions are heard like texts", async () => {
  const composer = new Composer();
  const heard: string[] = [];
  composer.hears("report", (ctx) => void heard.push(ctx.content));
  await composer.dispatch(contextOf(sent({ caption: "report" })));
  expect(heard).toEqual(["report"]);
});

test("what a route matched is there again after its next()", async () => {
  const seen: unknown[] = [];
  const composer = new Composer();
  composer.hears("buy :what", async (ctx, next) => {
    await next();
    seen.push(ctx.match, { ...ctx.params }, ctx.route?.label);
  });
  composer.hears(/buy/, (ctx) => void seen.push(ctx.match[0]));
  await composer.dispatch(contextOf(said("buy tea")));
  expect(seen).toEqual(["buy", "buy tea", { what: "tea" }, 'hears("buy :what")']);
});

test("member_chat_join runs once a member, one after another, and goes on once", async () => {
  const seen: unknown[] = [];
  const composer = new Composer();
  composer.on("member_chat_join", async (ctx, next) => {
    await Promise.resolve();
    seen.push(ctx.member.id);
    await next();
  });
  composer.on("message", (ctx) => void seen.push(["after", ctx.member]));
  await composer.dispatch(
    contextOf(
      sent({
        new_chat_members: [
          { ...ali, id: 1 },
          { ...ali, id: 2 },
        ],
      }),
    ),
  );
  expect(seen).toEqual([1, 2, ["after", undefined]]);
});

test("derive adds to the context of what comes behind, asynchronously too", async () => {
  const seen: unknown[] = [];
  const composer = new Composer()
    .derive("now", () => 5)
    .derive("user", async (ctx) => ({ id: ctx.from?.id, at: ctx.now }));
  composer.use((ctx) => void seen.push(ctx.user));
  await composer.dispatch(contextOf(said("x")));
  expect(seen).toEqual([{ id: 7, at: 5 }]);
});

test("a name that is taken on the way to a handler cannot be derived again, on another way it can", () => {
  const composer = new Composer();
  composer.on("message").derive("user", () => 1);
  composer.on("callback_query").derive("user", () => 2);
  expect(codeOf(() => composer.derive("user", () => 3))).toMatchObject({ code: "ERR_BALE_DERIVE" });
  expect(codeOf(() => composer.derive("chat", () => 3)).text).toBe(
    "derive: ctx.chat belongs to balekit. Choose another name.",
  );
  const apart = new Composer();
  apart.derive("late", () => 1);
  composer.derive("late", () => 2);
  expect(codeOf(() => composer.use(apart)).text).toContain("ctx.late is already derived");
});

test("mistakes are told at registration, with the nearest name", () => {
  const composer = new Composer();
  expect(codeOf(() => composer.on("message:txt" as "message")).text).toBe(
    'Unknown query "message:txt". Did you mean "message:text"?',
  );
  expect(codeOf(() => composer.on("toString" as "message")).code).toBe("ERR_BALE_QUERY");
  expect(codeOf(() => composer.chatType("groop" as "group")).text).toContain('Did you mean "group"?');
  expect(codeOf(() => composer.command("two words", () => {})).text).toContain("can't be typed as a command");
  expect(codeOf(() => composer.callback("order/:", () => {})).text).toContain("is not a pattern");
  expect(codeOf(() => composer.use(() => {}, undefined as never)).text).toContain("handler 2 is undefined");
  expect(codeOf(() => composer.use(composer)).text).toContain("can't be put inside itself");
  expect(codeOf(() => composer.command("x", { args: { a: arg.rest(), b: arg.word() } })).text).toContain(
    "args.a takes the rest of the text",
  );
});

test("branch, route, lazy, fork and drop send an update where they should", async () => {
  const seen: string[] = [];
  const note = (what: string) => (): void => void seen.push(what);
  const composer = new Composer();
  composer.drop((ctx) => ctx.text !== "spam", note("spam"));
  composer.branch(
    (ctx) => ctx.text === "yes",
    note("yes"),
    (_, next) => next(),
  );
  composer.route(
    (ctx) => ctx.text as "a" | "toString",
    { a: note("way a"), toString: note("own") },
    (_, next) => next(),
  );
  composer.lazy(async (ctx) => (ctx.text === "lazy" ? new Composer(note("lazy")) : undefined));
  composer.fork(note("fork"));
  composer.use(note("end"));
  for (const text of ["spam", "yes", "a", "valueOf", "lazy"]) await composer.dispatch(contextOf(said(text)));
  expect(seen).toEqual(["spam", "yes", "way a", "fork", "end", "lazy"]);
});

test("an error boundary catches what is thrown inside, not what comes after it", async () => {
  const caught: string[] = [];
  const composer = new Composer();
  const safe = composer.errorBoundary((error) => void caught.push((error as Error).message));
  safe.hears("inside", () => {
    throw new Error("inside");
  });
  composer.use(() => {
    throw new Error("after");
  });
  await composer.dispatch(contextOf(said("inside")));
  await expect(composer.dispatch(contextOf(said("x")))).rejects.toThrow("after");
  expect(caught).toEqual(["inside"]);
});

test("an update of an undocumented kind runs plain middleware and `update` only", async () => {
  const seen: string[] = [];
  const composer = new Composer();
  composer.on(["message", "callback_query"], () => void seen.push("known"));
  composer.on("update", (_, next) => (seen.push("update"), next()));
  composer.use(() => void seen.push("use"));
  await composer.dispatch(contextOf({ update_id: 1, poll: {} } as never));
  expect(seen).toEqual(["update", "use"]);
});

test("a thousand commands are all found", async () => {
  const seen: string[] = [];
  const composer = new Composer();
  for (let n = 0; n < 1000; n++) composer.command(`cmd${n}`, (ctx) => void seen.push(ctx.text));
  for (const n of [0, 500, 999]) await composer.dispatch(contextOf(said(`/cmd${n}`)));
  expect(seen).toEqual(["/cmd0", "/cmd500", "/cmd999"]);
});

test("an update of odd shapes breaks no test of a route", async () => {
  const seen: string[] = [];
  const composer = new Composer();
  composer.command("x", () => void seen.push("command"));
  composer.hears(/^a/, () => void seen.push("hears"));
  composer.hears("b :c", () => void seen.push("hears"));
  composer.callback("d/:e", () => void seen.push("callback"));
  composer.on("member_chat_join", () => void seen.push("join"));
  composer.chatType("group", () => void seen.push("group"));
  composer.use((ctx) => void seen.push(`end ${ctx.kind}`));
  const odd = [
    { message: { text: 5, caption: {} } },
    { message: { new_chat_members: 5, chat: null } },
    { callback_query: { data: 5 } },
  ];
  for (const update of odd) await composer.dispatch(contextOf({ update_id: 1, ...update } as never));
  expect(seen).toEqual(["end message", "end message", "end callback_query"]);
});

test("a fork and what comes after it keep what each has matched, and see what was derived before", async () => {
  const seen: unknown[] = [];
  const composer = new Composer().derive("at", () => 5);
  const later = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const beside = composer.fork();
  beside.hears("buy :what", async (ctx) => {
    await later();
    seen.push(["fork", ctx.match, { ...ctx.params }, ctx.at, ctx instanceof Context, ctx.chatId]);
  });
  composer.hears(/buy/, async (ctx) => {
    await later();
    await later();
    seen.push(["after", ctx.match[0], { ...ctx.params }, ctx.at]);
  });
  await composer.dispatch(contextOf(said("buy tea")));
  expect(seen).toEqual([
    ["fork", "buy tea", { what: "tea" }, 5, true, 7],
    ["after", "buy", {}, 5],
  ]);
});
