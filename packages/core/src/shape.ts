const kept: object[] = [];

/**
 * Keeps one object of a class for good. When a full collection finds none, V8 forgets the class's shape and throws away
 * all code it has optimized for it: a bot that is idle for a while would start slowly each time.
 */
export function keepShape(sample: object): void {
  kept.push(sample);
}
