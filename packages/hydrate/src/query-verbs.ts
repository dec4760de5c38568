import type { AnswerOptions, CallbackQuery, PreCheckoutQuery } from "balekit";
import { kitOf } from "./kit.js";

/** What a hydrated press on a button can do. */
export class CallbackQueryVerbs {
  /** Answers the press, with a notice or without. */
  async answer(text?: string | undefined, options?: AnswerOptions | undefined): Promise<true> {
    const { id } = this as unknown as CallbackQuery;
    return kitOf(this).api.answerCallbackQuery({ callback_query_id: id, text, ...options });
  }
}

/** What a hydrated payment that waits to be confirmed can do. */
export class PreCheckoutQueryVerbs {
  /** Lets the payment through, or refuses it with a reason the payer reads. Bale waits ten seconds for it. */
  async answer(ok: boolean, reason?: string | undefined): Promise<true> {
    const { id } = this as unknown as PreCheckoutQuery;
    return kitOf(this).api.answerPreCheckoutQuery({ pre_checkout_query_id: id, ok, error_message: reason });
  }
}
