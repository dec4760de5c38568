import { type Api, InvalidTokenError } from "@balekit/api";
import { sayingOf, sentence } from "./errors.js";
import type { Logger } from "./logger.js";

/**
 * Takes away a webhook that is set, with a notice: Bale gives polling nothing while there is one. If it cannot be known
 * whether one is set, says so and lets polling begin all the same.
 * @param patiently tries a call until it works, or the start is given up
 */
export async function removeWebhook(
  api: Api,
  logger: Logger,
  starting: AbortSignal,
  patiently: <Result>(attempt: () => Promise<Result>) => Promise<Result>,
): Promise<void> {
  try {
    const { url } = await patiently(() => api.getWebhookInfo());
    if (!url) return;
    await patiently(() => api.deleteWebhook());
    const host = URL.canParse(url) ? new URL(url).host : "an address that is none";
    logger.warn(
      `A webhook was set, at ${host}. It has been removed: Bale gives polling nothing while one is set.`,
    );
  } catch (error) {
    if (starting.aborted || error instanceof InvalidTokenError) throw error;
    logger.warn(`Whether a webhook is set is not known: ${sentence(sayingOf(error))} Polling all the same.`);
  }
}
