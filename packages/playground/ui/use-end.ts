import type { RefObject } from "preact";
import { useCallback, useLayoutEffect, useRef, useState } from "preact/hooks";

/** This close to its end a box counts as being there. */
const NEAR_PIXELS = 48;

/**
 * Keeps a box at its end while its content grows, until the reader scrolls back; at its end again, it follows again.
 *
 * @param place what is in the box: another place begins at its end.
 * @returns whether the reader is away from the end, and what goes there.
 */
export function useEnd(box: RefObject<HTMLElement | null>, place: unknown): readonly [boolean, () => void] {
  const [isAway, setAway] = useState(false);
  const follows = useRef(true);
  const toEnd = useCallback(() => {
    follows.current = true;
    setAway(false);
    const { current } = box;
    if (current !== null) current.scrollTop = current.scrollHeight;
  }, [box]);

  useLayoutEffect(toEnd, [place, toEnd]);
  useLayoutEffect(() => {
    const { current } = box;
    if (current === null) return;
    let last = current.scrollTop;
    const onScroll = (): void => {
      const { scrollTop, scrollHeight, clientHeight } = current;
      const isNear = scrollHeight - clientHeight - scrollTop < NEAR_PIXELS;
      // Only going back is the reader's doing: what grew below has not moved the box.
      if (isNear || scrollTop < last) {
        follows.current = isNear;
        setAway(!isNear);
      }
      last = scrollTop;
    };
    // Lines come, pictures load, and the place to write grows.
    const growth = new ResizeObserver(() => {
      if (follows.current) current.scrollTop = current.scrollHeight;
    });
    growth.observe(current);
    if (current.firstElementChild !== null) growth.observe(current.firstElementChild);
    current.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      growth.disconnect();
      current.removeEventListener("scroll", onScroll);
    };
  }, [box]);
  return [isAway, toEnd];
}
