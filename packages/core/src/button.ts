import { LIMITS } from "@balekit/api";
import { outOfRange, shown, wrongType } from "./misuse.js";

const CODE = "ERR_BALE_BUTTON";
const encoder = new TextEncoder();

/** Refuses a label nobody could read or press. Answers the label. */
export function checkLabel(label: unknown): string {
  if (typeof label !== "string") {
    throw wrongType(CODE, `Making a button: its label is ${shown(label)}. Give the label as a string.`);
  }
  if (label.trim() === "") {
    throw outOfRange(
      CODE,
      `Making a button: its label is ${shown(label)}. Give it at least one visible letter.`,
    );
  }
  return label;
}

/** Refuses callback data that Bale would refuse: it wants 1 to 64 bytes of UTF-8, and a Persian letter is two. */
export function checkCallbackData(label: string, data: unknown): string {
  if (typeof data !== "string") {
    throw wrongType(
      CODE,
      `Making the button ${shown(label)}: its callback data is ${shown(data)}. Give it as a string.`,
    );
  }
  const bytes = encoder.encode(data).length;
  if (bytes < 1 || bytes > LIMITS.callbackDataBytes) {
    throw outOfRange(
      CODE,
      `Making the button ${shown(label)}: its callback data is ${bytes} bytes long: ${JSON.stringify(data)}. ` +
        `Bale takes 1 to ${LIMITS.callbackDataBytes} bytes of UTF-8, where a Persian letter takes two. ` +
        "Send a short id and keep the rest on your side.",
    );
  }
  return data;
}

/** Refuses text for the clipboard beyond Bale's 1 to 256 characters. */
export function checkCopyText(label: string, text: unknown): string {
  if (typeof text !== "string") {
    throw wrongType(
      CODE,
      `Making the button ${shown(label)}: its text to copy is ${shown(text)}. Give it as a string.`,
    );
  }
  // Characters, not UTF-16 units: the limit is refused only where both ways of counting agree that it is passed.
  const characters = Array.from(text).length;
  if (characters < 1 || characters > LIMITS.copyText) {
    throw outOfRange(
      CODE,
      `Making the button ${shown(label)}: its text to copy is ${characters} characters long: ${shown(text)}. ` +
        `Bale takes 1 to ${LIMITS.copyText}. Send a long text as a message.`,
    );
  }
  return text;
}

/** Refuses what is not an absolute address, such as `ble.ir/ali` without its scheme. */
export function checkUrl(label: string, url: unknown): string {
  const address = typeof url === "string" ? url : undefined;
  if (address === undefined || !URL.canParse(address)) {
    throw wrongType(
      CODE,
      `Making the button ${shown(label)}: ${shown(url)} is not an absolute address. ` +
        'Write it with its scheme, like "https://ble.ir/my_bot".',
    );
  }
  if (new URL(address).protocol === "javascript:") {
    throw wrongType(
      CODE,
      `Making the button ${shown(label)}: ${shown(url)} is a script, not an address. Give an https address.`,
    );
  }
  return address;
}

/** Refuses the address of a mini app that is not https; plain http is taken on this machine, for trying it out. */
export function checkWebAppUrl(label: string, url: unknown): string {
  const address = checkUrl(label, url);
  const { protocol, hostname } = new URL(address);
  const local = hostname === "localhost" || hostname === "127.0.0.1" || hostname === "[::1]";
  if (protocol !== "https:" && !(protocol === "http:" && local)) {
    throw wrongType(
      CODE,
      `Making the button ${shown(label)}: the mini app ${shown(address)} is not served over https. ` +
        "Bale opens https addresses only.",
    );
  }
  return address;
}

/** Refuses a button that does two things at once. `actions` are the keys of which one may be there. */
export function checkOneAction(
  button: object,
  actions: readonly string[],
  label: string,
): string | undefined {
  const fields = button as Readonly<Record<string, unknown>>;
  const found = actions.filter(
    (key) => fields[key] !== undefined && fields[key] !== null && fields[key] !== false,
  );
  if (found.length > 1) {
    throw wrongType(
      CODE,
      `Making the button ${shown(label)}: it has ${found.join(" and ")}. Keep one: a button does one thing.`,
    );
  }
  return found[0];
}
