import { appendFileSync } from "node:fs";
import type { Reporter, TestModule, Vitest } from "vitest/node";

/**
 * Ends a run with one plain line, `N passed, N failed`, that a person and a script read alike.
 * A skipped test fails a run that was not narrowed by a title: what is not run proves nothing.
 * With `BALEKIT_TALLY` set, the two numbers are also added to that file, one line a run, and what failed to the file
 * beside it that ends in ".failed", one line a failure.
 */
export default class ClosingLine implements Reporter {
  #narrowed = false;

  onInit(vitest: Vitest): void {
    this.#narrowed = vitest.config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandled.length;
    let skipped = 0;
    const lines: string[] = [];
    for (const module of modules) {
      let failedHere = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed += 1;
        else if (state === "failed") {
          failedHere += 1;
          lines.push(lineOf(`${module.relativeModuleId} > ${test.fullName}`, test.result().errors?.[0]));
        } else skipped += 1;
      }
      // A file that could not be loaded, or whose hook threw, has failed without any of its tests having failed.
      const isBroken = failedHere === 0 && module.state() === "failed";
      failed += isBroken ? 1 : failedHere;
      if (isBroken) lines.push(lineOf(module.relativeModuleId, module.errors()[0]));
    }
    const refused = skipped > 0 && !this.#narrowed;
    if (refused) {
      process.exitCode = 1;
      console.log(`\n${skipped} skipped: a test that is not run proves nothing. Run it or remove it.`);
    }
    console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
    const tally = process.env.BALEKIT_TALLY;
    if (tally === undefined) return;
    appendFileSync(tally, `${passed} ${failed + (refused ? skipped : 0)}\n`);
    for (const error of unhandled) lines.push(lineOf("outside any test", error as Partial<Error>));
    appendFileSync(
      `${tally}.failed`,
      lines.map((line) => `Node ${process.versions.node}: ${line}\n`).join(""),
    );
  }
}

function lineOf(what: string, error: Partial<Error> | undefined): string {
  const saying = error?.message?.replaceAll(/\s+/g, " ").slice(0, 200);
  return `${what}${saying === undefined ? "" : `: ${saying}`}`;
}
