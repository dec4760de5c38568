import {
  bare,
  child,
  children,
  importOf,
  isFunction,
  nameOf,
  type Node,
  propertyOf,
  type RuleContext,
  variableOf,
  walk,
} from "./syntax-tree.js";

/** The code of one conversation, or of a function that is handed its `c`. */
export interface ConversationCode {
  readonly body: Node;
  /** Its parameters that are `c` and `ctx`. */
  readonly handles: readonly Node[];
}

const PACKAGE = "@balekit/conversation";

/** The functions of a file that run inside a conversation: those given to `conversation`, and those that take a handle. */
export function conversationCode(context: RuleContext, program: Node): readonly ConversationCode[] {
  const bodies = new Map<Node, readonly Node[]>();
  walk(program, (node) => {
    if (node.type === "CallExpression" && isConversationCall(context, node)) {
      const [, code, options] = children(node, "arguments");
      const add = (given: Node | undefined, from: number, to?: number): void => {
        const one = functionOf(context, given);
        if (one !== undefined) bodies.set(one, children(one, "params").slice(from, to));
      };
      const { older, hooks } = codeIn(options);
      for (const given of [code, ...older]) add(given, 0, 2);
      // What a hook is told stands in front of them.
      for (const given of hooks) add(given, -2);
    }
    if (isFunction(node) && !bodies.has(node)) {
      const handles = children(node, "params").filter(takesHandle);
      if (handles.length > 0) bodies.set(node, handles);
    }
    return undefined;
  });
  // What stands inside another is looked at with it.
  return [...bodies]
    .filter(([body]) => !isWithin(body, bodies))
    .map(([body, handles]) => ({ body, handles }));
}

/** Whether a call is one of `conversation(name, code)`, under whatever name it was imported. */
function isConversationCall(context: RuleContext, call: Node): boolean {
  const callee = bare(child(call, "callee") as Node);
  if (callee.type === "Identifier") {
    const imported = importOf(context, callee);
    return imported?.from === PACKAGE && imported.name === "conversation";
  }
  if (callee.type !== "MemberExpression" || propertyOf(callee) !== "conversation") return false;
  const object = child(callee, "object");
  return object !== undefined && importOf(context, object)?.from === PACKAGE;
}

/** The code in `{ previous: { 1: code } }`, and the hooks that are run as part of the conversation. */
function codeIn(options: Node | undefined): {
  readonly older: readonly Node[];
  readonly hooks: readonly Node[];
} {
  const older: Node[] = [];
  const hooks: Node[] = [];
  for (const property of properties(options)) {
    const value = child(property, "value");
    const key = nameOf(child(property, "key")) ?? "";
    if (key === "previous")
      older.push(...properties(value).map((version) => child(version, "value") as Node));
    else if (value !== undefined && /^on(?:Timeout|Cancel|Exit)$/.test(key)) hooks.push(value);
  }
  return { older, hooks };
}

function properties(node: Node | undefined): readonly Node[] {
  const inner = node === undefined ? undefined : bare(node);
  if (inner?.type !== "ObjectExpression") return [];
  return children(inner, "properties").filter(({ type }) => type === "Property");
}

/** The function that an expression is, or names within this file. */
function functionOf(context: RuleContext, given: Node | undefined): Node | undefined {
  if (given === undefined) return undefined;
  const node = bare(given);
  if (isFunction(node)) return node;
  const definition = node.type === "Identifier" ? variableOf(context, node)?.defs[0] : undefined;
  if (definition === undefined) return undefined;
  if (isFunction(definition.node)) return definition.node;
  const init = definition.node.type === "VariableDeclarator" ? child(definition.node, "init") : undefined;
  return init !== undefined && isFunction(bare(init)) ? bare(init) : undefined;
}

/** Whether a parameter says that it is a `ConversationHandle`. */
function takesHandle(parameter: Node): boolean {
  const annotation = child(parameter, "typeAnnotation");
  const type = annotation === undefined ? undefined : child(annotation, "typeAnnotation");
  return type?.type === "TSTypeReference" && nameOf(child(type, "typeName")) === "ConversationHandle";
}

function isWithin(node: Node, others: ReadonlyMap<Node, unknown>): boolean {
  for (let at = node.parent; at !== undefined && at !== null; at = at.parent) if (others.has(at)) return true;
  return false;
}

/** Whether a function is the `fn` of `c.external(name, fn)`: what it does is kept as a whole. */
export function isExternal(node: Node): boolean {
  const call = node.parent;
  if (call?.type !== "CallExpression" || !children(call, "arguments").includes(node)) return false;
  const callee = bare(child(call, "callee") as Node);
  return callee.type === "MemberExpression" && propertyOf(callee) === "external";
}

/** Whether a node is declared inside of the code: a parameter, a local variable, a local function. */
export function isInside({ body }: ConversationCode, node: Node): boolean {
  return node.range[0] >= body.range[0] && node.range[1] <= body.range[1];
}
