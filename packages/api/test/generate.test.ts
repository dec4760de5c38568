import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generate, staleFiles } from "../scripts/generate.js";
import { readSpec } from "../scripts/spec.js";

const spec = readSpec();
const FILES = ["types.ts", "methods.ts", "method-table.ts", "queries.ts", "limits.ts"];

describe("generate", () => {
  test("gives the same bytes twice, and again from a spec that was written out and read back", () => {
    const copy = JSON.parse(JSON.stringify(spec)) as typeof spec;
    expect([...generate(spec)]).toEqual([...generate(spec)]);
    expect([...generate(copy)]).toEqual([...generate(spec)]);
  });

  test("agrees with what is checked in", () => {
    expect(staleFiles(generate(spec))).toEqual([]);
  });

  test("says in each file where it comes from and how to make it anew", () => {
    const files = generate(spec);
    expect([...files.keys()]).toEqual(FILES);
    const header = "// generated from spec/bale-api.json, do not edit; run `npm run generate`\n";
    for (const text of files.values()) expect(text.startsWith(header)).toBe(true);
  });

  test("writes no conditional type, and maps over keys nowhere", () => {
    for (const text of generate(spec).values()) {
      const code = text.replaceAll(/\/\*\*[\s\S]*?\*\//g, "");
      expect(code).not.toMatch(/\bextends [^{]*\?|\[\w+ in /);
    }
  });

  test("refuses a spec with faults and lists them", () => {
    const { getMe, ...methods } = spec.methods;
    const faulty = { ...spec, methods };
    expect(getMe).toBeDefined();
    expect(() => generate(faulty)).toThrow(
      /Generating from spec\/bale-api\.json: 2 faults in it\. Mend:\n.*49 are marked documented/,
    );
  });

  test("escapes what would end a doc comment early", () => {
    const sendMessage = {
      ...spec.methods["sendMessage"],
      doc: "Ends */ here.",
    } as (typeof spec.methods)[string];
    const text = generate({ ...spec, methods: { ...spec.methods, sendMessage } }).get("methods.ts");
    expect(text).toContain("Ends *\\/ here.");
  });

  test("asks for no parameters where a method has none that is required", () => {
    const text = generate(spec).get("methods.ts");
    expect(text).toContain("getUpdates(params?: GetUpdatesParams, options?: CallOptions)");
    expect(text).toContain("getMe(params?: Record<string, never>, options?: CallOptions)");
    expect(text).toContain("sendMessage(params: SendMessageParams, options?: CallOptions)");
  });
});

describe("npm run generate", () => {
  const tsx = fileURLToPath(new URL("../../../node_modules/tsx/dist/cli.mjs", import.meta.url));
  let folder = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "balekit-generate-"));
    const api = new URL("..", import.meta.url);
    for (const part of ["package.json", "scripts", "spec", "src/generated"]) {
      await cp(fileURLToPath(new URL(part, api)), join(folder, part), { recursive: true });
    }
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  function run(...args: string[]): Promise<{ code: number; output: string }> {
    return new Promise((resolve) => {
      execFile(
        process.execPath,
        [tsx, join(folder, "scripts/generate.ts"), ...args],
        (error, stdout, stderr) => {
          resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
        },
      );
    });
  }

  test("--check finds a stale file, says what to run and changes nothing; without it the file is made anew", async () => {
    expect(await run("--check")).toEqual({ code: 0, output: "" });

    const file = join(folder, "src/generated/limits.ts");
    const fresh = await readFile(file, "utf8");
    const stale = fresh.replace("4_096", "4_097");
    expect(stale).not.toBe(fresh);
    await writeFile(file, stale);

    const checked = await run("--check");
    expect(checked.code).toBe(1);
    expect(checked.output).toBe(
      "Checking src/generated of @balekit/api: limits.ts is not what spec/bale-api.json gives. Run: npm run generate\n",
    );
    expect(await readFile(file, "utf8")).toBe(stale);

    const written = await run();
    expect(written).toMatchObject({ code: 0, output: expect.stringContaining("wrote limits.ts") as string });
    expect(await readFile(file, "utf8")).toBe(fresh);
    expect((await run("--check")).code).toBe(0);
  });
});
