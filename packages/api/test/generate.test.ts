import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generate, staleFiles } from "../scripts/generate.js";
import { readSpec } from "../scripts/spec.js";
import { QUERIES } from "../src/generated/queries.js";

const spec = readSpec();
const CODE = ["types.ts", "methods.ts", "method-table.ts", "queries.ts", "limits.ts"].map(
  (name) => `src/generated/${name}`,
);
const PAGES = ["methods.md", "types.md", "queries.md"].map((name) => `../../docs/reference/${name}`);

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
    expect([...files.keys()]).toEqual([...CODE, ...PAGES]);
    for (const text of files.values()) {
      expect(text).toMatch(/^.*generated from .*spec\/bale-api\.json, do not edit; run `npm run generate`/);
    }
  });

  test("writes no conditional type, and maps over keys nowhere", () => {
    for (const [path, text] of generate(spec)) {
      if (!path.endsWith(".ts")) continue;
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
    const text = generate({ ...spec, methods: { ...spec.methods, sendMessage } }).get(
      "src/generated/methods.ts",
    );
    expect(text).toContain("Ends *\\/ here.");
  });

  test("asks for no parameters where a method has none that is required", () => {
    const text = generate(spec).get("src/generated/methods.ts");
    expect(text).toContain("getUpdates(params?: GetUpdatesParams, options?: CallOptions)");
    expect(text).toContain("getMe(params?: Record<string, never>, options?: CallOptions)");
    expect(text).toContain("sendMessage(params: SendMessageParams, options?: CallOptions)");
  });
});

describe("the pages of the reference", () => {
  const files = generate(spec);
  const page = (name: string): string => files.get(`../../docs/reference/${name}`) ?? "";

  test("have every method, every type and every query", () => {
    for (const name of Object.keys(spec.methods)) expect(page("methods.md")).toContain(`\n### ${name}\n`);
    for (const name of Object.keys(spec.types)) expect(page("types.md")).toContain(`\n## ${name}\n`);
    for (const name of Object.keys(QUERIES)) expect(page("queries.md")).toContain(`\n| \`${name}\` |`);
  });

  test("link only to headings that are there", () => {
    for (const name of ["methods.md", "types.md", "queries.md"]) {
      const links = [...page(name).matchAll(/\]\((\w+\.md)?#(\w+)\)/g)];
      const broken = links.filter(([, target = name, anchor]) => {
        const headings = [...page(target).matchAll(/^#+ (\w+)$/gm)].map(([, heading = ""]) =>
          heading.toLowerCase(),
        );
        return anchor === undefined || !headings.includes(anchor);
      });
      expect(broken.map(([text]) => text)).toEqual([]);
    }
  });
});

describe("npm run generate", () => {
  const root = fileURLToPath(new URL("../../../", import.meta.url));
  let folder = "";

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "balekit-generate-"));
    for (const part of ["package.json", "scripts", "spec", "src/generated"]) {
      await cp(join(root, "packages/api", part), join(folder, "packages/api", part), { recursive: true });
    }
    await cp(join(root, "docs/reference"), join(folder, "docs/reference"), { recursive: true });
    await cp(join(root, "package.json"), join(folder, "package.json"));
    await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Runs it as a person does, at the top of the repository. */
  function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    return new Promise((resolve) => {
      const command = ["run", "--silent", "generate", ...args];
      execFile("npm", command, { cwd: folder }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
  }

  test("-- --check finds a stale file, says what to run and changes nothing; without it the file is made anew", async () => {
    expect(await run("--", "--check")).toMatchObject({ code: 0, stdout: "" });

    const file = join(folder, "packages/api/src/generated/limits.ts");
    const fresh = await readFile(file, "utf8");
    const stale = fresh.replace("4_096", "4_097");
    expect(stale).not.toBe(fresh);
    await writeFile(file, stale);

    const checked = await run("--", "--check");
    expect(checked.code).toBe(1);
    expect(checked.stderr).toContain(
      "Checking what is generated from spec/bale-api.json: src/generated/limits.ts is stale. Run: npm run generate\n",
    );
    expect(await readFile(file, "utf8")).toBe(stale);

    expect(await run()).toMatchObject({ code: 0, stdout: "Wrote src/generated/limits.ts.\n" });
    expect(await readFile(file, "utf8")).toBe(fresh);
  }, 60_000);
});
