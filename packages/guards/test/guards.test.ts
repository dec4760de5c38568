import { emulator } from "@balekit/emulator";
import { Bot, type Context, memory } from "balekit";
import { describe, expect, onTestFinished, test } from "vitest";
import { allOf, anyOf, cooldown, guard, isAdmin, isChatType, isOwner, isUser } from "../src/index.js";

function stage() {
  const bale = emulator();
  const bot = new Bot(bale.token);
  const errors: unknown[] = [];
  bot.catch((error) => void errors.push(error.cause));
  bale.attach(bot);
  onTestFinished(() => bot.stop({ graceMs: 0 }));
  const owner = bale.user({ first_name: "Owner" });
  const admin = bale.user({ first_name: "Admin" });
  const member = bale.user({ first_name: "Member" });
  const group = bale.group({ title: "g", members: [owner, admin, member], admins: [owner, admin] });
  return { bale, bot, errors, owner, admin, member, group };
}

describe("standing", () => {
  test("isAdmin lets owner and administrators through, isOwner only the owner, and both say why not", async () => {
    const { bot, owner, admin, member, group, errors } = stage();
    const seen: string[] = [];
    const note = (what: string) => (ctx: Context, reason?: { readonly is: string }) =>
      void seen.push(`${ctx.from?.first_name} ${what} ${reason?.is ?? ""}`.trim());
    bot.filter(
      isAdmin().orElse((ctx, reason) => note("admin?")(ctx, reason)),
      async (ctx, next) => {
        note("admin")(ctx);
        await next();
      },
    );
    bot.filter(
      isOwner().orElse((ctx, reason) => note("owner?")(ctx, reason)),
      (ctx) => note("owner")(ctx),
    );
    for (const one of [owner, admin, member]) await one.sends("x", { chat: group });
    await member.sends("x");
    expect(errors).toEqual([]);
    expect(seen).toEqual([
      "Owner admin",
      "Owner owner",
      "Admin admin",
      "Admin owner? not-owner",
      "Member admin? not-admin",
      "Member owner? not-owner",
      "Member admin? no-group",
      "Member owner? no-group",
    ]);
  });

  test("a reason carries the status, and a bot without rights says that it is the one who lacks them", async () => {
    const { bot, member, group } = stage();
    const reasons: unknown[] = [];
    let isDenied = false;
    bot.transform(async (call, next) =>
      isDenied ? { ok: false, error_code: 403, description: "permission_denied" } : next(call),
    );
    bot.on("message", async (ctx) => void reasons.push(await isAdmin().check(ctx)));
    await member.sends("x", { chat: group });
    isDenied = true;
    await member.sends("x", { chat: group });
    expect(reasons).toEqual([
      { is: "not-admin", status: "member" },
      { is: "bot-not-admin", cause: expect.objectContaining({ code: "ERR_BALE_FORBIDDEN" }) },
    ]);
  });

  test("a post of a channel comes from an administrator, of whom nobody knows the name", async () => {
    const { bale, bot, owner } = stage();
    const channel = bale.channel({ title: "c", admins: [owner] });
    const reasons: unknown[] = [];
    bot.on(
      "message",
      async (ctx) => void reasons.push(await isAdmin().check(ctx), await isOwner().check(ctx)),
    );
    await owner.sends("post", { chat: channel });
    expect(reasons).toEqual([undefined, { is: "no-user" }]);
  });

  test("isChatType tells the type it found", async () => {
    const { bot, member, group } = stage();
    const reasons: unknown[] = [];
    bot.on("message", async (ctx) => void reasons.push(await isChatType("private").check(ctx)));
    await member.sends("x", { chat: group });
    await member.sends("x");
    expect(reasons).toEqual([{ is: "wrong-chat", type: "group" }, undefined]);
    expect(() => isChatType("supergroup" as never)).toThrow(
      expect.objectContaining({ code: "ERR_BALE_GUARD" }),
    );
    expect(() => isChatType()).toThrow(expect.objectContaining({ code: "ERR_BALE_GUARD" }));
  });
});

