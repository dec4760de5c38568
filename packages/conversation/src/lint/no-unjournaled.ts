import { conversationCode, type ConversationCode, isExternal, isInside } from "./conversation-code.js";
import {
  bare,
  child,
  children,
  importOf,
  isFunction,
  isGlobal,
  nameOf,
  type Node,
  propertyOf,
  rootOf,
  type Rule,
  type RuleContext,
  variableOf,
  walk,
} from "./syntax-tree.js";

/** Values that differ from run to run, with what to take instead. */
const VALUES: Readonly<Record<string, string>> = {
  "Math.random": "c.random()",
  "Date.now": "c.now()",
  "performance.now": "c.now()",
  "crypto.randomUUID": "c.uuid()",
  "crypto.getRandomValues": "c.random() or c.uuid()",
  "process.hrtime": "c.now()",
};

/** The same, imported by name. */
const IMPORTED: Readonly<Record<string, string>> = {
  randomUUID: "c.uuid()",
  randomInt: "c.random()",
  randomBytes: "c.uuid()",
};

/** Functions of the language and of Node that wait for something a journal does not have. */
const WAITING: Readonly<Record<string, string>> = {
  fetch: "c.external(name, () => fetch(…))",
  setTimeout: "c.sleep(ms)",
  setInterval: "c.loop with c.sleep(ms)",
  setImmediate: "c.sleep(0)",
};

const TIMERS = /^(?:node:)?timers(?:\/promises)?$/;
const CRYPTO = /^(?:node:)?crypto$/;

/** Finds what a conversation awaits, or reads, that is not in its journal. */
export const noUnjournaled: Rule = {
  meta: {
    type: "problem",
    docs: {
      description: "Awaits only c and ctx in a conversation, and reads neither the clock nor chance",
    },
    messages: {
      value:
        "{{what}} differs when the conversation runs again from its journal. Take {{instead}}, whose value is kept.",
      waiting: "{{what}} is not in the journal of the conversation. Take {{instead}}.",
      awaited:
        "A conversation awaits only what c and ctx do: {{what}} is not in its journal, and runs again after a restart. Put it into c.external(name, fn).",
      imported:
        "A conversation awaits only what c and ctx do, and a module is not in its journal. Import it at the top of the file.",
    },
    schema: [],
  },
  create: (context) => ({
    Program(program) {
      for (const code of conversationCode(context, program)) new Inspection(context, code).run();
    },
  }),
};

class Inspection {
  readonly #context: RuleContext;
  readonly #code: ConversationCode;

  constructor(context: RuleContext, code: ConversationCode) {
    this.#context = context;
    this.#code = code;
  }

