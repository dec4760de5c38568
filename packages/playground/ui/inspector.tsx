import type { JSX } from "preact";
import { memo } from "preact/compat";
import { useRef, useState } from "preact/hooks";
import type { CallEntry } from "../src/page-state.js";
import type { OutputLine } from "../src/runner.js";
import { type Drawer, useDrawer } from "./drawer.js";
import { FaultCard, PlaceLink } from "./fault-card.jsx";
import { Icon } from "./icons.jsx";
import { JsonView } from "./json-view.jsx";
import { usePage, usePageStore } from "./page-context.js";
import { Tabs } from "./tabs.jsx";
import { useEnd } from "./use-end.js";
import { digits, timeOfDay } from "./words.js";

/** Behind the scenes: what the bot asks of Bale, what it prints, and what goes wrong in it. */
export function Inspector(props: { readonly drawer: Drawer; readonly onClear: () => void }): JSX.Element {
  const store = usePageStore();
  const { words, language } = usePage();
  const [tab, setTab] = useState<"calls" | "output">("calls");
  const box = useRef<HTMLElement>(null);
  useDrawer(box, props.drawer);
  const troubles = store.faults.length;
  const output = (
    <>
      {words.output}
      {troubles > 0 && <span class="badge">{digits(troubles, language)}</span>}
    </>
  );
  return (
    <aside
      class="inspector"
      aria-label={words.inspector}
      tabIndex={-1}
      ref={box}
      inert={props.drawer.isBehind}
    >
      <header class="bar">
        <Tabs
          id="inspector"
          label={words.inspector}
          open={tab}
          tabs={[
            { name: "calls", text: words.calls },
            { name: "output", text: output },
          ]}
          onOpen={setTab}
        />
        <button type="button" class="ghost round" title={words.clear} onClick={props.onClear}>
          <Icon name="trash" />
        </button>
        <button
          type="button"
          class="ghost round only-narrow"
          title={words.close}
          onClick={props.drawer.onClose}
        >
          <Icon name="close" />
        </button>
      </header>
      {tab === "calls" ? <Calls /> : <Output />}
    </aside>
  );
}

function Calls(): JSX.Element {
  const store = usePageStore();
  const { words } = usePage();
  const [polls, setPolls] = useState(false);
  const calls = polls ? store.calls : store.calls.filter((call) => call.method !== "getUpdates");
  return (
    <div class="panel" id="inspector-panel" role="tabpanel" aria-labelledby="inspector-calls">
      {calls.length === 0 && <p class="hint">{words.noCalls}</p>}
      <ol class="calls">
        {calls.toReversed().map((call) => (
          <Call key={call.id} call={call} />
        ))}
      </ol>
      <label class="switch">
        <input type="checkbox" checked={polls} onChange={(event) => setPolls(event.currentTarget.checked)} />
        {words.showPolls}
      </label>
    </div>
  );
}

const Call = memo(function DrawnCall({ call }: { readonly call: CallEntry }): JSX.Element {
  const { words, language } = usePage();
  const { handler, error } = call;
  const [isOpen, setOpen] = useState(error !== undefined);
  return (
    <li class={error === undefined ? "call" : "call failed"} data-method={call.method}>
      <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span class="call-head">
            <code dir="ltr">{call.method}</code>
            {call.warnings.length > 0 && (
              <span class="pill warn" dir="ltr">
                {call.warnings.length}
              </span>
            )}
            <span class={error === undefined ? "pill good" : "pill bad"} dir="ltr">
              {error === undefined ? "ok" : error.code}
            </span>
            <span class="took" dir="ltr">
              {call.durationMs < 1 ? "<1" : Math.round(call.durationMs)} ms
            </span>
            <time>{timeOfDay(call.at, language)}</time>
          </span>
          <span class="call-gist" dir="auto">
            {gist(call)}
          </span>
        </summary>
        {error !== undefined && (
          <p class="call-error" dir="auto">
            {error.description}
          </p>
        )}
        {call.warnings.map((warning) => (
          <p key={warning} class="call-warning" dir="auto">
            {warning}
          </p>
        ))}
        {isOpen && (
          <>
            <h2>{words.params}</h2>
            <JsonView value={call.params} />
          </>
        )}
        {isOpen && call.result !== undefined && (
          <>
            <h2>{words.result}</h2>
            <JsonView value={call.result} />
          </>
        )}
      </details>
      {handler !== undefined && (
        <div class="handler" dir="ltr">
          <code>{handler.title}</code>
          {handler.file !== undefined && <PlaceLink file={handler.file} line={handler.line} />}
        </div>
      )}
    </li>
  );
});

/** The one parameter that tells the most. */
function gist(call: CallEntry): string {
  const { params } = call;
  for (const name of ["text", "caption", "title", "action", "callback_query_id", "url", "file_id"]) {
    const value = params[name];
    if (typeof value === "string" && value !== "")
      return value.length > 90 ? `${value.slice(0, 90)}…` : value;
  }
  return "";
}

function Output(): JSX.Element {
  const store = usePageStore();
  const { words } = usePage();
  const lines = [
    ...store.output.map((line) => ({ kind: "line" as const, id: line.id, line })),
    ...store.faults.map((fault) => ({ kind: "fault" as const, id: fault.id, fault })),
  ].sort((a, b) => a.id - b.id);
  const box = useRef<HTMLDivElement>(null);
  useEnd(box, "output");
  return (
    <div
      class="panel"
      id="inspector-panel"
      role="tabpanel"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
      tabIndex={0}
      aria-labelledby="inspector-output"
      ref={box}
    >
      <div class="output">
        {lines.length === 0 && <p class="hint">{words.noOutput}</p>}
        {lines.map((entry) =>
          entry.kind === "fault" ? (
            <PastFault key={entry.id} fault={entry.fault} />
          ) : (
            <Line key={entry.id} line={entry.line} />
          ),
        )}
      </div>
    </div>
  );
}

const PastFault = memo(FaultCard);

const Line = memo(function DrawnLine({ line }: { readonly line: OutputLine }): JSX.Element {
  const { language } = usePage();
  return (
    <div class={`output-line ${line.from}`}>
      <time>{timeOfDay(line.at, language)}</time>
      <bdi>{line.text || " "}</bdi>
    </div>
  );
});
