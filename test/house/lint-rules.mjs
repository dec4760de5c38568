// Rules of the house for oxlint (JavaScript plugin, ESLint's shape).

/** Methods that return this composer with a wider context: as a statement, what they added is lost to the types. */
const WIDENING = new Set(["extend", "derive"]);

/** Receivers that have an `extend` of another kind. */
const OTHERS = new Set(["expect", "test", "it", "describe"]);

function receiver(node) {
  let at = node;
  while (at?.type === "MemberExpression" || at?.type === "CallExpression")
    at = at.type === "CallExpression" ? at.callee : at.object;
  return at;
}

const noDroppedExtend = {
  meta: {
    type: "problem",
    messages: {
      dropped:
        "The result of {{method}}() is dropped: handlers registered afterwards do not see what it adds. Write `const bot = new Bot(token).{{method}}(…)`, or go on with the chain.",
    },
    schema: [],
  },
  create(context) {
    return {
      ExpressionStatement(node) {
        const call = node.expression;
        if (call.type !== "CallExpression" || call.callee.type !== "MemberExpression") return;
        const { property, computed } = call.callee;
        if (computed || property.type !== "Identifier" || !WIDENING.has(property.name)) return;
        const from = receiver(call.callee);
        if (from?.type === "Super") return;
        if (from?.type === "Identifier" && OTHERS.has(from.name)) return;
        context.report({
          node: property,
          messageId: "dropped",
          data: { method: property.name },
        });
      },
    };
  },
};

export default {
  meta: { name: "balekit" },
  rules: { "no-dropped-extend": noDroppedExtend },
};
