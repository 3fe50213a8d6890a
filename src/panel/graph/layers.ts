import type { Box, Line } from "./shown-graph.ts";

/** Where a box is: its middle, and how large it is. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const BOX_HEIGHT = 26;
const LETTER_WIDTH = 6.6;
/** Between boxes below each other, and between columns. */
const GAP = 12;
const COLUMN_GAP = 56;
/** Around what is in a folder; above it stands its name. */
export const PADDING = 14;
export const HEADROOM = 22;

/**
 * Places for all boxes: who imports is left of what is imported, and what is in a folder is within it. It takes as long as
 * there are boxes and lines, and gives the same places for the same graph.
 */
export function placeBoxes(boxes: readonly Box[], lines: readonly Line[]): ReadonlyMap<string, Place> {
  const parents = new Map<string, string>();
  const noteParents = (inside: readonly Box[], parent: string): void => {
    for (const box of inside) {
      parents.set(box.key, parent);
      if (box.inner !== undefined) noteParents(box.inner, box.key);
    }
  };
  noteParents(boxes, "");
  const places = new Map<string, Place>();
  const { sizes, spots } = placeInside(boxes, linesByParent(lines, parents));
  const put = (inside: readonly Box[], left: number, top: number): void => {
    for (const box of inside) {
      const spot = spots.get(box.key);
      const size = sizes.get(box.key);
      if (spot === undefined || size === undefined) continue;
      const [x, y] = [left + spot.x, top + spot.y];
      places.set(box.key, { x: x + size.width / 2, y: y + size.height / 2, ...size });
      if (box.inner !== undefined) put(box.inner, x + PADDING, y + HEADROOM);
    }
  };
  put(boxes, 0, 0);
  return places;
}

type Size = Pick<Place, "width" | "height">;
type Spot = Pick<Place, "x" | "y">;
type LinksByBox = ReadonlyMap<string, readonly (readonly [string, string])[]>;

/** Each line belongs to the innermost box that holds both ends, and there it is one between two of its boxes. */
function linesByParent(lines: readonly Line[], parents: ReadonlyMap<string, string>): LinksByBox {
  const ancestors = (key: string): string[] => {
    const all = [key];
    for (let parent = parents.get(key); parent !== undefined && parent !== ""; parent = parents.get(parent))
      all.push(parent);
    return all.toReversed();
  };
  const links = new Map<string, (readonly [string, string])[]>();
  for (const { from, to } of lines) {
    const [a, b] = [ancestors(from), ancestors(to)];
    const parts = a.findIndex((key, at) => key !== b[at]);
    const [start, end] = [a[parts], b[parts]];
    if (start === undefined || end === undefined) continue;
    const parent = parents.get(start) ?? "";
    const known = links.get(parent) ?? [];
    links.set(parent, known);
    known.push([start, end]);
  }
  return links;
}

/** Sizes, and spots within the box around, of boxes and all that is in them. */
function placeInside(
  boxes: readonly Box[],
  links: LinksByBox,
  parent = "",
): { readonly sizes: Map<string, Size>; readonly spots: Map<string, Spot>; readonly whole: Size } {
  const sizes = new Map<string, Size>();
  const spots = new Map<string, Spot>();
  for (const { key, label, inner } of boxes) {
    const ownWidth = Math.min(230, Math.max(48, label.length * LETTER_WIDTH + 18));
    if (inner === undefined) {
      sizes.set(key, { width: ownWidth, height: BOX_HEIGHT });
      continue;
    }
    const inside = placeInside(inner, links, key);
    for (const [each, size] of inside.sizes) sizes.set(each, size);
    for (const [each, spot] of inside.spots) spots.set(each, spot);
    const width = Math.max(ownWidth, inside.whole.width + 2 * PADDING);
    sizes.set(key, { width, height: inside.whole.height + HEADROOM + PADDING });
  }
  const columns = columnsOf(
    boxes.map(({ key }) => key),
    links.get(parent) ?? [],
    sizes,
  );
  const whole = placeColumns(columns, sizes, spots);
  return { sizes, spots, whole };
}

