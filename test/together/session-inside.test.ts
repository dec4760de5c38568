import { conversation, conversations } from "@balekit/conversation";
import { emulator } from "@balekit/emulator";
import { type Session, session } from "@balekit/session";
import { Bot, type Context, memory } from "balekit";
import { expect, expectTypeOf, test } from "vitest";
import { lanesOf, Mortal, quiet, say, told } from "../../packages/conversation/test/talk.js";

interface Profile {
  name?: string;
  visits: number;
}

interface Cart {
  items: string[];
}

type Shopping = Context & { readonly session: Session<Profile>; readonly cart: Session<Cart> };

test("reads and changes the session of whoever entered it, each change once, also in another process", async () => {
  const bale = emulator();
  const [sessions, storage] = [memory(), lanesOf(bale)];
  const seen: unknown[] = [];
  let changes = 0;
  const visiting = conversation("visiting", async (c, ctx: Shopping) => {
    await c.session.update((data) => {
      changes++;
      data.visits += 1;
    });
    const visits = await c.session.read((data) => data.visits);
    const { text } = await c.waitFor("message:text", { id: "name" });
    const name = await c.session.update(
      (data) => ({ ...data, name: text }),
      (data) => data.name,
    );
    await c.session("cart").update((cart) => void cart.items.push("tea"));
    const { items } = await c.session("cart").read();
    seen.push(visits, name, items);
    await ctx.reply(`${visits} ${String(name)} ${items.join()}`);
  });
  const begin = () => {
    const bot = new Bot(undefined)
      .extend(session({ initial: (): Profile => ({ visits: 0 }), storage: sessions }))
      .extend(session({ name: "cart", initial: (): Cart => ({ items: [] }), storage: sessions }))
      .extend(conversations({ definitions: [visiting], storage }));
    bot.command("visit", async (ctx) => {
      await ctx.conversation.enter(visiting);
    });
    bot.command("who", (ctx) => ctx.reply(`${String(ctx.session.name)} ${ctx.session.visits}`));
    return { bot, detach: bale.attach(bot) };
  };
  const first = begin();
  const ali = bale.user();
  await say(bale, ali, "/visit");
  await first.bot.stop();
  first.detach();
  begin();
  await say(bale, ali, "Ali");
  expect(told(ali)).toEqual(["1 Ali tea"]);
  await say(bale, ali, "/who");
  expect(told(ali).at(-1)).toBe("Ali 1");
  expect(changes).toBe(1);
  expect(seen).toEqual([1, "Ali", ["tea"]]);
});

test("what the handler has changed is seen inside, and what is changed inside is seen by the handler", async () => {
  const bale = emulator();
  const errors: string[] = [];
  const naming = conversation("naming", async (c, _ctx: Shopping) => {
    const before = await c.session.read((data) => data.name);
    await c.session.update((data) => ({ ...data, name: `${String(before)}!`, visits: data.visits + 1 }));
  });
  const bot = new Bot(undefined)
    .extend(session({ initial: (): Profile => ({ visits: 0 }), storage: memory() }))
    .extend(session({ name: "cart", initial: (): Cart => ({ items: [] }), storage: memory() }))
    .extend(conversations({ definitions: [naming] }));
  bot.catch((error) => void errors.push(error.message));
  bot.on("message:text", async (ctx) => {
    ctx.session.name = ctx.text;
    await ctx.conversation.enter(naming);
    ctx.session.visits += 10;
    await ctx.reply(`${ctx.session.name} ${ctx.session.visits}`);
  });
  bale.attach(bot);
  const ali = bale.user();
  await say(bale, ali, "Ali");
  expect(errors).toEqual([]);
  expect(told(ali)).toEqual(["Ali! 11"]);
});

