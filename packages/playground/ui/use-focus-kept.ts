import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

/**
 * Who goes through the page by keyboard keeps their place when the bot takes away the button they are on: they come to
 * `fallback` instead of to the beginning of the page.
 */
export function useFocusKept(
  area: RefObject<HTMLElement | null>,
  fallback: RefObject<HTMLElement | null>,
): void {
  const isInside = useRef(false);
  useEffect(() => {
    const { current } = area;
    if (current === null) return;
    const enter = (event: FocusEvent): void => {
      isInside.current = event.target instanceof Element && event.target.matches(":focus-visible");
    };
    const leave = (event: FocusEvent): void => {
      if (event.relatedTarget !== null) isInside.current = false;
    };
    const point = (): void => {
      isInside.current = false;
    };
    current.addEventListener("focusin", enter);
    current.addEventListener("focusout", leave);
    document.addEventListener("pointerdown", point);
    return () => {
      current.removeEventListener("focusin", enter);
      current.removeEventListener("focusout", leave);
      document.removeEventListener("pointerdown", point);
    };
  }, [area]);
  useLayoutEffect(() => {
    if (!isInside.current || document.activeElement !== document.body) return;
    isInside.current = false;
    fallback.current?.focus({ preventScroll: true });
  });
}
