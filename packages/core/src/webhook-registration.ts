import { type Api, ApiError } from "@balekit/api";
import { shown, wrongType } from "./misuse.js";

/** How a webhook is registered. */
export interface RegisterOptions {
  /**
   * Removes the webhook when the bot stops, once: a later life of the same bot asks for it again. The last registration
   * of a life decides. Only for a bot that won't come back: what Bale cannot deliver while a new version starts, it
   * keeps. @default false
   */
  readonly deleteOnStop?: boolean | undefined;
}

/** What registering needs of the bot. */
export interface RegisterInit {
  readonly api: Api;
  onStop(run: () => unknown): unknown;
}

/** Whether the webhook goes with the life that a bot leads now. Bale knows one webhook a bot, whichever registers. */
const goesAtStop = new WeakMap<RegisterInit, boolean>();

/** The ports that Bale calls. */
const PORTS: ReadonlySet<string> = new Set(["443", "88"]);

/** Tells Bale where a webhook is, and makes sure that it knows. */
export async function register(
  bot: RegisterInit,
  path: string,
  origin: string,
  { deleteOnStop = false }: RegisterOptions = {},
): Promise<string> {
  const { api } = bot;
  const url = addressOf(origin, path);
  await api.setWebhook({ url });
  await verify(api, url);
  if (!goesAtStop.has(bot)) {
    bot.onStop(() => {
      const goes = goesAtStop.get(bot);
      goesAtStop.set(bot, false);
      return goes && api.deleteWebhook();
    });
  }
  goesAtStop.set(bot, deleteOnStop);
  return url;
}

/** @throws TypeError for what Bale would not call */
function addressOf(origin: string, path: string): string {
  const wrong = (what: string): TypeError =>
    wrongType("ERR_BALE_WEBHOOK", `webhook.register: the origin ${shown(origin)} ${what}`);
  if (typeof origin !== "string" || !URL.canParse(origin)) {
    throw wrong('is no address. Give one like "https://bot.example.com".');
  }
  const url = new URL(origin);
  if (url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "") {
    throw wrong("has more than a host and a path. Leave out ?, # and @.");
  }
  if (!isLoopback(url.hostname) || !/^https?:$/.test(url.protocol)) {
    if (url.protocol !== "https:") throw wrong("is not https. Bale calls https only.");
    const port = url.port === "" ? "443" : url.port;
    if (!PORTS.has(port)) throw wrong(`has port ${port}. Bale calls ports 443 and 88 only.`);
  }
  return `${url.origin}${url.pathname.replace(/\/$/, "")}${path}`;
}

/** A machine that only an emulator beside it can call. */
function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "");
  return (
    host === "localhost" || host.endsWith(".localhost") || host === "::1" || /^127(?:\.\d+){3}$/.test(host)
  );
}

async function verify(api: Api, url: string): Promise<void> {
  let known: string | undefined;
  try {
    known = (await api.getWebhookInfo()).url;
  } catch (error) {
    // Bale took the address: that it does not say so again is no reason to give up.
    if (error instanceof ApiError) return;
    throw error;
  }
  if (known !== undefined && URL.canParse(known) && new URL(known).href === new URL(url).href) return;
  // The path of either is a secret, so only the hosts are shown.
  const place = known !== undefined && URL.canParse(known) ? `at ${new URL(known).host}` : "nowhere";
  const wrong = `webhook.register: Bale took ${new URL(url).host}, but says that the webhook is ${place}.`;
  const hint = "Look for another program that sets a webhook with this token.";
  throw Object.assign(new Error(`${wrong} ${hint}`), { code: "ERR_BALE_WEBHOOK" });
}
