import { expect, test } from "vitest";
import { OLDEST_NODE, refuseOldNode } from "../src/node-version.js";

test.each(["20.19.0", "20.20.2", "22.0.0", "24.21.0", "100.0.0"])("Node %s is taken", (version) => {
  expect(() => refuseOldNode(version)).not.toThrow();
});

test.each(["20.18.3", "20.0.0", "18.20.8", "8.17.0"])("Node %s is refused, with what to do", (version) => {
  expect(() => refuseOldNode(version)).toThrow(
    expect.objectContaining({
      code: "ERR_BALE_NODE_VERSION",
      message: expect.stringContaining(
        `this is Node ${version}, and the oldest it runs on is ${OLDEST_NODE}`,
      ),
    }),
  );
});

test("the Node that runs this is taken", () => {
  expect(() => refuseOldNode()).not.toThrow();
});
