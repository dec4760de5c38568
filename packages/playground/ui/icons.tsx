import type { JSX } from "preact";

const PATHS = {
  send: "M20.2 3.8 3.9 10.1c-.9.4-.8 1.6.1 1.9l6.3 1.7 1.7 6.3c.3.9 1.5 1 1.9.1z M10.3 13.7l4-4",
  attach: "M19.5 11.5 12 19a5 5 0 0 1-7-7l8-8a3.3 3.3 0 0 1 4.7 4.7l-8 8a1.7 1.7 0 0 1-2.4-2.4L14.5 7",
  keyboard:
    "M4 6h16a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1z M7 10h.01 M11 10h.01 M15 10h.01 M17.5 10h.01 M8 14h8",
  photo:
    "M5 4h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1z M4 16l4.5-4.5 4 4 2.5-2.5 5 5 M15 9h.01",
  file: "M7 3h7l5 5v12a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z M14 3v5h5",
  location:
    "M12 21s7-6.2 7-11.5A7 7 0 0 0 5 9.5C5 14.8 12 21 12 21z M12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  contact: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M4.5 20.5a7.5 7.5 0 0 1 15 0",
  group:
    "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z M2.5 19.5a6.5 6.5 0 0 1 13 0 M16 5a3.5 3.5 0 0 1 0 6.5 M18 14.5a6 6 0 0 1 3.5 5",
  plus: "M12 5v14 M5 12h14",
  close: "M6 6l12 12 M18 6 6 18",
  menu: "M4 7h16 M4 12h16 M4 17h10",
  panel: "M8.5 8 4.5 12l4 4 M15.5 8l4 4-4 4",
  reply: "M10 5 4 11l6 6 M4 11h9a7 7 0 0 1 7 7v1",
  link: "M9 15l6-6 M11 6l1.5-1.5a4.2 4.2 0 0 1 6 6L17 12 M13 18l-1.5 1.5a4.2 4.2 0 0 1-6-6L7 12",
  copy: "M9 9h10v11H9z M15 9V4H5v11h4",
  app: "M4 5h16v14H4z M4 9h16 M7 7h.01",
  wallet: "M4 7h15a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1z M4 7l11-3v3 M16 13h.01",
  play: "M8 5v14l11-7z",
  restart: "M20 12a8 8 0 1 1-2.5-5.8 M20 3v4h-4",
  trash: "M5 7h14 M10 4h4 M7 7l1 13h8l1-13",
  globe: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M3 12h18 M12 3c3 3 3 15 0 18 M12 3c-3 3-3 15 0 18",
  alert: "M12 4 2.5 20h19z M12 10v4 M12 17h.01",
  download: "M12 4v11 M7 11l5 5 5-5 M5 20h14",
  down: "M12 5v14 M6 13l6 6 6-6",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z M12 7v5l3 2",
  check: "M5 12.5l4.5 4.5L19 7.5",
} as const;

/** The name of a drawing. */
export type IconName = keyof typeof PATHS;

/** One of the page's line drawings. `flips` mirrors it in right-to-left text. */
export function Icon({ name, flips = false }: { name: IconName; flips?: boolean }): JSX.Element {
  return (
    <svg class={flips ? "icon flips" : "icon"} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