describe("cooldown", () => {
  test.each(["memory", "storage"])("lets somebody through once in a while, kept in %s", async (where) => {
    const { bale, bot, owner, member, errors } = stage();
    const storage = where === "storage" ? memory({ clock: bale.clock }) : undefined;
    const seen: unknown[] = [];
    const slowly = cooldown({ ms: 1000, storage }).orElse(
      (ctx, reason) => void seen.push([ctx.from?.first_name, reason]),
    );
    bot.filter(slowly, (ctx) => void seen.push(ctx.from?.first_name));
    await member.sends("1");
    await bale.clock.advance(400);
    await member.sends("2");
    await owner.sends("3");
    await bale.clock.advance(600);
    await member.sends("4");
    expect(errors).toEqual([]);
    expect(seen).toEqual([
      "Member",
      ["Member", { is: "cooling-down", retryAfterMs: 600 }],
      "Owner",
      "Member",
    ]);
  });

  test("of two processes that ask at the same moment one is let through", async () => {
    const { bale, bot, member } = stage();
    const storage = memory({ clock: bale.clock });
    const one = cooldown({ ms: 1000, storage });
    const other = cooldown({ ms: 1000, storage });
    let both: unknown[] = [];
    bot.on("message", async (ctx) => {
      both = await Promise.all([one(ctx), other(ctx)]);
    });
    await member.sends("x");
    expect(both.filter((passed) => passed === true)).toHaveLength(1);
  });

  test("counts for each chat, or for each person in each chat, and refuses nobody in particular", async () => {
    const { bot, owner, member, group } = stage();
    const perChat = cooldown({ ms: 1000, per: "chat" });
    const perBoth = cooldown({ ms: 1000, per: "user-in-chat" });
    const seen: unknown[] = [];
    bot.use(async (ctx) => void seen.push(await perChat(ctx), await perBoth(ctx)));
    await owner.sends("1", { chat: group });
    await member.sends("2", { chat: group });
    await member.sends("3");
    await bot.handle({ update_id: 5_000_000 });
    expect(seen).toEqual([true, true, false, true, true, true, false, false]);
  });

  test("options that cannot work are refused", () => {
    for (const options of [{ ms: 0 }, { ms: Number.POSITIVE_INFINITY }, { ms: 1, per: "planet" as never }]) {
      expect(() => cooldown(options)).toThrow(expect.objectContaining({ code: "ERR_BALE_GUARD" }));
    }
  });
});

describe("guards together", () => {
  test("allOf gives the reason of the first that refuses, anyOf that of the last", async () => {
    const { bot, member, group } = stage();
    const never = guard("never", () => ({ is: "never" as const }));
    const always = guard<{ readonly is: "never" }>("always", () => undefined);
    const seen: unknown[] = [];
    bot.on("message", async (ctx) => {
      seen.push(await allOf(always, never).check(ctx), await anyOf(never, always).check(ctx));
      seen.push(await anyOf(never).check(ctx), await allOf(always)(ctx));
    });
    await member.sends("x", { chat: group });
    expect(seen).toEqual([{ is: "never" }, undefined, { is: "never" }, true]);
  });

  test("mistakes are told at once", () => {
    expect(() => guard("x", 1 as never)).toThrow(expect.objectContaining({ code: "ERR_BALE_GUARD" }));
    expect(() => isAdmin().orElse(1 as never)).toThrow(expect.objectContaining({ code: "ERR_BALE_GUARD" }));
    expect(() => anyOf()).toThrow(expect.objectContaining({ code: "ERR_BALE_GUARD" }));
  });
});

describe("people", () => {
  test("isUser lets the listed through, wherever they write, and says who was refused", async () => {
    const { bot, owner, member, group } = stage();
    const seen: unknown[] = [];
    const listed = isUser(owner.id).orElse((_, reason) => void seen.push(reason));
    bot.command("ledger").filter(listed, (ctx) => void seen.push(ctx.from?.id));
    await owner.sends("/ledger");
    await owner.sends("/ledger", { chat: group });
    await member.sends("/ledger");
    expect(seen).toEqual([owner.id, owner.id, { is: "not-listed", userId: member.id }]);
  });

  test("isUser lets nobody through when nobody is listed, and refuses what is no id", async () => {
    const { bot, owner } = stage();
    const seen: unknown[] = [];
    bot.filter(isUser(), () => void seen.push("in"));
    await owner.sends("x");
    expect(seen).toEqual([]);
    expect(() => isUser(Number("x"))).toThrow("is no id of a user");
  });
});
