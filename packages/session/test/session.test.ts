import { memory, sessionAccess, StorageConflictError, type Storage } from "balekit";
import { describe, expect, test } from "vitest";
import { session, SessionConflictError, SessionVersionError } from "../src/index.js";
import { gate, keysOf, pays, posts, pressesOld, says, sessionBot, unknownUpdate } from "./session-bot.js";

const counted = () => ({ count: 0 });

/** A store that remembers what it was asked. */
function watched(storage: Storage): { storage: Storage; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    storage: {
      get: (key) => (asked.push("get"), storage.get(key)),
      set: (key, value, options) => (asked.push("set"), storage.set(key, value, options)),
      delete: (key, options) => (asked.push("delete"), storage.delete(key, options)),
      keys: (prefix) => storage.keys(prefix),
    },
  };
}

describe("what is remembered", () => {
  test("changes last until the next update of this user in this chat, and are written once", async () => {
    const { bot, storage, errors } = sessionBot();
    const { storage: seen, asked } = watched(storage);
    const counts: number[] = [];
    bot
      .extend(session({ initial: counted, storage: seen }))
      .use((ctx) => void counts.push(++ctx.session.count));
    await bot.handle(says(1, "a"));
    await bot.handle(says(1, "b"));
    await bot.handle(says(2, "c"));
    await bot.handle(says(1, "d", 50));
    expect([counts, errors]).toEqual([[1, 2, 1, 1], []]);
    expect(asked).toEqual(["get", "set", "get", "set", "get", "set", "get", "set"]);
  });

  test("nothing is written when nothing has changed, whether it was looked at or not", async () => {
    const { bot, storage } = sessionBot();
    const { storage: seen, asked } = watched(storage);
    const withSession = bot.extend(
      session({ initial: () => ({ list: [1, { a: new Date(0) }] }), storage: seen }),
    );
    withSession.hears("look", (ctx) => void JSON.stringify(ctx.session));
    withSession.hears("back", (ctx) => {
      ctx.session.list.push(2);
      ctx.session.list.pop();
    });
    for (const text of ["pass", "look", "back"]) await bot.handle(says(1, text));
    expect(asked).toEqual(["get", "get", "get"]);
  });

  test("a handler that throws writes nothing, also when it changed something deep inside", async () => {
    const { bot, storage, errors } = sessionBot();
    bot.extend(session({ initial: () => ({ deep: [{ n: 0 }] }), storage })).use((ctx) => {
      for (const part of ctx.session.deep) part.n++;
      throw new Error("no");
    });
    await bot.handle(says(1, "a"));
    expect(errors).toEqual([new Error("no")]);
    expect(await keysOf(storage)).toEqual([]);
  });

  test("assigning null deletes, assigning data replaces, and what is read then is what was assigned", async () => {
    const { bot, storage, errors } = sessionBot();
    const withSession = bot.extend(session({ initial: counted, storage }));
    const seen: unknown[] = [];
    withSession.hears("set", (ctx) => {
      ctx.session = { count: 7 };
      seen.push({ ...ctx.session });
    });
    withSession.hears("drop", (ctx) => {
      ctx.session = null;
      seen.push({ ...ctx.session });
    });
    withSession.hears("again", (ctx) => {
      ctx.session = null;
      ctx.session.count = 3;
    });
    await bot.handle(says(1, "set"));
    expect((await storage.get("session:1000:session:user:1:chat:1"))?.value).toEqual({
      v: 0,
      data: { count: 7 },
    });
    await bot.handle(says(1, "drop"));
    expect(await keysOf(storage)).toEqual([]);
    await bot.handle(says(1, "set"));
    await bot.handle(says(1, "again"));
    expect((await storage.get("session:1000:session:user:1:chat:1"))?.value).toEqual({
      v: 0,
      data: { count: 3 },
    });
    expect([seen, errors]).toEqual([[{ count: 7 }, { count: 0 }, { count: 7 }], []]);
  });

  test("assigning works in a fork as well", async () => {
    const { bot, storage } = sessionBot();
    const withSession = bot.extend(session({ initial: counted, storage }));
    withSession.fork((ctx) => {
      ctx.session = { count: 9 };
    });
    await bot.handle(says(1, "x"));
    expect((await storage.get("session:1000:session:user:1:chat:1"))?.value).toEqual({
      v: 0,
      data: { count: 9 },
    });
  });

  test("an initial value that is handed out twice is shared by nobody", async () => {
    const { bot, storage } = sessionBot();
    const shared = { count: 0 };
    const counts: number[] = [];
    bot
      .extend(session({ initial: () => shared, storage }))
      .use((ctx) => void counts.push(++ctx.session.count));
    await bot.handle(says(1, "a"));
    await bot.handle(says(2, "b"));
    expect([counts, shared]).toEqual([[1, 1], { count: 0 }]);
  });

  test("a session is forgotten ttlMs after its last change", async () => {
    const { bot, storage, clock } = sessionBot();
    const counts: number[] = [];
    bot
      .extend(session({ initial: counted, storage, ttlMs: 1_000 }))
      .use((ctx) => void counts.push(++ctx.session.count));
    await bot.handle(says(1, "a"));
    await clock.advance(999);
    await bot.handle(says(1, "a"));
    await clock.advance(1_000);
    await bot.handle(says(1, "a"));
    expect(counts).toEqual([1, 2, 1]);
  });

  test("several named sessions live side by side, with keys of their own", async () => {
    const { bot, storage, errors } = sessionBot();
    const both = bot
      .extend(session({ initial: counted, storage }))
      .extend(session({ name: "cart", initial: () => ({ items: [] as string[] }), storage, key: "user" }));
    both.use(async (ctx) => {
      ctx.session.count++;
      await ctx.cart.update((cart) => void cart.items.push("tea"));
      ctx.cart.items.push("coffee");
    });
    await bot.handle(says(1, "a", 5));
    expect(errors).toEqual([]);
    expect(await keysOf(storage)).toEqual(["session:1000:cart:user:1", "session:1000:session:user:1:chat:5"]);
    expect((await storage.get("session:1000:cart:user:1"))?.value).toEqual({
      v: 0,
      data: { items: ["tea", "coffee"] },
    });
  });

  test("without a storage it says once that it forgets", async () => {
    const { bot, lines } = sessionBot();
    bot.extend(session({ name: "fleeting", initial: counted })).use(() => undefined);
    await bot.init();
    expect(lines.filter((line) => line.includes("ctx.fleeting is kept in memory"))).toHaveLength(1);
  });
});

