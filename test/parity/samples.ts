import type { Emulator, EmulatedChat, EmulatedUser } from "@balekit/emulator";
import { type Api, InlineKeyboard, InputFile, type Message } from "balekit";

/** A Bale with people in it, and what they have done so far. */
export interface Stage {
  readonly bale: Emulator;
  readonly api: Api;
  readonly ali: EmulatedUser;
  readonly sara: EmulatedUser;
  /** A group of both; Ali is its owner, the bot an administrator. */
  readonly group: EmulatedChat;
  /** Ali's first message, in private. */
  readonly hello: Message;
}

type NoMethod =
  | "undocumented"
  | "call"
  | "use"
  | "useFirst"
  | "with"
  | "connect"
  | "download"
  | "downloadTo"
  | "downloadStream"
  | "close"
  | "isClosed";

/** What is sent to a method: every parameter it has, and whatever has to be there before. */
type Samples<Calls> = {
  readonly [Name in keyof Calls]: Calls[Name] extends (params: infer Params, ...rest: never[]) => unknown
    ? (stage: Stage) => Exclude<Params, undefined> | Promise<Exclude<Params, undefined>>
    : never;
};

const file = (name: string): InputFile => new InputFile(new Uint8Array([1, 2, 3]), { name });
const keyboard = (): InlineKeyboard => new InlineKeyboard().text("دکمه", "pressed");
const prices = [{ label: "قیمت", amount: 20_000 }];
const PROVIDER = "WALLET-TEST-1111111111111111";
const SET = "pack_by_emulated_bot";

/** To whom, in answer to what, and with which buttons: what every method that sends takes. */
const around = ({ ali, hello }: Stage) => ({
  chat_id: ali.id,
  reply_to_message_id: hello.message_id,
  reply_markup: keyboard().toJSON(),
});

const ours = async ({ api, ali }: Stage) => {
  const { message_id } = await api.sendMessage({ chat_id: ali.id, text: "پیام" });
  return { chat_id: ali.id, message_id };
};

const inGroup = async ({ api, group }: Stage) => {
  const { message_id } = await api.sendMessage({ chat_id: group.id, text: "پیام" });
  return { chat_id: group.id, message_id };
};

const member = ({ group, sara }: Stage) => ({ chat_id: group.id, user_id: sara.id });

const withSet = async ({ api, ali }: Stage) => {
  const sticker = [{ sticker: file("a.webp"), emoji_list: ["🙂"] }];
  await api.createNewStickerSet({ user_id: ali.id, name: SET, title: "بسته", sticker });
  return { user_id: ali.id, name: SET };
};

const invoice = { title: "عنوان", description: "شرح", payload: "p-1", provider_token: PROVIDER, prices };

/** Pays an invoice up to Bale's question; gives its id, which is the transaction's as well. */
const asked = async (stage: Stage): Promise<string> => {
  const { bale, api, ali } = stage;
  const sent = await api.sendInvoice({ ...invoice, chat_id: ali.id });
  void ali.pays(sent);
  for (;;) {
    const updates = await api.getUpdates({ timeout: 1 });
    const query = updates.find(({ pre_checkout_query }) => pre_checkout_query)?.pre_checkout_query;
    if (query) return query.id;
    if (bale.pendingUpdates === 0) throw new Error("Nobody pays.");
  }
};

