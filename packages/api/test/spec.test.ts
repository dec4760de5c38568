import { describe, expect, test } from "vitest";
import { faultsOf } from "../scripts/check-spec.js";
import { readSpec, type Spec } from "../scripts/spec.js";

const spec = readSpec();

/** The spec with one thing changed; `change` gets a copy it may write to. */
function spoiled(change: (copy: Writable<Spec>) => void): Spec {
  const copy = structuredClone(spec) as Writable<Spec>;
  change(copy);
  return copy;
}

type Writable<Value> = { -readonly [Key in keyof Value]: Writable<Value[Key]> };

function at<Value>(record: Record<string, Value>, name: string): Value {
  const value = record[name];
  if (value === undefined) throw new Error(`The spec has no ${name}.`);
  return value;
}

describe("the spec", () => {
  test("has no faults", () => {
    expect(faultsOf(spec)).toEqual([]);
  });

  test("has Bale's 50 documented methods and 16 that are only known from working code", () => {
    const methods = Object.values(spec.methods);
    expect(methods.filter((method) => method.documented)).toHaveLength(50);
    expect(methods.filter((method) => !method.documented)).toHaveLength(16);
  });

  test("knows no update but the four that Bale documents", () => {
    expect(Object.keys(spec.updates)).toEqual([
      "message",
      "edited_message",
      "callback_query",
      "pre_checkout_query",
    ]);
  });

  test("has the seven methods of the Business API", () => {
    expect(spec.business.methods.toSorted()).toEqual([
      "forwardMessage",
      "getMe",
      "sendAudio",
      "sendDocument",
      "sendMessage",
      "sendPhoto",
      "sendVideo",
    ]);
  });

  test("offers none of the parameters that Bale ignores", () => {
    const ignored = [
      "parse_mode",
      "entities",
      "reply_parameters",
      "allowed_updates",
      "secret_token",
      "message_thread_id",
    ];
    const offered = Object.values(spec.methods).flatMap((method) => Object.keys(method.params));
    expect(ignored.filter((name) => offered.includes(name))).toEqual([]);
  });

  test("never calls a message safe to repeat, nor an invoice", () => {
    const repeated = Object.entries(spec.methods).filter(([, { idempotent }]) => idempotent);
    const names = repeated.map(([name]) => name);
    expect(names.filter((name) => /^(send|forward|copy|create)/.test(name))).toEqual(["sendChatAction"]);
    expect(names).toContain("answerPreCheckoutQuery");
    expect(names).toContain("getUpdates");
  });

  test("writes the same sentence nowhere for two parameters of one method", () => {
    const repeating = Object.entries(spec.methods).filter(([, { params }]) => {
      const docs = Object.values(params).map(({ doc }) => doc);
      return new Set(docs).size !== docs.length;
    });
    expect(repeating.map(([name]) => name)).toEqual([]);
  });
});

describe("faultsOf", () => {
  test.each<[string, RegExp, (copy: Writable<Spec>) => void]>([
    [
      "a parameter without a sentence",
      /methods\.sendMessage\.text: needs one sentence/,
      (copy) => {
        at(at(copy.methods, "sendMessage").params, "text").doc = "";
      },
    ],
    [
      "a field that begins small",
      /types\.User\.id: needs one sentence/,
      (copy) => {
        at(at(copy.types, "User").fields ?? {}, "id").doc = "number of the user.";
      },
    ],
    [
      "a type nobody defined",
      /types\.Message\.from: unknown type Person/,
      (copy) => {
        at(at(copy.types, "Message").fields ?? {}, "from").type = "Person";
      },
    ],
    [
      "a result nobody defined",
      /methods\.getMe: unknown type Bot in the result/,
      (copy) => {
        at(copy.methods, "getMe").result = "Bot";
      },
    ],
    [
      "a bound that is not there",
      /methods\.sendMessage\.text: txt is not a limit/,
      (copy) => {
        at(at(copy.methods, "sendMessage").params, "text").limit = "txt";
      },
    ],
    [
      "a bound that bounds nothing",
      /limits\.copyText: no parameter and no field names it/,
      (copy) => {
        delete at(at(copy.types, "CopyTextButton").fields ?? {}, "text").limit;
      },
    ],
    [
      "a rejection that Bale does not document",
      /limits\.uploadBytes: only what Bale documents may be rejected/,
      (copy) => {
        at(copy.limits, "uploadBytes").level = "reject";
      },
    ],
    [
      "a documented limit on an undocumented parameter",
      /methods\.sendAnimation\.caption: what Bale does not document/,
      (copy) => {
        at(at(copy.methods, "sendAnimation").params, "caption").limit = "caption";
      },
    ],
    [
      "a method that was lost",
      /methods: 49 are marked documented, Bale documents 50/,
      (copy) => {
        delete (copy.methods as Record<string, unknown>)["getFile"];
      },
    ],
    [
      "high confidence in what is undocumented",
      /methods\.inviteUser: nothing undocumented is of high confidence/,
      (copy) => {
        at(copy.methods, "inviteUser").confidence = "high";
      },
    ],
    [
      "a file that would go out as JSON",
      /methods\.sendPhoto: photo takes a file, so "files" has to name it/,
      (copy) => {
        delete at(copy.methods, "sendPhoto").files;
      },
    ],
    [
      "a file inside an album that nobody would find",
      /methods\.sendMediaGroup: media carries files, so "nestedMedia" has to name it/,
      (copy) => {
        delete at(copy.methods, "sendMediaGroup").nestedMedia;
      },
    ],
    [
      "a file parameter that takes no file",
      /methods\.sendMessage: "files" names text, which takes no file/,
      (copy) => {
        at(copy.methods, "sendMessage").files = ["text"];
      },
    ],
    [
      "a member of a union that nothing tells apart",
      /types\.Chat: GroupChat does not fix the value of "type"/,
      (copy) => {
        delete at(at(copy.types, "GroupChat").fields ?? {}, "type").value;
      },
    ],
    [
      "a source nobody listed",
      /methods\.getMe: unknown source hearsay/,
      (copy) => {
        at(copy.methods, "getMe").sources = ["hearsay"];
      },
    ],
    [
      "a query for a field that messages lack",
      /contents\.poll: poll is not an optional field of Message/,
      (copy) => {
        (copy.contents as Record<string, unknown>)["poll"] = { doc: "A poll.", edited: false };
      },
    ],
    [
      "a Business method that Bale does not document",
      /business: sendSticker is not a documented method/,
      (copy) => {
        copy.business.methods.push("sendSticker");
      },
    ],
  ])("finds %s", (_, fault, change) => {
    const faults = faultsOf(spoiled(change));
    expect(faults.join("\n")).toMatch(fault);
  });
});
