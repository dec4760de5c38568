// generated from spec/bale-api.json, do not edit; run `npm run generate`

import type { Methods } from "./methods.js";

/** What is known of a method at run time. */
export interface MethodInfo {
  /** In Bale's documentation. */
  readonly documented: boolean;
  /** How sure we are that Bale does it. */
  readonly confidence: "high" | "medium" | "low";
  /** Top-level parameters that take a file: each is sent as a part that bears its name. */
  readonly files: readonly string[];
  /** The parameter whose objects carry files inside. */
  readonly nestedMedia?: string;
  /** Goes out as multipart even when no file is inside. */
  readonly multipart?: true;
  /** Safe to repeat when nobody knows whether the first call arrived. */
  readonly idempotent: boolean;
  /** Bounds on the parameters themselves. */
  readonly limits: readonly Limit[];
  /** Bounds on what lies inside a parameter: buttons of a keyboard, items of an album. */
  readonly nestedLimits?: readonly Limit[];
}

/**
 * A bound on one parameter, both ends included. `length` counts characters (code points, the lenient reading),
 * `bytes` counts UTF-8, or the size of a file; `range` bounds a number and `count` a list.
 */
export interface Limit {
  /** Where: a parameter, or a path into one with `*` for each element, such as `media.*.caption`. */
  readonly param: string;
  readonly kind: "length" | "bytes" | "range" | "count";
  readonly min?: number;
  readonly max?: number;
  /** `reject`: Bale documents it as a hard limit. `warn`: the call may still go through. */
  readonly level: "reject" | "warn";
  /** Who says so: `docs` is Bale, the others are listed in the spec. */
  readonly source: "docs" | "field-report";
}

const IN_REPLY_MARKUP: readonly Limit[] = [
  { param: "reply_markup.inline_keyboard.*.*.callback_data", kind: "bytes", min: 1, max: 64, level: "reject", source: "docs" },
  { param: "reply_markup.inline_keyboard.*.*.copy_text.text", kind: "length", min: 1, max: 256, level: "reject", source: "docs" },
];

const IN_MEDIA: readonly Limit[] = [
  { param: "media.*.caption", kind: "length", max: 1024, level: "reject", source: "docs" },
];

