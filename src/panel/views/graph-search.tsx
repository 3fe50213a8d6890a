import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { searchGraph } from "../graph/graph-model.ts";
import type { GraphModel } from "../graph/graph-model.ts";
import { Filter } from "./parts.tsx";

/** So many files are offered. */
const MAX_FOUND = 30;

/** Finds files by name or route. */
export function GraphSearch({
  model,
  onChoose,
}: {
  readonly model: GraphModel;
  readonly onChoose: (id: string) => void;
}): JSX.Element {
  const [text, setText] = useState("");
  const found = searchGraph(model, text, MAX_FOUND);
  return (
    <search>
      <Filter label="Find a file or a route" value={text} onChange={setText} />
      <ul class="found" aria-label="Found">
        {found.map((node) => (
          <li key={node}>
            <button
              type="button"
              class="plain-button"
              onClick={() => {
                setText("");
                onChoose(model.ids[node] ?? "");
              }}
            >
              <code>{model.ids[node]}</code>
              {model.routes.has(node) ? <span class="method">{model.routes.get(node)}</span> : null}
            </button>
          </li>
        ))}
      </ul>
      {text.trim() !== "" && found.length === 0 ? <p class="muted">No file has that in its path.</p> : null}
    </search>
  );
}
