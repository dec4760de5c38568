import type { Manifest } from "./source-tree.js";

/** What every published package says the same, and what none may say. `versions` are those of our own packages by name. */
export function manifestFaults(
  folder: string,
  found: Manifest,
  versions: ReadonlyMap<string, string>,
): readonly string[] {
  const faults: string[] = [];
  const expectThat = (holds: boolean, what: string): void => {
    if (!holds) faults.push(`packages/${folder}/package.json: ${what}`);
  };
  expectThat(found.license === "MIT", "the licence is not MIT");
  expectThat(found.type === "module", "the type is not module");
  expectThat(
    found.engines?.node === ">=20.19",
    "engines.node is not >=20.19, the first Node whose require() loads ES modules",
  );
  expectThat((found.description ?? "").length > 10, "there is no description");
  expectThat(found.files?.includes("dist") === true, "dist is not among the files");
  const main = found.exports?.["."] as Readonly<Record<string, string>> | undefined;
  expectThat(
    main?.["@balekit/source"] === "./src/index.ts" &&
      /^@balekit\/source types( require)? default$/.test(Object.keys(main).join(" ")),
    'exports["."] is not { "@balekit/source", types, require?, default } in this order',
  );
  for (const [name, range] of Object.entries(found.dependencies ?? {})) {
    const own = versions.get(name);
    if (own !== undefined) expectThat(range === own, `depends on ${name} ${range}, whose version is ${own}`);
    else expectThat(/^\d+\.\d+\.\d+$/.test(range), `does not pin ${name}: ${range}`);
  }
  const bins = typeof found.bin === "string" ? [found.bin] : Object.values(found.bin ?? {});
  for (const bin of bins)
    expectThat(!bin.includes("dist/"), `the bin ${bin} is built, so npm does not link it at install`);
  return faults;
}
