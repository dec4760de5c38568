import type { JSX } from "preact";
import { Icon } from "./icons.jsx";

/** How many colours there are for people; a person keeps theirs, it follows from the id. */
const TINTS = 6;

/** The round picture of a person, a group or the bot. */
export function Avatar(props: {
  readonly id: number;
  readonly name: string;
  readonly kind?: "person" | "group" | "bot";
  readonly small?: boolean;
}): JSX.Element {
  const kind = props.kind ?? "person";
  const tint = kind === "bot" ? "bot" : String(props.id % TINTS);
  return (
    <span class={`avatar tint-${tint}${props.small ? " small" : ""}`} aria-hidden="true">
      {kind === "group" ? <Icon name="group" /> : initialOf(props.name)}
    </span>
  );
}

/** The first letter as people see it, combining marks and joined emojis included. */
function initialOf(name: string): string {
  const [first] = new Intl.Segmenter().segment(name.trim());
  return first?.segment ?? "";
}
