// npm run bench [-- id …] [--rounds N] [--write]     `--write` replaces the measured tables of docs/benchmarks.md.
// Every (row, peer) pair runs in a process of its own; the peers take turns, and the order turns with each round.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { plan } from "./plan.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "..", "..");

const { values, positionals } = parseArgs({
  options: { rounds: { type: "string", default: "3" }, write: { type: "boolean", default: false } },
  allowPositionals: true,
});
const unknown = positionals.filter((id) => !plan.some((row) => row.id === id));
if (unknown.length > 0) {
  console.error(
    `npm run bench: no benchmark is called ${unknown.join(", ")}. There are: ${plan.map((row) => row.id).join(", ")}.`,
  );
  process.exit(2);
}
const rows = positionals.length === 0 ? plan : plan.filter((row) => positionals.includes(row.id));
const rounds = Number(values.rounds);
/** The first section of docs/benchmarks.md that is written by hand. */
const BY_HAND = "What bounds them";

console.log("Building …");
execFileSync("npm", ["run", "build", "--silent"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });

const certificates = mkdtempSync(join(tmpdir(), "balekit-bench-"));
const sections = [];
let missed = 0;
try {
  for (const row of rows) sections.push(await measureRow(row));
} finally {
  rmSync(certificates, { recursive: true, force: true });
}
console.log(missed === 0 ? "\nEvery goal is met." : `\n${missed} goals are missed.`);
if (values.write) writeFileSync(join(root, "docs", "benchmarks.md"), page(sections));
process.exitCode = missed === 0 ? 0 : 1;

async function measureRow(row) {
  const tls = row.tls ? certificate() : undefined;
  const variants = row.variants ?? Object.fromEntries(row.peers.map((peer) => [peer, { peer }]));
  const names = Object.keys(variants);
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  process.stdout.write(`\n${row.title} (${row.unit})\n`);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round) % names.length];
      const result = await measureOnce(
        { scenario: row.scenario, ...row.options, ...variants[name], ...(tls ? { tls } : {}) },
        tls,
      );
      if (row.inOrder && result.outOfOrder > 0)
        throw new Error(`${name}: ${result.outOfOrder} answers were out of order.`);
      samples[name].push(result[row.figure]);
      // A row takes minutes on a machine at work: whoever waits sees that it goes on, and the tables stay clean.
      process.stderr.write(`  round ${round + 1} of ${rounds}, ${name}: ${figure(result[row.figure])}\n`);
    }
  }
  const goals = row.goals.map((goal) => judge(goal, samples));
  for (const name of names) console.log(`  ${name.padEnd(24)} ${spread(samples[name])}`);
  for (const goal of goals) {
    if (!goal.met) missed++;
    console.log(`  ${goal.met ? "met   " : "MISSED"} ${goal.text}`);
  }
  const bounds = (row.bounds ?? []).map(
    ({ of, than }) => `${of} / ${than} = ${show(ratioOf(of, than, samples))}`,
  );
  for (const bound of bounds) console.log(`  bound  ${bound}`);
  return { row, names, samples, goals, bounds };
}

async function measureOnce(options, tls) {
  const child = spawn(process.execPath, ["--expose-gc", join(here, "child.mjs"), JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NODE_ENV: "production", ...(tls ? { NODE_EXTRA_CA_CERTS: tls.path } : {}) },
  });
  let out = "";
  child.stdout.on("data", (chunk) => {
    out += chunk;
  });
  const [code] = await once(child, "close");
  if (code !== 0)
    throw new Error(
      `The measurement ${JSON.stringify({ ...options, tls: undefined })} ended with ${code}.\n${out}`,
    );
  return JSON.parse(out.trim().split("\n").at(-1));
}

function judge(goal, samples) {
  const of = goal.of ?? "balekit";
  if (goal.than === undefined) {
    const value = median(samples[of]);
    return goal.limit === undefined
      ? { met: value >= goal.floor, text: `${of} = ${figure(value)} (goal: at least ${goal.floor})` }
      : { met: value <= goal.limit, text: `${of} = ${figure(value)} (goal: at most ${goal.limit})` };
  }
  const other = goal.than === "fastest rival" ? fastestRival(samples) : goal.than;
  if (goal.atMostMore !== undefined) {
    const more = median(samples[of].map((value, round) => value - samples[other][round]));
    return {
      met: more <= goal.atMostMore,
      text: `${of} − ${other} = ${more.toFixed(1)} (goal: at most ${goal.atMostMore})`,
    };
  }
  const ratio = ratioOf(of, other, samples);
  const met = goal.atMost === undefined ? ratio >= goal.atLeast : ratio <= goal.atMost;
  const bound = goal.atMost === undefined ? `at least ${show(goal.atLeast)}` : `at most ${show(goal.atMost)}`;
  return { met, text: `${of} / ${other} = ${show(ratio)} (goal: ${bound})` };
}