function placeColumns(
  columns: readonly (readonly string[])[],
  sizes: ReadonlyMap<string, Size>,
  spots: Map<string, Spot>,
): Size {
  const heights = columns.map((column) =>
    column.reduce((sum, key) => sum + (sizes.get(key)?.height ?? 0) + GAP, -GAP),
  );
  const height = Math.max(0, ...heights);
  let x = 0;
  for (const [at, column] of columns.entries()) {
    let y = (height - (heights[at] ?? 0)) / 2;
    let width = 0;
    for (const key of column) {
      const size = sizes.get(key) ?? { width: 0, height: 0 };
      spots.set(key, { x, y });
      y += size.height + GAP;
      width = Math.max(width, size.width);
    }
    x += width + COLUMN_GAP;
  }
  return { width: Math.max(0, x - COLUMN_GAP), height };
}

/** Boxes in columns, importers first; what belongs to one column and is too high for it goes on in the next. */
function columnsOf(
  keys: readonly string[],
  links: readonly (readonly [string, string])[],
  sizes: ReadonlyMap<string, Size>,
): readonly (readonly string[])[] {
  const layers = layersOf(keys, links);
  const importersOf = new Map<string, string[]>();
  for (const [from, to] of links) importersOf.set(to, [...(importersOf.get(to) ?? []), from]);
  const area = keys.reduce((sum, key) => {
    const { width = 0, height = 0 } = sizes.get(key) ?? {};
    return sum + (width + COLUMN_GAP) * (height + GAP);
  }, 0);
  const highest = Math.max(300, Math.sqrt(area));
  const columns: string[][] = [];
  const row = new Map<string, number>();
  for (const layer of layers) {
    const heightOf = (key: string): number => {
      const rows = (importersOf.get(key) ?? []).flatMap((importer) => row.get(importer) ?? []);
      return rows.length === 0 ? Infinity : rows.reduce((sum, each) => sum + each, 0) / rows.length;
    };
    const ordered = layer
      .map((key) => ({ key, wish: heightOf(key) }))
      .toSorted((a, b) => (a.wish === b.wish ? 0 : a.wish - b.wish))
      .map(({ key }) => key);
    let column: string[] = [];
    let height = 0;
    for (const key of ordered) {
      const own = (sizes.get(key)?.height ?? 0) + GAP;
      if (column.length > 0 && height + own > highest) {
        columns.push(column);
        column = [];
        height = 0;
      }
      row.set(key, height);
      column.push(key);
      height += own;
    }
    if (column.length > 0) columns.push(column);
  }
  return columns;
}

/** Each key one layer behind the last of those that import it. Lines that would lead back are left out of it. */
function layersOf(
  keys: readonly string[],
  links: readonly (readonly [string, string])[],
): readonly (readonly string[])[] {
  const targetsOf = new Map<string, Set<string>>(keys.map((key) => [key, new Set()]));
  const isTarget = new Set<string>();
  for (const [from, to] of links) {
    targetsOf.get(from)?.add(to);
    isTarget.add(to);
  }
  const order: string[] = [];
  const state = new Map<string, "open" | "done">();
  const back = new Set<string>();
  const visit = (key: string): void => {
    state.set(key, "open");
    for (const target of targetsOf.get(key) ?? []) {
      if (state.get(target) === "open") back.add(`${key}\n${target}`);
      else if (!state.has(target)) visit(target);
    }
    state.set(key, "done");
    order.push(key);
  };
  // Who is imported by nobody begins.
  for (const key of keys.toSorted((a, b) => Number(isTarget.has(a)) - Number(isTarget.has(b))))
    if (!state.has(key)) visit(key);
  const layerOf = new Map<string, number>();
  for (const key of order.toReversed()) {
    const own = layerOf.get(key) ?? 0;
    layerOf.set(key, own);
    for (const target of targetsOf.get(key) ?? [])
      if (!back.has(`${key}\n${target}`)) layerOf.set(target, Math.max(layerOf.get(target) ?? 0, own + 1));
  }
  const layers: string[][] = [];
  for (const key of keys) (layers[layerOf.get(key) ?? 0] ??= []).push(key);
  return layers.filter((layer) => layer.length > 0);
}