describe("keys", () => {
  test.each([
    ["user-in-chat", ["user:1:chat:5", "user:1:chat:1", "user:1:chat:1", "chat:7"]],
    ["user", ["user:1", "user:1", "user:1", "chat:7"]],
    ["chat", ["chat:5", "chat:1", "chat:1", "chat:7"]],
    [(ctx: { chatId: number | undefined }) => ctx.chatId, ["own:5", "own:1", undefined, "own:7"]],
  ] as const)("%s is defined for every kind of update", async (key, places) => {
    for (const [at, update] of [says(1, "a", 5), pressesOld(1), pays(1), posts(7)].entries()) {
      const { bot, storage, errors } = sessionBot();
      bot
        .extend(session({ initial: counted, storage, key: key as "user" }))
        .use((ctx) => void ctx.session.count++);
      await bot.handle(update);
      const place = places[at];
      expect(await keysOf(storage)).toEqual(place === undefined ? [] : [`session:1000:session:${place}`]);
      expect(errors).toHaveLength(place === undefined ? 1 : 0);
    }
  });

  test("an update with neither chat nor user passes, and touching its session is an error that says so", async () => {
    const { bot, storage, errors } = sessionBot();
    let passed = 0;
    bot.extend(session({ initial: counted, storage })).use((ctx) => {
      passed++;
      if (passed === 2) ctx.session.count++;
    });
    await bot.handle(unknownUpdate());
    expect(errors).toEqual([]);
    await bot.handle(unknownUpdate());
    expect(errors).toMatchObject([{ code: "ERR_BALE_SESSION_KEY" }]);
    expect(await keysOf(storage)).toEqual([]);
  });

  test("two bots, two names and two kinds never meet on one store", async () => {
    const storage = memory();
    for (const id of [1, 2]) {
      const { bot } = sessionBot(id);
      bot
        .extend(session({ name: "a:user", initial: counted, storage, key: "chat" }))
        .extend(session({ name: "a", initial: counted, storage, key: () => "user:1" }))
        .use(async (ctx) => {
          await ctx["a:user"].update((data) => void data.count++);
          await ctx.a.update((data) => void data.count++);
        });
      await bot.handle(says(1, "x"));
    }
    const keys = await keysOf(storage);
    expect(new Set(keys).size).toBe(4);
    for (const key of keys) expect((await storage.get(key))?.value).toEqual({ v: 0, data: { count: 1 } });
  });
});

