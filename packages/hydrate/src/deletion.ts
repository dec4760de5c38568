/** A message that will be deleted. */
export interface Deletion {
  readonly chatId: number;
  readonly messageId: number;
  /** When, in milliseconds since 1970. */
  readonly dueAt: number;
  /** Lets the message stay. Resolves to whether it was in time. */
  cancel(): Promise<boolean>;
}
