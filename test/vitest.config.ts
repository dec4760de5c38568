import { defaultClientConditions, defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";

/** Every import of ours, by package name, is answered by its source: no build is needed to run a test. */
const source = "@balekit/source";

const shared = {
  resolve: { conditions: [source, ...defaultClientConditions] },
  ssr: { resolve: { conditions: [source, ...defaultServerConditions] } },
};

/** Suites that install, compile, measure, kill processes or drive a browser: one file at a time, after all others. */
const alone = ["browser", "clients", "install", "loss", "measure", "types"].map(
  (room) => `test/${room}/**/*.test.ts`,
);

const ignored = ["**/node_modules/**", "**/dist/**", "**/fixtures/**"];

/** What a test polls for comes from servers, processes and pages, on a machine that may be busy with much else. */
const patience = { poll: { timeout: 15_000, interval: 20 } };

export default defineConfig({
  ...shared,
  test: {
    root: new URL("..", import.meta.url).pathname,
    reporters: ["default", new URL("closing-line.ts", import.meta.url).pathname],
    pool: "forks",
    passWithNoTests: false,
    env: { NO_COLOR: "1" },
    projects: [
      {
        ...shared,
        test: {
          name: "side by side",
          include: ["packages/*/test/**/*.test.ts", "test/**/*.test.ts"],
          exclude: [...ignored, ...alone],
          maxWorkers: 2,
          testTimeout: 30_000,
          expect: patience,
          hookTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        ...shared,
        test: {
          name: "alone",
          include: alone,
          exclude: ignored,
          maxWorkers: 1,
          fileParallelism: false,
          testTimeout: 180_000,
          expect: patience,
          hookTimeout: 300_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
