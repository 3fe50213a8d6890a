import cytoscape from "cytoscape";
import { HEADROOM, PADDING, placeBoxes } from "./layers.ts";
import type { Box, ShownGraph } from "./shown-graph.ts";

/** A drawing of a graph. */
export interface GraphCanvas {
  show(graph: ShownGraph, selected: string | undefined): void;
  close(): void;
}

/** What somebody does with the drawing. */
export interface CanvasEvents {
  readonly onPress: (key: string) => void;
  /** The pointer is over a box, or over none any more. */
  readonly onPoint: (key: string | undefined) => void;
}

/** It would add a sheet of its own where nothing has this name; a policy without inline styles forbids that. */
const OWN_SHEET = "__________cytoscape_stylesheet";

/** Draw into an element, which has a size of its own. */
export function openCanvas(into: HTMLElement, { onPress, onPoint }: CanvasEvents): GraphCanvas {
  into.id = OWN_SHEET;
  const drawing = cytoscape({
    container: into,
    style: sheetOf(into),
    layout: { name: "preset" },
    minZoom: 0.15,
    maxZoom: 2,
    boxSelectionEnabled: false,
    autoungrabify: true,
    // Text that is too small to be read need not be drawn.
    textureOnViewport: false,
    hideEdgesOnViewport: false,
    pixelRatio: "auto",
  });
  drawing.on("tap", "node", ({ target }) => onPress(target.id()));
  drawing.on("mouseover", "node", ({ target }) => {
    target.connectedEdges().addClass("near");
    onPoint(target.id());
  });
  drawing.on("mouseout", "node", ({ target }) => {
    target.connectedEdges().removeClass("near");
    onPoint(undefined);
  });
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const repaint = (): void => drawing.style(sheetOf(into));
  scheme.addEventListener("change", repaint);
  return {
    show(graph, selected) {
      const places = placeBoxes(graph.boxes, graph.lines);
      drawing.batch(() => {
        drawing.elements().remove();
        drawing.add(nodesOf(graph.boxes, places, undefined));
        drawing.add(
          graph.lines.map(({ from, to, count }) => ({
            group: "edges",
            data: { source: from, target: to, weight: Math.min(5, 1 + Math.log2(count)) },
          })),
        );
        if (selected !== undefined) drawing.getElementById(selected).addClass("chosen");
      });
      drawing.resize();
      drawing.fit(undefined, 24);
      if (drawing.zoom() > 1) {
        drawing.zoom(1);
        drawing.center();
      }
    },
    close() {
      scheme.removeEventListener("change", repaint);
      drawing.destroy();
    },
  };
}

function nodesOf(
  boxes: readonly Box[],
  places: ReturnType<typeof placeBoxes>,
  parent: string | undefined,
): readonly object[] {
  return boxes.flatMap(({ key, label, kind, inner }) => {
    const { x = 0, y = 0, width = 0, height = 0 } = places.get(key) ?? {};
    const isOpen = inner !== undefined && inner.length > 0;
    const node = {
      group: "nodes",
      data: { id: key, label, width, height, ...(parent !== undefined && { parent }) },
      classes: isOpen ? "open" : kind,
      ...(!isOpen && { position: { x, y } }),
    };
    return [node, ...(isOpen ? nodesOf(inner, places, key) : [])];
  });
}

function sheetOf(element: HTMLElement): readonly object[] {
  const styles = getComputedStyle(element);
  const colour = (name: string): string => styles.getPropertyValue(`--${name}`).trim();
  const box = (ground: string, text: string, line: string): object => ({
    "background-color": colour(ground),
    color: colour(text),
    "border-color": colour(line),
  });
  return [
    {
      selector: "node",
      style: {
        shape: "round-rectangle",
        width: "data(width)",
        height: "data(height)",
        label: "data(label)",
        "font-family": "system-ui, sans-serif",
        "font-size": 12,
        "text-valign": "center",
        "text-max-width": "220px",
        "text-wrap": "ellipsis",
        "border-width": 1,
        "min-zoomed-font-size": 5,
        "overlay-opacity": 0,
        ...box("raised", "text", "line"),
      },
    },
    { selector: ".route", style: box("accent-soft", "accent", "accent") },
    { selector: ".external", style: box("quiet-soft", "muted", "line") },
    { selector: ".rest", style: box("ground", "muted", "line") },
    { selector: ".folder", style: { ...box("quiet-soft", "text", "muted"), "border-style": "solid" } },
    {
      selector: ".open",
      style: {
        ...box("ground", "muted", "line"),
        "text-valign": "top",
        "text-margin-y": -2,
        padding: `${Math.min(PADDING, HEADROOM) - 4}px`,
      },
    },
    { selector: ".chosen", style: { "border-width": 3, "border-color": colour("accent") } },
    {
      selector: "edge",
      style: {
        width: "data(weight)",
        "line-color": colour("edge"),
        "target-arrow-color": colour("edge"),
        "target-arrow-shape": "triangle",
        "arrow-scale": 0.8,
        "curve-style": "bezier",
        "overlay-opacity": 0,
      },
    },
    {
      selector: ".near",
      style: { "line-color": colour("accent"), "target-arrow-color": colour("accent"), "z-index": 9 },
    },
  ];
}
