import { ApiError } from "balekit";

/**
 * Answers a press on a button; one that is too old to be answered is no fault of anybody's, and no reason for a
 * conversation to fail.
 */
export async function unlessTooOld(answering: Promise<unknown>): Promise<void> {
  try {
    await answering;
  } catch (error) {
    if (!(error instanceof ApiError) || ![400, 404].includes(error.errorCode)) throw error;
  }
}
