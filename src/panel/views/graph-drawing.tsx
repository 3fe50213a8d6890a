import type { JSX, RefObject } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { CanvasEvents, GraphCanvas } from "../graph/graph-canvas.ts";
import type { GraphModel } from "../graph/graph-model.ts";
import type { Box, ShownGraph } from "../graph/shown-graph.ts";
import { counted } from "../words.ts";

/** The graph as a drawing. The list beside it has the same content, for the keyboard and for who does not see it. */
export function Drawing({
  model,
  shown,
  selected,
  onPress,
}: {
  readonly model: GraphModel;
  readonly shown: ShownGraph;
  readonly selected: number | undefined;
  readonly onPress: (box: Box) => void;
}): JSX.Element {
  const [pointed, setPointed] = useState<string>();
  const byKey = useMemo(() => new Map(allBoxes(shown.boxes).map((box) => [box.key, box])), [shown]);
  const { place, canvas } = useCanvas({
    onPoint: setPointed,
    onPress: (key) => {
      const box = byKey.get(key);
      if (box !== undefined) onPress(box);
    },
  });
  useEffect(
    () => canvas?.show(shown, selected === undefined ? undefined : `#${selected}`),
    [canvas, shown, selected],
  );
  const box = pointed === undefined ? undefined : byKey.get(pointed);
  const title = box?.node === undefined ? (box?.key ?? "") : (model.ids[box.node] ?? "");
  const { length } = shown.lines;
  return (
    <figure class="drawing">
      <div class="canvas" ref={place} aria-hidden="true" data-elements={byKey.size + length} />
      <figcaption class="muted">
        {title === "" ? (
          <>
            {counted(byKey.size, "box", "boxes")} and {counted(length, "line")} for{" "}
            {counted(model.ids.length, "file")}
            {shown.hiddenLines > 0 ? `, without the ${counted(shown.hiddenLines, "thinnest line")}` : ""}.
            {model.limits.map((limit) => ` ${limit}`)}
          </>
        ) : (
          <code>{title}</code>
        )}
      </figcaption>
    </figure>
  );
}

/** A drawing in an element, as soon as what draws is loaded: it is large, and whoever never looks at it never loads it. */
function useCanvas(events: CanvasEvents): {
  readonly place: RefObject<HTMLDivElement>;
  readonly canvas: GraphCanvas | undefined;
} {
  const place = useRef<HTMLDivElement>(null);
  const [canvas, setCanvas] = useState<GraphCanvas>();
  // Each time that it is drawn they know of other boxes.
  const newest = useRef(events);
  newest.current = events;
  useEffect(() => {
    let isGone = false;
    let opened: GraphCanvas | undefined;
    const open = async (): Promise<void> => {
      const { openCanvas } = await import("../graph/graph-canvas.ts");
      if (isGone || place.current === null) return;
      opened = openCanvas(place.current, {
        onPress: (key) => newest.current.onPress(key),
        onPoint: (key) => newest.current.onPoint(key),
      });
      setCanvas(opened);
    };
    void open();
    return () => {
      isGone = true;
      opened?.close();
    };
  }, []);
  return { place, canvas };
}

function allBoxes(boxes: readonly Box[]): readonly Box[] {
  return boxes.flatMap((box) => [box, ...(box.inner === undefined ? [] : allBoxes(box.inner))]);
}
