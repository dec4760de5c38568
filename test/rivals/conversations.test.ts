import { setTimeout as later } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { balekitSide, type Flow, grammySide, type Machine, preCheckout, type Side, text } from "./talking.js";

const machines: Machine[] = [];
afterEach(async () => {
  for (const machine of machines.splice(0)) await machine.stop();
});

function started(side: Side, flow: Flow, dies?: () => boolean): Machine {
  const machine = side.machine(flow, dies);
  machines.push(machine);
  return machine;
}

const signup: Flow = async ({ wait, say }) => {
  await say("name?");
  const name = await wait("name");
  await say(`hi ${name}, age?`);
  const age = await wait("age");
  await say(`done ${name} ${age}`);
};

/** Waits until it holds; whether it ever did is asserted by whoever calls. */
async function eventually(holds: () => boolean, limitMs = 10_000): Promise<void> {
  for (const limit = Date.now() + limitMs; !holds() && Date.now() < limit; ) await later(5);
}

describe("two updates of one chat on two machines at once", () => {
  async function play(side: Side): Promise<readonly string[]> {
    const [one, other] = [started(side, signup), started(side, signup)];
    await one.handle(text("/begin"));
    await eventually(() => side.said.length === 1);
    await Promise.all([one.handle(text("Ali")), other.handle(text("33"))]);
    await eventually(() => side.said.length >= 3);
    return side.said;
  }

  test("balekit takes one after the other: both answers count", async () => {
    const said = await play(balekitSide());
    // Which comes first is open: they came at once.
    const [name, age] = said[1] === "hi Ali, age?" ? ["Ali", "33"] : ["33", "Ali"];
    expect(said).toEqual(["name?", `hi ${name}, age?`, `done ${name} ${age}`]);
  });

  test("grammY takes both for the first answer, and forgets one", async () => {
    const side = grammySide();
    const [one, other] = [started(side, signup), started(side, signup)];
    await one.handle(text("/begin"));
    await Promise.all([one.handle(text("Ali")), other.handle(text("33"))]);
    expect([...side.said].sort()).toEqual(["hi 33, age?", "hi Ali, age?", "name?"]);
    await one.handle(text("40"));
    expect(side.said.at(-1)).toMatch(/^done (Ali|33) 40$/);
  });
});

describe("the same update delivered twice", () => {
  async function play(side: Side): Promise<readonly string[]> {
    const machine = started(side, signup);
    await machine.handle(text("/begin"));
    await eventually(() => side.said.length === 1);
    const ali = text("Ali");
    await machine.handle(ali);
    await eventually(() => side.said.length === 2);
    await machine.handle(ali);
    await machine.handle(text("33"));
    await eventually(() => side.said.length === 3);
    return side.said;
  }

  test("balekit takes it once", async () => {
    expect(await play(balekitSide())).toEqual(["name?", "hi Ali, age?", "done Ali 33"]);
  });

  test("grammY takes it for the next answer as well", async () => {
    expect(await play(grammySide())).toEqual(["name?", "hi Ali, age?", "done Ali Ali"]);
  });
});

describe("a crash after the last message of a step and before it is kept", () => {
  async function play(side: Side): Promise<{ charged: number; said: readonly string[] }> {
    let charged = 0;
    const pay: Flow = async ({ wait, say, outside }) => {
      await say("card?");
      const card = await wait("card");
      await outside("charge", () => void charged++);
      await say(`charged ${card}`);
      await say("thanks");
      await wait("more");
    };
    const first = started(side, pay, () => side.said.includes("thanks"));
    await first.handle(text("/begin"));
    await eventually(() => side.said.length === 1);
    const card = text("6037");
    void first.handle(card);
    await eventually(() => side.said.includes("thanks"));
    machines.length = 0; // it is dead
    const second = started(side, pay);
    // Nobody has told Bale that it is safe.
    await second.handle(card);
    await eventually(() => side.said.filter((one) => one === "thanks").length === 2);
    return { charged, said: side.said };
  }

  test("balekit charges once, and repeats only the message of which nobody knows", async () => {
    expect(await play(balekitSide())).toEqual({
      charged: 1,
      said: ["card?", "charged 6037", "thanks", "thanks"],
    });
  });

  test("grammY charges again, and says all of it again", async () => {
    expect(await play(grammySide())).toEqual({
      charged: 2,
      said: ["card?", "charged 6037", "thanks", "charged 6037", "thanks"],
    });
  });
});

