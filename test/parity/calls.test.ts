import { emulator } from "@balekit/emulator";
import { Bot, InlineKeyboard, InputFile, NotFoundError } from "balekit";
import { describe, expect, onTestFinished, test } from "vitest";

/** A bot that is administrator of a group of Ali, its owner, and Sara. */
async function stage() {
  const bale = emulator();
  const bot = new Bot(bale.token);
  bale.attach(bot);
  onTestFinished(() => bot.stop({ graceMs: 0 }));
  const ali = bale.user({ first_name: "Ali", username: "ali" });
  const sara = bale.user({ first_name: "Sara" });
  const group = bale.group({ title: "گروه", members: [ali, sara], admins: [ali] });
  await ali.sends("سلام");
  return { bale, api: bot.api, ali, sara, group };
}

const file = (name: string): InputFile => new InputFile(new Uint8Array([1, 2, 3]), { name });

describe("the calls of python-bale-bot", () => {
  test("banChatMember puts somebody out and keeps them out, and unbanChatMember lifts the ban", async () => {
    const { api, sara, group, bale } = await stage();
    const who = { chat_id: group.id, user_id: sara.id };
    expect(await api.banChatMember(who)).toBe(true);
    await expect(api.getChatMember(who)).rejects.toBeInstanceOf(NotFoundError);
    await expect(sara.joins(group)).rejects.toBeInstanceOf(Error);
    expect(await api.unbanChatMember({ ...who, only_if_banned: true })).toBe(true);
    await sara.joins(group);
    expect((await api.getChatMember(who)).status).toBe("member");
    expect(bale.calls.all("unbanChatMember")).toHaveLength(1);
  });

  test("promoteChatMember promotes, and a second call takes what it leaves out", async () => {
    const { api, sara, group } = await stage();
    const who = { chat_id: group.id, user_id: sara.id };
    expect(await api.promoteChatMember({ ...who, can_delete_messages: true })).toBe(true);
    expect(await api.getChatMember(who)).toMatchObject({
      status: "administrator",
      can_delete_messages: true,
    });
    await api.promoteChatMember({ ...who, can_invite_users: true });
    expect(await api.getChatMember(who)).toMatchObject({
      can_delete_messages: false,
      can_invite_users: true,
    });
  });

  test("members are invited, counted, looked up, and administrators listed", async () => {
    const { bale, api, ali, group } = await stage();
    const reza = bale.user({ first_name: "Reza" });
    const before = await api.getChatMembersCount({ chat_id: group.id });
    expect(await api.undocumented.inviteUser({ chat_id: group.id, user_id: reza.id })).toBe(true);
    expect(await api.getChatMembersCount({ chat_id: group.id })).toBe(before + 1);
    const member = await api.getChatMember({ chat_id: group.id, user_id: reza.id });
    expect([member.status, member.user.first_name]).toEqual(["member", "Reza"]);
    const admins = await api.getChatAdministrators({ chat_id: group.id });
    expect(admins.find(({ user }) => user.id === ali.id)?.status).toBe("creator");
  });

  test("every kind of content is sent, as an answer, and arrives as what it is", async () => {
    const { api, ali } = await stage();
    const question = await ali.sends("؟");
    const to = { chat_id: ali.id, reply_to_message_id: question.message_id };
    const sent = [
      await api.sendMessage({ ...to, text: "متن", reply_markup: new InlineKeyboard().text("دکمه") }),
      await api.sendPhoto({ ...to, photo: file("a.png"), caption: "شرح" }),
      await api.sendVideo({ ...to, video: file("a.mp4"), caption: "شرح" }),
      await api.sendAudio({ ...to, audio: file("a.mp3"), caption: "شرح" }),
      await api.sendDocument({ ...to, document: file("a.txt"), caption: "شرح" }),
      await api.sendAnimation({ ...to, animation: file("a.gif") }),
      await api.sendLocation({ ...to, latitude: 35.7, longitude: 51.4, horizontal_accuracy: 10 }),
      await api.sendContact({ ...to, phone_number: "09120000000", first_name: "علی" }),
      await api.sendInvoice({
        ...to,
        title: "عنوان",
        description: "شرح",
        payload: "p",
        provider_token: "WALLET-TEST-1111111111111111",
        prices: [{ label: "قیمت", amount: 20_000 }],
      }),
    ];
    const kinds = [
      "text",
      "photo",
      "video",
      "audio",
      "document",
      "animation",
      "location",
      "contact",
      "invoice",
    ];
    expect(sent.map((message, at) => kinds[at] !== undefined && kinds[at] in message)).toEqual(
      kinds.map(() => true),
    );
    for (const message of sent) expect(message.reply_to_message?.message_id).toBe(question.message_id);
    expect(sent[6]?.location).toMatchObject({ latitude: 35.7, longitude: 51.4 });
    expect(sent[7]?.contact?.phone_number).toBe("09120000000");
    expect(ali.inbox.length).toBe(kinds.length);
  });

  test("a message is edited, forwarded and deleted", async () => {
    const { api, ali, group } = await stage();
    const { message_id } = await api.sendMessage({ chat_id: ali.id, text: "یک" });
    await api.editMessageText({ chat_id: ali.id, message_id, text: "دو" });
    expect(ali.inbox.last.text).toBe("دو");
    const forwarded = await api.forwardMessage({ chat_id: group.id, from_chat_id: ali.id, message_id });
    expect([forwarded.text, forwarded.chat.id]).toEqual(["دو", group.id]);
    expect(await api.deleteMessage({ chat_id: ali.id, message_id })).toBe(true);
    expect(ali.inbox.length).toBe(0);
  });

  test("a chat is read, gets a new photo, and is left", async () => {
    const { api, group } = await stage();
    const chat_id = group.id;
    expect(await api.getChat({ chat_id })).toMatchObject({ id: chat_id, type: "group", title: "گروه" });
    expect(await api.setChatPhoto({ chat_id, photo: file("p.png") })).toBe(true);
    expect((await api.getChat({ chat_id })).photo?.small_file_id).toEqual(expect.any(String));
    expect(await api.leaveChat({ chat_id })).toBe(true);
    await expect(api.getChat({ chat_id })).rejects.toBeInstanceOf(Error);
  });

  test("the photo of a chat has ids to download by, which are not the unique ones", async () => {
    const { api, group } = await stage();
    await api.setChatPhoto({ chat_id: group.id, photo: file("p.png") });
    const { photo } = await api.getChat({ chat_id: group.id });
    expect(photo).toEqual({
      small_file_id: expect.any(String),
      small_file_unique_id: expect.any(String),
      big_file_id: expect.any(String),
      big_file_unique_id: expect.any(String),
    });
    expect(photo?.big_file_id).not.toBe(photo?.big_file_unique_id);
    for (const id of [photo?.big_file_id, photo?.small_file_id]) {
      expect((await api.download(id ?? "")).byteLength).toBeGreaterThan(0);
    }
  });

  test("a file is downloaded whole by its id, and sent again by it", async () => {
    const { api, ali } = await stage();
    const { document } = await ali.sendsDocument({ bytes: new Uint8Array([4, 5, 6]) });
    const id = document?.file_id ?? "";
    expect([...(await api.download(id))]).toEqual([4, 5, 6]);
    const again = await api.sendDocument({ chat_id: ali.id, document: id });
    expect(again.document?.file_id).toBe(id);
  });

  test("the bot knows itself, and its webhook is set and taken away", async () => {
    const { bale, api } = await stage();
    expect(await api.getMe()).toEqual(bale.bot);
    expect(await api.setWebhook({ url: "https://example.com/bot" })).toBe(true);
    expect((await api.getWebhookInfo()).url).toBe("https://example.com/bot");
    expect(await api.deleteWebhook()).toBe(true);
    expect((await api.getWebhookInfo()).url).toBe("");
  });
});
