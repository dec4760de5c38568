// Two workers on a private RabbitMQ take a backlog of 400 chats, 2 ms a handler; then one is killed, and every chat is
// sent one more update: how long until the other has handled them all.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { rabbitInbox } from "@balekit/rabbitmq";
import { systemClock } from "balekit";
import { tsImport } from "tsx/esm/api";
import { startServer } from "../servers/start.mjs";

const worker = fileURLToPath(new URL("../servers/rabbit-worker.mjs", import.meta.url));
const CHATS = 400;

export async function measure({ count = 12_000 }) {
  const { startRabbit } = await tsImport("../../servers/rabbitmq.ts", import.meta.url);
  const rabbit = await startRabbit();
  // The server's process does not keep this one alive while its end is waited for.
  const awake = setInterval(() => undefined, 1_000);
  const bale = await startServer({});
  const inbox = rabbitInbox(rabbit.url, { prefix: "bench" });
  const workers = [];
  try {
    await inbox.open(hostOf());
    let id = 0;
    const batch = (size) => Array.from({ length: size }, () => updateOf(++id));
    const beganPut = performance.now();
    for (let put = 0; put < count; put += 100) await inbox.put(batch(100));
    const putSeconds = (performance.now() - beganPut) / 1_000;

    const last = new Map();
    const seen = new Set();
    let outOfOrder = 0;
    let firstAt;
    for (let at = 0; at < 2; at++) {
      const child = fork(worker, [JSON.stringify({ url: rabbit.url, prefix: "bench", apiRoot: bale.url })]);
      child.on("message", (done) => {
        firstAt ??= performance.now();
        for (const [chat, number] of done) {
          // What a killed worker had begun comes again: a repeat is not out of order.
          if (!seen.has(number) && number < (last.get(chat) ?? 0)) outOfOrder++;
          if (!seen.has(number)) last.set(chat, number);
          seen.add(number);
        }
      });
      workers.push(child);
    }
    await until(() => seen.size === count);
    const perSecond = count / ((performance.now() - firstAt) / 1_000);

    // Both have their share now, whoever was there first.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    workers[0].kill("SIGKILL");
    const killedAt = performance.now();
    for (let put = 0; put < CHATS; put += 100) await inbox.put(batch(100));
    await until(() => seen.size === count + CHATS);
    return {
      perSecond,
      putPerSecond: count / putSeconds,
      handOverMs: performance.now() - killedAt,
      outOfOrder,
    };
  } finally {
    for (const child of workers) child.kill("SIGKILL");
    await inbox.close();
    bale.stop();
    await rabbit.server.close();
    clearInterval(awake);
  }
}

function hostOf() {
  const quiet = () => undefined;
  return {
    role: "ingest",
    botId: 1,
    clock: systemClock,
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    signal: new AbortController().signal,
    handle: async () => undefined,
    laneKey: (update) => String(update.message.chat.id),
    onError: async () => undefined,
  };
}

function updateOf(id) {
  const chat = 1 + (id % CHATS);
  return {
    update_id: id,
    message: {
      message_id: id,
      date: 1_700_000_000,
      chat: { id: chat, type: "private", first_name: "علی" },
      from: { id: chat, is_bot: false, first_name: "علی" },
      text: `پیام شماره ${id} ${"…".repeat(100)}`,
    },
  };
}

async function until(holds) {
  for (const limit = Date.now() + 120_000; !holds(); ) {
    if (Date.now() > limit) throw new Error("The workers have not handled everything within two minutes.");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
