import type { JSX } from "preact";
import { Icon } from "./icons.jsx";
import type { Failure, Outbox, Unsent } from "./outbox.js";
import { usePage } from "./page-context.js";
import { timeOfDay, type Words } from "./words.js";

/** A message that has not arrived: it says why, and can be sent again, changed or dropped. */
export function UnsentBubble(props: {
  readonly one: Unsent;
  readonly outbox: Outbox;
  readonly onEdit: (one: Unsent) => void;
}): JSX.Element {
  const { one, outbox, onEdit } = props;
  const { words, language } = usePage();
  const { message, file, failure, at } = one;
  const text = message.text ?? message.caption;
  return (
    <div class={`line mine ${failure === undefined ? "sending" : "unsent"}`}>
      <div class="stack">
        <article class="bubble">
          {file !== undefined && <b dir="auto">{file.name}</b>}
          {message.contact !== undefined && <b>{words.contact}</b>}
          {message.location !== undefined && <b>{words.location}</b>}
          {text !== undefined && (
            <div class="rich-text" dir="auto">
              {text}
            </div>
          )}
          <footer class="stamp">
            <span>{failure === undefined ? words.sending : words.unsent}</span>
            <time>{timeOfDay(at, language)}</time>
            <Icon name={failure === undefined ? "clock" : "alert"} />
          </footer>
        </article>
        {failure !== undefined && (
          <>
            <p class="why" role="alert" dir="auto">
              {wordsOf(failure, words)}
            </p>
            <div class="unsent-choices">
              <button type="button" onClick={() => outbox.again(one)}>
                {words.sendAgain}
              </button>
              {file === undefined && text !== undefined && (
                <button type="button" onClick={() => onEdit(one)}>
                  {words.editUnsent}
                </button>
              )}
              <button type="button" onClick={() => outbox.drop(one)}>
                {words.drop}
              </button>
            </div>
          </>
        )}
      </div>
    </div>
  );
}

function wordsOf(failure: Failure, words: Words): string {
  if (failure === "unreachable") return words.unreachable;
  return failure === "unknown" ? words.unsure : failure.reason;
}
