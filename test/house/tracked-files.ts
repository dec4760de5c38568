import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { root, type SourceTree } from "./source-tree.js";

/** Every text file that git tracks or would track. */
export function readTracked(): SourceTree {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const tree = new Map<string, string>();
  for (const path of listed.split("\0")) {
    if (
      path === "" ||
      !/\.(ts|tsx|js|mjs|cjs|json|md|css|html|svg|yml|yaml|sh)$|(^|\/)[^.]*$|^\.[a-z]/.test(path)
    )
      continue;
    try {
      const text = readFileSync(join(root, path), "utf8");
      if (!text.includes("\0")) tree.set(path, text);
    } catch {
      // listed, yet removed from the working tree
    }
  }
  return tree;
}

/** What must not be in the tree, and why. */
export interface Ban {
  readonly what: string;
  readonly pattern: RegExp;
  /** Files where the rule does not hold. */
  readonly except?: RegExp;
}

/** Credentials, and places that only exist on one machine. `registry` is the host that packages come from here. */
export function bans(registry: string): readonly Ban[] {
  const places = [...new Set([dirname(root), homedir()])].filter((path) => path.length > 1);
  return [
    {
      // An invented one shows that it is: by a run of the alphabet or of digits, or by one letter repeated.
      what: "a bot token",
      pattern: /\b\d{8,12}:(?![\w-]*(?:0123456789|abcdefgh|([\w-])\1{5}))[\w-]{30,}/i,
    },
    { what: "a private key", pattern: new RegExp(`-----BEGIN [A-Z ]*${"PRIVATE"} KEY-----`) },
    {
      what: "a key of npm, GitHub or a cloud",
      pattern: /\b(npm_[A-Za-z0-9]{36}|gh[pousr]_[A-Za-z0-9]{36}|AKIA[A-Z0-9]{16})\b/,
    },
    {
      // Where a path begins, and not in the middle of one: a checkout may lie in a folder with a name such as /src.
      what: "a path of this machine",
      pattern: new RegExp(`(?<![\\w.*@})\\]-])(${places.map(escape).join("|")})/(?!\\.)`),
    },
    { what: "a package registry's host", pattern: new RegExp(escape(registry)) },
    {
      what: "an address in the lock file",
      pattern: /"resolved": "https?:/,
      except: /^(?!package-lock\.json$)/,
    },
    {
      what: "a test that is skipped, focused or left for later",
      pattern: /\b(?:it|test|describe|suite|bench)(?:\.\w+)*\.(?:only|skip|skipIf|todo|fails)\b/,
    },
    {
      what: "work left for later",
      pattern: new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "X" + "XX", "HA" + "CK"].join("|")})\\b`),
    },
    { what: "a type error that is waved through", pattern: new RegExp(`@ts-${"ignore"}|@ts-${"nocheck"}`) },
  ];
}

/** The places where a ban is broken. */
export function banFaults(tree: SourceTree, list: readonly Ban[]): readonly string[] {
  const faults: string[] = [];
  for (const [path, text] of tree) {
    for (const { what, pattern, except } of list) {
      if (except?.test(path) || !pattern.test(text)) continue;
      const line = text.split("\n").findIndex((each) => pattern.test(each)) + 1;
      faults.push(`${path}:${line}: ${what}`);
    }
  }
  return faults;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
