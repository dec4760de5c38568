/** Attempts at one step that have led to nothing. */
export interface Toll {
  /** Processes that have let their claim run out, and have not been heard of in this lane since. */
  readonly ended: readonly string[];
  /** How often a living process has given the step up. */
  readonly failed: number;
}

/** The owner of a claim that anybody may take, and that was nobody's. */
export const NOBODY = "";

/** After so many ends a step is suspected of causing them. */
const SUSPECT = 2;
/** After so many it is not tried again before its claim has run out, though the owner is known to have ended. */
export const HASTY = 3;

/** What a step has cost once `me` takes its claim over. Who comes back was slow or frozen, and has not ended. */
export function tollOf(
  { owner, toll }: { readonly owner: string; readonly toll?: Toll | undefined },
  me: string,
): Toll {
  const ended = toll?.ended.filter((one) => one !== me && one !== owner) ?? [];
  const hasEnded = owner !== me && owner !== NOBODY;
  return { ended: hasEnded ? [...ended, owner] : ended, failed: toll?.failed ?? 0 };
}

/** With one failure more. */
export function failedOnce(toll: Toll | undefined): Toll {
  return { ended: toll?.ended ?? [], failed: (toll?.failed ?? 0) + 1 };
}

/** How many attempts there were. */
export function attemptsOf({ ended, failed }: Toll): number {
  return ended.length + failed;
}

/**
 * Whether a step may be what ends processes. A process that ends takes all its steps with it, most of them innocent: one
 * that is under suspicion is tried alone among its like, so that what ends is hardly ever ended by another.
 */
export function isSuspect(toll: Toll | undefined): boolean {
  return toll !== undefined && toll.ended.length >= SUSPECT;
}

/** Whether a step is to be tried with a pause in between: a crash loop at the start is not to spend its attempts. */
export function isSlow(toll: Toll): boolean {
  return toll.ended.length >= HASTY;
}
