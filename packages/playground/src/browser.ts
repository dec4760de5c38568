import { spawn } from "node:child_process";

/** Opens an address in the person's browser, where there is a screen to see it on. Says whether it tried. */
export function openBrowser(url: string, env: NodeJS.ProcessEnv = process.env): boolean {
  const command = opener(env);
  if (command === undefined) return false;
  const [program, ...before] = command;
  const child = spawn(program, [...before, url], { stdio: "ignore", detached: true });
  // No browser is no reason to fail: the address is printed.
  child.on("error", () => {});
  child.unref();
  return true;
}

function opener(env: NodeJS.ProcessEnv): readonly [string, ...string[]] | undefined {
  if (env["CI"] !== undefined && env["CI"] !== "" && env["CI"] !== "false") return undefined;
  if (process.platform === "darwin") return ["open"];
  // `start` takes its first quoted word for a window title.
  if (process.platform === "win32") return ["cmd", "/c", "start", ""];
  return env["DISPLAY"] || env["WAYLAND_DISPLAY"] ? ["xdg-open"] : undefined;
}
