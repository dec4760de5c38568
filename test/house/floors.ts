import { importsOf, resolveRelative, type SourceTree } from "./source-tree.js";

/** Who may stand on whom: imports run to a lower floor only. What is not named here is a plugin. */
const FLOORS: Readonly<Record<string, number>> = {
  api: 0,
  storage: 0,
  core: 1,
  emulator: 1,
  playground: 3,
  "create-balekit": 3,
};
const PLUGIN_FLOOR = 2;

/** Imports that run upwards or sideways between packages. `names` maps a package's name to its folder. */
export function floorFaults(tree: SourceTree, names: ReadonlyMap<string, string>): readonly string[] {
  const faults: string[] = [];
  for (const [path, text] of tree) {
    const from = folderOf(path);
    for (const specifier of importsOf(path, text).specifiers) {
      const to = packageOf(specifier, names) ?? escaped(path, specifier);
      if (to === undefined || to === from) continue;
      if (floor(to) < floor(from)) continue;
      const how = floor(to) > floor(from) ? "upwards" : "sideways";
      faults.push(
        `${path} imports ${how}: "${specifier}" (${from} is on floor ${floor(from)}, ${to} on ${floor(to)})`,
      );
    }
  }
  return faults;
}

/** Circles between packages, each told once as a list of folders. */
export function packageCircles(tree: SourceTree, names: ReadonlyMap<string, string>): readonly string[] {
  const graph = new Map<string, Set<string>>();
  for (const [path, text] of tree) {
    const from = folderOf(path);
    const targets = graph.get(from) ?? new Set<string>();
    graph.set(from, targets);
    for (const specifier of importsOf(path, text).specifiers) {
      const to = packageOf(specifier, names);
      if (to !== undefined && to !== from) targets.add(to);
    }
  }
  return circles(graph);
}

/** Circles between files, type-only imports included: a circle of types ties two nouns together just as well. */
export function fileCircles(tree: SourceTree): readonly string[] {
  const graph = new Map<string, Set<string>>();
  for (const [path, text] of tree) {
    const targets = new Set<string>();
    for (const specifier of importsOf(path, text).specifiers) {
      const to = resolveRelative(path, specifier, tree);
      if (to !== undefined) targets.add(to);
    }
    graph.set(path, targets);
  }
  return circles(graph);
}

/** Relative imports that leave their own package. */
function escaped(path: string, specifier: string): string | undefined {
  if (!specifier.startsWith("..")) return undefined;
  const parts = path.split("/").slice(0, -1);
  for (const step of specifier.split("/")) {
    if (step === "..") parts.pop();
    else if (step !== ".") parts.push(step);
  }
  return parts[0] === "packages" ? parts[1] : undefined;
}

function packageOf(specifier: string, names: ReadonlyMap<string, string>): string | undefined {
  for (const [name, folder] of names)
    if (specifier === name || specifier.startsWith(`${name}/`)) return folder;
  return undefined;
}

function folderOf(path: string): string {
  return path.split("/")[1] ?? "";
}

function floor(folder: string): number {
  return FLOORS[folder] ?? PLUGIN_FLOOR;
}

/** Strongly connected parts with more than one member, or with an edge to themselves (Tarjan). */
function circles(graph: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const order = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[] = [];
  const visit = (node: string): void => {
    order.set(node, order.size);
    low.set(node, order.size - 1);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node) ?? 0, low.get(next) ?? 0));
    }
    if (low.get(node) !== order.get(node)) return;
    const members = stack.splice(stack.indexOf(node)).sort();
    if (members.length > 1 || graph.get(node)?.has(node)) found.push(members.join(" ↔ "));
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return found;
}
