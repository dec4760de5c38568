// sendMessage with 16 calls at a time against a local TLS server in its own process; CPU of the client per call.
import { once } from "node:events";
import { connect } from "node:tls";
import { startServer } from "../servers/start.mjs";
import { token } from "../traffic.mjs";

export async function measure({ peer, tls, atOnce = 16, count = 8_000, warmup = 8_000 }) {
  const server = await startServer({ tls });
  const bare = { "undici-request": bareRequest, "undici-dispatch": bareDispatch, "node-tls": bareSockets };
  const { send, close } = await (bare[peer]?.(server.url, atOnce) ?? peerSender(peer, server.url));
  await burst(send, warmup, atOnce);
  globalThis.gc?.();
  const before = process.cpuUsage();
  const began = performance.now();
  const results = await burst(send, count, atOnce);
  const seconds = (performance.now() - began) / 1000;
  const used = process.cpuUsage(before);
  if (results !== count) throw new Error(`${peer}: ${results} of ${count} messages came back.`);
  await close();
  server.stop();
  return { cpuMicros: (used.user + used.system) / count, perSecond: count / seconds };
}

async function peerSender(peer, apiRoot) {
  const { sender } = await import(`../peers/${peer}.mjs`);
  return sender({ apiRoot });
}

// The yardstick: no typing, no errors, no retries, only undici, text and JSON.parse.
async function bareRequest(url, atOnce) {
  const { Pool } = await import("undici");
  const pool = new Pool(url, { connections: atOnce });
  return {
    async send(chat, text) {
      const { body } = await pool.request({
        method: "POST",
        path: `/bot${token}/sendMessage`,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ chat_id: chat, text }),
      });
      return JSON.parse(await body.text()).result;
    },
    close: () => pool.close(),
  };
}

// The least that undici can do: no stream for the body of the answer.
async function bareDispatch(url, atOnce) {
  const { Pool } = await import("undici");
  const pool = new Pool(url, { connections: atOnce });
  const headers = ["content-type", "application/json"];
  const send = (chat, text) =>
    new Promise((resolve, reject) => {
      const chunks = [];
      const options = {
        method: "POST",
        path: `/bot${token}/sendMessage`,
        headers,
        body: JSON.stringify({ chat_id: chat, text }),
        headersTimeout: 0,
        bodyTimeout: 0,
      };
      pool.dispatch(options, {
        onRequestStart: () => {},
        onResponseStart: () => {},
        onResponseData: (_controller, chunk) => chunks.push(chunk),
        onResponseEnd: () => resolve(JSON.parse(Buffer.concat(chunks).toString()).result),
        onResponseError: (_controller, error) => reject(error),
      });
    });
  return { send, close: () => pool.close() };
}

// The least that Node can do: one write a call on a TLS socket that is open, and the answer cut off where its head ends.
// No client: it believes that every answer is right and comes in one piece.
async function bareSockets(url, atOnce) {
  const { port, hostname } = new URL(url);
  const sockets = await Promise.all(
    Array.from({ length: atOnce }, async () => {
      const socket = connect({ port, host: hostname });
      await once(socket, "secureConnect");
      return socket.setNoDelay(true);
    }),
  );
  const idle = [...sockets];
  const send = (chat, text) =>
    new Promise((resolve) => {
      const socket = idle.pop();
      const body = JSON.stringify({ chat_id: chat, text });
      const head = `POST /bot${token}/sendMessage HTTP/1.1\r\nhost: ${hostname}\r\ncontent-type: application/json`;
      socket.once("data", (answer) => {
        idle.push(socket);
        resolve(JSON.parse(answer.toString("utf8", answer.indexOf("\r\n\r\n") + 4)).result);
      });
      socket.write(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    });
  return { send, close: async () => sockets.forEach((socket) => socket.destroy()) };
}

async function burst(send, count, atOnce) {
  let begun = 0;
  let right = 0;
  const worker = async () => {
    while (begun < count) {
      const text = `پیام شماره ${begun++}`;
      const message = await send(1000, text);
      if (message.text === text) right++;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return right;
}
