// A fresh process imports the peer and makes a bot; with `send`, it also sends one message.
import { spawn } from "node:child_process";
import { once } from "node:events";
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
  const server = await startServer();
  const cpu = [];
  const wall = [];
  for (let run = 0; run < runs + 1; run++) {
    const began = performance.now();
    const imports = (programs[peer].match(/^import [^;]+;/) ?? [""])[0];
    const rest = programs[peer].slice(imports.length);
    const program = `${imports} const token = ${JSON.stringify(tokenOfBench)}; const apiRoot = ${JSON.stringify(server.url)}; const send = ${send}; ${rest}
      const used = process.cpuUsage(); process.stdout.write(JSON.stringify(used.user + used.system), () => process.exit(0));`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
      stdio: ["ignore", "pipe", "inherit"],
      cwd: fileURLToPath(new URL("..", import.meta.url)),
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
  server.stop();
  return { cpuMs: median(cpu), wallMs: median(wall) };
}

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
