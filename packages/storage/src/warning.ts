/** Hears what a store wants its owner to know at the start. */
export type OnStorageWarning = (message: string) => void;

/** Says it where Node says its own warnings: once a process for one text, on standard error. */
export const nodeWarning: OnStorageWarning = (message: string): void => {
  process.emitWarning(message, { code: "BALE_STORAGE" });
};
