/** A node of an ESTree: what of it the rules look at. */
export interface Node {
  readonly type: string;
  readonly range: readonly [number, number];
  readonly parent?: Node | undefined;
  readonly [key: string]: unknown;
}

/** Where a variable comes from, as ESLint's scopes say it. */
export interface Definition {
  readonly type: string;
  readonly node: Node;
  readonly name: Node;
}

/** A variable of ESLint's scopes. */
export interface Variable {
  readonly name: string;
  readonly defs: readonly Definition[];
  readonly references: readonly { readonly identifier: Node }[];
}

/** A scope of ESLint. */
export interface Scope {
  readonly set: ReadonlyMap<string, Variable>;
  readonly upper: Scope | null;
}

/** What a rule is given. */
export interface RuleContext {
  readonly sourceCode: { getScope(node: Node): Scope };
  report(problem: {
    readonly node: Node;
    readonly messageId: string;
    readonly data?: Readonly<Record<string, string>>;
  }): void;
}

/** A rule in the shape that ESLint and oxlint load. */
export interface Rule {
  readonly meta: {
    readonly type: "problem";
    readonly docs: { readonly description: string };
    readonly messages: Readonly<Record<string, string>>;
    readonly schema: readonly never[];
  };
  create(context: RuleContext): Record<string, (node: Node) => void>;
}

const FUNCTIONS = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

/** Whether a node is a function of any kind. */
export function isFunction(node: Node | undefined): boolean {
  return node !== undefined && FUNCTIONS.has(node.type);
}

/** Whether a value is a node of the tree. */
export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}

/** A part of a node that is a node. */
export function child(node: Node, key: string): Node | undefined {
  const value = node[key];
  return isNode(value) ? value : undefined;
}

/** A part of a node that is a list of nodes; holes are left out. */
export function children(node: Node, key: string): readonly Node[] {
  const value = node[key];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** Everything that stands directly in a node. */
export function parts(node: Node): readonly Node[] {
  const found: Node[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (key === "parent" || key === "tokens" || key === "comments") continue;
    if (isNode(value)) found.push(value);
    else if (Array.isArray(value)) found.push(...value.filter(isNode));
  }
  return found;
}

/** Goes through a tree, a node before what stands in it; `enter` says `false` where it is not to go on. */
export function walk(node: Node, enter: (node: Node) => boolean | undefined): void {
  if (enter(node) === false) return;
  for (const part of parts(node)) walk(part, enter);
}

/** Without what says something to the types only, or to nobody: parentheses, `as`, `!`, `?.`. */
export function bare(node: Node): Node {
  let at = node;
  for (;;) {
    const inner =
      /^(?:TS(?:As|NonNull|Satisfies|TypeAssertion|Instantiation).*|ChainExpression|ParenthesizedExpression)$/.test(
        at.type,
      )
        ? child(at, "expression")
        : undefined;
    if (inner === undefined) return at;
    at = inner;
  }
}

/** The name of an identifier. */
export function nameOf(node: Node | undefined): string | undefined {
  return node?.type === "Identifier" ? String(node["name"]) : undefined;
}

/** The name of the property that is read: of `a.b` and `a["b"]` it is `b`. */
export function propertyOf(member: Node): string | undefined {
  const property = child(member, "property");
  if (property === undefined) return undefined;
  if (member["computed"] !== true) return nameOf(property);
  return typeof property["value"] === "string" ? property["value"] : undefined;
}

/** What a chain of members and calls begins with: of `a.b(c).d` it is `a`. */
export function rootOf(node: Node): Node {
  let at = bare(node);
  for (;;) {
    const inner =
      at.type === "MemberExpression"
        ? child(at, "object")
        : at.type === "CallExpression"
          ? child(at, "callee")
          : undefined;
    if (inner === undefined) return at;
    at = bare(inner);
  }
}

/** The variable that a name means where it stands. */
export function variableOf(context: RuleContext, identifier: Node): Variable | undefined {
  const name = nameOf(identifier);
  if (name === undefined) return undefined;
  for (
    let scope: Scope | null = context.sourceCode.getScope(identifier);
    scope !== null;
    scope = scope.upper
  ) {
    const variable = scope.set.get(name);
    if (variable !== undefined) return variable;
  }
  return undefined;
}

/** Whether a name means what the language, or Node, gives to everybody. */
export function isGlobal(context: RuleContext, identifier: Node): boolean {
  const variable = variableOf(context, identifier);
  return variable === undefined || variable.defs.length === 0;
}

/** The module a name is imported from, and what it is called there. */
export function importOf(
  context: RuleContext,
  identifier: Node,
): { readonly from: string; readonly name: string } | undefined {
  const definition = variableOf(context, identifier)?.defs[0];
  if (definition?.type !== "ImportBinding") return undefined;
  const declaration = definition.node.parent;
  const from = declaration === undefined ? undefined : child(declaration, "source")?.["value"];
  if (typeof from !== "string") return undefined;
  const imported = child(definition.node, "imported");
  return {
    from,
    name: nameOf(imported) ?? (definition.node.type === "ImportDefaultSpecifier" ? "default" : "*"),
  };
}
