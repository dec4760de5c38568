import { type ChannelModel, connect } from "amqplib";
import { systemClock } from "balekit";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type RabbitServer, startRabbit } from "../../../test/servers/rabbitmq.js";
import type { Link } from "../src/link.js";
import { Publisher } from "../src/publisher.js";
import { Suspects } from "../src/suspects.js";

vi.setConfig({ testTimeout: 300_000 });

let rabbit: RabbitServer;
let model: ChannelModel;

beforeAll(async () => {
  rabbit = await startRabbit();
  model = await connect(rabbit.url);
}, 300_000);
afterAll(async () => {
  await model?.close();
  await rabbit?.server.close();
});

/** One worker's suspects. */
async function suspectsOf(id: string): Promise<Suspects> {
  const clock = systemClock;
  const publisher = new Publisher({ clock, isBlocked: () => false, stuck: () => undefined });
  publisher.attach(await model.createConfirmChannel(), []);
  return new Suspects({ id, link: { model } as Link, publisher, clock });
}

async function begun(suspects: Suspects, queue: string, id = "7"): Promise<number> {
  let before = -1;
  await suspects.watch(queue, id, async (deaths) => {
    before = deaths;
  });
  return before;
}

test("what a worker has begun again and again, and lived, is no death of anybody", async () => {
  const one = await suspectsOf("one");
  for (let times = 0; times < 5; times++) expect(await begun(one, "q.own")).toBe(0);
});

test("workers that began and told nothing more are counted, and one that lives takes its own back", async () => {
  const queue = "q.shared";
  for (const [at, id] of ["one", "two", "three"].entries()) {
    expect(await begun(await suspectsOf(id), queue)).toBe(at);
  }
  const four = await suspectsOf("four");
  expect(await begun(four, queue)).toBe(3);
  // Not waited for: the next to begin here waits for it.
  void four.clear(queue, "7");
  expect(await begun(four, queue)).toBe(0);
});

test("what is taken back late does not take back what another has begun after it", async () => {
  const queue = "q.late";
  const one = await suspectsOf("one");
  expect(await begun(one, queue, "7")).toBe(0);
  const next = begun(one, queue, "8");
  await one.clear(queue, "7");
  expect(await next).toBe(0);
  expect(await begun(await suspectsOf("two"), queue, "8")).toBe(1);
});
