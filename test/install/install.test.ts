import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Packed, pack, type Project } from "./packed.js";

/** What an app needs to run, and to be tried without Bale. */
const APP = ["balekit", "@balekit/api", "@balekit/storage", "@balekit/emulator"];

/** A bot that answers, and a user of the emulator's who talks to it; the same in every kind of project. */
const TALK = [
  "const bale = emulator();",
  "const bot = new Bot(bale.token);",
  'bot.command("start", (ctx) => ctx.reply("salaam"));',
  'bot.on("message:text", (ctx) => ctx.reply(`you said ${ctx.text}`));',
  "bale.attach(bot);",
  'const ali = bale.user({ first_name: "Ali" });',
  "const talk = async () => {",
  '  await ali.sends("/start");',
  '  await ali.sends("سلام");',
  "  console.log(ali.inbox.all.map((message) => message.text).join(' | '));",
  "};",
].join("\n");

/** What no tarball may lack. */
const REQUIRED_FILES = [
  "package.json",
  "README.md",
  "LICENSE",
  "dist/index.js",
  "dist/index.d.ts",
  "src/index.ts",
];

let packed: Packed;

beforeAll(async () => {
  packed = await pack();
});
afterAll(() => packed?.remove());

test("a tarball holds what is built and its sources, the README and the licence; no test and no build state", () => {
  expect(packed.tarballs.size).toBeGreaterThanOrEqual(5);
  for (const name of packed.tarballs.keys()) {
    const paths = packed.contents(name);
    expect(REQUIRED_FILES.filter((path) => !paths.includes(path)).map((path) => `${name}: ${path}`)).toEqual(
      [],
    );
    expect(paths.filter((path) => /(^|\/)test\/|tsbuildinfo|\.test\.|(^|\/)\.env/.test(path))).toEqual([]);
  }
});

test("npm i balekit adds fewer than 10 packages", async () => {
  const project = await packed.project("module", ["balekit", "@balekit/api", "@balekit/storage"]);
  console.log(`npm i balekit adds ${project.installed.length}: ${project.installed.join(", ")}`);
  expect(project.installed).toContain("node_modules/balekit");
  expect(project.installed.length).toBeLessThan(10);
});

describe("in a CommonJS project", () => {
  let project: Project;
  beforeAll(async () => {
    project = await packed.project("commonjs", APP);
  });

  test("a bot is required and answers, without a warning", async () => {
    project.write(
      "bot.js",
      `const { Bot } = require("balekit");\nconst { emulator } = require("@balekit/emulator");\n${TALK}\ntalk();\n`,
    );
    expect(await project.node("bot.js")).toEqual({ status: 0, output: "salaam | you said سلام\n" });
  });

  test("require and import load one copy", async () => {
    project.write("one.js", 'import("balekit").then((m) => console.log(m.Bot === require("balekit").Bot));');
    expect(await project.node("one.js")).toEqual({ status: 0, output: "true\n" });
  });

  test("a Node that is too old is refused in words, by require and by import", async () => {
    project.write(
      "pretend.cjs",
      'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "18.20.8" } });',
    );
    for (const load of ['require("balekit")', 'import("balekit")']) {
      const { status, output } = await project.node("-r", "./pretend.cjs", "-e", load);
      expect(status).toBe(1);
      expect(output).toContain("Loading balekit: this is Node 18.20.8");
      expect(output).toContain("ERR_BALE_NODE_VERSION");
    }
  });
});

describe("in a plain JavaScript project of ES modules", () => {
  test("a bot is imported and answers, without a warning", async () => {
    const project = await packed.project("module", APP);
    project.write(
      "bot.js",
      `import { Bot } from "balekit";\nimport { emulator } from "@balekit/emulator";\n${TALK}\nawait talk();\n`,
    );
    expect(await project.node("bot.js")).toEqual({ status: 0, output: "salaam | you said سلام\n" });
  });
});

describe("in a TypeScript project", () => {
  let project: Project;
  const options = {
    strict: true,
    target: "ES2022",
    types: ["node"],
    exactOptionalPropertyTypes: true,
    outDir: "out",
  };
  const typed = TALK.replace("async () =>", "async (): Promise<void> =>");
  const program = `import { Bot, type Context } from "balekit";\nimport { emulator } from "@balekit/emulator";\n${typed}\nexport const seen: Context[] = [];\nvoid talk();\n`;
  const tsconfig = (more: object): string =>
    JSON.stringify({ compilerOptions: { ...options, ...more }, files: ["bot.ts"] });

  beforeAll(async () => {
    project = await packed.project("module", APP, ["@types/node@20.19.43"]);
    project.write("bot.ts", program);
  });

  test("a strict program compiles with nodenext, the libraries' declarations checked too, and runs", async () => {
    project.write(
      "tsconfig.json",
      tsconfig({ module: "nodenext", moduleResolution: "nodenext", skipLibCheck: false }),
    );
    expect(await project.tsc("-p", ".")).toEqual({ status: 0, output: "" });
    expect(await project.node("out/bot.js")).toEqual({ status: 0, output: "salaam | you said سلام\n" });
  });

  test("a strict program compiles with bundler resolution", async () => {
    project.write("tsconfig.json", tsconfig({ module: "esnext", moduleResolution: "bundler", noEmit: true }));
    expect(await project.tsc("-p", ".")).toEqual({ status: 0, output: "" });
  });

  test("a strict program that compiles to CommonJS runs too", async () => {
    const common = await packed.project("commonjs", APP, ["@types/node@20.19.43"]);
    common.write("bot.ts", program);
    common.write(
      "tsconfig.json",
      tsconfig({ module: "nodenext", moduleResolution: "nodenext", verbatimModuleSyntax: false }),
    );
    expect(await common.tsc("-p", ".")).toEqual({ status: 0, output: "" });
    expect(await common.node("out/bot.js")).toEqual({ status: 0, output: "salaam | you said سلام\n" });
  });

  test("a program that reads what its query did not narrow does not compile", async () => {
    project.write(
      "bot.ts",
      program.replace("message:text", "message:photo").replace("ctx.text}", "ctx.message.text.length}"),
    );
    project.write(
      "tsconfig.json",
      tsconfig({ module: "nodenext", moduleResolution: "nodenext", noEmit: true }),
    );
    const { status, output } = await project.tsc("-p", ".");
    expect(status).not.toBe(0);
    expect(output).toContain("ctx.message.text");
  });
});
