import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { PageEvents } from "../src/page-state.js";
import { type Action, EMPTY, reduce, type Store } from "./store.js";

/** How long after a stream that the browser has given up another is opened. */
const AGAIN_MS = 1000;

const NAMES: readonly (keyof PageEvents)[] = [
  "state",
  "message",
  "deleted_message",
  "callback_answer",
  "chat_action",
  "payment",
  "person",
  "group",
  "call",
  "output",
  "fault",
  "pending",
  "process",
];

/**
 * Follows the playground's stream, and keeps the page's state of it. A bot can send hundreds of messages in a moment:
 * each is taken when it comes, and the page is drawn once a frame; a page that is not seen is not drawn.
 *
 * @returns the state, and what changes it at once for something that was done on this page.
 */
export function useStore(): [Store, act: (action: Action) => void] {
  const [store, show] = useState(EMPTY);
  const latest = useRef(EMPTY);
  const frame = useRef<number | undefined>(undefined);
  const take = useCallback((action: Action) => {
    latest.current = reduce(latest.current, action);
    frame.current ??= requestAnimationFrame(() => {
      frame.current = undefined;
      show(latest.current);
    });
  }, []);
  useEffect(() => follow(take), [take]);
  // What is done on the page itself is drawn with what else it changes there.
  const act = useCallback((action: Action) => {
    latest.current = reduce(latest.current, action);
    show(latest.current);
  }, []);
  return [store, act];
}

/** Opens the stream, and opens it again whenever it ends. Returns what closes it. */
function follow(take: (action: Action) => void): () => void {
  let stream: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = (): void => {
    stream = new EventSource("/playground/events");
    for (const type of NAMES) {
      stream.addEventListener(type, (event: MessageEvent<string>) => {
        const data: unknown = JSON.parse(event.data);
        // The server sends each name with its own shape; `PageEvents` is what both sides are checked against.
        take({ type, data } as Action);
      });
    }
    stream.addEventListener("open", () => take({ type: "online", data: true }));
    stream.addEventListener("error", () => {
      take({ type: "online", data: false });
      // Most breaks are mended by the browser; after some, such as an answer that is no stream, it does not try again.
      if (stream.readyState !== EventSource.CLOSED) return;
      clearTimeout(timer);
      timer = setTimeout(open, AGAIN_MS);
    });
  };
  open();
  return () => {
    clearTimeout(timer);
    stream.close();
  };
}
