import type { Api, ChatFullInfo, ChatInviteLink, ChatMember, InputFile } from "balekit";
import { kitOf } from "./kit.js";
import { Recipient } from "./recipient.js";
import { demote, promote, type Rights } from "./rights.js";

/** A user, or a user's id. */
export type UserLike = number | { readonly id: number };
/** A message, or a message's id. */
export type MessageLike = number | { readonly message_id: number };

/** What a hydrated chat can do. */
export class ChatVerbs<Sent, Member> extends Recipient<Sent> {
  /** Reads all Bale tells of the chat: description, bio, link. */
  async load(): Promise<ChatFullInfo> {
    return apiOf(this).getChat(own(this));
  }

  /** Brings a user in. Bale has not documented the method behind it. */
  async addUser(user: UserLike): Promise<true> {
    return apiOf(this).undocumented.inviteUser(withUser(this, user));
  }

  /** Puts a user out, who cannot come back by themselves. */
  async banMember(user: UserLike): Promise<true> {
    return apiOf(this).banChatMember(withUser(this, user));
  }

  /** Lifts a ban. Somebody who is in the chat is put out, unless `only_if_banned` is set. */
  async unbanMember(
    user: UserLike,
    options: { readonly only_if_banned?: boolean | undefined } = {},
  ): Promise<true> {
    return apiOf(this).unbanChatMember({ ...withUser(this, user), ...options });
  }

  /** Gives a member rights, or takes those that are `false`; the others stay as they are. */
  async promoteMember(user: UserLike, rights: Rights): Promise<true> {
    return promote(apiOf(this), own(this).chat_id, withUser(this, user).user_id, rights);
  }

  /** Takes all rights of an administrator. */
  async demoteMember(user: UserLike): Promise<true> {
    return demote(apiOf(this), own(this).chat_id, withUser(this, user).user_id);
  }

  /** The administrators, the owner among them. */
  async administrators(): Promise<readonly Member[]> {
    const members = await apiOf(this).getChatAdministrators(own(this));
    return members.map((member) => acting<Member>(this, member));
  }

  /** How a user stands in the chat. @throws NotFoundError for somebody who is not in it */
  async member(user: UserLike): Promise<Member> {
    return acting<Member>(this, await apiOf(this).getChatMember(withUser(this, user)));
  }

  /** How many are in the chat. */
  async membersCount(): Promise<number> {
    return apiOf(this).getChatMembersCount(own(this));
  }

  /** Goes out of the chat. */
  async leave(): Promise<true> {
    return apiOf(this).leaveChat(own(this));
  }

  /** Changes the picture: a file to upload. */
  async setPhoto(photo: InputFile): Promise<true> {
    return apiOf(this).setChatPhoto({ ...own(this), photo });
  }

  /** Takes the picture away. */
  async deletePhoto(): Promise<true> {
    return apiOf(this).deleteChatPhoto(own(this));
  }

  /** Changes the title. */
  async setTitle(title: string): Promise<true> {
    return apiOf(this).setChatTitle({ ...own(this), title });
  }

  /** Changes the description. */
  async setDescription(description: string): Promise<true> {
    return apiOf(this).setChatDescription({ ...own(this), description });
  }

  /** Pins a message. */
  async pin(message: MessageLike): Promise<true> {
    return apiOf(this).pinChatMessage(withMessage(this, message));
  }

  /** Takes a pin back. */
  async unpin(message: MessageLike): Promise<true> {
    return apiOf(this).unPinChatMessage(withMessage(this, message));
  }

  /** Takes all pins back. */
  async unpinAll(): Promise<true> {
    return apiOf(this).unpinAllChatMessages(own(this));
  }

  /** Makes one more link that leads into the chat. */
  async createInviteLink(): Promise<ChatInviteLink> {
    return apiOf(this).createChatInviteLink(own(this));
  }

  /** Makes a link useless; resolves to the one that takes its place. */
  async revokeInviteLink(link: string): Promise<ChatInviteLink> {
    return apiOf(this).revokeChatInviteLink({ ...own(this), invite_link: link });
  }

  /** Makes a new main link; the old one leads nowhere any more. */
  async exportInviteLink(): Promise<string> {
    return apiOf(this).exportChatInviteLink(own(this));
  }
}

function apiOf(chat: object): Api {
  return kitOf(chat).api;
}

function own(chat: object): { readonly chat_id: number } {
  return { chat_id: (chat as { readonly id: number }).id };
}

function withUser(chat: object, user: UserLike): { readonly chat_id: number; readonly user_id: number } {
  return { ...own(chat), user_id: typeof user === "number" ? user : user.id };
}

function withMessage(
  chat: object,
  message: MessageLike,
): { readonly chat_id: number; readonly message_id: number } {
  return { ...own(chat), message_id: typeof message === "number" ? message : message.message_id };
}

function acting<Member>(chat: object, member: ChatMember): Member {
  kitOf(chat).member(member);
  return member as Member;
}
