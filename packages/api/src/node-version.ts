/** The oldest Node this release runs on: the first of its line whose `require()` loads ES modules. */
export const OLDEST_NODE = "20.19.0";

/**
 * Refuses a Node that is too old, in words, before something fails further in. Runs once, when the package is loaded.
 *
 * @throws Error with the code `ERR_BALE_NODE_VERSION`
 */
export function refuseOldNode(version: string = process.versions.node): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE.split(".").map(Number);
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  throw Object.assign(
    new Error(
      `Loading balekit: this is Node ${version}, and the oldest it runs on is ${OLDEST_NODE}. Install a newer Node from https://nodejs.org and start again.`,
    ),
    { code: "ERR_BALE_NODE_VERSION" },
  );
}

refuseOldNode();