/** Every method the spec knows, by its name on the wire. */
export const METHODS: Readonly<Record<keyof Methods, MethodInfo>> = {
  getUpdates: {
    documented: true, confidence: "high", files: [], idempotent: true,
    limits: [
      { param: "limit", kind: "range", min: 1, max: 100, level: "reject", source: "docs" },
    ],
  },
  setWebhook: { documented: true, confidence: "high", files: [], idempotent: true, limits: [] },
  deleteWebhook: { documented: true, confidence: "high", files: [], idempotent: true, limits: [] },
  getWebhookInfo: { documented: true, confidence: "high", files: [], idempotent: true, limits: [] },
  getMe: { documented: true, confidence: "high", files: [], idempotent: true, limits: [] },
  sendMessage: {
    documented: true, confidence: "high", files: [], idempotent: false,
    limits: [
      { param: "text", kind: "length", min: 1, max: 4096, level: "reject", source: "docs" },
    ],
    nestedLimits: IN_REPLY_MARKUP,
  },
  forwardMessage: { documented: true, confidence: "high", files: [], idempotent: false, limits: [] },
  copyMessage: { documented: true, confidence: "medium", files: [], idempotent: false, limits: [] },
  sendPhoto: {
    documented: true, confidence: "high", files: ["photo"], idempotent: false,
    limits: [
      { param: "photo", kind: "bytes", max: 10485760, level: "warn", source: "docs" },
      { param: "caption", kind: "length", max: 4096, level: "reject", source: "docs" },
    ],
    nestedLimits: IN_REPLY_MARKUP,
  },
  sendAudio: {
    documented: true, confidence: "high", files: ["audio"], idempotent: false,
    limits: [
      { param: "audio", kind: "bytes", max: 20971520, level: "warn", source: "field-report" },
      { param: "caption", kind: "length", max: 4096, level: "reject", source: "docs" },
    ],
    nestedLimits: IN_REPLY_MARKUP,
  },
  sendDocument: {
    documented: true, confidence: "high", files: ["document"], idempotent: false,
    limits: [
      { param: "document", kind: "bytes", max: 20971520, level: "warn", source: "field-report" },
      { param: "caption", kind: "length", max: 4096, level: "reject", source: "docs" },
    ],
    nestedLimits: IN_REPLY_MARKUP,
  },
  sendVideo: {
    documented: true, confidence: "high", files: ["video"], idempotent: false,
    limits: [
      { param: "video", kind: "bytes", max: 20971520, level: "warn", source: "field-report" },
      { param: "caption", kind: "length", max: 4096, level: "reject", source: "docs" },
    ],
    nestedLimits: IN_REPLY_MARKUP,
  },
  sendAnimation: {
    documented: true, confidence: "medium", files: ["animation"], multipart: true, idempotent: false,
    limits: [
      { param: "animation", kind: "bytes", max: 20971520, level: "warn", source: "field-report" },
    ],
    nestedLimits: IN_REPLY_MARKUP,
  },
  sendVoice: {
    documented: true, confidence: "high", files: ["voice"], idempotent: false,
    limits: [
      { param: "voice", kind: "bytes", max: 20971520, level: "warn", source: "field-report" },
      { param: "caption", kind: "length", max: 4096, level: "reject", source: "docs" },
    ],
    nestedLimits: IN_REPLY_MARKUP,
  },
  sendMediaGroup: {
    documented: true, confidence: "medium", files: [], nestedMedia: "media", idempotent: false,
    limits: [],
    nestedLimits: [...IN_MEDIA, ...IN_REPLY_MARKUP],
  },
  sendLocation: {
    documented: true, confidence: "high", files: [], idempotent: false,
    limits: [
      { param: "horizontal_accuracy", kind: "range", min: 0, max: 1500, level: "reject", source: "docs" },
    ],
    nestedLimits: IN_REPLY_MARKUP,
  },
  sendContact: {
    documented: true, confidence: "high", files: [], idempotent: false,
    limits: [],
    nestedLimits: IN_REPLY_MARKUP,
  },
  sendChatAction: { documented: true, confidence: "high", files: [], idempotent: true, limits: [] },
  getFile: { documented: true, confidence: "high", files: [], idempotent: true, limits: [] },
  answerCallbackQuery: {
    documented: true, confidence: "high", files: [], idempotent: true,
    limits: [
      { param: "text", kind: "length", max: 200, level: "reject", source: "docs" },
    ],
  },
  askReview: { documented: true, confidence: "high", files: [], idempotent: false, limits: [] },
  banChatMember: { documented: true, confidence: "high", files: [], idempotent: true, limits: [] },
  unbanChatMember: { documented: true, confidence: "high", files: [], idempotent: true, limits: [] },
  promoteChatMember: { documented: true, confidence: "high", files: [], idempotent: true, limits: [] },
  setChatPhoto: {
    documented: true, confidence: "medium", files: ["photo"], idempotent: true,
    limits: [
      { param: "photo", kind: "bytes", max: 10485760, level: "warn", source: "docs" },
    ],
  },
  leaveChat: { documented: true, confidence: "high", files: [], idempotent: true, limits: [] },
  getChat: { documented: true, confidence: "high", files: [], idempotent: true, limits: [] },
  getChatAdministrators: { documented: true, confidence: "high", files: [], idempotent: true, limits: [] },
  getChatMembersCount: { documented: true, confidence: "high", files: [], idempotent: true, limits: [] },
  getChatMember: { documented: true, confidence: "high", files: [], idempotent: true, limits: [] },
  pinChatMessage: { documented: true, confidence: "high", files: [], idempotent: true, limits: [] },
  unPinChatMessage: { documented: true, confidence: "high", files: [], idempotent: true, limits: [] },
  unpinAllChatMessages: { documented: true, confidence: "high", files: [], idempotent: true, limits: [] },
  setChatTitle: { documented: true, confidence: "high", files: [], idempotent: true, limits: [] },
  setChatDescription: { documented: true, confidence: "high", files: [], idempotent: true, limits: [] },
  deleteChatPhoto: { documented: true, confidence: "high", files: [], idempotent: true, limits: [] },
  createChatInviteLink: { documented: true, confidence: "medium", files: [], idempotent: false, limits: [] },
  revokeChatInviteLink: { documented: true, confidence: "medium", files: [], idempotent: false, limits: [] },
  exportChatInviteLink: { documented: true, confidence: "medium", files: [], idempotent: true, limits: [] },
  editMessageText: {
    documented: true, confidence: "high", files: [], idempotent: true,
    limits: [
      { param: "text", kind: "length", min: 1, max: 4096, level: "reject", source: "docs" },
    ],
    nestedLimits: IN_REPLY_MARKUP,
  },
  editMessageCaption: {
    documented: true, confidence: "medium", files: [], idempotent: true,
    limits: [
      { param: "caption", kind: "length", max: 4096, level: "reject", source: "docs" },
    ],
    nestedLimits: IN_REPLY_MARKUP,
  },
  editMessageReplyMarkup: {
    documented: true, confidence: "medium", files: [], idempotent: true,
    limits: [],
    nestedLimits: IN_REPLY_MARKUP,
  },
  deleteMessage: { documented: true, confidence: "high", files: [], idempotent: true, limits: [] },
  uploadStickerFile: {
    documented: true, confidence: "medium", files: ["sticker"], idempotent: true,
    limits: [
      { param: "sticker", kind: "bytes", max: 20971520, level: "warn", source: "field-report" },
    ],
  },
  createNewStickerSet: {
    documented: true, confidence: "low", files: [], nestedMedia: "sticker", idempotent: false,
    limits: [
      { param: "name", kind: "length", min: 1, max: 64, level: "reject", source: "docs" },
      { param: "title", kind: "length", min: 1, max: 64, level: "reject", source: "docs" },
      { param: "sticker", kind: "count", min: 1, max: 50, level: "reject", source: "docs" },
    ],
  },
  addStickerToSet: { documented: true, confidence: "medium", files: [], nestedMedia: "sticker", idempotent: false, limits: [] },
  sendInvoice: {
    documented: true, confidence: "high", files: [], idempotent: false,
    limits: [
      { param: "title", kind: "length", min: 1, max: 32, level: "reject", source: "docs" },
      { param: "description", kind: "length", min: 1, max: 255, level: "reject", source: "docs" },
      { param: "payload", kind: "bytes", min: 1, max: 128, level: "reject", source: "docs" },
    ],
  },
  createInvoiceLink: {
    documented: true, confidence: "high", files: [], idempotent: false,
    limits: [
      { param: "title", kind: "length", min: 1, max: 32, level: "reject", source: "docs" },
      { param: "description", kind: "length", min: 1, max: 255, level: "reject", source: "docs" },
      { param: "payload", kind: "bytes", min: 1, max: 128, level: "reject", source: "docs" },
    ],
  },
  answerPreCheckoutQuery: { documented: true, confidence: "high", files: [], idempotent: true, limits: [] },
  inquireTransaction: { documented: true, confidence: "high", files: [], idempotent: true, limits: [] },
  sendSticker: {
    documented: false, confidence: "medium", files: ["sticker"], multipart: true, idempotent: false,
    limits: [
      { param: "sticker", kind: "bytes", max: 20971520, level: "warn", source: "field-report" },
    ],
    nestedLimits: IN_REPLY_MARKUP,
  },
  getStickerSet: { documented: false, confidence: "low", files: [], idempotent: true, limits: [] },
  deleteStickerFromSet: { documented: false, confidence: "low", files: [], idempotent: true, limits: [] },
  inviteUser: { documented: false, confidence: "medium", files: [], idempotent: false, limits: [] },
  restrictChatMember: { documented: false, confidence: "low", files: [], idempotent: true, limits: [] },
  setChatPermissions: { documented: false, confidence: "low", files: [], idempotent: true, limits: [] },
  setMyCommands: { documented: false, confidence: "low", files: [], idempotent: true, limits: [] },
  getMyCommands: { documented: false, confidence: "low", files: [], idempotent: true, limits: [] },
  deleteMyCommands: { documented: false, confidence: "low", files: [], idempotent: true, limits: [] },
  getUserProfilePhotos: { documented: false, confidence: "low", files: [], idempotent: true, limits: [] },
  getTransaction: { documented: false, confidence: "low", files: [], idempotent: true, limits: [] },
  logOut: { documented: false, confidence: "low", files: [], idempotent: false, limits: [] },
  close: { documented: false, confidence: "low", files: [], idempotent: false, limits: [] },
  sendPoll: { documented: false, confidence: "low", files: [], idempotent: false, limits: [] },
  answerShippingQuery: { documented: false, confidence: "low", files: [], idempotent: true, limits: [] },
  getChatMemberCount: { documented: false, confidence: "low", files: [], idempotent: true, limits: [] },
};

/** The methods of the Business API. */
export const BUSINESS_METHODS: readonly ("getMe" | "sendMessage" | "forwardMessage" | "sendPhoto" | "sendVideo" | "sendAudio" | "sendDocument")[] = [
  "getMe",
  "sendMessage",
  "forwardMessage",
  "sendPhoto",
  "sendVideo",
  "sendAudio",
  "sendDocument",
];
