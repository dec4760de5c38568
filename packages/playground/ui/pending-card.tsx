import type { JSX } from "preact";
import type { PendingUpdate } from "../src/page-state.js";
import { PlaceLink } from "./fault-card.jsx";
import { Icon } from "./icons.jsx";
import { usePage } from "./page-context.js";
import { timeOfDay } from "./words.js";

/** As many are shown of one chat; where updates do not wait for each other, each may have handlers that do not end. */
const SHOWN = 3;

/**
 * The handlers of this chat that do not end: which, since when, and what waits for them. A screen reader hears of them
 * when they come; it hears nothing as time goes by, so no seconds are counted here.
 */
export function PendingCards({
  chat,
  pending,
}: {
  readonly chat: number;
  readonly pending: readonly PendingUpdate[];
}): JSX.Element {
  const ofChat = pending.filter(({ chatId }) => chatId === undefined || chatId === chat);
  return (
    // It is there before there is something to say: only what changes in it is read out.
    <div role="status">
      {ofChat.slice(0, SHOWN).map((one) => (
        <PendingCard key={one.id} one={one} />
      ))}
    </div>
  );
}

function PendingCard({ one }: { readonly one: PendingUpdate }): JSX.Element {
  const { words, language } = usePage();
  const last = one.handlers.at(-1);
  const before = one.handlers.slice(0, -1);
  const since = timeOfDay(one.since, language, "seconds");
  return (
    <section class="fault notice pending">
      <header>
        <Icon name="clock" />
        <b>{words.pendingTitle}</b>
        {last?.file !== undefined && <PlaceLink file={last.file} line={last.line} />}
      </header>
      <p class="fault-message">
        {last === undefined ? (
          words.pendingMiddleware
        ) : (
          <>
            {words.pendingHandler} <bdi dir="ltr">{last.title}</bdi>
          </>
        )}{" "}
        {words.pendingSince(since)} {one.isHolding && words.pendingHolds}
      </p>
      {before.length > 0 && (
        <p class="fault-message">
          {words.pendingThrough}{" "}
          {before.map((handler, index) => (
            <span key={index}>
              <bdi dir="ltr">{handler.title}</bdi>{" "}
              {handler.file !== undefined && <PlaceLink file={handler.file} line={handler.line} />}{" "}
            </span>
          ))}
        </p>
      )}
      <p class="fault-hint">{words.pendingHint}</p>
    </section>
  );
}
