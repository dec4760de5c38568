import type { JSX } from "preact";
import type { Fault } from "../src/fault.js";
import { Icon } from "./icons.jsx";
import { usePage } from "./page-context.js";

/** An error of the bot: what it says, and the line of the file it comes from. */
export function FaultCard({
  fault,
  crashed = false,
  isNews = false,
}: {
  readonly fault: Fault;
  readonly crashed?: boolean;
  /** It has just happened: a screen reader says it at once. */
  readonly isNews?: boolean;
}): JSX.Element {
  const { words } = usePage();
  const { place, excerpt } = fault;
  return (
    <section class="fault" role={isNews ? "alert" : undefined}>
      <header>
        <Icon name="alert" />
        <b>{crashed || fault.where === "crash" ? words.crashTitle : words.faultTitle}</b>
        {place !== undefined && <PlaceLink file={place.file} line={place.line} />}
      </header>
      <p class="fault-message" dir="auto">
        <bdi>{fault.name}</bdi>: {fault.message}
      </p>
      {excerpt !== undefined && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
        <pre class="excerpt" dir="ltr" tabIndex={0}>
          {excerpt.map((one) => (
            <span key={one.line} class={one.guilty ? "guilty" : ""}>
              <i>{one.line}</i>
              {one.text || " "}
            </span>
          ))}
        </pre>
      )}
      {place === undefined && fault.stack !== "" && (
        <pre class="excerpt plain" dir="ltr">
          {fault.stack.split("\n").slice(0, 8).join("\n")}
        </pre>
      )}
      {crashed && <small>{words.waiting}</small>}
    </section>
  );
}

/** `bot.ts:12`; pressing it copies the whole path, which every editor's "go to file" takes. */
export function PlaceLink({
  file,
  line,
}: {
  readonly file: string;
  readonly line: number | undefined;
}): JSX.Element {
  const { words, toast, attempt } = usePage();
  const name = file.split(/[/\\]/).at(-1) ?? file;
  const full = line === undefined ? file : `${file}:${line}`;
  const copy = (): void =>
    void attempt(async () => {
      await navigator.clipboard.writeText(full);
      toast(words.copied);
    });
  return (
    <button type="button" class="place-link" dir="ltr" title={`${words.copyPlace}: ${full}`} onClick={copy}>
      {line === undefined ? name : `${name}:${line}`}
    </button>
  );
}
