import type { KeyboardButton, Message } from "@balekit/api";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Outgoing } from "./control.js";
import { Icon, type IconName } from "./icons.jsx";
import { Menu } from "./menu.jsx";
import { nameOf, summary, usePage } from "./page-context.js";
import { recall, remember } from "./page-storage.js";
import { useFocusKept } from "./use-focus-kept.js";

/** Where a person of the playground is when a bot asks: the middle of Tehran. */
const HERE = { latitude: 35.6892, longitude: 51.389 };

/** What is sent, without who sends it and where. */
export type Written = Omit<Outgoing, "from" | "chat">;

/** Where a message is written: text, files, and the bot's keyboard. What is half written stays with its chat. */
export function WriteBar(props: {
  readonly chat: number;
  /** Begin in the box. */
  readonly takesFocus: boolean;
  readonly keyboard: readonly (readonly KeyboardButton[])[] | undefined;
  readonly replyTo: Message | undefined;
  /** A text that comes back into the box, in front of what is there. */
  readonly taken: { readonly text: string } | undefined;
  readonly post: (message: Written, file?: File, asFile?: boolean) => void;
  readonly onReplied: () => void;
  readonly onWebApp: (address: string) => void;
}): JSX.Element {
  const { keyboard, replyTo, taken, onReplied } = props;
  const draft = `draft/${props.chat}`;
  const { words } = usePage();
  const [text, setText] = useState(() => {
    const kept = recall(draft);
    return typeof kept === "string" ? kept : "";
  });
  const [keys, setKeys] = useState(true);
  const input = useRef<HTMLTextAreaElement>(null);
  const bar = useRef<HTMLFormElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const asFile = useRef(false);

  useFocusKept(bar, input);
  useEffect(() => {
    // Where there is no mouse, the letters of the screen would come up.
    if (props.takesFocus && matchMedia("(hover: hover)").matches) input.current?.focus();
  }, []);
  useEffect(() => setKeys(true), [keyboard]);
  useEffect(() => {
    if (replyTo !== undefined) input.current?.focus();
  }, [replyTo]);
  useEffect(() => {
    if (taken === undefined) return;
    setText((now) => (now.trim() === "" ? taken.text : `${taken.text}\n${now}`));
    input.current?.focus();
  }, [taken]);
  useEffect(() => remember(draft, text === "" ? undefined : text), [draft, text]);
  useEffect(() => {
    const box = input.current;
    if (box === null) return;
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
  }, [text]);

  const post = (message: Written, file?: File): void => {
    props.post(
      replyTo === undefined ? message : { ...message, reply_to: replyTo.message_id },
      file,
      asFile.current,
    );
    onReplied();
  };
  const send = (words: string): void => {
    if (words.trim() !== "") post({ text: words });
  };
  const sendBox = (): void => {
    send(text);
    setText("");
  };
  const upload = (files: Iterable<File>): void => {
    const caption = text.trim();
    let first = true;
    for (const file of files) {
      post(first && caption !== "" ? { caption } : {}, file);
      if (first) setText("");
      first = false;
    }
  };
  const pick = (files: boolean): void => {
    asFile.current = files;
    if (picker.current === null) return;
    picker.current.accept = files ? "" : "image/*,video/*,audio/*";
    picker.current.click();
  };
  const pressKey = (button: KeyboardButton): void => {
    if (button.request_contact === true) post({ contact: {} });
    else if (button.request_location === true) post({ location: HERE });
    else if (button.web_app !== undefined) props.onWebApp(button.web_app.url);
    else send(button.text);
  };

  return (
    <form
      class="write"
      ref={bar}
      onSubmit={(event) => event.preventDefault()}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        asFile.current = false;
        upload(event.dataTransfer?.files ?? []);
      }}
    >
      {replyTo !== undefined && (
        <div class="replying">
          <Icon name="reply" flips />
          <span dir="auto">
            <b>{words.replyTo(replyTo.from === undefined ? "" : nameOf(replyTo.from))}</b>
            {summary(replyTo, words)}
          </span>
          <button type="button" class="ghost" title={words.cancel} onClick={onReplied}>
            <Icon name="close" />
          </button>
        </div>
      )}
      <div class="write-row">
        <Menu
          title={words.attach}
          icon="attach"
          items={[
            { icon: "photo", text: words.photo, act: () => pick(false) },
            { icon: "file", text: words.file, act: () => pick(true) },
            { icon: "location", text: words.location, act: () => post({ location: HERE }) },
            { icon: "contact", text: words.myContact, act: () => post({ contact: {} }) },
          ]}
        />
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={(event) => {
            upload([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = "";
          }}
        />
        <textarea
          ref={input}
          rows={1}
          dir="auto"
          placeholder={words.message}
          aria-label={words.message}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape" && replyTo !== undefined) onReplied();
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            sendBox();
          }}
          onPaste={(event) => {
            const files = event.clipboardData?.files;
            if (files === undefined || files.length === 0) return;
            event.preventDefault();
            asFile.current = false;
            upload(files);
          }}
        />
        {keyboard !== undefined && (
          <button
            type="button"
            class="ghost round"
            title={words.keyboard}
            aria-pressed={keys}
            onClick={() => setKeys(!keys)}
          >
            <Icon name="keyboard" />
          </button>
        )}
        <button
          type="button"
          class="send"
          title={words.send}
          disabled={text.trim() === ""}
          onClick={() => {
            sendBox();
            input.current?.focus();
          }}
        >
          <Icon name="send" flips />
        </button>
      </div>
      {keyboard !== undefined && keys && (
        <fieldset class="reply-keyboard" aria-label={words.keyboard}>
          {keyboard.map((row, index) => (
            <div class="row" key={index}>
              {row.map((button, column) => (
                <button type="button" key={column} onClick={() => pressKey(button)}>
                  {keyIcon(button) !== undefined && <Icon name={keyIcon(button) ?? "app"} />}
                  <span dir="auto">{button.text}</span>
                </button>
              ))}
            </div>
          ))}
        </fieldset>
      )}
    </form>
  );
}

function keyIcon(button: KeyboardButton): IconName | undefined {
  if (button.request_contact === true) return "contact";
  if (button.request_location === true) return "location";
  return button.web_app === undefined ? undefined : "app";
}
