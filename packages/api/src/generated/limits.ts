// generated from spec/bale-api.json, do not edit; run `npm run generate`

/** Bale's numbers: the upper bound of what it takes, and times and sizes worth knowing. */
export interface Limits {
  /** Characters a message's text may have; an empty text is refused. */
  readonly text: number;
  /** Characters a caption may have, outside albums. */
  readonly caption: number;
  /** Characters the caption of one item of an album may have. */
  readonly albumCaption: number;
  /** Bytes of UTF-8 the `callback_data` of a button may have: about 32 Persian letters. */
  readonly callbackDataBytes: number;
  /** Characters of the notice `answerCallbackQuery` shows. */
  readonly callbackAnswerText: number;
  /** Characters a copy button may put on the clipboard. */
  readonly copyText: number;
  /** Characters the title of an invoice may have. */
  readonly invoiceTitle: number;
  /** Characters the description of an invoice may have. */
  readonly invoiceDescription: number;
  /** Bytes of UTF-8 the payload of an invoice may have. */
  readonly invoicePayloadBytes: number;
  /** Updates one `getUpdates` brings at most, and brings when it is not told. */
  readonly updatesPerPoll: number;
  /** Metres of uncertainty a location may have. */
  readonly horizontalAccuracy: number;
  /** Characters the name of a sticker set may have. */
  readonly stickerSetName: number;
  /** Characters the title of a sticker set may have. */
  readonly stickerSetTitle: number;
  /** Stickers a set may be made with. */
  readonly newSetStickers: number;
  /** Bytes of a photo that is uploaded, by the documentation. */
  readonly photoUploadBytes: number;
  /**
   * Bytes of any other upload that are known to go through; the documentation says 50 MB, a field report
   * measured about 20.
   */
  readonly uploadBytes: number;
  /** Bytes of an upload by the documentation; do not count on them, see `uploadBytes`. */
  readonly documentedUploadBytes: number;
  /** Bytes of a photo that Bale fetches from a URL. */
  readonly photoUrlBytes: number;
  /** Bytes of any other file that Bale fetches from a URL. */
  readonly urlBytes: number;
  /** Bytes up to which a voice fetched from a URL stays a voice; a larger one arrives as a plain file. */
  readonly voiceUrlBytes: number;
  /** Bytes a thumbnail has to stay below. */
  readonly thumbnailBytes: number;
  /** Width and height a thumbnail may have. */
  readonly thumbnailPixels: number;
  /** Bytes of a file that a bot can download. */
  readonly downloadBytes: number;
  /** Milliseconds the `file_path` of `getFile` stays good, at least. */
  readonly fileLinkMs: number;
  /** Updates Bale keeps for a bot that does not fetch them; older ones are dropped. */
  readonly updateQueue: number;
  /** Milliseconds Bale keeps an update that nobody fetches. */
  readonly updateLifeMs: number;
  /** Milliseconds after sending in which a message can be deleted. */
  readonly deleteMessageMs: number;
  /** Milliseconds in which a pre-checkout query has to be answered; later the payment is cancelled. */
  readonly preCheckoutMs: number;
  /** Milliseconds a chat action stays visible, at most. */
  readonly chatActionMs: number;
  /** The ports Bale calls a webhook on. */
  readonly webhookPorts: readonly number[];
  /** Characters of a deep link's payload; unpublished for Bale, so Telegram's figure is kept. */
  readonly startPayload: number;
}

/** Bale's numbers by name. A megabyte is counted as 1024 × 1024 bytes: the documentation does not say. */
export const LIMITS: Limits = {
  text: 4_096,
  caption: 4_096,
  albumCaption: 1_024,
  callbackDataBytes: 64,
  callbackAnswerText: 200,
  copyText: 256,
  invoiceTitle: 32,
  invoiceDescription: 255,
  invoicePayloadBytes: 128,
  updatesPerPoll: 100,
  horizontalAccuracy: 1_500,
  stickerSetName: 64,
  stickerSetTitle: 64,
  newSetStickers: 50,
  photoUploadBytes: 10_485_760,
  uploadBytes: 20_971_520,
  documentedUploadBytes: 52_428_800,
  photoUrlBytes: 5_242_880,
  urlBytes: 20_971_520,
  voiceUrlBytes: 1_048_576,
  thumbnailBytes: 200_000,
  thumbnailPixels: 320,
  downloadBytes: 20_971_520,
  fileLinkMs: 3_600_000,
  updateQueue: 2_000,
  updateLifeMs: 86_400_000,
  deleteMessageMs: 172_800_000,
  preCheckoutMs: 10_000,
  chatActionMs: 6_000,
  webhookPorts: [443, 88],
  startPayload: 64,
};
