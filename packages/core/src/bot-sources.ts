import type { Api, Update } from "@balekit/api";
import type { Clock } from "@balekit/storage";
import type { BotOptions, StartOptions } from "./bot-options.js";
import type { Dispatcher } from "./dispatcher.js";
import type { BotErrorInit } from "./errors.js";
import type { Signs } from "./health-watch.js";
import { Intake } from "./intake.js";
import type { EndSteps, LifeCycle } from "./life-cycle.js";
import { hideSecret, type Logger } from "./logger.js";
import { Poller } from "./poller.js";
import { Polling } from "./polling.js";
import { Retries } from "./retries.js";
import { type Webhook, type WebhookInit, type WebhookOptions, REQUEST_HOLD_MS, webhook } from "./webhook.js";

/** What the sources of a bot's updates are made of. */
export interface BotSourcesInit {
  readonly bot: WebhookInit["bot"] & { readonly api: Api; readonly clock: Clock; readonly logger: Logger };
  readonly token: string | undefined;
  readonly life: LifeCycle;
  readonly dispatcher: Dispatcher;
  /** What the bot was made with. */
  readonly options: BotOptions;
  /** The bot's own id, once it is known. */
  readonly botId: () => number;
  /** Takes what goes wrong. Never rejects. */
  readonly fault: (init: BotErrorInit) => Promise<void>;
  readonly stop: () => Promise<void>;
  /** Closes what the bot calls Bale with. */
  readonly close: () => Promise<void>;
}

/**
 * Where a bot's updates come from: polling, webhooks, and whoever hands it one. All end in its dispatcher, through the
 * inbox if there is one; and all end when its life does.
 */
export class BotSources implements EndSteps {
  readonly #init: BotSourcesInit;
  /** The bot's side of its inbox, if it has one. */
  readonly intake: Intake | undefined;
  #poller: Poller | undefined;
  #looping: Promise<void> = Promise.resolve();
  /** Whether a webhook has been made. */
  hasWebhook = false;

  constructor(init: BotSourcesInit) {
    this.#init = init;
    this.intake = intakeOf(init);
  }

  /** How they are doing. */
  signs(): Pick<Signs, "hasWebhook" | "polling" | "pollingTrouble" | "holdsWindow" | "inbox"> {
    const poller = this.#poller;
    return {
      hasWebhook: this.hasWebhook,
      polling: poller?.state ?? "off",
      pollingTrouble: poller?.trouble,
      // What holds updates back only until they are safe is not held up by a handler.
      holdsWindow: poller !== undefined && this.intake === undefined,
      inbox: this.intake?.health(),
    };
  }

  /** Makes sure that updates can be put into the inbox; answers nothing when they can right now. */
  open(): Promise<void> | undefined {
    const { life, botId } = this.#init;
    const { intake } = this;
    const preparing = life.ready();
    if (intake === undefined || (preparing === undefined && intake.isOpen)) return preparing;
    return Promise.resolve(preparing).then(() => intake.open(botId(), "both"));
  }

  /** Takes in one update past the inbox. */
  take(update: Update): Promise<void> {
    const { dispatcher, life } = this.#init;
    return new Promise((resolve, reject) => {
      const delivery = { update, signal: life.signal, accept: resolve, holdMs: REQUEST_HOLD_MS };
      dispatcher.take(delivery, resolve, reject);
    });
  }

  webhook(options: WebhookOptions): Webhook {
    const { bot, token, life, dispatcher, fault } = this.#init;
    const { intake } = this;
    this.hasWebhook = true;
    return webhook({
      ...options,
      token,
      bot,
      ready: intake === undefined ? () => life.ready() : () => this.open(),
      sink: dispatcher.sink,
      put: intake?.put,
      signal: () => life.signal,
      onError: (cause, update) => fault({ where: "webhook", cause, update }),
    });
  }

  /** Begins to ask Bale for updates. */
  poll(options: StartOptions): void {
    const { bot, life, dispatcher, fault } = this.#init;
    const { intake } = this;
    this.#poller = new Poller({
      claim: intake === undefined ? undefined : (signal) => intake.claim(signal),
      make: (isFirst) =>
        new Polling({
          ...options,
          dropPendingUpdates: isFirst && options.dropPendingUpdates,
          api: bot.api,
          clock: bot.clock,
          sink: dispatcher.sink,
          put: intake?.put,
          logger: bot.logger,
          signal: life.signal,
          onError: (cause, update) => fault({ where: "polling", cause, update }),
          isHeldBack: () => dispatcher.away !== undefined,
        }),
    });
    this.#looping = this.#poller.run().catch((error: unknown) => this.#die(error));
  }

  /** Ends the bot's life, as `bot.stop` does. */
  end(graceMs = 10_000): Promise<void> {
    return this.#init.life.end(graceMs, this);
  }

  quiet(): Promise<void> {
    const { dispatcher } = this.#init;
    this.#poller?.stop();
    this.intake?.pause();
    dispatcher.close();
    return dispatcher.lanes.idle();
  }

  overdue(): void {
    const { bot, dispatcher } = this.#init;
    const { active } = dispatcher.lanes;
    bot.logger.warn(
      `Stopping: ${active} handlers have not ended in time. Their signals abort, and they are left.`,
    );
  }

  async confirm(): Promise<void> {
    await this.#looping;
    await this.#poller?.confirm();
    this.#poller = undefined;
    // Before the onStop hooks: one of them may close the database.
    await this.intake?.close();
  }

  close(): Promise<void> {
    return this.#init.close();
  }

  /** Polling met something that trying again cannot mend. */
  async #die(error: unknown): Promise<void> {
    const { life, fault, stop } = this.#init;
    await fault({ where: "polling", cause: error });
    life.doom(error);
    this.#poller = undefined;
    void stop();
  }
}

/** The bot's side of the inbox, when it is given one. */
function intakeOf({ bot, token, life, dispatcher, options, fault }: BotSourcesInit): Intake | undefined {
  const { inbox, retries = {}, order = "chat" } = options;
  if (inbox === undefined) return undefined;
  return new Intake({
    inbox,
    clock: bot.clock,
    logger: bot.logger,
    retries: new Retries(retries),
    sink: dispatcher.sink,
    isOrdered: order === "chat",
    signal: () => life.signal,
    redact: hideSecret(token),
    onError: (cause, update) =>
      fault({ where: "background", cause, update, doing: "Keeping updates in the inbox" }),
  });
}