test("one plugin on two bots keeps the sessions of each apart, whoever's turn it is", async () => {
  const storage = memory();
  const shared = session({ initial: counted, storage });
  const bots = [sessionBot(1), sessionBot(2)];
  for (const { bot } of bots) bot.extend(shared).use((ctx) => void ctx.session.count++);
  for (const { bot } of [...bots, ...bots]) {
    await bot.handle(says(1, "x"));
    await bot.handle(says(1, "x", 5));
  }
  const keys = await keysOf(storage);
  expect(keys).toEqual(
    [1, 2].flatMap((id) => [`session:${id}:session:user:1:chat:1`, `session:${id}:session:user:1:chat:5`]),
  );
  for (const key of keys) expect((await storage.get(key))?.value).toEqual({ v: 0, data: { count: 2 } });
  expect(bots.flatMap(({ errors }) => errors)).toEqual([]);
});

describe("conflicts", () => {
  /** Two updates of different chats that share a session, both past their reading before either writes. */
  async function together(run: (bot: ReturnType<typeof sessionBot>) => (ctx: never) => unknown) {
    const set = sessionBot();
    const handler = run(set) as (ctx: object) => unknown;
    set.bot
      .extend(session({ initial: counted, storage: set.storage, key: () => "all" }))
      .use((ctx) => handler(ctx));
    const state = { over: false };
    const handled = Promise.all([1, 2, 3].map((id) => set.bot.handle(says(id, "x")))).then(() => {
      state.over = true;
    });
    while (!state.over) await set.clock.advance(100);
    await handled;
    const stored = await set.storage.get("session:1000:session:own:all");
    return { ...set, count: (stored?.value as { data: { count: number } } | undefined)?.data.count };
  }

  test("update runs again on what is stored by then, so that no change is lost", async () => {
    const { count, errors } = await together(
      () =>
        async (ctx: {
          session: { update: (fn: (data: { count: number }) => Promise<void>) => Promise<unknown> };
        }) => {
          await ctx.session.update(async (data) => {
            const { count } = data;
            await Promise.resolve();
            data.count = count + 1;
          });
        },
    );
    expect([count, errors]).toEqual([3, []]);
  });

  test("a plain change of a session that another lane has written is refused, and counted by nobody", async () => {
    let begun = 0;
    const all = gate();
    const { count, errors } = await together(() => async (ctx: { session: { count: number } }) => {
      ctx.session.count++;
      if (++begun === 3) all.open();
      await all.opened;
    });
    expect(count).toBe(1);
    expect(errors).toHaveLength(2);
    for (const error of errors) {
      expect(error).toBeInstanceOf(SessionConflictError);
      expect(error).toMatchObject({ code: "ERR_BALE_SESSION_CONFLICT" });
    }
  });

  test("update writes what was changed before it, and what is read after it has both", async () => {
    const { bot, storage, errors } = sessionBot();
    bot.extend(session({ initial: () => ({ a: 0, b: 0 }), storage })).use(async (ctx) => {
      ctx.session.a = 1;
      const after = await ctx.session.update((data) => ({ ...data, b: data.b + 5 }));
      expect(after).toEqual({ a: 1, b: 5 });
      ctx.session.a += ctx.session.b;
    });
    await bot.handle(says(1, "x"));
    expect(errors).toEqual([]);
    expect((await storage.get("session:1000:session:user:1:chat:1"))?.value).toEqual({
      v: 0,
      data: { a: 6, b: 5 },
    });
  });

  test("changing an object that update has made out of date is an error, not a lost change", async () => {
    const { bot, storage, errors } = sessionBot();
    bot.extend(session({ initial: () => ({ a: 0, b: 0 }), storage })).use(async (ctx) => {
      const old = ctx.session;
      await ctx.session.update((data) => void data.b++);
      old.a = 1;
    });
    await bot.handle(says(1, "x"));
    expect(errors).toMatchObject([{ code: "ERR_BALE_SESSION_CONFLICT" }]);
  });

  test("update gives up after a hundred lost races, and null deletes", async () => {
    const { bot, storage, errors, clock } = sessionBot();
    const never: Storage = { ...storage, set: async () => ({ ok: false }) };
    const withSession = bot.extend(session({ initial: counted, storage: never }));
    withSession.hears("lose", (ctx) => ctx.session.update((data) => void data.count++));
    const losing = bot.handle(says(1, "lose"));
    const state = { over: false };
    void losing.then(() => {
      state.over = true;
    });
    while (!state.over) await clock.advance(100);
    expect(errors[0]).toBeInstanceOf(StorageConflictError);

    const other = sessionBot();
    const keeping = other.bot.extend(session({ initial: counted, storage: other.storage }));
    keeping.hears("one", (ctx) => ctx.session.update(() => ({ count: 1 })));
    keeping.hears("none", (ctx) => ctx.session.update(() => null));
    await other.bot.handle(says(1, "one"));
    expect(await keysOf(other.storage)).toHaveLength(1);
    await other.bot.handle(says(1, "none"));
    expect(await keysOf(other.storage)).toEqual([]);
    expect(other.errors).toEqual([]);
  });
});

