import { Context } from "./context.js";
import { shown, wrongType } from "./misuse.js";
import type { Tree } from "./tree.js";

/** What every context has as its own, beside what its prototype gives. */
const ownFields: ReadonlySet<string> = new Set([
  "update",
  "services",
  "delivery",
  "match",
  "params",
  "args",
  "route",
  "memberNow",
]);

/** Takes a name for a property of contexts. @throws TypeError for one that is taken, or is no name */
export function claim(tree: Tree, method: string, name: string): void {
  if (typeof name !== "string" || name === "") {
    throw wrongType("ERR_BALE_DERIVE", `${method}: the property's name is a text, not ${shown(name)}.`);
  }
  if (name in Context.prototype || ownFields.has(name)) {
    throw wrongType("ERR_BALE_DERIVE", `${method}: ctx.${name} belongs to balekit. Choose another name.`);
  }
  tree.claim(name);
}
