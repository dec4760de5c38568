/** Something that may not work: the call is made all the same. */
export interface ApiWarning {
  readonly code: "ERR_BALE_LIMIT" | "ERR_BALE_PARSE_MODE";
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
    // A habit is told once; limits are told for each parameter.
    const kind = code === "ERR_BALE_LIMIT" ? `${method}.${param}` : code;
    if (seen.has(kind)) return;
    seen.add(kind);
    process.emitWarning(message, { type: "BaleWarning", code });
  };
}
