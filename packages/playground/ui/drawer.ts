import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** What a drawer may be doing at the side of a narrow page. */
export interface Drawer {
  readonly isOpen: boolean;
  /** Another drawer is open: nothing here can be reached. */
  readonly isBehind: boolean;
  readonly onClose: () => void;
}

/** Moves the keyboard's place into a drawer when it opens and back when it closes, and closes it on Escape. */
export function useDrawer(box: RefObject<HTMLElement | null>, { isOpen, onClose }: Drawer): void {
  const close = useRef(onClose);
  close.current = onClose;
  // Before the page is drawn: what it was opened by loses the focus then, for nothing behind a drawer may have it.
  useLayoutEffect(() => {
    if (!isOpen) return;
    const opener = document.activeElement;
    box.current?.focus();
    const onKeyDown = (event: KeyboardEvent): void => {
      // A dialog above the drawer takes its own Escape.
      if (event.key === "Escape" && document.querySelector("dialog[open]") === null) close.current();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => {
      document.removeEventListener("keydown", onKeyDown);
      // Unless the drawer has led elsewhere.
      const isLost =
        document.activeElement === document.body || box.current?.contains(document.activeElement);
      if (isLost === true && opener instanceof HTMLElement) opener.focus();
    };
  }, [isOpen, box]);
}
