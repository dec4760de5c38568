import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { markdown, type Piece } from "./markdown.js";

/** A message's text with its marks drawn; a command in it can be pressed. */
export function RichText(props: {
  readonly text: string;
  readonly onCommand?: ((command: string) => void) | undefined;
}): JSX.Element {
  const pieces = useMemo(() => markdown(props.text), [props.text]);
  return (
    <div class="rich-text" dir="auto">
      {pieces.map((piece, index) => draw(piece, index, props.onCommand))}
    </div>
  );
}

function draw(piece: Piece, key: number, onCommand: ((command: string) => void) | undefined): JSX.Element {
  switch (piece.kind) {
    case "text":
      return <span key={key}>{piece.text}</span>;
    case "bold":
      return <b key={key}>{piece.pieces.map((inner, index) => draw(inner, index, onCommand))}</b>;
    case "italic":
      return <i key={key}>{piece.pieces.map((inner, index) => draw(inner, index, onCommand))}</i>;
    case "link":
      return (
        <a key={key} href={piece.href} target="_blank" rel="noopener noreferrer" dir="auto">
          {piece.pieces.map((inner, index) => draw(inner, index, onCommand))}
        </a>
      );
    case "command":
      return (
        <button key={key} type="button" class="in-text" dir="ltr" onClick={() => onCommand?.(piece.text)}>
          {piece.text}
        </button>
      );
    case "mention":
      return (
        <bdi key={key} class="mention">
          {piece.text}
        </bdi>
      );
    case "article":
      return (
        <details key={key} class="article">
          <summary>{piece.title}</summary>
          {piece.body}
        </details>
      );
  }
}