describe("live waits", () => {
  test("what was changed before the wait is there for others, and what they changed is seen after it", async () => {
    const { bot, storage, errors } = sessionBot();
    const withSession = bot.extend(session({ initial: () => ({ log: [] as string[] }), storage }));
    withSession.command("ask", async (ctx) => {
      ctx.session.log.push("asked");
      const answer = await ctx.waitFor("message:text", { check: ({ text }) => text.startsWith("answer") });
      ctx.session.log.push(answer.text);
      const second = await answer.waitFor("message:text", { check: ({ text }) => text.startsWith("answer") });
      ctx.session.log.push(second.text);
    });
    withSession.on("message:text", (ctx) => void ctx.session.log.push(ctx.text));
    for (const text of ["/ask", "other", "answer 1", "more", "answer 2"]) await bot.handle(says(1, text));
    expect(errors).toEqual([]);
    expect((await storage.get("session:1000:session:user:1:chat:1"))?.value).toEqual({
      v: 0,
      data: { log: ["asked", "other", "answer 1", "more", "answer 2"] },
    });
  });

  test("an object kept over the wait is still the session when nobody has written meanwhile, and an error otherwise", async () => {
    const { bot, storage, errors } = sessionBot();
    const withSession = bot.extend(session({ initial: counted, storage }));
    withSession.command("ask", async (ctx) => {
      const kept = ctx.session;
      kept.count += 1;
      await ctx.waitFor("message:text", { check: ({ text }) => text === "answer" });
      kept.count += 10;
    });
    withSession.hears("other", (ctx) => void (ctx.session.count += 100));
    await bot.handle(says(1, "/ask"));
    await bot.handle(says(1, "answer"));
    const count = async () => {
      const stored = await storage.get("session:1000:session:user:1:chat:1");
      return (stored?.value as { data: { count: number } } | undefined)?.data.count;
    };
    expect([await count(), errors]).toEqual([11, []]);
    for (const text of ["/ask", "other", "answer"]) await bot.handle(says(1, text));
    expect(await count()).toBe(112);
    expect(errors).toMatchObject([{ code: "ERR_BALE_SESSION_CONFLICT" }]);
  });

  test("after a time-out the session is fresh as well", async () => {
    const { bot, storage, errors, clock } = sessionBot();
    const withSession = bot.extend(session({ initial: counted, storage }));
    const ended = gate();
    withSession.command("ask", async (ctx) => {
      ctx.session.count += 1;
      await ctx.waitFor("message:photo", { timeoutMs: 1_000 }).catch(() => undefined);
      ctx.session.count += 10;
      ended.open();
    });
    withSession.hears("other", (ctx) => void (ctx.session.count += 100));
    await bot.handle(says(1, "/ask"));
    await bot.handle(says(1, "other"));
    await clock.advance(1_000);
    await ended.opened;
    await bot.stop();
    expect(errors).toEqual([]);
    expect((await storage.get("session:1000:session:user:1:chat:1"))?.value).toEqual({
      v: 0,
      data: { count: 111 },
    });
  });
});