test("what a handler before changes for an answer is kept, and the conversation that takes it changes the same session", async () => {
  const bale = emulator();
  const errors: string[] = [];
  const naming = conversation(
    "naming",
    async (c, _ctx: Shopping) => {
      const { text } = await c.waitFor("message:text");
      await c.session.update((data) => ({ ...data, name: `${text} of visit ${data.visits}` }));
      await c.waitFor("message:text");
    },
    {
      cancel: ["/cancel"],
      onCancel: (c) => c.session.update((data) => ({ ...data, name: `left in visit ${data.visits}` })),
    },
  );
  const bot = new Bot(undefined)
    .extend(session({ initial: (): Profile => ({ visits: 0 }), storage: memory() }))
    .extend(session({ name: "cart", initial: (): Cart => ({ items: [] }), storage: memory() }));
  bot.catch((error) => void errors.push(error.message));
  bot.use(async (ctx, next) => {
    ctx.session.visits++;
    await next();
  });
  const talking = bot.extend(conversations({ definitions: [naming] }));
  talking.command("go", async (ctx) => {
    await ctx.conversation.enter(naming);
  });
  talking.command("show", (ctx) => ctx.reply(`${String(ctx.session.name)}, ${ctx.session.visits}`));
  bale.attach(bot);
  const ali = bale.user();
  for (const text of ["/go", "Ali", "/show", "/cancel", "/show"]) await say(bale, ali, text);
  expect(errors).toEqual([]);
  expect(told(ali)).toEqual(["Ali of visit 2, 3", "left in visit 4, 5"]);
});

test("many conversations of one user, and handlers beside them, lose no change", async () => {
  const bale = emulator();
  const sessions = memory();
  const counting = conversation(
    "counting",
    async (c, _ctx: Shopping) => {
      await c.session.update((data) => {
        data.visits += 1;
      });
    },
    { onActive: "stack" },
  );
  const bot = new Bot(undefined)
    .extend(session({ initial: (): Profile => ({ visits: 0 }), storage: sessions, key: "user" }))
    .extend(session({ name: "cart", initial: (): Cart => ({ items: [] }), storage: memory() }))
    .extend(conversations({ definitions: [counting] }));
  bot.command("visits", (ctx) => ctx.reply(`${ctx.session.visits}`));
  bot.on("message:text", async (ctx) => {
    await ctx.session.update((data) => {
      data.visits += 1;
    });
  });
  bale.attach(bot);
  const ali = bale.user();
  await say(bale, ali, "hi");
  const chats = Array.from({ length: 20 }, (_, at) => ({ chatId: 1_000 + at, userId: ali.id }));
  const entering = chats.map((whom) => bot.conversations.enter(counting, whom));
  const all = { isDone: false };
  const done = Promise.all([...entering, ...chats.map(() => ali.sends("x"))]).then(() => {
    all.isDone = true;
  });
  while (!all.isDone) await bale.clock.advance(50);
  await done;
  await quiet(bale);
  await say(bale, ali, "/visits");
  expect(told(ali).at(-1)).toBe("41");
});

test("the live session is not to be had inside: reading and assigning it says what to do", async () => {
  const bale = emulator();
  const said: string[] = [];
  const wrong = conversation("wrong", async (c, ctx: Shopping) => {
    const attempts = [
      () => ctx.session.visits,
      () => ctx.cart.items,
      () => {
        (ctx as { session: unknown }).session = { visits: 3 };
      },
    ];
    for (const attempt of attempts) {
      try {
        attempt();
      } catch (error) {
        said.push((error as Error).message);
        expect((error as { code?: string }).code).toBe("ERR_BALE_CONVERSATION_SESSION");
      }
    }
    const next = await c.waitFor("message:text");
    try {
      void next.session.visits;
    } catch (error) {
      said.push((error as Error).message);
    }
  });
  const bot = new Bot(undefined)
    .extend(session({ initial: (): Profile => ({ visits: 0 }), storage: memory() }))
    .extend(session({ name: "cart", initial: (): Cart => ({ items: [] }), storage: memory() }))
    .extend(conversations({ definitions: [wrong] }));
  bale.attach(bot);
  const ali = bale.user();
  await say(bale, ali, "hi");
  await bot.conversations.enter(wrong, { chatId: ali.id });
  await say(bale, ali, "x");
  expect(said).toHaveLength(4);
  expect(said[0]).toContain("ctx.session inside a conversation");
  expect(said[0]).toContain("await c.session.read()");
  expect(said[1]).toContain('c.session("cart").read()');
});