function ratioOf(of, than, samples) {
  return median(samples[of].map((value, round) => value / samples[than][round]));
}

function fastestRival(samples) {
  return Object.keys(samples)
    .filter((name) => name !== "balekit")
    .reduce((best, name) => (median(samples[name]) < median(samples[best]) ? name : best));
}

function show(ratio) {
  return ratio < 0.6 ? `1/${(1 / ratio).toFixed(1)}` : ratio.toFixed(2);
}

function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return `${figure(median(values))} (${figure(sorted[0])}–${figure(sorted.at(-1))})`;
}

function figure(value) {
  return value >= 100 ? value.toFixed(0) : value.toFixed(2);
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A certificate for localhost that lives as long as this run. */
function certificate() {
  const key = join(certificates, "key.pem");
  const path = join(certificates, "cert.pem");
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  try {
    execFileSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-keyout",
        key,
        "-out",
        path,
        ...subject,
      ],
      { stdio: "ignore" },
    );
  } catch (cause) {
    throw new Error(
      "npm run bench: openssl could not make a certificate for the TLS row. Install it (apt-get install openssl).",
      { cause },
    );
  }
  return { key: readFileSync(key, "utf8"), cert: readFileSync(path, "utf8"), path };
}

/** What the page says of a row that was not measured this time. */
function earlier(title) {
  const parts = readFileSync(join(root, "docs", "benchmarks.md"), "utf8").split(/^(?=## )/m);
  const part = parts.find((each) => each.startsWith(`## ${title}\n`));
  return part === undefined ? [] : [part.trimEnd(), ""];
}

/** What people have written below the tables: it stays as it is. */
function byHand() {
  const text = readFileSync(join(root, "docs", "benchmarks.md"), "utf8");
  const from = text.indexOf(`## ${BY_HAND}\n`);
  if (from < 0) {
    throw new Error(
      `npm run bench -- --write: docs/benchmarks.md has no section "${BY_HAND}", with which begins what is written by hand. Put it back, so that nothing of it is lost.`,
    );
  }
  return text.slice(from);
}

function page(sections) {
  const version = (name) => {
    const file = join(root, "node_modules", name, "package.json");
    return JSON.parse(readFileSync(file, "utf8")).version;
  };
  const peers = [
    "grammy",
    "@grammyjs/runner",
    "@grammyjs/conversations",
    "telegraf",
    "gramio",
    "node-telegram-bot-api",
    "undici",
  ];
  const lines = [
    "# Benchmarks",
    "",
    "Made by `npm run bench -- --write`; tables that were not measured again stay as they were, and so does what is written below them. Every figure of a table comes from one run on one machine: each peer in a",
    `process of its own, the peers taking turns for ${rounds} rounds. Cells are the median (least–most). A ratio is the median of the`,
    "rounds' own ratios, so that a machine that slows down for a while slows both sides. Read ratios, not absolute figures.",
    "Every peer gets the same updates and the same async middleware, and what its handlers counted is checked.",
    "",
    `Node ${process.version}, ${cpus().length} cores. ${peers.map((name) => `${name} ${version(name)}`).join(", ")}.`,
    "",
  ];
  for (const row of plan) {
    const section = sections.find((each) => each.row === row);
    if (section === undefined) {
      lines.push(...earlier(row.title));
      continue;
    }
    const { names, samples, goals, bounds } = section;
    lines.push(`## ${row.title}`, "", `| | ${row.unit} |`, "|---|---|");
    for (const name of names) lines.push(`| ${name} | ${spread(samples[name])} |`);
    const remarks = goals.map((goal) => `- ${goal.met ? "Met" : "**Missed**"}: ${goal.text}`);
    remarks.push(...bounds.map((bound) => `- For comparison: ${bound}`));
    if (remarks.length > 0) lines.push("", ...remarks);
    lines.push("");
  }
  lines.push(byHand());
  return lines.join("\n");
}
