import { BaleError, recognisable } from "./base-error.js";

/** So many calls wait in `throttle()` that no more are taken. The call was not made. */
export class QueueFullError extends BaleError {
  static {
    recognisable(this, "QueueFullError", "ERR_BALE_QUEUE_FULL");
  }
}

/** The bot stops, and the call was still waiting in `throttle()`, or came too late. It was not made. */
export class QueueClosedError extends BaleError {
  static {
    recognisable(this, "QueueClosedError", "ERR_BALE_QUEUE_CLOSED");
  }
}
