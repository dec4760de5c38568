import type { JSX } from "preact";

/** A string longer than this is cut: what a bot sends can be whole files. */
const MAX_STRING = 600;

/** A value as coloured JSON, without the noise of quotes around names. */
export function JsonView({ value }: { readonly value: unknown }): JSX.Element {
  return (
    <pre class="json" dir="ltr">
      {draw(value, 0)}
    </pre>
  );
}

function draw(value: unknown, depth: number): JSX.Element {
  if (typeof value === "string") {
    const text = value.length > MAX_STRING ? `${value.slice(0, MAX_STRING)}…` : value;
    return (
      <span class="string">
        "<bdi>{text}</bdi>"
      </span>
    );
  }
  if (Array.isArray(value))
    return between(
      "[",
      "]",
      value.map((item: unknown) => draw(item, depth + 1)),
      depth,
    );
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    const rows = fields.map(([name, field]) => (
      <>
        <span class="name">{name}</span>: {draw(field, depth + 1)}
      </>
    ));
    return between("{", "}", rows, depth);
  }
  return <span class="literal">{String(value)}</span>;
}

function between(open: string, close: string, rows: readonly JSX.Element[], depth: number): JSX.Element {
  if (rows.length === 0) return <span>{open + close}</span>;
  const indent = "  ".repeat(depth + 1);
  return (
    <>
      {open}
      {rows.map((row, index) => (
        <span key={index}>
          {`\n${indent}`}
          {row}
          {index < rows.length - 1 ? "," : ""}
        </span>
      ))}
      {`\n${"  ".repeat(depth)}${close}`}
    </>
  );
}
