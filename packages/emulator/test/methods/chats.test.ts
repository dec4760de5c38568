import { InputFile } from "@balekit/api";
import { describe, expect, it } from "vitest";

import { type EmulatedChat, emulator, type Emulator, type EmulatedUser } from "../../src/index.js";
import { refusal, result } from "../calling.js";

interface Stage {
  readonly bale: Emulator;
  readonly ali: EmulatedUser;
  readonly sara: EmulatedUser;
  readonly group: EmulatedChat;
}

async function staged(bot: "administrator" | "member" = "administrator"): Promise<Stage> {
  const bale = emulator();
  const ali = bale.user({ first_name: "Ali" });
  const sara = bale.user({ first_name: "Sara" });
  const group = bale.group({ title: "Family", members: [ali, sara], admins: [ali], bot });
  return { bale, ali, sara, group };
}

describe("chats", () => {
  it("have positive ids and one of three types", async () => {
    const { bale, ali, group } = await staged();
    expect(group.id).toBeGreaterThan(0);
    expect(await result<object>(bale, "getChat", { chat_id: group.id })).toEqual({
      id: group.id,
      type: "group",
      title: "Family",
    });
    await ali.sends("hi");
    expect(await result<object>(bale, "getChat", { chat_id: String(ali.id) })).toMatchObject({
      type: "private",
    });
  });

  it("change their title, description, photo and pins by right", async () => {
    const { bale, ali, group } = await staged();
    const chat_id = group.id;
    await result(bale, "setChatTitle", { chat_id, title: "Kin" });
    await result(bale, "setChatDescription", { chat_id, description: "All of us" });
    await result(bale, "setChatPhoto", { chat_id, photo: new InputFile(new Uint8Array([1])) });
    const full = await result<{ photo?: unknown }>(bale, "getChat", { chat_id });
    expect(full).toMatchObject({
      title: "Kin",
      description: "All of us",
      photo: { big_file_id: expect.any(String) },
    });
    await result(bale, "deleteChatPhoto", { chat_id });
    expect(await result<object>(bale, "getChat", { chat_id })).not.toHaveProperty("photo");
    const message = await ali.sends("pin me", { chat: group });
    await result(bale, "pinChatMessage", { chat_id, message_id: message.message_id });
    expect(group.pinned).toEqual([message.message_id]);
    await result(bale, "unpinChatMessage", { chat_id, message_id: message.message_id });
    expect(group.pinned).toEqual([]);
    await result(bale, "pinChatMessage", { chat_id, message_id: message.message_id });
    await result(bale, "unpinAllChatMessages", { chat_id });
    expect(group.pinned).toEqual([]);
    expect(await refusal(bale, "unPinChatMessage", { chat_id })).toContain("message_id");
    expect(await refusal(bale, "setChatDescription", { chat_id })).toContain("description");
    expect(await refusal(bale, "setChatPhoto", { chat_id, photo: "https://b.ir/a.jpg" })).toContain(
      "multipart",
    );
  });

  it("refuse a bot without the right", async () => {
    const { bale, sara, group } = await staged("member");
    const chat_id = group.id;
    const calls: [string, object][] = [
      ["setChatTitle", { title: "x" }],
      ["banChatMember", { user_id: sara.id }],
      ["promoteChatMember", { user_id: sara.id }],
      ["createChatInviteLink", {}],
      ["inviteUser", { user_id: sara.id }],
      ["getChatMember", { user_id: sara.id }],
      ["pinChatMessage", { message_id: 1 }],
    ];
    for (const [method, params] of calls) {
      expect(await refusal(bale, method, { chat_id, ...params }), `calling ${method}`).toBe(
        "403 permission_denied",
      );
    }
  });

  it("make links: objects when created or revoked, a string when exported", async () => {
    const { bale, group } = await staged();
    const chat_id = group.id;
    const first = await result<{ invite_link: string }>(bale, "createChatInviteLink", { chat_id });
    expect(first.invite_link).toMatch(/^https:\/\/ble\.ir\/join\//);
    const second = await result<{ invite_link: string }>(bale, "revokeChatInviteLink", { chat_id, ...first });
    expect(second.invite_link).not.toBe(first.invite_link);
    expect(await refusal(bale, "revokeChatInviteLink", { chat_id, ...first })).toContain(
      "INVITE_HASH_INVALID",
    );
    const exported = await result<string>(bale, "exportChatInviteLink", { chat_id });
    expect(await result<object>(bale, "getChat", { chat_id })).toMatchObject({ invite_link: exported });
  });

  it("are out of reach once the bot has left", async () => {
    const { bale, group } = await staged();
    expect(await result(bale, "leaveChat", { chat_id: group.id })).toBe(true);
    expect(group.last.left_chat_member?.id).toBe(bale.bot.id);
    expect(await refusal(bale, "sendMessage", { chat_id: group.id, text: "x" })).toBe(
      "404 no such group or user",
    );
  });
});

describe("members", () => {
  it("are told by status; who is none is an error", async () => {
    const { bale, ali, sara, group } = await staged();
    const stranger = bale.user({ first_name: "Reza" });
    const chat_id = group.id;
    expect(await result<object>(bale, "getChatMember", { chat_id, user_id: ali.id })).toMatchObject({
      status: "creator",
    });
    expect(await result<object>(bale, "getChatMember", { chat_id, user_id: sara.id })).toEqual({
      status: "member",
      user: sara.user,
    });
    expect(await refusal(bale, "getChatMember", { chat_id, user_id: stranger.id })).toBe(
      "404 no such group or user",
    );
    await sara.sends("hi");
    expect(await refusal(bale, "getChatMember", { chat_id: sara.id, user_id: sara.id })).toBe(
      "400 Bad Request: unsupported peer type",
    );
    expect(await result<number>(bale, "getChatMembersCount", { chat_id })).toBe(3);
    expect(await result<number>(bale, "getChatMemberCount", { chat_id })).toBe(3);
    const admins = await result<{ user: { id: number } }[]>(bale, "getChatAdministrators", { chat_id });
    expect(admins.map(({ user }) => user.id)).toEqual([ali.id, bale.bot.id]);
  });

  it("are promoted flag by flag; flags left out are false", async () => {
    const { bale, sara, ali, group } = await staged();
    const who = { chat_id: group.id, user_id: sara.id };
    await result(bale, "promoteChatMember", { ...who, can_invite_users: true, can_change_info: "true" });
    expect(await result<object>(bale, "getChatMember", who)).toMatchObject({
      status: "administrator",
      can_invite_users: true,
      can_change_info: true,
      can_delete_messages: false,
    });
    await result(bale, "promoteChatMember", { ...who, can_delete_messages: true });
    expect(await result<object>(bale, "getChatMember", who)).toMatchObject({
      can_invite_users: false,
      can_delete_messages: true,
    });
    await result(bale, "promoteChatMember", who);
    expect(await result<object>(bale, "getChatMember", who)).toMatchObject({ status: "member" });
    expect(await refusal(bale, "promoteChatMember", { chat_id: group.id, user_id: ali.id })).toBe(
      "403 permission_denied",
    );
  });

  it("are banned, kept out, let back in, and put out by unbanning", async () => {
    const { bale, sara, group } = await staged();
    const who = { chat_id: group.id, user_id: sara.id };
    await result(bale, "banChatMember", who);
    expect(group.last.left_chat_member?.id).toBe(sara.id);
    await expect(sara.joins(group)).rejects.toThrow("banned");
    expect(await refusal(bale, "inviteUser", who)).toBe("403 permission_denied");
    await result(bale, "unbanChatMember", who);
    await sara.joins(group);
    await result(bale, "unbanChatMember", { ...who, only_if_banned: true });
    expect(group.members.map(({ id }) => id)).toContain(sara.id);
    await result(bale, "unbanChatMember", who);
    expect(group.members.map(({ id }) => id)).not.toContain(sara.id);
    expect(await result(bale, "inviteUser", who)).toBe(true);
    expect(group.last.new_chat_members?.[0]?.id).toBe(sara.id);
    expect(await result(bale, "inviteUser", who)).toBe(true);
  });
});
