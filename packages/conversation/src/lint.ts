import { noResourceOverWait } from "./lint/no-resource-over-wait.js";
import { noUnjournaled } from "./lint/no-unjournaled.js";
import type { Rule } from "./lint/syntax-tree.js";

/** A plugin for ESLint (flat config) and for oxlint (`jsPlugins`). */
interface LintPlugin {
  readonly meta: { readonly name: string };
  readonly rules: { readonly [Name in "no-unjournaled" | "no-resource-over-wait"]: Rule };
  readonly configs: {
    readonly recommended: {
      readonly plugins: Readonly<Record<string, LintPlugin>>;
      readonly rules: Readonly<Record<string, "error">>;
    };
  };
}

const plugin: LintPlugin = {
  meta: { name: "@balekit/conversation" },
  rules: { "no-unjournaled": noUnjournaled, "no-resource-over-wait": noResourceOverWait },
  configs: {
    /** Both rules as errors, under the name `balekit-conversation`. */
    get recommended() {
      return {
        plugins: { "balekit-conversation": plugin },
        rules: {
          "balekit-conversation/no-unjournaled": "error",
          "balekit-conversation/no-resource-over-wait": "error",
        } as const,
      };
    },
  },
};

/** Rules for the code of conversations: `export default [lint.configs.recommended]` in `eslint.config.js`. */
export default plugin;
