import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { manifestFaults } from "./manifests.js";
import { manifest, packageFolders, root } from "./source-tree.js";

const versions = new Map(packageFolders().map((folder) => [manifest(folder).name, manifest(folder).version]));

test.each(packageFolders())("packages/%s says what every package says", (folder) => {
  expect(manifestFaults(folder, manifest(folder), versions)).toEqual([]);
});

test.each(packageFolders())("packages/%s carries a README and the licence", (folder) => {
  const licence = readFileSync(join(root, "LICENSE"), "utf8");
  expect(readFileSync(join(root, "packages", folder, "LICENSE"), "utf8")).toBe(licence);
  expect(existsSync(join(root, "packages", folder, "README.md"))).toBe(true);
});

test.each(packageFolders())("every bin of packages/%s is committed", (folder) => {
  const { bin } = manifest(folder);
  for (const path of typeof bin === "string" ? [bin] : Object.values(bin ?? {}))
    expect(readFileSync(join(root, "packages", folder, path), "utf8").split("\n")[0]).toBe(
      "#!/usr/bin/env node",
    );
});

test("the whole house is built by one solution", () => {
  const solution = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8")) as {
    readonly references: readonly { readonly path: string }[];
  };
  expect(solution.references.map(({ path }) => path).sort()).toEqual(
    packageFolders().map((folder) => `packages/${folder}`),
  );
});

test("a manifest that strays is found, word for word", () => {
  const faults = manifestFaults(
    "x",
    {
      name: "x",
      version: "0.0.0",
      license: "ISC",
      description: "What this package is for",
      engines: { node: ">=18" },
      files: ["src"],
      bin: { x: "dist/x.js" },
      exports: {
        ".": { types: "./dist/index.d.ts", "@balekit/source": "./src/index.ts", default: "./dist/index.js" },
      },
      dependencies: { undici: "^7.0.0", "@balekit/api": "0.0.9" },
    },
    new Map([["@balekit/api", "0.0.0"]]),
  );
  expect(faults).toHaveLength(8);
});

test("the lock names every optional package, so that npm ci takes it on every platform", () => {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<
      Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>
    >;
  };
  const absent = Object.entries(packages).flatMap(([path, { optionalDependencies }]) =>
    Object.keys(optionalDependencies ?? {}).filter(
      (name) =>
        packages[`node_modules/${name}`] === undefined &&
        packages[`${path}/node_modules/${name}`] === undefined,
    ),
  );
  expect(absent).toEqual([]);
});
