/**
 * The first element that passes the test, of anything that can be looped over: arrays, sets, maps, generators.
 * Reads no further than that element. `undefined` when there is none.
 */
export function find<Item, Wanted extends Item>(
  iterable: Iterable<Item>,
  predicate: (item: Item) => item is Wanted,
): Wanted | undefined;
export function find<Item>(iterable: Iterable<Item>, predicate: (item: Item) => boolean): Item | undefined;
export function find<Item>(iterable: Iterable<Item>, predicate: (item: Item) => boolean): Item | undefined {
  for (const item of iterable) if (predicate(item)) return item;
  return undefined;
}