describe("migrations", () => {
  const old = { initial: () => ({ name: "" }) };
  const next = {
    initial: () => ({ first: "", visits: 0 }),
    migrations: {
      1: (data: { name: string }) => ({ first: data.name }),
      2: async (data: { first: string }) => ({ ...data, visits: 0 }),
    },
  };

  test("old data runs through the missing steps, and is written in its new form once it is changed", async () => {
    const { bot, storage, errors } = sessionBot();
    await storage.set("session:1000:session:user:1:chat:1", { v: 0, data: { name: "Ali" } });
    const withSession = bot.extend(session({ ...next, storage }));
    const seen: unknown[] = [];
    withSession.hears("look", (ctx) => void seen.push({ ...ctx.session }));
    withSession.hears("change", (ctx) => void ctx.session.visits++);
    await bot.handle(says(1, "look"));
    expect((await storage.get("session:1000:session:user:1:chat:1"))?.value).toEqual({
      v: 0,
      data: { name: "Ali" },
    });
    await bot.handle(says(1, "change"));
    expect(seen).toEqual([{ first: "Ali", visits: 0 }]);
    expect((await storage.get("session:1000:session:user:1:chat:1"))?.value).toEqual({
      v: 2,
      data: { first: "Ali", visits: 1 },
    });
    expect(errors).toEqual([]);
  });

  test("an older release beside it refuses what the newer one has written, and never touches it", async () => {
    const { bot, storage, errors } = sessionBot();
    const record = { v: 2, data: { first: "Ali", visits: 1 } };
    await storage.set("session:1000:session:user:1:chat:1", record);
    const before = await storage.get("session:1000:session:user:1:chat:1");
    const withSession = bot.extend(session({ ...old, storage }));
    let passed = 0;
    withSession.hears("pass", () => void passed++);
    withSession.hears("change", (ctx) => void (ctx.session.name = "x"));
    withSession.hears("update", (ctx) => ctx.session.update((data) => void (data.name = "x")));
    withSession.hears("drop", (ctx) => void (ctx.session = null));
    for (const text of ["pass", "change", "update", "drop"]) await bot.handle(says(1, text));
    expect(passed).toBe(1);
    expect(errors).toHaveLength(3);
    for (const error of errors) expect(error).toBeInstanceOf(SessionVersionError);
    expect(await storage.get("session:1000:session:user:1:chat:1")).toEqual(before);
  });

  test("steps that are not numbered 1, 2, 3 are refused at once", () => {
    expect(() => session({ ...old, migrations: { 2: (data) => data } })).toThrow(
      "migration 2 comes as step 1",
    );
  });
});

