import type { JSX } from "preact";
import type { GraphModel } from "../graph/graph-model.ts";
import { useLink } from "../link-context.ts";
import { Fact } from "./parts.tsx";

/** So many neighbours are listed. */
const MAX_NEIGHBOURS = 200;

interface FileProps {
  readonly model: GraphModel;
  readonly file: number;
  /** Ways from routes to it. */
  readonly chains: readonly (readonly number[])[];
  readonly onChoose: (id: string) => void;
}

/** A file: how routes come to it, whom it imports and who imports it. */
export function FileDetails({ model, file, chains, onChoose }: FileProps): JSX.Element {
  const link = useLink();
  const id = model.ids[file] ?? "";
  const isOurs = !model.externals.has(file);
  const importers = model.importersOf[file] ?? [];
  const imports = model.importsOf[file] ?? [];
  return (
    <section class="file-details" aria-label={id}>
      <p>
        <button type="button" onClick={() => onChoose("")}>
          ← Whole project
        </button>{" "}
        {isOurs ? (
          <button type="button" onClick={() => link.openPlace({ file: id })}>
            Open in editor
          </button>
        ) : null}
      </p>
      <h2>
        <code>{id}</code>
      </h2>
      <dl>
        <Fact term="route" isThere={model.routes.has(file)}>
          {model.routes.get(file)}
        </Fact>
        <Fact term="reached by">
          {chains.length === 0 ? (
            <span class="muted">no route</span>
          ) : (
            <ol class="chains">
              {chains.map((chain) => (
                <Chain key={chain.join(" ")} model={model} chain={chain} onChoose={onChoose} />
              ))}
            </ol>
          )}
        </Fact>
        <Fact term="imports">
          <Neighbours model={model} nodes={imports} onChoose={onChoose} />
        </Fact>
        <Fact term="imported by">
          <Neighbours model={model} nodes={importers} onChoose={onChoose} />
        </Fact>
      </dl>
    </section>
  );
}

function Chain({
  model,
  chain,
  onChoose,
}: {
  readonly model: GraphModel;
  readonly chain: readonly number[];
  readonly onChoose: (id: string) => void;
}): JSX.Element {
  const [first = -1] = chain;
  return (
    <li>
      <span class="method">{model.routes.get(first)}</span>
      {chain.map((node) => (
        <span key={node}>
          <span class="muted"> → </span>
          <FileButton model={model} node={node} onChoose={onChoose} />
        </span>
      ))}
    </li>
  );
}

function Neighbours({
  model,
  nodes,
  onChoose,
}: {
  readonly model: GraphModel;
  readonly nodes: readonly number[];
  readonly onChoose: (id: string) => void;
}): JSX.Element {
  if (nodes.length === 0) return <span class="muted">nothing</span>;
  return (
    <ul>
      {nodes.slice(0, MAX_NEIGHBOURS).map((node) => (
        <li key={node}>
          <FileButton model={model} node={node} onChoose={onChoose} />
        </li>
      ))}
      {nodes.length > MAX_NEIGHBOURS ? (
        <li class="muted">and {(nodes.length - MAX_NEIGHBOURS).toLocaleString()} more</li>
      ) : null}
    </ul>
  );
}

function FileButton({
  model,
  node,
  onChoose,
}: {
  readonly model: GraphModel;
  readonly node: number;
  readonly onChoose: (id: string) => void;
}): JSX.Element {
  const id = model.ids[node] ?? "";
  return (
    <button type="button" class="plain-button" onClick={() => onChoose(id)}>
      <code>{id}</code>
    </button>
  );
}
