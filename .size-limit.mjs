/** For Node: its modules and undici (loaded at the first call) are not counted. */
const modifyEsbuildConfig = (config) => ({ ...config, platform: "node", format: "esm" });
const ignore = ["undici"];

export default [
  {
    name: "balekit, all of it",
    path: "packages/core/dist/index.js",
    limit: "63.2 kB",
    ignore,
    modifyEsbuildConfig,
  },
  {
    name: "@balekit/api, a client",
    path: "packages/api/dist/index.js",
    import: "{ createApi }",
    limit: "30 kB",
    ignore,
    modifyEsbuildConfig,
  },
  {
    name: "@balekit/emulator, all of it",
    path: "packages/emulator/dist/index.js",
    limit: "60 kB",
    ignore,
    modifyEsbuildConfig,
  },
  {
    name: "@balekit/conversation/testing, with the conversations it runs",
    path: "packages/conversation/dist/testing.js",
    limit: "45 kB",
    // What it stands on has limits of its own.
    ignore: [...ignore, "balekit", "@balekit/emulator"],
    modifyEsbuildConfig,
  },
];
