import { describe, expect, test } from "vitest";
import { LIMITS } from "../src/generated/limits.js";
import { BUSINESS_METHODS, METHODS } from "../src/generated/method-table.js";
import { QUERIES, UPDATE_KINDS } from "../src/generated/queries.js";

describe("METHODS", () => {
  test("tells documented methods from the others", () => {
    const names = Object.entries(METHODS);
    expect(names.filter(([, { documented }]) => documented)).toHaveLength(50);
    expect(names.filter(([, { documented }]) => !documented)).toHaveLength(16);
    expect(METHODS.sendSticker.documented).toBe(false);
  });

  test("names the parameters that take a file, and what is multipart without one", () => {
    expect(METHODS.sendPhoto.files).toEqual(["photo"]);
    expect(METHODS.setChatPhoto.files).toEqual(["photo"]);
    expect(METHODS.sendMediaGroup).toMatchObject({ files: [], nestedMedia: "media" });
    const multipart = Object.entries(METHODS).filter(([, method]) => method.multipart === true);
    expect(multipart.map(([name]) => name)).toEqual(["sendAnimation", "sendSticker"]);
  });

  test("rejects only what Bale documents", () => {
    const rejecting = Object.values(METHODS).flatMap(({ limits }) =>
      limits.filter(({ level }) => level === "reject"),
    );
    expect(rejecting.length).toBeGreaterThan(10);
    expect(new Set(rejecting.map(({ source }) => source))).toEqual(new Set(["docs"]));
  });

  test("warns about uploads above 20 MB and photos above 10, and rejects no size", () => {
    const sizes = Object.values(METHODS).flatMap(({ files, limits }) =>
      limits.filter(({ param }) => files.includes(param)),
    );
    expect(sizes).toHaveLength(9);
    for (const { param, level, max } of sizes) {
      expect(level).toBe("warn");
      expect(max).toBe((param === "photo" ? 10 : 20) * 1024 * 1024);
    }
  });

  test("bounds what lies inside keyboards and albums by a path", () => {
    const markup = METHODS.sendMessage.nestedLimits;
    expect(METHODS.sendMessage.limits.map(({ param }) => param)).toEqual(["text"]);
    expect(markup).toEqual([
      expect.objectContaining({
        param: "reply_markup.inline_keyboard.*.*.callback_data",
        kind: "bytes",
        max: 64,
      }),
      expect.objectContaining({
        param: "reply_markup.inline_keyboard.*.*.copy_text.text",
        kind: "length",
        max: 256,
      }),
    ]);
    expect(METHODS.editMessageReplyMarkup.nestedLimits).toBe(markup);
    expect(METHODS.sendMediaGroup.nestedLimits).toContainEqual(
      expect.objectContaining({ param: "media.*.caption", max: LIMITS.albumCaption }),
    );
    expect(METHODS.getMe.nestedLimits).toBeUndefined();
  });

  test("has all methods of the Business API", () => {
    expect(BUSINESS_METHODS).toHaveLength(7);
    expect(BUSINESS_METHODS.filter((name) => !METHODS[name].documented)).toEqual([]);
  });
});

describe("LIMITS", () => {
  test("are Bale's numbers", () => {
    expect(LIMITS).toMatchObject({
      text: 4096,
      caption: 4096,
      albumCaption: 1024,
      callbackDataBytes: 64,
      callbackAnswerText: 200,
      copyText: 256,
      invoiceTitle: 32,
      invoiceDescription: 255,
      invoicePayloadBytes: 128,
      updatesPerPoll: 100,
      downloadBytes: 20 * 1024 * 1024,
      preCheckoutMs: 10_000,
      chatActionMs: 6_000,
      updateQueue: 2_000,
      updateLifeMs: 24 * 60 * 60 * 1000,
      deleteMessageMs: 48 * 60 * 60 * 1000,
      webhookPorts: [443, 88],
    });
  });
});

describe("QUERIES", () => {
  test("look only at kinds of update that exist", () => {
    const looked = new Set(Object.values(QUERIES).flatMap(({ kinds }) => kinds ?? []));
    expect([...looked].toSorted()).toEqual([...UPDATE_KINDS].toSorted());
    expect(QUERIES.update.kinds).toBeUndefined();
  });

  test("have the first level, the second and the shorthand", () => {
    expect(QUERIES.message).toMatchObject({ kinds: ["message"], fields: undefined });
    expect(QUERIES["message:photo"]).toMatchObject({ kinds: ["message"], fields: ["photo"] });
    expect(QUERIES["edited_message:text"]).toMatchObject({ kinds: ["edited_message"], fields: ["text"] });
    expect(QUERIES[":text"]).toMatchObject({ kinds: ["message", "edited_message"], fields: ["text"] });
    expect(QUERIES["callback_query:data"]).toMatchObject({ kinds: ["callback_query"], fields: ["data"] });
    expect(QUERIES["message:web_app_data"]).toMatchObject({ kinds: ["message"], fields: ["web_app_data"] });
  });

  test("gather what can be downloaded under :file and what can be looked at under :media", () => {
    expect(QUERIES[":media"].fields).toEqual(["photo", "video", "animation"]);
    expect(QUERIES[":file"].fields).toEqual([
      "photo",
      "video",
      "animation",
      "audio",
      "voice",
      "document",
      "sticker",
    ]);
  });

  test("look for service messages in new messages only, since nobody edits them", () => {
    expect(Object.keys(QUERIES)).not.toContain("edited_message:successful_payment");
    expect(QUERIES[":successful_payment"].kinds).toEqual(["message"]);
  });

  test("keep the original's event names as second names", () => {
    const alike = ({ kinds, fields }: { kinds: unknown; fields: unknown }): object => ({ kinds, fields });
    expect(alike(QUERIES.callback)).toEqual(alike(QUERIES.callback_query));
    expect(alike(QUERIES.message_edit)).toEqual(alike(QUERIES.edited_message));
    expect(alike(QUERIES.successful_payment)).toEqual(alike(QUERIES["message:successful_payment"]));
    expect(alike(QUERIES.member_chat_leave)).toEqual(alike(QUERIES["message:left_chat_member"]));
    expect(alike(QUERIES.member_chat_join)).toEqual(alike(QUERIES["message:new_chat_members"]));
  });

  test("run member_chat_join once for each new member, and nothing else so", () => {
    const each = Object.entries(QUERIES).filter(([, query]) => query.each !== undefined);
    expect(each.map(([name, query]) => [name, query.each])).toEqual([
      ["member_chat_join", "new_chat_members"],
    ]);
  });
});
