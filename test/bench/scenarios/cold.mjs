// A fresh process imports the peer and makes a bot; with `send`, it also sends one message.
// The program is a file, as bots are, the empty one too: Node needs some milliseconds more to run an empty file than to
// run an empty text given with `-e`, and no library can spare anybody that.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startServer } from "../servers/start.mjs";

const programs = {
  empty: "",
  balekit: `import { Bot } from "balekit"; const bot = new Bot(token, { api: { apiRoot } }); bot.command("start", () => {}); if (send) await bot.api.sendMessage({ chat_id: 1, text: "hi" });`,
  grammy: `import { Bot } from "grammy"; const bot = new Bot(token, { client: { apiRoot } }); bot.command("start", () => {}); if (send) await bot.api.sendMessage(1, "hi");`,
  telegraf: `import { Telegraf } from "telegraf"; const bot = new Telegraf(token, { telegram: { apiRoot } }); bot.command("start", () => {}); if (send) await bot.telegram.sendMessage(1, "hi");`,
  gramio: `import { Bot } from "gramio"; const bot = new Bot({ token, api: { baseURL: apiRoot + "/bot" } }); bot.command("start", () => {}); if (send) await bot.api.sendMessage({ chat_id: 1, text: "hi" });`,
};

const tokenOfBench = "999:benchbenchbenchbenchbenchbenchbenchbenc";

export async function measure({ peer, send = false, runs = 7 }) {
  // In here, so that it finds the peer.
  const folder = mkdtempSync(fileURLToPath(new URL("../cold-", import.meta.url)));
  const server = await startServer();
  try {
    return await measureStarts({ peer, send, runs, file: join(folder, "bot.mjs"), apiRoot: server.url });
  } finally {
    server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureStarts({ peer, send, runs, file, apiRoot }) {
  writeFileSync(file, programOf(peer, send, apiRoot));
  const cpu = [];
  const wall = [];
  for (let run = 0; run < runs + 1; run++) {
    const began = performance.now();
    const child = spawn(process.execPath, [file], {
      stdio: ["ignore", "pipe", "inherit"],
      // Node reads what a machine adds to the certificates at each start, which can cost more than all that is measured.
      env: { ...process.env, NODE_EXTRA_CA_CERTS: undefined },
    });
    let out = "";
    let done = 0;
    child.stdout.on("data", (chunk) => {
      // Here the work is done; how long the process takes to go away is another matter.
      if (out === "") done = performance.now();
      out += chunk;
    });
    const [code] = await once(child, "close");
    if (code !== 0) throw new Error(`${peer}: the process ended with ${code}.`);
    if (run === 0) continue;
    wall.push(done - began);
    cpu.push(Number(out) / 1000);
  }
  return { cpuMs: median(cpu), wallMs: median(wall) };
}

function programOf(peer, send, apiRoot) {
  const imports = (programs[peer].match(/^import [^;]+;/) ?? [""])[0];
  const rest = programs[peer].slice(imports.length);
  return `${imports} const token = ${JSON.stringify(tokenOfBench)}; const apiRoot = ${JSON.stringify(apiRoot)}; const send = ${send}; ${rest}
      const used = process.cpuUsage(); process.stdout.write(JSON.stringify(used.user + used.system), () => process.exit(0));`;
}

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