describe("lazy sessions", () => {
  test("are read on the first load, once, and not at all without one", async () => {
    const { bot, storage, errors } = sessionBot();
    const { storage: seen, asked } = watched(storage);
    const withSession = bot.extend(session({ initial: counted, storage: seen, lazy: true }));
    withSession.hears("touch", async (ctx) => {
      const one = await ctx.session.load();
      one.count++;
      expect(await ctx.session.load()).toBe(one);
    });
    withSession.hears("add", (ctx) => ctx.session.update((data) => void data.count++));
    await bot.handle(says(1, "pass"));
    expect(asked).toEqual([]);
    await bot.handle(says(1, "touch"));
    expect(asked).toEqual(["get", "set"]);
    await bot.handle(says(1, "add"));
    expect(asked).toEqual(["get", "set", "get", "set"]);
    expect((await storage.get("session:1000:session:user:1:chat:1"))?.value).toEqual({
      v: 0,
      data: { count: 2 },
    });
    expect(errors).toEqual([]);
  });

  test.each([
    ["rejects", () => Promise.reject(new Error("away"))],
    [
      "throws",
      () => {
        throw new Error("away");
      },
    ],
  ])("are read anew by the next load when the store %s", async (_how, fail) => {
    const { bot, storage, errors } = sessionBot();
    let asked = 0;
    const failing: Storage = { ...storage, get: (key) => (++asked === 1 ? fail() : storage.get(key)) };
    bot.extend(session({ initial: counted, storage: failing, lazy: true })).use(async (ctx) => {
      await expect(ctx.session.load()).rejects.toThrow("away");
      (await ctx.session.load()).count++;
    });
    await bot.handle(says(1, "a"));
    expect(errors).toEqual([]);
    expect((await storage.get("session:1000:session:user:1:chat:1"))?.value).toEqual({
      v: 0,
      data: { count: 1 },
    });
  });
});

test("a session that somebody else reads while it is being read is what was read first", async () => {
  const { bot, storage, errors } = sessionBot();
  const key = "session:1000:session:user:1:chat:1";
  const asked = gate();
  const answered = gate();
  let gets = 0;
  const slow: Storage = {
    ...storage,
    get: async (each) => {
      const found = await storage.get(each);
      if (++gets > 1) return found;
      asked.open();
      await answered.opened;
      return found;
    },
  };
  let read: unknown;
  bot.fork(async (ctx) => {
    await asked.opened;
    await storage.set(key, { v: 0, data: { count: 10 } });
    read = await bot.find(sessionAccess())?.read(ctx);
    answered.open();
  });
  bot.extend(session({ initial: counted, storage: slow })).use((ctx) => void ctx.session.count++);
  await bot.handle(says(1, "a"));
  expect([read, gets, errors]).toEqual([{ count: 10 }, 2, []]);
  expect((await storage.get(key))?.value).toEqual({ v: 0, data: { count: 11 } });
});