test("without the session plugin, and with what is no function, it says what is missing", async () => {
  const bale = emulator();
  const said: string[] = [];
  const wrong = conversation("wrong", async (c, _ctx: Shopping) => {
    for (const attempt of [
      () => c.session.read(),
      () => c.session("cart").update(() => undefined),
      () => c.session.update(3 as never),
    ]) {
      await attempt().catch((error: Error) => said.push(error.message));
    }
  });
  const bot = new Bot(undefined).extend(conversations({ definitions: [wrong as never] }));
  bale.attach(bot);
  const ali = bale.user();
  await say(bale, ali, "hi");
  await bot.conversations.enter(wrong, { chatId: ali.id });
  expect(said[0]).toContain("c.session: this bot has no session of that name");
  expect(said[1]).toContain('c.session("cart"): this bot has no session of that name');
  expect(said[2]).toContain("it takes a function of the data, not 3");
});

test("after a crash in the moment of a change it is made again with the same key, or throws when that is asked for", async () => {
  for (const [ambiguous, visits] of [
    ["retry", 2],
    ["throw", 1],
  ] as const) {
    const bale = emulator();
    const sessions = memory();
    const runs: { readonly key: string; readonly isRepeat: boolean }[] = [];
    const outcomes: string[] = [];
    const visiting = conversation(
      "visiting",
      async (c, _ctx: Shopping) => {
        try {
          await c.session.update((data, { idempotencyKey, isRepeat }) => {
            runs.push({ key: idempotencyKey, isRepeat });
            data.visits += 1;
          });
          outcomes.push("changed");
        } catch (error) {
          outcomes.push((error as Error).name);
        }
      },
      { ambiguity: { session: ambiguous } },
    );
    const storage = lanesOf(bale);
    const begin = (mortal: Mortal | undefined) => {
      const bot = new Bot(undefined)
        .extend(
          session({
            initial: (): Profile => ({ visits: 0 }),
            storage:
              mortal === undefined
                ? sessions
                : {
                    ...sessions,
                    set: async (...args: Parameters<typeof sessions.set>) => {
                      await sessions.set(...args);
                      return mortal.die();
                    },
                  },
          }),
        )
        .extend(session({ name: "cart", initial: (): Cart => ({ items: [] }), storage: memory() }))
        .extend(conversations({ definitions: [visiting], storage: mortal?.storage ?? storage }));
      bot.command("visits", (ctx) => ctx.reply(`${ctx.session.visits}`));
      return { bot, detach: bale.attach(bot) };
    };
    const first = begin(new Mortal(storage));
    const ali = bale.user();
    await say(bale, ali, "hi");
    void first.bot.conversations.enter(visiting, { chatId: ali.id });
    await quiet(bale);
    expect(outcomes).toEqual([]);
    first.detach();
    await begin(undefined).bot.init();
    await bale.clock.advance(60_000);
    await quiet(bale);
    expect(outcomes).toEqual([ambiguous === "retry" ? "changed" : "AmbiguousEffectError"]);
    await say(bale, ali, "/visits");
    expect(told(ali).at(-1)).toBe(String(visits));
    expect(runs.map(({ isRepeat }) => isRepeat)).toEqual(ambiguous === "retry" ? [false, true] : [false]);
    expect(new Set(runs.map(({ key }) => key)).size).toBe(1);
  }
});

test("its types are those of the session, and there are none where contexts have no session", () => {
  conversation("typed", async (c, _ctx: Shopping) => {
    expectTypeOf(await c.session.read()).toEqualTypeOf<Profile>();
    expectTypeOf(await c.session.read(({ visits }) => visits)).toEqualTypeOf<number>();
    expectTypeOf(await c.session("cart").read()).toEqualTypeOf<Cart>();
    await c.session.update((data) => ({ ...data, visits: 1 }));
    // @ts-expect-error visits is a number
    await c.session.update(() => ({ visits: "1" }));
    // @ts-expect-error there is no session of this name
    await c.session("carts").read();
    // @ts-expect-error a property that is no session
    await c.session("api").read();
  });
  conversation("plain", async (c) => {
    // @ts-expect-error these contexts have no session
    await c.session.read();
  });
  expectTypeOf<Session<Profile>>().toHaveProperty("update");
});
