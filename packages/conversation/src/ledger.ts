import type { JournalRecord } from "./journal.js";
import type { Block } from "./scope.js";

/** The books of a coroutine: what its history is worth once it is folded, and what stands in which block. */
export abstract class Ledger {
  /** Records that are not kept yet. */
  readonly fresh: JournalRecord[] = [];
  /** How many records the history has once it is folded. */
  length = 0;
  /** About how many bytes these take. */
  bytes = 0;
  readonly #open: Block[] = [];
  readonly #steps: { readonly key: string; readonly id: number; readonly at: number }[] = [];

  /** Adds a record to what is to be kept. @param blocks those it stands in */
  protected write(record: JournalRecord, blocks: readonly Block[], bytes = 8): void {
    this.fresh.push(record);
    this.count(record, blocks, bytes);
  }

  /** Counts a record; the blocks it does not stand in have been written into by others. */
  protected count(record: JournalRecord, blocks?: readonly Block[], bytes = 40): void {
    this.length++;
    this.bytes += bytes;
    if (blocks === undefined || this.#open.length === 0) return;
    for (const block of this.#open) {
      if (!blocks.includes(block) && block.id !== (record[0] === "c" ? record[1] : -1)) block.isMixed = true;
    }
  }

  /** Notes that something has come for others than these blocks. */
  protected mix(blocks: readonly Block[]): void {
    for (const block of this.#open) if (!blocks.includes(block)) block.isMixed = true;
  }

  /** Opens the block whose call has just been counted. */
  protected openBlock(id: number, key: string, turn: number): Block {
    const { length, bytes } = this;
    const block: Block = {
      id,
      key,
      lengthBefore: length,
      bytesBefore: bytes,
      turn,
      open: 0,
      isMixed: false,
    };
    this.#steps.push({ key, id, at: length });
    this.#open.push(block);
    return block;
  }

  /** Closes a block. False: it is closed already. */
  protected closeBlock(block: Block): boolean {
    const at = this.#open.indexOf(block);
    if (at < 0) return false;
    this.#open.splice(at, 1);
    return true;
  }

  /** Takes what a block holds out of the books. */
  protected cut(block: Block): void {
    this.length = block.lengthBefore;
    this.bytes = block.bytesBefore;
    while ((this.#steps.at(-1)?.at ?? 0) > block.lengthBefore) this.#steps.pop();
  }

  /** The last block of a name that the code has been through, and that is not inside another one that is over. */
  protected passed(key: string): number | undefined {
    return this.#steps.findLast((known) => known.key === key)?.id;
  }
}
