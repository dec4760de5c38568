"use strict";
// What require("balekit") loads: the ES module that import loads too, or, on a Node that cannot do that, the reason.

try {
  module.exports = require("./dist/index.js");
} catch (error) {
  if (error.code !== "ERR_REQUIRE_ESM") throw error;
  const { engines } = require("./package.json");
  throw Object.assign(
    new Error(
      `Loading balekit: this is Node ${process.versions.node}, and it runs on ${engines.node}. Install a newer Node from https://nodejs.org and start again.`,
      { cause: error },
    ),
    { code: "ERR_BALE_NODE_VERSION" },
  );
}
