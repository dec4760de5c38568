/** What a payer reads when a payment is not let through, and what `/receipt` says. */
export interface PaymentTexts {
  readonly unknown: string;
  readonly changed: string;
  readonly notYours: string;
  readonly alreadyPaid: string;
  readonly inProgress: string;
  readonly expired: string;
  readonly unavailable: string;
  readonly tryAgain: string;
  readonly noReceipts: string;
  readonly receipts: string;
  readonly trackingNumber: string;
}

/** The texts in Persian. */
export const persianTexts: PaymentTexts = {
  unknown: "این صورت‌حساب را نمی‌شناسیم. لطفاً دوباره سفارش دهید.",
  changed: "مبلغ این صورت‌حساب با سفارش یکی نیست. لطفاً دوباره سفارش دهید.",
  notYours: "این صورت‌حساب برای کس دیگری است.",
  alreadyPaid: "این سفارش پیش‌تر پرداخت شده است.",
  inProgress: "پرداخت دیگری برای همین سفارش در جریان است. چند لحظه دیگر دوباره امتحان کنید.",
  expired: "مهلت پرداخت این سفارش گذشته است. لطفاً دوباره سفارش دهید.",
  unavailable: "این کالا اکنون فروخته نمی‌شود.",
  tryAgain: "اکنون نتوانستیم سفارش را بررسی کنیم و چیزی از شما کم نشد. کمی بعد دوباره امتحان کنید.",
  noReceipts: "هنوز پرداختی از شما ثبت نشده است.",
  receipts: "پرداخت‌های شما",
  trackingNumber: "شمارهٔ پیگیری",
};
