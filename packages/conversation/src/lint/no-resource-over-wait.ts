import { conversationCode, type ConversationCode, isExternal } from "./conversation-code.js";
import {
  bare,
  child,
  children,
  isFunction,
  nameOf,
  type Node,
  propertyOf,
  rootOf,
  type Rule,
  type RuleContext,
  variableOf,
  walk,
} from "./syntax-tree.js";

/** Methods of `c` during which a conversation may be let go, and come back elsewhere. */
const WAITS = /^(?:wait(?:For|Until).*|wait|sleep(?:Until)?|collect|race|call)$/;
const OPENS =
  /^(?:open|connect|acquire|lock|getConnection|createReadStream|createWriteStream|createConnection|beginTransaction|transaction|begin)(?:[A-Z].*|Sync)?$/;
const CLASSES = /(?:Client|Connection|Pool|Socket|Stream|Worker|Database|Server|AbortController|Lock|Mutex)$/;

/** Finds files, connections and locks that a conversation holds while it waits. */
export const noResourceOverWait: Rule = {
  meta: {
    type: "problem",
    docs: {
      description: "Holds nothing that has to be closed over a wait of a conversation",
    },
    messages: {
      held: "{{name}} is held over a wait. While it waits, the conversation may be let go and come back in another process, where {{name}} is not. Open and close it within one c.external(name, fn).",
      using:
        "{{name}} is disposed of at the end of its block, and the block waits: when the conversation is let go meanwhile, nobody disposes of it. Use it within one c.external(name, fn).",
    },
    schema: [],
  },
  create: (context) => ({
    Program(program) {
      for (const code of conversationCode(context, program)) inspect(context, code);
    },
  }),
};

function inspect(context: RuleContext, { body }: ConversationCode): void {
  const waits = waitsIn(body);
  walk(body, (node) => {
    if (isFunction(node) && isExternal(node)) return false;
    if (node.type !== "VariableDeclaration") return undefined;
    const isUsing = node["kind"] === "using" || node["kind"] === "await using";
    for (const declarator of children(node, "declarations")) {
      const id = child(declarator, "id");
      const init = child(declarator, "init");
      const name = nameOf(id);
      if (id === undefined || init === undefined || name === undefined) continue;
      if (isUsing) {
        const end = (node.parent ?? body).range[1];
        if (waits.some((at) => at > node.range[1] && at < end)) {
          context.report({ node: id, messageId: "using", data: { name } });
        }
        continue;
      }
      if (!opens(init)) continue;
      const uses = variableOf(context, id)?.references ?? [];
      const isHeld = uses.some(({ identifier }) =>
        waits.some((at) => at > declarator.range[1] && at < identifier.range[0]),
      );
      if (isHeld) context.report({ node: id, messageId: "held", data: { name } });
    }
    return undefined;
  });
}

/** Where the waits of a conversation stand, in characters from the beginning. */
function waitsIn(body: Node): readonly number[] {
  const waits: number[] = [];
  walk(body, (node) => {
    if (isFunction(node) && isExternal(node)) return false;
    if (node.type !== "CallExpression") return undefined;
    const callee = bare(child(node, "callee") as Node);
    if (callee.type !== "MemberExpression") return undefined;
    const object = bare(child(callee, "object") as Node);
    const isAsk = object.type === "MemberExpression" && propertyOf(object) === "ask";
    const name = propertyOf(callee);
    if (isAsk || (name !== undefined && WAITS.test(name) && isHandle(object, body)))
      waits.push(node.range[0]);
    return undefined;
  });
  return waits;
}

/** Whether an expression is the first parameter of the code, or stands in for it. */
function isHandle(object: Node, body: Node): boolean {
  const name = nameOf(rootOf(object));
  return name !== undefined && children(body, "params").some((parameter) => nameOf(parameter) === name);
}

/** Whether an expression opens something that somebody has to close. */
function opens(init: Node): boolean {
  let node = bare(init);
  if (node.type === "AwaitExpression") node = bare(child(node, "argument") as Node);
  if (node.type !== "CallExpression" && node.type !== "NewExpression") return false;
  const callee = bare(child(node, "callee") as Node);
  const name = callee.type === "MemberExpression" ? propertyOf(callee) : nameOf(callee);
  if (name === undefined) return false;
  if (node.type === "NewExpression") return CLASSES.test(name);
  return OPENS.test(name) || name === "setInterval" || name === "setTimeout";
}
