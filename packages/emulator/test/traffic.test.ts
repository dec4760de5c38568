import { METHODS } from "@balekit/api";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { type Emulator, emulator, type EmulatedUser, EmulatorError } from "../src/index.js";

/** Values a careless or hostile client may send for any parameter. */
const anything = fc.oneof(
  fc.integer({ min: -3, max: 12 }),
  fc.constantFrom(100_001, 100_002, 5_000_001, 5_000_002, "100001", "5000001", "@news"),
  fc.constantFrom(
    "typing",
    "WALLET-1",
    "attach://a",
    "<attach://a>",
    "https://b.ir/a.pdf",
    "",
    "true",
    "null",
    "[]",
  ),
  fc.constantFrom('{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}', '{"keyboard":[["x"]]}', "{"),
  fc.string({ maxLength: 20 }),
  fc.boolean(),
  fc.constant(null),
  fc.double(),
  fc.array(fc.record({ label: fc.string(), amount: fc.integer() }), { maxLength: 2 }),
  fc.array(fc.record({ type: fc.constantFrom("photo", "audio", "x"), media: fc.string() }), { maxLength: 3 }),
  fc.jsonValue({ maxDepth: 3 }),
);

const NAMES = [
  "chat_id",
  "from_chat_id",
  "user_id",
  "message_id",
  "text",
  "caption",
  "photo",
  "document",
  "sticker",
  "media",
  "reply_markup",
  "reply_to_message_id",
  "offset",
  "limit",
  "title",
  "description",
  "payload",
  "provider_token",
  "prices",
  "action",
  "callback_query_id",
  "pre_checkout_query_id",
  "ok",
  "error_message",
  "latitude",
  "longitude",
  "phone_number",
  "first_name",
  "last_name",
  "username",
  "id",
  "bot",
  "invite_link",
  "name",
  "file_id",
  "delay_seconds",
  "only_if_banned",
  "can_invite_users",
];

const methodName = fc.constantFrom(...Object.keys(METHODS));

interface Step {
  readonly method: string;
  readonly params: Record<string, unknown>;
}

const anyCall: fc.Arbitrary<Step> = fc.record({
  method: methodName,
  params: fc.dictionary(fc.constantFrom(...NAMES), anything, { maxKeys: 8 }),
});

/** Calls that mostly succeed, so that the world gets into states worth meeting. */
const likelyCall: fc.Arbitrary<Step> = fc
  .record({
    method: fc.constantFrom(
      "sendMessage",
      "editMessageText",
      "deleteMessage",
      "forwardMessage",
      "copyMessage",
      "pinChatMessage",
      "banChatMember",
      "unbanChatMember",
      "inviteUser",
      "promoteChatMember",
      "leaveChat",
    ),
    chat_id: fc.constantFrom(100_001, 100_002, 5_000_001, 5_000_002),
    user_id: fc.constantFrom(100_001, 100_002),
    message_id: fc.integer({ min: 1, max: 12 }),
  })
  .map(({ method, ...ids }) => ({
    method,
    params: { ...ids, from_chat_id: ids.chat_id, text: "hi", can_invite_users: true },
  }));

function peopled(): { bale: Emulator; people: EmulatedUser[] } {
  const bale = emulator();
  const people = ["Ali", "Sara"].map((first_name) => bale.user({ first_name }));
  bale.group({ title: "Family", members: people });
  bale.channel({ title: "News", username: "news", admins: people });
  return { bale, people };
}

describe("random traffic", () => {
  it("never makes the emulator fail by itself, one call or many at once", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(anyCall, likelyCall), { minLength: 1, maxLength: 30 }),
        async (steps) => {
          const { bale, people } = peopled();
          for (const person of people) await person.sends("/start").catch(() => undefined);
          const transport = bale.transport();
          const replies = await Promise.all(
            steps.map(({ method, params }) => {
              const { timeout: _, ...rest } = params;
              return transport.send({ method, params: rest, options: {} } as Parameters<
                typeof transport.send
              >[0]);
            }),
          );
          replies.forEach((reply, i) => {
            if (reply.ok) return;
            expect(reply.error_code, `${JSON.stringify(steps[i])}: ${reply.description}`).not.toBe(500);
            expect(reply.description).not.toBe("");
          });
          await bale.close();
        },
      ),
      { numRuns: 150 },
    );
  });

  it("never makes the HTTP server answer 500, whatever the body", { timeout: 60_000 }, async () => {
    const bale = emulator({ token: "1000:secret" });
    const { url } = await bale.listen();
    await bale.user().sends("/start");
    const types = fc.constantFrom(
      "application/json",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=b",
      "text/plain",
    );
    const paths = fc.oneof(
      fc.tuple(methodName).map(([method]) => `/bot1000:secret/${method}`),
      fc
        .constantFrom(
          "users",
          "chats",
          "messages",
          "callbacks",
          "payments",
          "faults",
          "clock",
          "edits",
          "members",
        )
        .map((route) => `/emulator/${route}`),
      fc.webPath().map((path) => `/file/bot1000:secret${path}`),
    );
    const bodies = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value)),
      fc
        .dictionary(fc.constantFrom(...NAMES, "from", "members", "type", "kind"), anything)
        .map((value) => JSON.stringify(value)),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(paths, types, bodies, async (path, type, body) => {
        if (path.endsWith("/faults") && body.includes("kind")) return;
        const response = await fetch(`${url}${path}`, {
          method: "POST",
          headers: { "content-type": type },
          body,
        });
        const text = await response.text();
        expect(response.status, `${path} ${type} ${body}: ${text}`).not.toBe(500);
        expect(() => JSON.parse(text)).not.toThrow();
      }),
      { numRuns: 200 },
    );
    await bale.close();
  });

  it("keeps its books: ids grow by one, and what is deleted is gone", async () => {
    const deed = fc.oneof(
      fc.record({ does: fc.constant("says" as const), who: fc.integer({ min: 0, max: 1 }) }),
      fc.record({ does: fc.constant("sends" as const), who: fc.integer({ min: 0, max: 1 }) }),
      fc.record({ does: fc.constant("deletes" as const), id: fc.integer({ min: 1, max: 20 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { maxLength: 25 }), async (deeds) => {
        const { bale, people } = peopled();
        const [ali] = people;
        if (ali === undefined) throw new Error("nobody is there");
        await ali.sends("/start");
        let last = 1;
        const alive = new Set([1]);
        for (const step of deeds) {
          if (step.does === "says") {
            expect((await ali.sends("x")).message_id).toBe(++last);
            alive.add(last);
          } else if (step.does === "sends") {
            const params = { chat_id: ali.id, text: "y" };
            const reply = await bale.transport().send({ method: "sendMessage", params, options: {} });
            expect(reply).toMatchObject({ ok: true, result: { message_id: ++last } });
            alive.add(last);
          } else {
            const params = { chat_id: ali.id, message_id: step.id };
            const { ok } = await bale.transport().send({ method: "deleteMessage", params, options: {} });
            expect(ok).toBe(alive.delete(step.id));
          }
          expect(ali.chat.messages.map(({ message_id }) => message_id)).toEqual([...alive]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("refuses people's impossible deeds with an error that says so", async () => {
    const { people } = peopled();
    await expect(people[0]?.presses("x")).rejects.toBeInstanceOf(EmulatorError);
  });
});
