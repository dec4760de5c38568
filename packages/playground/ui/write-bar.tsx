import type { KeyboardButton, Message, User } from "@balekit/api";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { sendFile, sendMessage } from "./control.js";
import { Icon, type IconName } from "./icons.jsx";
import { nameOf, summary, usePage } from "./page-context.js";

/** Where a person of the playground is when a bot asks: the middle of Tehran. */
const HERE = { latitude: 35.6892, longitude: 51.389 };

/** Where a message is written: text, files, and the bot's keyboard. */
export function WriteBar(props: {
  readonly chat: number;
  readonly person: User;
  readonly keyboard: readonly (readonly KeyboardButton[])[] | undefined;
  readonly replyTo: Message | undefined;
  readonly onReplied: () => void;
  readonly onWebApp: (address: string) => void;
}): JSX.Element {
  const { chat, person, keyboard, replyTo, onReplied } = props;
  const { words, attempt } = usePage();
  const [text, setText] = useState("");
  const [menu, setMenu] = useState(false);
  const [keys, setKeys] = useState(true);
  const input = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const asFile = useRef(false);

  useEffect(() => setKeys(true), [keyboard]);
  useEffect(() => {
    if (replyTo !== undefined) input.current?.focus();
  }, [replyTo]);
  useEffect(() => {
    const box = input.current;
    if (box === null) return;
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
  }, [text]);

  const address = (): { from: number; chat: number; reply_to?: number } => {
    onReplied();
    return { from: person.id, chat, ...(replyTo === undefined ? {} : { reply_to: replyTo.message_id }) };
  };
  const send = (words: string): void => {
    if (words.trim() === "") return;
    setText("");
    void attempt(() => sendMessage({ ...address(), text: words }));
  };
  const sendContact = (): void => {
    setMenu(false);
    void attempt(() => sendMessage({ ...address(), contact: {} }));
  };
  const sendPlace = (): void => {
    setMenu(false);
    void attempt(() => sendMessage({ ...address(), location: HERE }));
  };
  const upload = (files: Iterable<File>): void => {
    const caption = text.trim();
    setText("");
    void attempt(async () => {
      let first = true;
      for (const file of files) {
        const extra = first && caption !== "" ? { caption } : {};
        first = false;
        await sendFile({ ...address(), ...extra }, file, asFile.current);
      }
    });
  };
  const pick = (files: boolean): void => {
    setMenu(false);
    asFile.current = files;
    if (picker.current === null) return;
    picker.current.accept = files ? "" : "image/*,video/*,audio/*";
    picker.current.click();
  };
  const pressKey = (button: KeyboardButton): void => {
    if (button.request_contact === true) sendContact();
    else if (button.request_location === true) sendPlace();
    else if (button.web_app !== undefined) props.onWebApp(button.web_app.url);
    else send(button.text);
  };

  return (
    <form
      class="write"
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
        <div class="attach">
          <button
            type="button"
            class="ghost round"
            title={words.attach}
            aria-expanded={menu}
            onClick={() => setMenu(!menu)}
          >
            <Icon name="attach" />
          </button>
          {menu && (
            <div class="menu" role="menu">
              <MenuItem icon="photo" text={words.photo} act={() => pick(false)} />
              <MenuItem icon="file" text={words.file} act={() => pick(true)} />
              <MenuItem icon="location" text={words.location} act={sendPlace} />
              <MenuItem icon="contact" text={words.myContact} act={sendContact} />
            </div>
          )}
        </div>
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
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            send(text);
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
          onClick={() => send(text)}
        >
          <Icon name="send" flips />
        </button>
      </div>
      {keyboard !== undefined && keys && (
        <div class="reply-keyboard">
          {keyboard.map((row, index) => (
            <div class="row" key={index}>
              {row.map((button, column) => (
                <button type="button" key={`${column}:${button.text}`} onClick={() => pressKey(button)}>
                  {keyIcon(button) !== undefined && <Icon name={keyIcon(button) ?? "app"} />}
                  <span dir="auto">{button.text}</span>
                </button>
              ))}
            </div>
          ))}
        </div>
      )}
    </form>
  );
}

function MenuItem(props: {
  readonly icon: IconName;
  readonly text: string;
  readonly act: () => void;
}): JSX.Element {
  return (
    <button type="button" role="menuitem" onClick={props.act}>
      <Icon name={props.icon} />
      {props.text}
    </button>
  );
}

function keyIcon(button: KeyboardButton): IconName | undefined {
  if (button.request_contact === true) return "contact";
  if (button.request_location === true) return "location";
  return button.web_app === undefined ? undefined : "app";
}