/** For each method Bale documents. */
export const documented: Samples<Omit<Api, NoMethod>> = {
  getUpdates: () => ({ offset: 0, limit: 10, timeout: 0 }),
  setWebhook: () => ({ url: "https://example.com/hook" }),
  deleteWebhook: () => ({}),
  getWebhookInfo: () => ({}),
  getMe: () => ({}),
  sendMessage: (stage) => ({ ...around(stage), text: "سلام" }),
  forwardMessage: ({ group, ali, hello }) => ({
    chat_id: group.id,
    from_chat_id: ali.id,
    message_id: hello.message_id,
  }),
  copyMessage: ({ group, ali, hello }) => ({
    chat_id: group.id,
    from_chat_id: ali.id,
    message_id: hello.message_id,
  }),
  sendPhoto: (stage) => ({ ...around(stage), photo: file("a.png"), caption: "شرح" }),
  sendAudio: (stage) => ({
    ...around(stage),
    audio: file("a.mp3"),
    caption: "شرح",
    duration: 3,
    title: "آهنگ",
  }),
  sendDocument: (stage) => ({ ...around(stage), document: file("a.txt"), caption: "شرح" }),
  sendVideo: (stage) => ({
    ...around(stage),
    video: file("a.mp4"),
    caption: "شرح",
    duration: 3,
    width: 4,
    height: 5,
  }),
  sendAnimation: (stage) => ({
    ...around(stage),
    animation: file("a.gif"),
    caption: "شرح",
    duration: 3,
    width: 4,
    height: 5,
  }),
  sendVoice: (stage) => ({ ...around(stage), voice: file("a.ogg"), caption: "شرح", duration: 3 }),
  sendMediaGroup: (stage) => ({
    ...around(stage),
    media: [
      { type: "photo", media: file("1.png"), caption: "یک" },
      { type: "video", media: file("2.mp4") },
    ],
  }),
  sendLocation: (stage) => ({
    ...around(stage),
    latitude: 35.7,
    longitude: 51.4,
    horizontal_accuracy: 10,
  }),
  sendContact: (stage) => ({
    ...around(stage),
    phone_number: "09120000000",
    first_name: "علی",
    last_name: "رضایی",
  }),
  sendChatAction: ({ ali }) => ({ chat_id: ali.id, action: "typing" }),
  getFile: async ({ ali }) => {
    const { document } = await ali.sendsDocument({ bytes: new Uint8Array([1]) });
    return { file_id: document?.file_id ?? "" };
  },
  answerCallbackQuery: async (stage) => {
    const { api, ali } = stage;
    await api.sendMessage({ chat_id: ali.id, text: "؟", reply_markup: keyboard() });
    void ali.presses("دکمه");
    const updates = await api.getUpdates({ timeout: 1 });
    const id = updates.find(({ callback_query }) => callback_query)?.callback_query?.id ?? "";
    return { callback_query_id: id, text: "بله", show_alert: true };
  },
  askReview: ({ ali }) => ({ user_id: ali.id, delay_seconds: 5 }),
  banChatMember: member,
  unbanChatMember: async (stage) => {
    await stage.api.banChatMember(member(stage));
    return { ...member(stage), only_if_banned: true };
  },
  promoteChatMember: (stage) => ({
    ...member(stage),
    can_change_info: true,
    can_post_messages: false,
    can_edit_messages: false,
    can_delete_messages: true,
    can_manage_video_chats: false,
    can_invite_users: true,
    can_restrict_members: false,
  }),
  setChatPhoto: ({ group }) => ({ chat_id: group.id, photo: file("p.png") }),
  leaveChat: ({ group }) => ({ chat_id: group.id }),
  getChat: ({ group }) => ({ chat_id: group.id }),
  getChatAdministrators: ({ group }) => ({ chat_id: group.id }),
  getChatMembersCount: ({ group }) => ({ chat_id: group.id }),
  getChatMember: member,
  pinChatMessage: inGroup,
  unPinChatMessage: async (stage) => {
    const pinned = await inGroup(stage);
    await stage.api.pinChatMessage(pinned);
    return pinned;
  },
  unpinAllChatMessages: async (stage) => {
    const { chat_id, message_id } = await inGroup(stage);
    await stage.api.pinChatMessage({ chat_id, message_id });
    return { chat_id };
  },
  setChatTitle: ({ group }) => ({ chat_id: group.id, title: "عنوان تازه" }),
  setChatDescription: ({ group }) => ({ chat_id: group.id, description: "شرح تازه" }),
  deleteChatPhoto: async ({ api, group }) => {
    await api.setChatPhoto({ chat_id: group.id, photo: file("p.png") });
    return { chat_id: group.id };
  },
  createChatInviteLink: ({ group }) => ({ chat_id: group.id }),
  revokeChatInviteLink: async ({ api, group }) => {
    const { invite_link } = await api.createChatInviteLink({ chat_id: group.id });
    return { chat_id: group.id, invite_link };
  },
  exportChatInviteLink: ({ group }) => ({ chat_id: group.id }),
  editMessageText: async (stage) => ({
    ...(await ours(stage)),
    text: "تازه",
    reply_markup: keyboard().toJSON(),
  }),
  editMessageCaption: async (stage) => {
    const { api, ali } = stage;
    const { message_id } = await api.sendPhoto({ chat_id: ali.id, photo: file("a.png"), caption: "پیش" });
    return { chat_id: ali.id, message_id, caption: "پس", reply_markup: keyboard().toJSON() };
  },
  editMessageReplyMarkup: async (stage) => ({ ...(await ours(stage)), reply_markup: keyboard().toJSON() }),
  deleteMessage: ours,
  uploadStickerFile: ({ ali }) => ({ user_id: ali.id, sticker: file("a.webp") }),
  createNewStickerSet: ({ ali }) => ({
    user_id: ali.id,
    name: SET,
    title: "بسته",
    sticker: [{ sticker: file("a.webp"), emoji_list: ["🙂"] }],
  }),
  addStickerToSet: async (stage) => ({
    ...(await withSet(stage)),
    sticker: { sticker: file("b.webp"), emoji_list: ["🌷"] },
  }),
  sendInvoice: ({ ali, hello }) => ({
    ...invoice,
    chat_id: ali.id,
    photo_url: "https://example.com/p.png",
    reply_to_message_id: hello.message_id,
  }),
  createInvoiceLink: () => invoice,
  answerPreCheckoutQuery: async (stage) => ({
    pre_checkout_query_id: await asked(stage),
    ok: false,
    error_message: "تمام شد",
  }),
  inquireTransaction: async (stage) => ({ transaction_id: await asked(stage) }),
};

const permissions = { can_send_messages: true };

/** For each method that others have been seen to use, behind its door. */
export const undocumented: Samples<Api["undocumented"]> = {
  sendSticker: (stage) => ({ ...around(stage), sticker: file("a.webp") }),
  getStickerSet: () => ({ name: SET }),
  deleteStickerFromSet: () => ({ sticker: "a-file-id" }),
  inviteUser: ({ bale, group }) => ({
    chat_id: group.id,
    user_id: bale.user({ first_name: "Reza" }).id,
  }),
  restrictChatMember: (stage) => ({ ...member(stage), permissions }),
  setChatPermissions: ({ group }) => ({ chat_id: group.id, permissions }),
  setMyCommands: () => ({ commands: [{ command: "start", description: "آغاز" }] }),
  getMyCommands: () => ({}),
  deleteMyCommands: () => ({}),
  getUserProfilePhotos: ({ ali }) => ({ user_id: ali.id, offset: 0, limit: 5 }),
  getTransaction: async (stage) => ({ transaction_id: await asked(stage) }),
  logOut: () => ({}),
  close: () => ({}),
  sendPoll: ({ ali }) => ({ chat_id: ali.id, question: "چای؟", options: ["بله", "نه"] }),
  answerShippingQuery: () => ({ shipping_query_id: "1", ok: true }),
  getChatMemberCount: ({ group }) => ({ chat_id: group.id }),
};
