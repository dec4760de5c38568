// A bare server with Bale's answers, in a process of its own so that its work is nobody's figure.
// Started with fork(); options as JSON in argv[2]: { tls?: { key, cert }, latencyMs?, jitterMs? }.
// Messages in: { load: { from, count, chats } }. Messages out: { port } and, when all is answered, { done: stats }.
import { createServer as plain } from "node:http";
import { createServer as secure } from "node:https";
import { me, seeded, textUpdate } from "../traffic.mjs";

const { tls, latencyMs = 0, jitterMs = 0 } = JSON.parse(process.argv[2] ?? "{}");
const random = seeded(11);
let updates = [];
let answered = 0;
let expected = 0;
let outOfOrder = 0;
let inFlight = 0;
let mostInFlight = 0;
const lastOf = new Map();
let waiting = [];

function answer(response, result) {
  const body = Buffer.from(JSON.stringify({ ok: true, result }));
  const finish = () => {
    inFlight--;
    response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
    response.end(body);
  };
  if (latencyMs === 0) finish();
  else setTimeout(finish, latencyMs + (random() * 2 - 1) * jitterMs);
}

function getUpdates(params, response) {
  const offset = Number(params.offset ?? 0);
  while (updates.length > 0 && updates[0].update_id < offset) updates.shift();
  const batch = updates.slice(0, Number(params.limit ?? 100));
  if (batch.length > 0 || !params.timeout) return answer(response, batch);
  waiting.push({ params, response });
}

function sendMessage(params, response) {
  const chat = Number(params.chat_id);
  const [, sequence] = /(\d+)$/.exec(String(params.text)) ?? [];
  if (sequence !== undefined) {
    if (Number(sequence) < (lastOf.get(chat) ?? -1)) outOfOrder++;
    lastOf.set(chat, Number(sequence));
  }
  answer(response, {
    message_id: 1,
    date: 1,
    chat: { id: chat, type: "private" },
    from: me,
    text: params.text,
  });
  answered++;
  if (answered === expected) process.send?.({ done: { answered, outOfOrder, mostInFlight } });
}

const listener = (request, response) => {
  inFlight++;
  mostInFlight = Math.max(mostInFlight, inFlight);
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const text = Buffer.concat(chunks).toString();
    const type = request.headers["content-type"] ?? "";
    const [path, query] = request.url.split("?");
    const fromQuery = Object.fromEntries(new URLSearchParams(query ?? ""));
    const fromBody =
      text === ""
        ? {}
        : type.includes("json")
          ? JSON.parse(text)
          : Object.fromEntries(new URLSearchParams(text));
    const params = { ...fromQuery, ...fromBody };
    const method = path.slice(path.lastIndexOf("/") + 1);
    if (method === "getUpdates") return getUpdates(params, response);
    if (method === "sendMessage") return sendMessage(params, response);
    if (method === "getMe") return answer(response, me);
    if (method === "getWebhookInfo") return answer(response, { url: "" });
    return answer(response, true);
  });
};

const server = tls ? secure(tls, listener) : plain(listener);
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => process.send?.({ port: server.address().port }));

process.on("message", ({ load }) => {
  answered = 0;
  outOfOrder = 0;
  mostInFlight = 0;
  expected = load.count;
  lastOf.clear();
  const chatOf = seeded(load.from + 3);
  updates = Array.from({ length: load.count }, (_, index) =>
    textUpdate(load.from + index, 1000 + Math.floor(chatOf() * load.chats), `message ${load.from + index}`),
  );
  const parked = waiting;
  waiting = [];
  for (const { params, response } of parked) getUpdates(params, response);
});
