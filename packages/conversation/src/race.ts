import type { PendingList } from "./operation.js";
import { type Block, type Scope, scopes } from "./scope.js";

/**
 * Runs several pieces of code in a scope, each in a block of its own that is never folded. Once one is over, the waits of
 * the others leave `pending`, so that they take nothing away.
 */
export async function race<Value>(
  scope: Scope,
  pending: PendingList,
  arms: readonly (() => Promise<Value>)[],
): Promise<Value> {
  const own = arms.map((run): { readonly block: Block; readonly run: () => Promise<Value> } => ({
    run,
    block: { id: -1, key: "race", lengthBefore: 0, bytesBefore: 0, turn: 0, open: 0, isMixed: true },
  }));
  try {
    return await Promise.race(
      own.map(({ block, run }) =>
        scopes.run({ owner: scope.owner, blocks: [...scope.blocks, block] }, async () => run()),
      ),
    );
  } finally {
    const lost = new Set(own.map(({ block }) => block));
    for (const one of [...pending.values()]) {
      if (one.operation.kind !== "wait" || !one.blocks.some((block) => lost.has(block))) continue;
      pending.delete(one);
      for (const block of one.blocks) block.open--;
    }
  }
}
