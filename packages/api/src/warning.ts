/** Something that may not work: the call is made all the same. */
export interface ApiWarning {
  readonly code: "ERR_BALE_LIMIT";
  readonly method: string;
  readonly param: string;
  readonly message: string;
}

/** Takes warnings. */
export type OnWarning = (warning: ApiWarning) => void;

/** The given function, or one that prints the first warning of each kind through `process.emitWarning`. */
export function warner(onWarning: OnWarning | undefined): OnWarning {
  if (onWarning !== undefined) return onWarning;
  const seen = new Set<string>();
  return ({ code, method, param, message }) => {
    const kind = `${method}.${param}`;
    if (seen.has(kind)) return;
    seen.add(kind);
    process.emitWarning(message, { type: "BaleWarning", code });
  };
}
