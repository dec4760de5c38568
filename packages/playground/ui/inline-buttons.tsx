import type { InlineKeyboardButton, Message } from "@balekit/api";
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { press } from "./control.js";
import { Icon, type IconName } from "./icons.jsx";
import { safeHref } from "./markdown.js";
import { useOutcomes, usePage } from "./page-context.js";

/** A button that was not answered for this long stops spinning; Bale's would spin on. */
const PATIENCE_MS = 10_000;

/** The buttons below a message. A pressed one spins until the bot answers. */
export function InlineButtons(props: {
  readonly message: Message;
  readonly presser: number;
  readonly onWebApp: (address: string) => void;
}): JSX.Element | null {
  const rows = props.message.reply_markup?.inline_keyboard;
  if (rows === undefined || rows.length === 0) return null;
  return (
    <div class="inline-buttons">
      {rows.map((row, index) => (
        <div class="row" key={index}>
          {row.map((button, column) => (
            <InlineButton key={column} button={button} {...props} />
          ))}
        </div>
      ))}
    </div>
  );
}

function InlineButton(props: {
  readonly button: InlineKeyboardButton;
  readonly message: Message;
  readonly presser: number;
  readonly onWebApp: (address: string) => void;
}): JSX.Element {
  const { button, message, presser } = props;
  const { words, attempt, toast } = usePage();
  const { answers, connection } = useOutcomes();
  const [pending, setPending] = useState<string>();
  const answered = pending !== undefined && answers.has(pending);

  // What was answered while the page was cut off is not told again.
  useEffect(() => setPending(undefined), [connection]);

  useEffect(() => {
    if (pending === undefined) return;
    if (answered) {
      setPending(undefined);
      return;
    }
    const timer = setTimeout(() => {
      setPending(undefined);
      toast(words.unanswered);
    }, PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [pending, answered, toast, words]);

  const href = button.url === undefined ? undefined : safeHref(button.url);
  if (href !== undefined) {
    return (
      <a class="inline-button" href={href} target="_blank" rel="noopener noreferrer">
        <Label text={button.text} icon="link" />
      </a>
    );
  }

  const act = (): void => {
    if (button.copy_text !== undefined) {
      void attempt(async () => {
        await navigator.clipboard.writeText(button.copy_text?.text ?? "");
        toast(words.copied);
      });
    } else if (button.web_app !== undefined) {
      props.onWebApp(button.web_app.url);
    } else if (button.callback_data !== undefined) {
      const data = button.callback_data;
      void attempt(async () => {
        setPending("");
        try {
          setPending((await press(presser, message, data)).id);
        } catch (error) {
          setPending(undefined);
          throw error;
        }
      });
    }
  };
  const icon = button.copy_text !== undefined ? "copy" : button.web_app !== undefined ? "app" : undefined;
  return (
    <button type="button" class="inline-button" aria-busy={pending !== undefined} onClick={act}>
      <Label text={button.text} icon={icon} />
      {pending !== undefined && <span class="spinner" />}
    </button>
  );
}

function Label({ text, icon }: { readonly text: string; readonly icon: IconName | undefined }): JSX.Element {
  return (
    <>
      <span dir="auto">{text}</span>
      {icon !== undefined && <Icon name={icon} />}
    </>
  );
}
