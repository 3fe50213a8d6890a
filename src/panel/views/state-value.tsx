import type { JSX } from "preact";
import { useEffect, useId, useState } from "preact/hooks";
import type { ShownState } from "../../protocol/panel.ts";
import { jsonFault } from "../json-fault.ts";
import { useLink } from "../link-context.ts";
import { agoOf, timeOf } from "../words.ts";

/** How often what is open is looked at again. */
const LOOK_AGAIN_MS = 1_000;

/** The values of a piece of state: what JSON can say to edit, the rest to read. */
export function StateValue({ kind, id }: { readonly kind: string; readonly id: string }): JSX.Element {
  const link = useLink();
  const [view, setView] = useState<ShownState>();
  /** What somebody types. It is theirs until it is saved or put back, whatever comes from the server. */
  const [draft, setDraft] = useState<string>();
  const [problem, setProblem] = useState("");
  const wish = async (what: "read" | "write" | "reset", text?: string): Promise<void> => {
    const answer = await link.askAboutState({ kind, id, wish: what, ...(text !== undefined && { text }) });
    if ("refusal" in answer) return setProblem(answer.refusal);
    setView(answer.view);
    if (what !== "read") {
      setDraft(undefined);
      setProblem("");
    }
  };
  useEffect(() => {
    void wish("read");
    const again = setInterval(() => void (document.hidden || wish("read")), LOOK_AGAIN_MS);
    return () => clearInterval(again);
  }, [kind, id]);
  const save = (text: string): void => {
    const fault = jsonFault(text);
    if (fault === undefined) void wish("write", text);
    else setProblem(`Line ${fault.line}, column ${fault.column}: ${fault.message}`);
  };
  return (
    <div class="state-value">
      {view === undefined ? null : (
        <>
          <Editor
            id={id}
            view={view}
            draft={draft}
            onType={(text) => {
              setDraft(text);
              setProblem("");
            }}
            onSave={save}
            onPutBack={() => {
              setDraft(undefined);
              setProblem("");
            }}
            onReset={() => void wish("reset")}
          />
          <Rows view={view} />
          <History view={view} />
        </>
      )}
      <p class="bad-text" role="alert">
        {problem}
      </p>
    </div>
  );
}

function Editor({
  id,
  view: { json, note, reset },
  draft,
  onType,
  onSave,
  onPutBack,
  onReset,
}: {
  readonly id: string;
  readonly view: ShownState;
  readonly draft: string | undefined;
  readonly onType: (text: string) => void;
  readonly onSave: (text: string) => void;
  readonly onPutBack: () => void;
  readonly onReset: () => void;
}): JSX.Element {
  const text = draft ?? json ?? "";
  const noteId = useId();
  return (
    <form
      class="editor"
      onSubmit={(event) => {
        event.preventDefault();
        onSave(text);
      }}
    >
      {json === undefined ? null : (
        <textarea
          aria-label={`${id} as JSON`}
          aria-describedby={noteId}
          rows={Math.min(18, Math.max(3, text.split("\n").length))}
          spellcheck={false}
          autocomplete="off"
          value={text}
          onInput={({ currentTarget }) => onType(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onSave(text);
          }}
        />
      )}
      <div class="bar">
        <p class="muted" id={noteId}>
          {note}
        </p>
        <Buttons isChanged={draft !== undefined} onPutBack={onPutBack} reset={reset} onReset={onReset} />
      </div>
    </form>
  );
}

function Buttons({
  isChanged,
  onPutBack,
  reset,
  onReset,
}: {
  readonly isChanged: boolean;
  readonly onPutBack: () => void;
  /** The words of a button. */
  readonly reset: string | undefined;
  readonly onReset: () => void;
}): JSX.Element {
  return (
    <span class="buttons">
      {isChanged ? (
        <>
          <button type="submit" class="main">
            Save
          </button>
          <button type="button" onClick={onPutBack}>
            Put back
          </button>
        </>
      ) : null}
      {reset === undefined ? null : (
        <button type="button" onClick={onReset}>
          {reset}
        </button>
      )}
    </span>
  );
}

function Rows({ view: { rows } }: { readonly view: ShownState }): JSX.Element | null {
  if (rows.shown.length === 0) return null;
  return (
    <dl class="facts">
      {rows.shown.map(({ name, text, until }) => (
        <div class="fact" key={name}>
          <dt>
            <code>{name}</code>
          </dt>
          <dd>
            <code>{text}</code>
            {until === undefined ? null : <span class="muted"> for {agoOf(Date.now(), until)}</span>}
          </dd>
        </div>
      ))}
      {rows.more > 0 ? <p class="muted">and {rows.more.toLocaleString()} more</p> : null}
    </dl>
  );
}

function History({ view: { history } }: { readonly view: ShownState }): JSX.Element | null {
  if (history.shown.length === 0) return null;
  return (
    <>
      <h3>History</h3>
      <ol class="history" reversed tabIndex={0} aria-label="The last changes, the newest first">
        {history.shown.map(({ version, at, text }) => (
          <li key={version}>
            <span class="number muted">{version}</span>
            <time class="number muted" dateTime={new Date(at).toISOString()}>
              {timeOf(at)}
            </time>
            <code>{text}</code>
          </li>
        ))}
      </ol>
    </>
  );
}
