import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Quiet flags: nothing is fetched but the page, and it runs as root in a container too. */
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Opens the Chromium of this machine. @throws {Error} that says how to get one. */
export function openChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: locate(), args: FLAGS });
}

function locate(): string {
  const named = process.env["CHROMIUM_PATH"];
  if (named !== undefined && named !== "") return named;
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    for (const name of NAMES) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // The next place may have it.
      }
    }
  }
  throw new Error("Opening a browser: there is no Chromium on the PATH. Run `npm run setup`.");
}

/** What a page did that it must not: errors on its console, and requests to anywhere else. */
export class Watch {
  readonly complaints: string[] = [];
  readonly strangers: string[] = [];

  constructor(page: Page, home: string) {
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(home) && !request.url().startsWith("blob:"))
        this.strangers.push(request.url());
    });
  }
}
