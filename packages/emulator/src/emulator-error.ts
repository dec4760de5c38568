/** The emulator was asked for something that cannot happen, such as pressing a button that is not there. */
export class EmulatorError extends TypeError {
  override readonly name = "EmulatorError";
  /** Stable; has a page in docs/errors. */
  readonly code = "ERR_BALE_EMULATOR";
}
