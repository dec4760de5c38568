import { EmulatorError } from "./emulator-error.js";
import { isObject, type Request } from "./fields.js";
import type { Upload } from "./files.js";
import { type MediaDetails, type MediaKind, mediaContent } from "./media.js";
import type { Person } from "./users.js";
import type { Content, World } from "./world.js";

const MEDIA: readonly MediaKind[] = ["photo", "document", "video", "audio", "voice", "animation", "sticker"];

const CONTENTS: readonly string[] = [...MEDIA, "text", "contact", "location", "web_app_data"];

/**
 * What a person sends by the control API: exactly one of `text`, a file, `contact`, `location` and `web_app_data`.
 * A file comes as a multipart part, as a data URL, as base64, as `{ data, name?, type?, … }` with either, or as the
 * file_id of one that is there.
 */
export function contentFrom(world: World, person: Person, request: Request): Content {
  const { params, files } = request;
  const { caption } = params;
  const given = CONTENTS.filter((name) => (params[name] ?? undefined) !== undefined || files.has(name));
  if (given.length > 1) {
    throw new EmulatorError(
      `Sending a message: it has ${given.join(" and ")}. A message has one of them; what is said of a file is its caption.`,
    );
  }
  for (const kind of MEDIA) {
    const raw = params[kind] ?? undefined;
    const upload = files.get(kind) ?? (raw === undefined ? undefined : uploadFrom(raw, kind));
    if (upload === undefined && raw === undefined) continue;
    const content = fileContent(world, kind, upload ?? (raw as string), isObject(raw) ? detailsOf(raw) : {});
    return typeof caption === "string" && caption !== "" ? { ...content, caption } : content;
  }
  if (typeof params["text"] === "string" && params["text"] !== "") return { text: params["text"] };
  if (isObject(params["contact"])) return { contact: contactFrom(person, params["contact"]) };
  if (isObject(params["location"])) return { location: locationFrom(params["location"]) };
  if (typeof params["web_app_data"] === "string") return { web_app_data: { data: params["web_app_data"] } };
  throw new EmulatorError(
    "Sending a message: there is nothing in it. Give text, photo, document, contact or location.",
  );
}

/** The content of a message with a file: a new one, or one the world has, by its id. */
export function fileContent(
  world: World,
  kind: MediaKind,
  source: Upload | string,
  details: MediaDetails = {},
): Content {
  if (typeof source !== "string") return mediaContent(kind, world.files.add(kind, source), details);
  const file = world.files.get(source);
  if (file === undefined)
    throw new EmulatorError(
      `Sending a ${kind}: "${source.slice(0, 40)}" is neither base64 nor the id of a file${world.files.lossOf(source)}.`,
    );
  return mediaContent(kind, file, details);
}

function uploadFrom(raw: unknown, kind: MediaKind): Upload | undefined {
  if (typeof raw === "string") return uploadFromText(raw);
  if (!isObject(raw))
    throw new EmulatorError(`Sending a ${kind}: give base64, a data URL, or { data, name, type }.`);
  const data = raw["data"] ?? raw["base64"];
  const upload = typeof data === "string" ? uploadFromText(data) : undefined;
  if (upload === undefined)
    throw new EmulatorError(`Sending a ${kind}: data is missing. Give base64 or a data URL.`);
  const name = raw["name"] ?? raw["file_name"];
  const type = raw["type"] ?? raw["mime_type"] ?? upload.type;
  return {
    bytes: upload.bytes,
    ...(typeof name === "string" ? { name } : {}),
    ...(typeof type === "string" ? { type } : {}),
  };
}

const DATA_URL = /^data:([^;,]*)((?:;[^;,]*)*),(.*)$/s;

/** Bytes from a data URL or base64; nothing when the text is neither, and so may be a file's id. */
function uploadFromText(text: string): Upload | undefined {
  const url = DATA_URL.exec(text);
  if (url !== null) {
    const [, type = "", parameters = "", data = ""] = url;
    const bytes = parameters.includes("base64")
      ? Buffer.from(data, "base64")
      : Buffer.from(decodeURIComponent(data));
    return { bytes, ...(type === "" ? {} : { type }) };
  }
  if (text === "" || !/^[A-Za-z0-9+/_-]+={0,2}\s*$/.test(text)) return undefined;
  return { bytes: Buffer.from(text, "base64") };
}

function detailsOf(raw: Readonly<Record<string, unknown>>): MediaDetails {
  const number = (name: string): number | undefined =>
    typeof raw[name] === "number" ? raw[name] : undefined;
  const { title } = raw;
  return {
    duration: number("duration"),
    width: number("width"),
    height: number("height"),
    title: typeof title === "string" ? title : undefined,
  };
}

function contactFrom(
  { user, phoneNumber }: Person,
  raw: Readonly<Record<string, unknown>>,
): Content["contact"] {
  const { phone_number, first_name, last_name, user_id } = raw;
  // A contact without a number is the sender's own, as from a request_contact button.
  if ((phone_number ?? undefined) === undefined)
    return { phone_number: phoneNumber, first_name: user.first_name, user_id: user.id };
  if (typeof phone_number !== "string" && typeof phone_number !== "number") {
    throw new EmulatorError("Sending a contact: phone_number must be a string.");
  }
  return {
    phone_number: String(phone_number),
    first_name: typeof first_name === "string" ? first_name : user.first_name,
    ...(typeof last_name === "string" ? { last_name } : {}),
    ...(typeof user_id === "number" ? { user_id } : {}),
  };
}

function locationFrom({ latitude, longitude }: Readonly<Record<string, unknown>>): Content["location"] {
  if (typeof latitude === "number" && typeof longitude === "number") return { latitude, longitude };
  throw new EmulatorError("Sending a location: give { latitude, longitude } as numbers.");
}
