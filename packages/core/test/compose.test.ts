import { expect, test } from "vitest";
import { compose, end, guard } from "../src/compose.js";
import type { Middleware } from "../src/middleware.js";

const chain = (...all: Middleware<string[]>[]): ((log: string[]) => Promise<void>) => {
  const run = compose(all.map((one) => guard(one, () => `"${one.name}"`)));
  return (log) => run(log, end);
};

/** A promise and the power to fulfil it. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

test("the first middleware is the outermost", async () => {
  const log: string[] = [];
  await chain(
    async (lines, next) => {
      lines.push("in");
      await next();
      lines.push("out");
    },
    (lines) => void lines.push("core"),
  )(log);
  expect(log).toEqual(["in", "core", "out"]);
});

test("an empty chain goes on to what comes next", async () => {
  await expect(chain()([])).resolves.toBeUndefined();
});

test("a second next() is an error that names the middleware", async () => {
  async function greedy(_: string[], next: () => Promise<void>): Promise<void> {
    await next();
    await next();
  }
  const error: unknown = await chain(greedy)([]).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: "NextError", code: "ERR_BALE_NEXT" });
  expect(String(error)).toContain('next() called multiple times in "greedy"');
});

test("a next() that was not awaited waits for what comes after and then is an error that names the middleware", async () => {
  const { opened, open } = gate();
  const log: string[] = [];
  async function hasty(_: string[], next: () => Promise<void>): Promise<void> {
    void next();
  }
  const done = chain(hasty, async (lines) => {
    await opened;
    lines.push("finished");
  })(log);
  done.catch(() => log.push("failed"));
  await new Promise((resolve) => setImmediate(resolve));
  expect(log).toEqual([]);
  open();
  await expect(done).rejects.toThrow('next() was not awaited in "hasty". Write "await next()"');
  expect(log).toEqual(["finished", "failed"]);
});

test("what a forgotten next() leaves behind is waited for down to its end, whoever is in between", async () => {
  const log: string[] = [];
  function forgetful(_: string[], next: () => Promise<void>): void {
    void next();
  }
  const between = async (lines: string[], next: () => Promise<void>): Promise<void> => {
    await next();
    await new Promise((resolve) => setImmediate(resolve));
    lines.push("between");
  };
  const handler = async (lines: string[]): Promise<void> => void lines.push("handler");
  await expect(chain(between, forgetful, between, handler)(log)).rejects.toThrow('in "forgetful"');
  expect(log).toEqual(["handler", "between"]);
  log.length = 0;
  await chain((_, next) => next().then(() => undefined), between, handler)(log);
  expect(log).toEqual(["handler", "between"]);
});

test("a plain function that forgets to return next() is found as well", async () => {
  function forgetful(_: string[], next: () => Promise<void>): void {
    void next();
  }
  const slow = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  await expect(chain(forgetful, slow)([])).rejects.toThrow('in "forgetful"');
});

test("what comes after failing unawaited is the cause of the error, and no rejection is left unhandled", async () => {
  async function hasty(_: string[], next: () => Promise<void>): Promise<void> {
    void next();
  }
  const failing = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    throw new Error("deep down");
  };
  await expect(chain(hasty, failing)([])).rejects.toMatchObject({ cause: { message: "deep down" } });
});

test("a middleware that throws beside an unawaited next() keeps its own error, after what comes after", async () => {
  const log: string[] = [];
  async function torn(_: string[], next: () => Promise<void>): Promise<void> {
    void next();
    throw new Error("mine");
  }
  const slow = async (lines: string[]): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    lines.push("finished");
  };
  await expect(chain(torn, slow)(log)).rejects.toThrow("mine");
  expect(log).toEqual(["finished"]);
});

test("next() may be awaited, returned, caught and left out", async () => {
  const log: string[] = [];
  await chain(
    (_, next) => next(),
    async (_, next) => next(),
    async (lines, next) => {
      await next().catch((error: unknown) => lines.push(`caught ${String(error)}`));
    },
    (_, next) => next(),
    async () => {
      await Promise.resolve();
      throw "it";
    },
  )(log);
  expect(log).toEqual(["caught it"]);
});

test("a synchronous throw becomes a rejection", async () => {
  const throwing = (): never => {
    throw new Error("at once");
  };
  await expect(chain(throwing)([])).rejects.toThrow("at once");
});
