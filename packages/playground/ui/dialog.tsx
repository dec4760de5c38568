import type { User } from "@balekit/api";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Group } from "../src/page-state.js";
import { makeGroup, makePerson } from "./control.js";
import { Icon } from "./icons.jsx";
import { nameOf, reasonOf, usePage, usePageStore } from "./page-context.js";

/** A window over the page; Escape and a press outside close it. */
export function Dialog(props: {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { words } = usePage();
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const { current } = box;
    current?.showModal();
    // What is to be filled in, rather than the button that closes.
    current?.querySelector("input")?.focus();
    // Closed, not only taken away: the keyboard's place goes back to where it was.
    return () => current?.close();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself.
    <dialog
      ref={box}
      class="dialog"
      aria-label={props.title}
      onClose={props.onClose}
      onClick={(event) => {
        if (event.target === box.current) box.current?.close();
      }}
    >
      <div class="dialog-body">
        <header>
          <h2 dir="auto">{props.title}</h2>
          <button type="button" class="ghost round" title={words.close} onClick={() => box.current?.close()}>
            <Icon name="close" />
          </button>
        </header>
        {props.children}
      </div>
    </dialog>
  );
}

/** Runs the making of something; a refusal is said in the dialog, which hides the rest of the page. */
function useMaking(): readonly [JSX.Element | undefined, (work: () => Promise<void>) => void] {
  const { words } = usePage();
  const [refusal, setRefusal] = useState<string>();
  const make = (work: () => Promise<void>): void => {
    setRefusal(undefined);
    work().catch((error: unknown) => setRefusal(reasonOf(error, words)));
  };
  const said =
    refusal === undefined ? undefined : (
      <p class="why" role="alert" dir="auto">
        {refusal}
      </p>
    );
  return [said, make];
}

/** Makes a person and opens their chat. */
export function NewPerson(props: {
  readonly onMade: (person: User) => void;
  readonly onClose: () => void;
}): JSX.Element {
  const { words } = usePage();
  const [refusal, run] = useMaking();
  const [name, setName] = useState("");
  const [username, setUsername] = useState("");
  const make = (event: Event): void => {
    event.preventDefault();
    run(async () => props.onMade(await makePerson(name.trim(), username.trim())));
  };
  return (
    <Dialog title={words.newPerson} onClose={props.onClose}>
      <form onSubmit={make}>
        <label>
          {words.firstName}
          <input
            name="first_name"
            dir="auto"
            required
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        <label>
          {words.username}
          <input
            name="username"
            dir="ltr"
            value={username}
            onInput={(event) => setUsername(event.currentTarget.value)}
          />
        </label>
        {refusal}
        <button type="submit" class="primary" disabled={name.trim() === ""}>
          {words.create}
        </button>
      </form>
    </Dialog>
  );
}

/** Makes a group of some people and the bot, and opens it. */
export function NewGroup(props: {
  readonly onMade: (group: Group) => void;
  readonly onClose: () => void;
}): JSX.Element {
  const { words } = usePage();
  const [refusal, run] = useMaking();
  const store = usePageStore();
  const [title, setTitle] = useState("");
  const [members, setMembers] = useState<readonly number[]>(store.people.map((person) => person.id));
  const make = (event: Event): void => {
    event.preventDefault();
    run(async () => {
      const chat = await makeGroup(title.trim(), members);
      props.onMade({ chat, members: [...members, store.bot.id] });
    });
  };
  return (
    <Dialog title={words.newGroup} onClose={props.onClose}>
      <form onSubmit={make}>
        <label>
          {words.groupTitle}
          <input
            name="title"
            dir="auto"
            required
            value={title}
            onInput={(event) => setTitle(event.currentTarget.value)}
          />
        </label>
        <fieldset>
          <legend>{words.members}</legend>
          {store.people.map((person) => (
            <label key={person.id} class="switch">
              <input
                type="checkbox"
                checked={members.includes(person.id)}
                onChange={(event) =>
                  setMembers(
                    event.currentTarget.checked
                      ? [...members, person.id]
                      : members.filter((member) => member !== person.id),
                  )
                }
              />
              <span dir="auto">{nameOf(person)}</span>
            </label>
          ))}
        </fieldset>
        {refusal}
        <button type="submit" class="primary" disabled={title.trim() === "" || members.length === 0}>
          {words.create}
        </button>
      </form>
    </Dialog>
  );
}
