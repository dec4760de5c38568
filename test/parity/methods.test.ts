import { type Emulator, emulator } from "@balekit/emulator";
import { createApi, InputFile, NotFoundError, ServerError } from "balekit";
import { afterEach, describe, expect, test } from "vitest";
import { faultsOf, spec } from "./bale-type.js";
import { documented, type Stage, undocumented } from "./samples.js";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Over HTTP, so that what arrives is what went over the wire. */
async function setUp(): Promise<Stage> {
  const bale = emulator();
  const { url } = await bale.listen();
  closing.push(() => bale.close());
  const api = createApi({ token: bale.token, apiRoot: url });
  closing.push(() => api.close());
  const ali = bale.user({ first_name: "Ali", username: "ali" });
  const sara = bale.user({ first_name: "Sara" });
  const group = bale.group({ title: "گروه", members: [ali, sara], admins: [ali] });
  const hello = await ali.sends("سلام");
  await sara.sends("سلام");
  return { bale, api, ali, sara, group, hello };
}

/** What Bale gets of a parameter: files as their parts, and in a form everything as text. */
function arrived(value: unknown, isForm: boolean): unknown {
  if (value instanceof InputFile) return expect.objectContaining({ file_size: 3 });
  if (isForm && typeof value !== "string") return wire(value);
  return JSON.parse(JSON.stringify(value));
}

/** The JSON of something with files in it, in which each file is named by its part. */
function wire(value: unknown): unknown {
  const text = JSON.stringify(value, (_name, part: unknown) => (isFile(part) ? "attach://" : part));
  if (!text.includes("attach://")) return text;
  const escaped = text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
  return expect.stringMatching(
    new RegExp(`^${escaped.replaceAll("attach://", String.raw`attach://[\w.-]+`)}$`),
  );
}

function isFile(value: unknown): boolean {
  return value instanceof InputFile;
}

/** The files inside of parameters: each is a part of its own. */
function nestedFiles(params: object): readonly unknown[] {
  const inside = (value: unknown): readonly unknown[] => {
    if (isFile(value)) return [value];
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(inside) : [];
  };
  return Object.values(params).flatMap((value: unknown) => (isFile(value) ? [] : inside(value)));
}

/** The parameters themselves, and the parts that the files inside of them came in. */
function split(params: Readonly<Record<string, unknown>>) {
  const isPart = ([name]: readonly [string, unknown]): boolean => /^file\d+$/.test(name);
  const entries = Object.entries(params);
  return {
    fields: Object.fromEntries(entries.filter((entry) => !isPart(entry))),
    parts: entries.filter(isPart).map(([, part]) => part),
  };
}

function lastCall(bale: Emulator, method: string) {
  const call = bale.calls.last(method);
  if (call === undefined) throw new Error(`${method} did not get to Bale.`);
  return call;
}

type Calls = Readonly<Record<string, (params: object) => Promise<unknown>>>;
type Sample = (stage: Stage) => object | Promise<object>;

const namesOf = (isDocumented: boolean): string[] =>
  Object.keys(spec.methods).filter((name) => spec.methods[name]?.documented === isDocumented);

/** Those nobody is sure of: this Bale has none of them, as the real one may have none. */
const ABSENT = [
  "getStickerSet",
  "deleteStickerFromSet",
  "restrictChatMember",
  "setMyCommands",
  "getMyCommands",
  "deleteMyCommands",
  "getUserProfilePhotos",
  "getTransaction",
  "logOut",
  "close",
  "sendPoll",
  "answerShippingQuery",
];

/** What is refused whatever is sent: a name Bale knows, and does nothing for, is the last of them. */
const REFUSED: ReadonlyMap<string, typeof NotFoundError | typeof ServerError> = new Map([
  ...ABSENT.map((name) => [name, NotFoundError] as const),
  ["setChatPermissions", ServerError] as const,
]);

describe("every method has a sample", () => {
  test("of the documented ones, and of those behind the door", () => {
    expect(Object.keys(documented)).toEqual(namesOf(true));
    expect(Object.keys(documented)).toHaveLength(50);
    expect(Object.keys(undocumented)).toEqual(namesOf(false));
  });

  test("and none that Bale documents is refused", () => {
    for (const name of REFUSED.keys()) expect(namesOf(false)).toContain(name);
  });
});

describe.each([
  ["documented", documented, (stage: Stage) => stage.api],
  ["undocumented", undocumented, (stage: Stage) => stage.api.undocumented],
] as const)("the %s methods", (_, samples, door) => {
  test.each(Object.entries(samples as unknown as Readonly<Record<string, Sample>>))(
    "%s: each parameter arrives, and the result has its type",
    async (name, sample) => {
      const stage = await setUp();
      const params = await sample(stage);
      const method = spec.methods[name];
      if (method === undefined) throw new Error(`The spec has no ${name}.`);
      expect(Object.keys(params).sort()).toEqual(Object.keys(method.params).sort());
      const answer = (door(stage) as unknown as Calls)[name]?.(params);
      const refusal = REFUSED.get(name);
      if (refusal !== undefined) await expect(answer).rejects.toBeInstanceOf(refusal);
      else expect(faultsOf(await answer, method.result)).toEqual([]);
      const call = lastCall(stage.bale, name);
      const isForm = call.encoding === "multipart";
      const sent = Object.entries(params).map(([key, value]) => [key, arrived(value, isForm)]);
      const { fields, parts } = split(call.params);
      expect(fields).toEqual(Object.fromEntries(sent));
      expect(parts).toEqual(nestedFiles(params).map(() => expect.objectContaining({ file_size: 3 })));
      expect(call.ok).toBe(refusal === undefined);
      expect(call.warnings).toEqual([]);
    },
  );
});

describe("a value that has not its type", () => {
  test.each([
    ["nothing where something is needed", { id: 1, is_bot: false }, "User", "result.first_name is missing"],
    [
      "a text for a number",
      { id: "1", is_bot: false, first_name: "x" },
      "User",
      "result.id is 1, and no Integer",
    ],
    [
      "an unknown field",
      { message_id: 1, strange: 1 },
      "MessageId",
      "result.strange is no field of MessageId",
    ],
    ["one for many", {}, "User[]", "result is no list"],
    ["a false for a true", false, "True", "result is false, and no True"],
  ])("%s is found", (_name, value, type, fault) => {
    expect(faultsOf(value, type)).toContain(fault);
  });
});
