/** How a property of contexts is read and written; see `Composer.define`. */
export interface PropertyOf<C, Value> {
  /** Runs each time the property is read, without waiting: what takes time is for `derive`, or for a method of the value. */
  readonly get: (ctx: C) => Value;
  /** Runs when the property is assigned. Absent: assigning throws. */
  readonly set?: ((ctx: C, value: unknown) => void) | undefined;
}
