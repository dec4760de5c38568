/** The broker can be reached, and what is asked of it cannot work: trying again would not help. */
export class RabbitSetupError extends Error {
  override readonly name: string = "RabbitSetupError";
  readonly code: string = "ERR_BALE_RABBITMQ_SETUP";
}

/** Updates could not be put into RabbitMQ, or nobody knows whether they were: Bale is not told that they are safe. */
export class RabbitPutError extends Error {
  override readonly name: string = "RabbitPutError";
  readonly code: string = "ERR_BALE_RABBITMQ_PUT";
}

/** The connection that handed an update to this process is gone: another worker has it now. */
export class LostClaimError extends Error {
  override readonly name: string = "LostClaimError";
  readonly code: string = "ERR_BALE_RABBITMQ_LOST";
}

/** What an error says, in one line. */
export function sayingOf(error: unknown): string {
  if (!(error instanceof Error)) return `thrown ${typeof error}: ${String(error)}`;
  const inner = (error as AggregateError).errors?.[0] as unknown;
  if (error.message === "" && inner instanceof Error) return sayingOf(inner);
  return error.name === "Error" ? error.message : `${error.name}: ${error.message}`;
}

/** Makes a setup error of what the broker refused; `undefined` when trying again may help. */
export function refusalOf(error: unknown, what: string): RabbitSetupError | undefined {
  if (error instanceof RabbitSetupError) return error;
  const saying = sayingOf(error);
  if (/ACCESS[-_]REFUSED|NOT[-_]ALLOWED/.test(saying)) {
    return new RabbitSetupError(
      `${what}: RabbitMQ refuses this user. Check user, password and virtual host in the URL, and that the user may configure, write and read there.`,
      { cause: error },
    );
  }
  // Others with this code are said by a broker that is not ready.
  if (/inequivalent arg/.test(saying)) {
    return new RabbitSetupError(
      `${what}: a queue or an exchange of this name exists with other settings: ${saying} Give every process of the bot the same options, or another prefix.`,
      { cause: error },
    );
  }
  return undefined;
}
