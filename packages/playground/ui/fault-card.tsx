import type { JSX } from "preact";
import type { Fault } from "../src/fault.js";
import { hintOf } from "./hints.js";
import { Icon } from "./icons.jsx";
import { usePage } from "./page-context.js";
import type { Words } from "./words.js";

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
  const { words, language } = usePage();
  const { place, excerpt } = fault;
  const hint = hintOf(fault, language);
  return (
    <section class="fault" role={isNews ? "alert" : undefined}>
      <header>
        <Icon name="alert" />
        <b>{titleOf(fault, crashed, words)}</b>
        {place !== undefined && <PlaceLink file={place.file} line={place.line} />}
      </header>
      {fault.where !== "stuck" && (
        <p class="fault-message" dir="auto">
          <bdi>{fault.name}</bdi>: {fault.message}
        </p>
      )}
      {hint !== undefined && (
        <p class="fault-hint" dir="auto">
          {hint}
        </p>
      )}
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
      {isNews && !crashed && <small>{words.stillOn}</small>}
    </section>
  );
}

function titleOf(fault: Fault, crashed: boolean, words: Words): string {
  if (fault.where === "stuck") return words.stuckTitle;
  return crashed || fault.where === "crash" ? words.crashTitle : words.faultTitle;
}

/** What keeps the bot from working though nothing was thrown, and what to do. */
export function NoticeCard({ title, text }: { readonly title: string; readonly text: string }): JSX.Element {
  return (
    <section class="fault notice" role="alert">
      <header>
        <Icon name="alert" />
        <b>{title}</b>
      </header>
      <p class="fault-message" dir="auto">
        {text}
      </p>
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