  run(): void {
    walk(this.#code.body, (node) => {
      if (isFunction(node) && isExternal(node)) return false;
      if (node.type === "CallExpression" || node.type === "NewExpression") this.#call(node);
      else if (node.type === "AwaitExpression") this.#awaited(child(node, "argument") as Node);
      else if (node.type === "ForOfStatement" && node["await"] === true) {
        this.#awaited(child(node, "right") as Node);
      }
      return undefined;
    });
  }

  #call(node: Node): void {
    const value = this.#valueOf(node);
    if (value !== undefined) {
      this.#context.report({ node, messageId: "value", data: value });
      return;
    }
    const waiting = this.#waitingOf(node);
    if (waiting !== undefined) this.#context.report({ node, messageId: "waiting", data: waiting });
  }

  /** A call whose value is another one each time. */
  #valueOf(node: Node): { readonly what: string; readonly instead: string } | undefined {
    const callee = bare(child(node, "callee") as Node);
    if (nameOf(callee) === "Date" && isGlobal(this.#context, callee)) {
      const isNow = node.type === "CallExpression" || children(node, "arguments").length === 0;
      return isNow
        ? { what: node.type === "NewExpression" ? "new Date()" : "Date()", instead: "new Date(c.now())" }
        : undefined;
    }
    if (node.type !== "CallExpression") return undefined;
    if (callee.type === "MemberExpression") {
      const object = child(callee, "object") as Node;
      const path = `${this.#moduleName(object) ?? ""}.${propertyOf(callee) ?? ""}`;
      const instead = Object.hasOwn(VALUES, path) ? VALUES[path] : undefined;
      return instead === undefined ? undefined : { what: `${path}()`, instead };
    }
    const imported = callee.type === "Identifier" ? importOf(this.#context, callee) : undefined;
    if (imported === undefined || !CRYPTO.test(imported.from) || !Object.hasOwn(IMPORTED, imported.name))
      return undefined;
    return { what: `${imported.name}()`, instead: IMPORTED[imported.name] as string };
  }

  /** `crypto` and the like, as a global, as a part of `globalThis`, or imported as a whole. */
  #moduleName(node: Node): string | undefined {
    const object = bare(node);
    if (object.type === "MemberExpression" && nameOf(child(object, "object")) === "globalThis")
      return propertyOf(object);
    const name = nameOf(object);
    if (name === undefined) return undefined;
    if (isGlobal(this.#context, object)) return name;
    const imported = importOf(this.#context, object);
    return imported !== undefined && CRYPTO.test(imported.from) ? "crypto" : undefined;
  }

  #waitingOf(node: Node): { readonly what: string; readonly instead: string } | undefined {
    const callee = bare(child(node, "callee") as Node);
    if (node.type !== "CallExpression") return undefined;
    const name =
      callee.type === "MemberExpression" && nameOf(child(callee, "object")) === "globalThis"
        ? propertyOf(callee)
        : nameOf(callee);
    const imported = callee.type === "Identifier" ? importOf(this.#context, callee) : undefined;
    const known = imported === undefined ? name : TIMERS.test(imported.from) ? imported.name : undefined;
    if (known === undefined || !Object.hasOwn(WAITING, known)) return undefined;
    const isLocal =
      imported === undefined && callee.type === "Identifier" && !isGlobal(this.#context, callee);
    return isLocal ? undefined : { what: `${known}()`, instead: WAITING[known] as string };
  }

  #awaited(argument: Node): void {
    const node = bare(argument);
    // These have been told already, with better advice.
    if (node.type === "CallExpression" && (this.#valueOf(node) ?? this.#waitingOf(node)) !== undefined)
      return;
    if (this.#isKept(node)) return;
    const messageId = node.type === "ImportExpression" ? "imported" : "awaited";
    this.#context.report({ node, messageId, data: { what: this.#shown(node) } });
  }

  /** Whether what is awaited comes from `c` or `ctx`, as far as can be seen. */
  #isKept(given: Node, seen: ReadonlySet<Node> = new Set()): boolean {
    const node = bare(given);
    if (seen.has(node)) return true;
    const deeper = new Set([...seen, node]);
    const isKept = (part: Node | undefined): boolean => part === undefined || this.#isKept(part, deeper);
    switch (node.type) {
      case "AwaitExpression":
        return true;
      case "ConditionalExpression":
        return isKept(child(node, "consequent")) && isKept(child(node, "alternate"));
      case "LogicalExpression":
        return isKept(child(node, "left")) && isKept(child(node, "right"));
      case "AssignmentExpression":
        return isKept(child(node, "right"));
      case "SequenceExpression":
        return isKept(children(node, "expressions").at(-1));
      case "ArrayExpression":
        return children(node, "elements").every((element) => isKept(element));
      case "SpreadElement":
        return isKept(child(node, "argument"));
      case "NewExpression":
      case "ImportExpression":
        return false;
      case "CallExpression":
        return this.#isKeptCall(node, deeper);
      case "MemberExpression":
        return isKept(rootOf(node));
      case "Identifier":
        return this.#isKeptName(node, deeper);
      default:
        return true;
    }
  }

  #isKeptCall(call: Node, seen: ReadonlySet<Node>): boolean {
    const callee = bare(child(call, "callee") as Node);
    const given = children(call, "arguments");
    const root = rootOf(call);
    if (nameOf(root) === "Promise" && isGlobal(this.#context, root)) {
      return given.every((argument) => this.#isKept(argument, seen));
    }
    if (isFunction(root)) return true;
    if (root.type === "ArrayExpression")
      return given.every((one) => isFunction(bare(one)) || this.#isKept(one, seen));
    if (root.type === "Identifier" && this.#isKeptName(root, seen)) return true;
    // Somebody else's function that is handed c or ctx does its work with it.
    return callee.type !== "Super" && given.some((argument) => this.#hands(argument));
  }

  #isKeptName(identifier: Node, seen: ReadonlySet<Node>): boolean {
    if (nameOf(identifier) === "undefined") return true;
    const definition = variableOf(this.#context, identifier)?.defs[0];
    if (definition === undefined || !isInside(this.#code, definition.name)) return false;
    if (definition.type !== "Variable") return true;
    const init = child(definition.node, "init");
    return init === undefined || this.#isKept(init, seen);
  }

  /** Whether an argument hands on `c`, `ctx`, or code that stands in the conversation. */
  #hands(argument: Node): boolean {
    const node = bare(argument);
    if (isFunction(node)) return true;
    if (node.type === "ObjectExpression") {
      return children(node, "properties").some((property) => {
        const value = child(property, "value");
        return value !== undefined && this.#hands(value);
      });
    }
    if (node.type !== "Identifier") return false;
    const definition = variableOf(this.#context, node)?.defs[0];
    if (definition === undefined || !isInside(this.#code, definition.name)) return false;
    if (definition.type === "Parameter") {
      const { range } = definition.name;
      const isHandle = this.#code.handles.some((one) => range[0] >= one.range[0] && range[1] <= one.range[1]);
      return isHandle || (definition.node !== this.#code.body && /^(?:c|ctx)$/.test(String(node["name"])));
    }
    return definition.type === "Variable" && isAnswer(definition.node);
  }

  #shown(given: Node): string {
    const node = bare(given);
    if (node.type === "NewExpression") return `new ${this.#path(child(node, "callee") as Node)}()`;
    return node.type === "CallExpression"
      ? `${this.#path(child(node, "callee") as Node)}()`
      : this.#path(node);
  }

  #path(given: Node): string {
    const node = bare(given);
    if (node.type === "MemberExpression") {
      return `${this.#path(child(node, "object") as Node)}.${propertyOf(node) ?? "…"}`;
    }
    if (node.type === "CallExpression") return `${this.#path(child(node, "callee") as Node)}()`;
    return nameOf(node) ?? (node.type === "ThisExpression" ? "this" : "…");
  }
}

/** Whether a declaration makes a variable of what a wait has brought: of a context. */
function isAnswer(declarator: Node): boolean {
  const init = child(declarator, "init");
  const node = init === undefined ? undefined : bare(init);
  if (node?.type !== "AwaitExpression" || nameOf(child(declarator, "id")) === undefined) return false;
  const call = bare(child(node, "argument") as Node);
  const callee = call.type === "CallExpression" ? bare(child(call, "callee") as Node) : undefined;
  return callee?.type === "MemberExpression" && propertyOf(callee)?.startsWith("wait") === true;
}
