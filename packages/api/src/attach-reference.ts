import { misuse, shown } from "./misuse.js";

/**
 * How media inside other media (albums, stickers, thumbnails) refers to its part: gets the part's name, gives what
 * stands in the JSON. Bale's documentation prints `<attach://name>`; which spellings its server takes is not settled.
 */
export type AttachReference = (partName: string) => string;

/** `"plain"`: `attach://name`. `"brackets"`: `<attach://name>`, low confidence. Or a function of your own. */
export type AttachStyle = "plain" | "brackets" | AttachReference;

/** Reads the `attachReference` option. */
export function attachReferenceOf(style: AttachStyle | undefined): AttachReference {
  if (style === undefined || style === "plain") return (name) => `attach://${name}`;
  if (style === "brackets") return (name) => `<attach://${name}>`;
  if (typeof style === "function") return style;
  throw misuse(
    "ERR_BALE_OPTION",
    `attachReference: ${shown(style)} is not a style. Give "plain", "brackets" or a function.`,
  );
}
