import { createApi, InputFile, type Message, NotFoundError } from "@balekit/api";
import { describe, expect, it } from "vitest";

import { type Emulator, emulator, type EmulatorOptions } from "../../src/emulator.js";
import type { EmulatedUser } from "../../src/emulated-user.js";
import { refusal, result } from "../calling.js";

async function started(options: EmulatorOptions = {}): Promise<{ bale: Emulator; ali: EmulatedUser }> {
  const bale = emulator(options);
  const ali = bale.user({ first_name: "Ali" });
  await ali.sends("/start");
  return { bale, ali };
}

const bytes = new TextEncoder().encode("hello file");

describe("files", () => {
  it("go up, come back as ids, and down again through the api client", async () => {
    const { bale, ali } = await started();
    const api = createApi({ token: bale.token, transport: bale.transport() });
    const message = await api.sendDocument({
      chat_id: ali.id,
      document: new InputFile(bytes, { name: "نامه.txt" }),
    });
    expect(message.document).toMatchObject({
      file_name: "نامه.txt",
      mime_type: "text/plain",
      file_size: bytes.length,
    });
    const id = message.document?.file_id ?? "";
    expect(await api.download(id)).toEqual(bytes);
    const again = await api.sendDocument({ chat_id: ali.id, document: id, caption: "*again*" });
    expect(again).toMatchObject({ caption: "*again*", document: { file_id: id } });
    await expect(api.download("1:2:3:4")).rejects.toThrow("invalid file_id");
    await expect(bale.transport().download("nothing", {})).rejects.toBeInstanceOf(NotFoundError);
    await expect(bale.transport("1000:x").download("nothing", {})).rejects.toThrow("Token not found");
  });

  it("are read from every kind of source", async () => {
    const { bale, ali } = await started();
    const api = createApi({ token: bale.token, transport: bale.transport() });
    async function* parts(): AsyncGenerator<Uint8Array> {
      yield bytes.slice(0, 5);
      yield bytes.slice(5);
    }
    const sources = [new InputFile(new Blob([bytes])), new InputFile(() => parts(), { name: "s.bin" })];
    for (const document of sources) {
      const message = await api.sendDocument({ chat_id: ali.id, document });
      expect(await api.download(message.document?.file_id ?? "")).toEqual(bytes);
    }
  });

  it("have one fitting field a kind, with file_size", async () => {
    const { bale, ali } = await started();
    const kinds = ["photo", "audio", "document", "video", "animation", "voice", "sticker"] as const;
    for (const kind of kinds) {
      const method = `send${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
      const message = await result(bale, method, { chat_id: ali.id, [kind]: new InputFile(bytes) });
      const value = kind === "photo" ? message.photo?.at(-1) : message[kind];
      expect(value).toMatchObject({ file_size: bytes.length });
      expect(message.document !== undefined).toBe(kind === "animation" || kind === "document");
    }
  });

  it("keep their type: the id of a photo is no document", async () => {
    const { bale, ali } = await started();
    const photo = (await ali.sendsPhoto()).photo?.at(-1)?.file_id;
    expect(await refusal(bale, "sendDocument", { chat_id: ali.id, document: photo })).toContain(
      "type of file mismatch",
    );
    expect(await refusal(bale, "sendPhoto", { chat_id: ali.id, photo: "no-such" })).toContain(
      "wrong file identifier",
    );
    expect(await refusal(bale, "sendPhoto", { chat_id: ali.id })).toContain("photo is empty");
    expect(
      await refusal(bale, "sendPhoto", { chat_id: ali.id, photo: new InputFile(new Uint8Array()) }),
    ).toContain("non-empty");
  });

  it("are downloaded up to 20 MB", async () => {
    const { bale, ali } = await started();
    const fits = await ali.sendsDocument({ sizeBytes: 20 * 1024 * 1024 });
    const large = await ali.sendsDocument({ sizeBytes: 20 * 1024 * 1024 + 1 });
    expect(await result<object>(bale, "getFile", { file_id: fits.document?.file_id })).toMatchObject({
      file_size: 20 * 1024 * 1024,
      file_path: expect.stringContaining("documents/"),
    });
    expect(await refusal(bale, "getFile", { file_id: large.document?.file_id })).toContain("file is too big");
    expect(await refusal(bale, "getFile", { file_id: "1:2:3:4" })).toContain("invalid file_id");
  });

  it("are uploaded up to 10 MB as photos, with a warning above 20 MB as anything else", async () => {
    const { bale, ali } = await started();
    const large = new InputFile(new Uint8Array(10 * 1024 * 1024 + 1));
    expect(await refusal(bale, "sendPhoto", { chat_id: ali.id, photo: large })).toContain("file is too big");
    const larger = new InputFile(new Uint8Array(21 * 1024 * 1024));
    await result(bale, "sendDocument", { chat_id: ali.id, document: larger });
    expect(bale.calls.last()?.warnings.join()).toContain("20 MB");
    const largest = new InputFile(new Uint8Array(50 * 1024 * 1024 + 1));
    expect(await refusal(bale, "sendVideo", { chat_id: ali.id, video: largest })).toContain(
      "file is too big",
    );
  });

  it("that are forgotten say so wherever they are asked for", async () => {
    const { bale, ali } = await started({ maxFileBytes: 1_000 });
    const { url, close } = await bale.listen();
    const api = createApi({ token: bale.token, transport: bale.transport() });
    const sent = await ali.sendsDocument({ sizeBytes: 900 });
    const id = sent.document?.file_id ?? "";
    const { file_path: path = "" } = await api.getFile({ file_id: id });
    expect((await api.download(id)).length).toBe(900);
    await ali.sendsDocument({ sizeBytes: 900 });
    const forgotten = "the emulator has forgotten this file. It keeps the last 10000 uploads, and 1000 bytes";
    expect(await refusal(bale, "getFile", { file_id: id })).toContain(`invalid file_id: ${forgotten}`);
    expect(await refusal(bale, "sendDocument", { chat_id: ali.id, document: id })).toContain(
      `wrong file identifier/HTTP URL specified: ${forgotten}`,
    );
    await expect(bale.transport().download(path, {})).rejects.toThrow(`Not Found: ${forgotten}`);
    await expect(bale.transport().download(path, {})).rejects.toBeInstanceOf(NotFoundError);
    for (const place of [`/file/bot${bale.token}/${path}`, `/emulator/files/${encodeURIComponent(id)}`]) {
      const response = await fetch(url + place);
      expect(response.status).toBe(404);
      expect(await response.text()).toContain(forgotten);
    }
    const body = JSON.stringify({ from: ali.id, document: id });
    const headers = { "content-type": "application/json" };
    const shared = await fetch(`${url}/emulator/messages`, { method: "POST", body, headers });
    expect(await shared.text()).toContain(forgotten);
    await close();
  });

  it("are bounded by a number of bytes above 0", () => {
    for (const maxFileBytes of [0, -1, Number.NaN]) {
      expect(() => emulator({ maxFileBytes })).toThrow(
        `Making an emulator: maxFileBytes is ${maxFileBytes}. Give a number of bytes above 0.`,
      );
    }
  });

  it("by address are placeholders unless something fetches them; documents only as GIF, PDF or ZIP", async () => {
    const { bale, ali } = await started();
    const photo = await result(bale, "sendPhoto", { chat_id: ali.id, photo: "https://b.ir/cat.jpg" });
    expect(photo.photo?.at(-1)).toMatchObject({ width: 1, height: 1 });
    expect(
      await refusal(bale, "sendDocument", { chat_id: ali.id, document: "https://b.ir/a.txt" }),
    ).toContain("GIF, PDF");
    const fetching = await started({ fetchFile: async () => bytes });
    const params = { chat_id: fetching.ali.id, document: "https://b.ir/a.pdf" };
    const message = await result(fetching.bale, "sendDocument", params);
    expect(message.document).toMatchObject({ file_size: bytes.length, file_name: "a.pdf" });
    const failing = await started({ fetchFile: () => Promise.reject(new Error("offline")) });
    expect(await refusal(failing.bale, "sendDocument", { ...params, chat_id: failing.ali.id })).toContain(
      "failed to get",
    );
  });
});

describe("sendMediaGroup", () => {
  it("sends an album under one id, files inside", async () => {
    const { bale, ali } = await started();
    const messages = await result<Message[]>(bale, "sendMediaGroup", {
      chat_id: ali.id,
      media: [
        { type: "photo", media: new InputFile(bytes), caption: "one" },
        { type: "video", media: new InputFile(bytes) },
      ],
    });
    expect(messages).toHaveLength(2);
    expect(messages[0]).toMatchObject({ caption: "one", media_group_id: messages[1]?.media_group_id });
    expect(messages[1]?.video?.file_size).toBe(bytes.length);
  });

  it("keeps documents and audio to their own kind, and takes no animations", async () => {
    const { bale, ali } = await started();
    const send = (...types: string[]): Promise<string> =>
      refusal(bale, "sendMediaGroup", {
        chat_id: ali.id,
        media: types.map((type) => ({ type, media: new InputFile(bytes) })),
      });
    expect(await send("photo", "document")).toContain("own kind");
    expect(await send("audio", "document")).toContain("own kind");
    expect(await send("animation")).toContain('type "animation"');
    expect(await send()).toContain("non-empty array");
    expect(
      await refusal(bale, "sendMediaGroup", {
        chat_id: ali.id,
        media: [{ type: "photo", media: new InputFile(bytes), caption: "x".repeat(1025) }],
      }),
    ).toContain("caption is too long");
  });
});

describe("stickers", () => {
  it("are uploaded, put in a set named after the bot, and sent", async () => {
    const { bale, ali } = await started();
    const file = await result<{ file_id: string }>(bale, "uploadStickerFile", {
      user_id: ali.id,
      sticker: new InputFile(bytes),
    });
    const set = { user_id: ali.id, name: "cats_by_emulated_bot", title: "Cats" };
    const sticker = [{ sticker: file.file_id, emoji_list: ["🐱"] }];
    expect(await result(bale, "createNewStickerSet", { ...set, sticker })).toBe(true);
    expect(await refusal(bale, "createNewStickerSet", { ...set, sticker })).toContain("occupied");
    expect(
      await result(bale, "addStickerToSet", { ...set, sticker: { sticker: new InputFile(bytes) } }),
    ).toBe(true);
    expect(await refusal(bale, "createNewStickerSet", { ...set, name: "cats", sticker })).toContain(
      "_by_emulated_bot",
    );
    expect(await refusal(bale, "createNewStickerSet", { ...set, sticker: [] })).toContain("1 to 50");
    expect(await refusal(bale, "addStickerToSet", { ...set, name: "dogs", sticker: sticker[0] })).toContain(
      "INVALID",
    );
    const message = await result(bale, "sendSticker", { chat_id: ali.id, sticker: file.file_id });
    expect(message.sticker?.file_id).toBe(file.file_id);
  });
});
