/** What people read when they are asked: the words of `c.ask`, which all can be replaced. */
export interface AskTexts {
  /** A text was wanted. */
  readonly text: string;
  readonly tooShort: (min: number) => string;
  readonly tooLong: (max: number) => string;
  /** The text does not look as it has to. */
  readonly pattern: string;
  readonly number: string;
  readonly integer: string;
  readonly tooSmall: (min: number) => string;
  readonly tooLarge: (max: number) => string;
  readonly choice: string;
  /** A press on one of the buttons was wanted. */
  readonly menu: string;
  /** What stands on the buttons of `confirm`. */
  readonly yes: string;
  readonly no: string;
  readonly date: string;
  /** With the first day that is allowed, as «1405/9/5». */
  readonly tooEarly: (min: string) => string;
  readonly tooLate: (max: string) => string;
  readonly phone: string;
  /** The number is to come by the button. */
  readonly phoneByButton: string;
  readonly contact: string;
  /** Somebody else's contact came. */
  readonly notOwn: string;
  readonly contactButton: string;
  readonly location: string;
  readonly locationButton: string;
  readonly photo: string;
  readonly file: string;
  readonly fileTooLarge: (maxBytes: number) => string;
  readonly fileKind: (kinds: readonly string[]) => string;
  /** `validate` said no without saying why. */
  readonly refused: string;
  /** What is written below a question whose button has been pressed. */
  readonly chosen: (label: string) => string;
  /** Said when a keyboard is taken away. */
  readonly noted: string;
  /** Said when there were `maxAttempts` answers and none of use. */
  readonly enough: string;
}

/** The words as long as nobody replaces them. */
export const ASK_TEXTS: AskTexts = {
  text: "لطفاً پاسخ را بنویسید.",
  tooShort: (min) => `کوتاه است؛ دست‌کم ${digits(min)} نویسه بنویسید.`,
  tooLong: (max) => `بلند است؛ بیش از ${digits(max)} نویسه نباشد.`,
  pattern: "این‌طور نوشته نمی‌شود؛ لطفاً دوباره بنویسید.",
  number: "لطفاً یک عدد بنویسید.",
  integer: "لطفاً یک عدد بی‌ممیز بنویسید.",
  tooSmall: (min) => `دست‌کم ${digits(min)} باشد.`,
  tooLarge: (max) => `بیش از ${digits(max)} نباشد.`,
  choice: "لطفاً یکی از گزینه‌ها را انتخاب کنید.",
  menu: "لطفاً با دکمه‌های زیر پاسخ دهید.",
  yes: "بله",
  no: "خیر",
  date: "لطفاً تاریخ را مانند ۱۴۰۵/۹/۵ بنویسید.",
  tooEarly: (min) => `پیش از ${digits(min)} نباشد.`,
  tooLate: (max) => `پس از ${digits(max)} نباشد.`,
  phone: "لطفاً شماره را مانند ۰۹۱۲۱۲۳۴۵۶۷ بنویسید.",
  phoneByButton: "لطفاً شماره را با دکمهٔ پایین بفرستید.",
  contact: "لطفاً یک مخاطب بفرستید.",
  notOwn: "لطفاً شمارهٔ خودتان را با دکمهٔ پایین بفرستید.",
  contactButton: "ارسال شمارهٔ من",
  location: "لطفاً یک موقعیت مکانی بفرستید.",
  locationButton: "ارسال موقعیت من",
  photo: "لطفاً یک عکس بفرستید.",
  file: "لطفاً یک فایل بفرستید.",
  fileTooLarge: (maxBytes) => `فایل بزرگ است؛ بیش از ${size(maxBytes)} نباشد.`,
  fileKind: (kinds) => `فایل باید از این گونه‌ها باشد: ${kinds.join("، ")}`,
  refused: "این پاسخ پذیرفته نیست؛ لطفاً دوباره بنویسید.",
  chosen: (label) => `✅ ${label}`,
  noted: "ثبت شد.",
  enough: "نشد! هر وقت خواستید از نو آغاز کنید.",
};

function digits(value: number | string): string {
  const text = typeof value === "number" ? value.toLocaleString("en", { maximumFractionDigits: 20 }) : value;
  return text
    .replaceAll(",", "٬")
    .replace(".", "٫")
    .replace(/\d/g, (digit) => "۰۱۲۳۴۵۶۷۸۹".charAt(Number(digit)));
}

function size(bytes: number): string {
  return bytes < 1_048_576
    ? `${digits(Math.floor(bytes / 1_024))} کیلوبایت`
    : `${digits(Math.floor(bytes / 104_857.6) / 10)} مگابایت`;
}
