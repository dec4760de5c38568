import type { ComponentChildren, JSX } from "preact";
import { useRef } from "preact/hooks";

/** Tabs of a panel: one is in the order of Tab, arrows go through them. The panel they open is named `<id>-panel`. */
export function Tabs<Name extends string>(props: {
  readonly id: string;
  readonly label: string;
  readonly open: Name;
  readonly tabs: readonly { readonly name: Name; readonly text: ComponentChildren }[];
  readonly onOpen: (name: Name) => void;
}): JSX.Element {
  const { id, tabs, open, onOpen } = props;
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = tabs.findIndex(({ name }) => name === open);
    const forward = document.documentElement.dir === "rtl" ? -1 : 1;
    const to: Record<string, number> = {
      ArrowRight: at + forward,
      ArrowLeft: at - forward,
      Home: 0,
      End: -1,
    };
    const wanted = to[event.key];
    const next = wanted === undefined ? undefined : tabs.at(wanted % tabs.length);
    if (next === undefined) return;
    event.preventDefault();
    onOpen(next.name);
    list.current?.querySelector<HTMLElement>(`#${id}-${next.name}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={props.label} tabIndex={-1} ref={list} onKeyDown={onKeyDown}>
      {tabs.map(({ name, text }) => (
        <button
          type="button"
          role="tab"
          key={name}
          id={`${id}-${name}`}
          aria-selected={name === open}
          aria-controls={`${id}-panel`}
          tabIndex={name === open ? 0 : -1}
          onClick={() => onOpen(name)}
        >
          {text}
        </button>
      ))}
    </div>
  );
}
