import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { type Outgoing, sendFile, sendMessage, Unreachable } from "./control.js";
import { recall, remember } from "./page-storage.js";

/** How many unsent messages are kept over a reload. */
const KEPT = 50;

const NAME = "outbox";

/** A message that a person wrote and that is not known to have arrived. */
export interface Unsent {
  readonly key: string;
  readonly message: Outgoing;
  readonly file?: File | undefined;
  /** Send the file as it is, whatever is in it. */
  readonly asFile?: boolean | undefined;
  /** When it was sent, milliseconds since 1970. */
  readonly at: number;
  /** Why it did not arrive; without one it is on its way. */
  readonly failure?: Failure | undefined;
}

/** Why a message did not arrive: the server's own words, or that there were none. */
export type Failure = { readonly reason: string } | "unreachable" | "unknown";

/** What can be done with messages that are not sent. */
export interface Outbox {
  readonly unsent: readonly Unsent[];
  /** Sends, one message after another. One that fails stays in `unsent` until it is sent again or dropped. */
  readonly send: (message: Outgoing, file?: File, asFile?: boolean) => void;
  readonly again: (one: Unsent) => void;
  readonly drop: (one: Unsent) => void;
}

/** Sends what people write and keeps what did not arrive: nobody has to write anything twice. */
export function useOutbox(): Outbox {
  const [unsent, setUnsent] = useState<readonly Unsent[]>(restored);
  const turn = useRef<Promise<void>>(Promise.resolve());

  useEffect(() => {
    const kept = unsent.filter(({ file }) => file === undefined).slice(-KEPT);
    remember(NAME, kept.length === 0 ? undefined : kept);
  }, [unsent]);

  const drop = useCallback((one: Unsent) => {
    setUnsent((all) => all.filter(({ key }) => key !== one.key));
  }, []);
  const again = useCallback(
    (one: Unsent) => {
      const sending: Unsent = { ...one, at: Date.now(), failure: undefined };
      setUnsent((all) => [...all.filter(({ key }) => key !== one.key), sending]);
      turn.current = turn.current.then(async () => {
        const failure = await transmit(sending);
        if (failure === undefined) drop(sending);
        else setUnsent((all) => all.map((other) => (other.key === one.key ? { ...other, failure } : other)));
      });
    },
    [drop],
  );
  const send = useCallback(
    (message: Outgoing, file?: File, asFile?: boolean) =>
      again({ key: crypto.randomUUID(), message, file, asFile, at: 0 }),
    [again],
  );
  return { unsent, send, again, drop };
}

async function transmit({ message, file, asFile }: Unsent): Promise<Failure | undefined> {
  try {
    await (file === undefined ? sendMessage(message) : sendFile(message, file, asFile));
    return undefined;
  } catch (error) {
    if (error instanceof Unreachable) return error.mayHaveArrived ? "unknown" : "unreachable";
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

/** What an earlier visit of this tab left. What was on its way then may have arrived. */
function restored(): readonly Unsent[] {
  const kept = recall(NAME);
  if (!Array.isArray(kept)) return [];
  return (kept as Unsent[]).map((one) => ({ ...one, failure: one.failure ?? "unknown" }));
}
