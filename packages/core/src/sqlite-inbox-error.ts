/** Another process owns the inbox now. */
export class LostError extends Error {
  override readonly name: string = "LostError";
  constructor() {
    super("Another process has taken the inbox over.");
  }
}

/** What is said to those who use an inbox before it is opened, and after it is closed. */
export function closed(): Error {
  return Object.assign(
    new Error(
      "Keeping an update: the inbox is closed. Start the bot first, and put nothing in after it has stopped.",
    ),
    {
      code: "ERR_BALE_INBOX_CLOSED",
    },
  );
}
