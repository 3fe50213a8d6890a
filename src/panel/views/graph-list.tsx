import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { GraphFolder, GraphModel } from "../graph/graph-model.ts";

/** So many files of a folder are listed, until somebody wants more. */
const FIRST_FILES = 60;

interface ListProps {
  readonly model: GraphModel;
  readonly open: ReadonlySet<string>;
  readonly onToggle: (key: string) => void;
  readonly onChoose: (id: string) => void;
}

/** What is drawn, as a list of folders and files. */
export function GraphList(props: ListProps): JSX.Element {
  return (
    <nav class="tree" aria-label="Files">
      <Contents {...props} folder={props.model.root} />
    </nav>
  );
}

function Contents({ folder, ...props }: ListProps & { readonly folder: GraphFolder }): JSX.Element {
  const [most, setMost] = useState(FIRST_FILES);
  const { model, open, onToggle, onChoose } = props;
  const files = folder.files.slice(0, most);
  return (
    <ul>
      {folder.folders.map((inner) => (
        <li key={inner.key}>
          <button
            type="button"
            class="plain-button folder"
            aria-expanded={open.has(inner.key)}
            onClick={() => onToggle(inner.key)}
          >
            {inner.name} <span class="muted">{inner.count.toLocaleString()}</span>
          </button>
          {open.has(inner.key) ? <Contents {...props} folder={inner} /> : null}
        </li>
      ))}
      {files.map((node) => {
        const id = model.ids[node] ?? "";
        return (
          <li key={node}>
            <button type="button" class="plain-button" onClick={() => onChoose(id)}>
              <code>{model.externals.has(node) ? id : id.slice(id.lastIndexOf("/") + 1)}</code>
              {model.routes.has(node) ? <span class="method">{model.routes.get(node)}</span> : null}
            </button>
          </li>
        );
      })}
      {folder.files.length > most ? (
        <li>
          <button type="button" class="plain-button" onClick={() => setMost(most + 500)}>
            {(folder.files.length - most).toLocaleString()} more files
          </button>
        </li>
      ) : null}
    </ul>
  );
}
