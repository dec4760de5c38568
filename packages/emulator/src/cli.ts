import { parseArgs } from "node:util";

import { emulator } from "./emulator.js";
import { isLoopback } from "./webhook.js";

const HELP = `balekit-emulator: Bale's server in memory, over HTTP

Usage: npx @balekit/emulator [options]

  --port <number>   where to listen; 0 picks a free port      (default 8181)
  --token <token>   the bot's token, <number>:<secret>        (default 1000:secret)
  --host <host>     address to listen on                      (default 127.0.0.1)
  --json            print one line, {"url","token"}
  --help            print this

Point a bot at it with BALE_API_ROOT=<url>. Play the people with the control API: GET <url>/emulator lists its routes.
`;

/** Runs the command; resolves once it listens, or with the exit code when it does not. */
export async function main(args: readonly string[]): Promise<number | undefined> {
  let options: ReturnType<typeof read>;
  try {
    options = read(args);
  } catch (error) {
    process.stderr.write(
      `balekit-emulator: ${error instanceof Error ? error.message : String(error)}\nTry --help.\n`,
    );
    return 2;
  }
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  try {
    const bale = emulator({ token: options.token });
    const { url, token } = await bale.listen({ port: options.port, host: options.host });
    if (options.json) {
      process.stdout.write(`${JSON.stringify({ url, token })}\n`);
    } else {
      process.stdout.write(`Bale is emulated at ${url}\nToken: ${token}\nControl API: ${url}/emulator\n`);
    }
    if (!isLoopback(options.host)) {
      process.stderr.write(
        `Listening on ${options.host}: other machines can reach this server and play its people.\n`,
      );
    }
    const stop = (): void => {
      void bale.close().then(() => process.exit(0));
    };
    process.once("SIGINT", stop);
    process.once("SIGTERM", stop);
    return undefined;
  } catch (error) {
    process.stderr.write(`balekit-emulator: ${said(error, options.port)}\n`);
    return 1;
  }
}

function read(args: readonly string[]): {
  port: number;
  token: string;
  host: string;
  json: boolean;
  help: boolean;
} {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: "string", default: "8181" },
      token: { type: "string", default: "1000:secret" },
      host: { type: "string", default: "127.0.0.1" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false, short: "h" },
    },
  });
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535) {
    throw new TypeError(`--port is "${values.port}". Give a number from 0 to 65535.`);
  }
  return { port, token: values.token, host: values.host, json: values.json, help: values.help };
}

function said(error: unknown, port: number): string {
  if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
    return `port ${port} is taken. Give another with --port, or --port 0 for any free one.`;
  }
  return error instanceof Error ? error.message : String(error);
}
