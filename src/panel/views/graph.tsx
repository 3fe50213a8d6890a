import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { chainsTo, graphModel } from "../graph/graph-model.ts";
import type { GraphModel } from "../graph/graph-model.ts";
import { openAtFirst, shownAround, shownGraph } from "../graph/shown-graph.ts";
import { useLink } from "../link-context.ts";
import { Drawing } from "./graph-drawing.tsx";
import { FileDetails } from "./graph-file.tsx";
import { GraphList } from "./graph-list.tsx";
import { GraphSearch } from "./graph-search.tsx";
import { Empty } from "./parts.tsx";

/** So many ways from routes to a file are shown. */
const MAX_CHAINS = 12;

/** Who imports whom. It is asked for when somebody looks, and again when something has become live. */
export function GraphView({
  version,
  wanted,
}: {
  /** Counts commits. */
  readonly version: number;
  /** The file that the address names, or nothing. */
  readonly wanted: string;
}): JSX.Element {
  const link = useLink();
  const [model, setModel] = useState<GraphModel>();
  const [refusal, setRefusal] = useState("");
  useEffect(() => {
    const ask = async (): Promise<void> => {
      const answer = await link.askForGraph();
      if ("graph" in answer) setModel(graphModel(answer.graph));
      else setRefusal(answer.refusal);
    };
    void ask();
  }, [version]);
  if (model?.ids.length === 0) return <Empty>There is no file yet that could be drawn.</Empty>;
  if (model !== undefined) return <Explorer model={model} wanted={wanted} />;
  return <Empty>{refusal === "" ? "Reading the project …" : refusal}</Empty>;
}

function Explorer({ model, wanted }: { readonly model: GraphModel; readonly wanted: string }): JSX.Element {
  const [asked, setAsked] = useState<readonly string[]>(() => openAtFirst(model));
  const found = model.ids.indexOf(wanted);
  const selected = found === -1 ? undefined : found;
  const chains = useMemo(
    () => (selected === undefined ? [] : chainsTo(model, selected, MAX_CHAINS)),
    [model, selected],
  );
  const shown = useMemo(
    () => (selected === undefined ? shownGraph(model, asked) : shownAround(model, selected, chains)),
    [model, selected, chains, asked],
  );
  const toggle = (key: string): void =>
    setAsked((keys) => (keys.includes(key) ? keys.filter((each) => each !== key) : [...keys, key]));
  return (
    <div class="graph">
      <div class="graph-side">
        <GraphSearch model={model} onChoose={choose} />
        {selected === undefined ? (
          <GraphList model={model} open={new Set(asked)} onToggle={toggle} onChoose={choose} />
        ) : (
          <FileDetails model={model} file={selected} chains={chains} onChoose={choose} />
        )}
      </div>
      <Drawing
        model={model}
        shown={shown}
        selected={selected}
        onPress={(box) => {
          if (box.node !== undefined) choose(model.ids[box.node] ?? "");
          else if (box.kind === "folder") toggle(box.key);
        }}
      />
    </div>
  );
}

/** The address names the file, so that the way back leads to what was there before. */
function choose(id: string): void {
  location.hash = id === "" ? "/graph" : `/graph/${encodeURIComponent(id)}`;
}
