import type { Sticker } from "@balekit/api";

import { badRequest } from "./refusal.js";

/** A regular sticker set holds 120 stickers at most (notes.md 8: documented). */
const SET_LIMIT = 120;

interface StoredSet {
  readonly title: string;
  readonly ownerId: number;
  readonly stickers: Sticker[];
}

/** The sticker sets the bot made. */
export class Stickers {
  readonly #sets: Map<string, StoredSet> = new Map();

  create(name: string, title: string, ownerId: number, stickers: readonly Sticker[]): void {
    const key = name.toLowerCase();
    if (this.#sets.has(key)) throw badRequest("sticker set name is already occupied");
    this.#sets.set(key, { title, ownerId, stickers: [...stickers] });
  }

  add(name: string, ownerId: number, sticker: Sticker): void {
    const set = this.#sets.get(name.toLowerCase());
    if (set === undefined || set.ownerId !== ownerId) throw badRequest("STICKERSET_INVALID");
    if (set.stickers.length >= SET_LIMIT) throw badRequest("STICKERS_TOO_MUCH");
    set.stickers.push(sticker);
  }
}