describe("a user's data", () => {
  test.each(["user", "user-in-chat", "chat"] as const)(
    "is exported and forgotten by %s, and nobody else's",
    async (key) => {
      const { bot, storage } = sessionBot();
      bot.extend(session({ initial: counted, storage, key })).use((ctx) => void ctx.session.count++);
      for (const update of [says(1, "a"), says(1, "a", 50), says(11, "a"), says(11, "a", 50)])
        await bot.handle(update);
      const before = await keysOf(storage);
      const exported = await bot.exportUser(1);
      const own = Object.keys(exported["session"] as object).map((place) => `session:1000:session:${place}`);
      expect(own).toHaveLength(key === "user-in-chat" ? 2 : 1);
      await bot.forget(1);
      expect(await keysOf(storage)).toEqual(before.filter((each) => !own.includes(each)));
      expect(await bot.exportUser(1)).toEqual({});
    },
  );

  test("with keys of one's own, keysOf says which are a user's", async () => {
    const { bot, storage } = sessionBot();
    const key = {
      key: ({ from }: { from: { id: number } | undefined }) => from && `u${from.id}`,
      keysOf: (id: number) => [`u${id}`],
    };
    bot.extend(session({ initial: counted, storage, ...key })).use((ctx) => void ctx.session.count++);
    await bot.handle(says(1, "a"));
    await bot.handle(says(2, "a"));
    expect(await bot.exportUser(1)).toEqual({ session: { "own:u1": { count: 1 } } });
    await bot.forget(1);
    expect(await keysOf(storage)).toEqual(["session:1000:session:own:u2"]);
  });

  test("the update that asks to be forgotten does not bring the session back", async () => {
    const { bot, storage, errors } = sessionBot();
    const withSession = bot.extend(session({ initial: counted, storage }));
    withSession.use(async (ctx, next) => {
      ctx.session.count++;
      await next();
    });
    withSession.hears("forget me", (ctx) => bot.forget(ctx.message.from?.id ?? 0));
    await bot.handle(says(1, "hello"));
    await bot.handle(says(1, "forget me"));
    expect([await keysOf(storage), errors]).toEqual([[], []]);
    await bot.handle(says(2, "forget me"));
    expect(await keysOf(storage)).toEqual([]);
  });
});

describe("mistakes", () => {
  test("a field named update, data that is no object, and a value that is no session are told", async () => {
    const { bot, storage, errors } = sessionBot();
    // @ts-expect-error the name of a method
    const reserved = (): { count: number } => ({ update: 1 });
    const none = (() => 5) as unknown as typeof counted;
    bot.extend(session({ name: "one", initial: reserved, storage })).hears("1", (ctx) => void ctx.one);
    bot.extend(session({ name: "two", initial: none, storage })).hears("2", (ctx) => void ctx.two);
    bot
      .extend(session({ name: "three", initial: counted, storage }))
      .hears("3", (ctx) => void ctx.three.count);
    await storage.set("session:1000:three:user:1:chat:1", "something else");
    for (const text of ["1", "2", "3"]) await bot.handle(says(1, text));
    expect(errors).toHaveLength(3);
    for (const error of errors) expect(error).toMatchObject({ code: "ERR_BALE_SESSION_DATA" });
  });

  test("after its handlers a session can be read, and what changes it throws", async () => {
    const { bot, storage } = sessionBot();
    const kept: { session: { count: number } }[] = [];
    const withSession = bot.extend(session({ initial: counted, storage }));
    withSession.use((ctx) => {
      ctx.session.count++;
      kept.push(ctx as never);
    });
    await bot.handle(says(1, "a"));
    const [ctx] = kept as [{ session: { count: number } }];
    expect(ctx.session.count).toBe(1);
    expect(() => ctx.session.count++).toThrow(TypeError);
    expect(() => {
      ctx.session = { count: 5 };
    }).toThrow("its handlers have ended");
  });

  test("options that cannot work are refused at registration", () => {
    expect(() => session({ initial: {} as never })).toThrow("initial is an object");
    expect(() => session({ initial: counted, key: "everyone" as never })).toThrow('key is "everyone"');
    expect(() => session({ initial: counted, ttlMs: 0 })).toThrow("ttlMs is 0");
    expect(() => session({ initial: counted, storage: {} as never })).toThrow("storage is no store");
  });
});

test("other plugins read and change a session through its capability", async () => {
  const { bot, storage, errors } = sessionBot();
  const withSession = bot.extend(session({ initial: counted, storage }));
  withSession.use(async (ctx) => {
    const access = bot.find(sessionAccess());
    ctx.session.count = 4;
    expect(await access?.read(ctx)).toEqual({ count: 4 });
    expect(await access?.update(ctx, (data) => void (data as { count: number }).count++)).toEqual({
      count: 5,
    });
    expect(ctx.session.count).toBe(5);
  });
  await bot.handle(says(1, "a"));
  expect(errors).toEqual([]);
});