describe("a wait whose time is up while nobody writes", () => {
  const patient: Flow = async ({ wait, say }) => {
    await say("name?");
    try {
      await wait("name", { timeoutMs: 50 });
    } catch {
      await say("too late");
    } finally {
      await say("cleaned up");
    }
  };

  async function play(side: Side, limitMs: number): Promise<Machine> {
    const machine = started(side, patient);
    await machine.handle(text("/begin"));
    await eventually(() => side.said.length === 3, limitMs);
    return machine;
  }

  test("balekit ends it, catch and finally run", async () => {
    const side = balekitSide();
    await play(side, 10_000);
    expect(side.said).toEqual(["name?", "too late", "cleaned up"]);
  });

  test("grammY does nothing, and at the next update neither catch nor finally runs", async () => {
    const side = grammySide();
    const machine = await play(side, 500);
    expect(side.said).toEqual(["name?"]);
    await machine.handle(text("Ali"));
    expect(side.said).toEqual(["name?"]);
    expect(side.passed).toEqual(["Ali"]);
  });
});

describe("two questions that change places in the code while a conversation is between them", () => {
  const before: Flow = async ({ wait, say }) => {
    await say("to whom?");
    const name = await wait("name");
    await say("how much?");
    const amount = await wait("amount");
    await say(`paid ${amount} to ${name}`);
  };
  const after: Flow = async ({ wait, say }) => {
    await say("how much?");
    const amount = await wait("amount");
    await say("to whom?");
    const name = await wait("name");
    await say(`paid ${amount} to ${name}`);
  };

  async function play(side: Side): Promise<Side> {
    const old = started(side, before);
    await old.handle(text("/begin"));
    await eventually(() => side.said.length === 1);
    await old.handle(text("Ali"));
    await eventually(() => side.said.length === 2);
    await old.stop();
    machines.length = 0;
    await started(side, after).handle(text("100"));
    return side;
  }

  test("balekit stops it before anything is said, and names the record", async () => {
    const { said, errors, passed } = await play(balekitSide());
    expect(said).toEqual(["to whom?", "how much?"]);
    expect(errors.join()).toContain("'wait:message:text#name', the code now does 'wait:message:text#amount'");
    expect(passed).toEqual(["100"]);
  });

  test("grammY goes on with the answers in each other's place", async () => {
    const { said, errors } = await play(grammySide());
    expect(said).toEqual(["to whom?", "how much?", "paid Ali to 100"]);
    expect(errors).toEqual([]);
  });
});

describe("pre-checkouts while somebody waits for that of an invoice", () => {
  const sale: Flow = async ({ wait, say, charge }) => {
    await charge("order-7");
    const payload = await wait("payment", { query: "pre_checkout_query" });
    await say(`checked ${payload}`);
  };

  async function play(side: Side): Promise<Side> {
    const machine = started(side, sale);
    await machine.handle(text("/begin"));
    await eventually(() => side.invoices.length === 1);
    await machine.handle(preCheckout("something else", 2));
    await machine.handle(preCheckout(side.invoices[0] as string, 1));
    await eventually(() => side.said.length + side.passed.length === 2);
    return side;
  }

  test("balekit gives each to whom it belongs", async () => {
    const { said, passed } = await play(balekitSide());
    expect(said).toEqual(["checked order-7"]);
    expect(passed).toEqual(["pre-checkout of 2"]);
  });

  test("grammY gives neither to the conversation: they have no chat", async () => {
    const { said, passed } = await play(grammySide());
    expect(said).toEqual([]);
    expect(passed).toEqual(["pre-checkout of 2", "pre-checkout of 1"]);
  });
});
