import type { GraphFolder, GraphModel } from "./graph-model.ts";

/** So many elements are drawn at most: boxes, and lines between them. */
export const MAX_ELEMENTS = 400;
/** So many of them are boxes. */
const MAX_BOXES = 180;
/** So many files of a folder have boxes of their own; the others share one. */
const MAX_FILES = 40;
/** So many boxes are open to begin with. */
const FIRST_BOXES = 45;

/** Something that is drawn as a box. */
export interface Box {
  readonly key: string;
  readonly label: string;
  readonly kind: "folder" | "file" | "route" | "external" | "rest";
  /** The file that it stands for. */
  readonly node?: number;
  /** What is in it, of a folder that is open. */
  readonly inner?: readonly Box[];
}

/** A line between two boxes, for all imports between what they stand for. */
export interface Line {
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

/** What is drawn. */
export interface ShownGraph {
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
  /** How many lines there would have been beyond the limit. */
  readonly hiddenLines: number;
  /** The folders that are open; fewer than asked for where those would be too much. */
  readonly open: ReadonlySet<string>;
}

/** The folders that are open at the beginning: from the root down, as long as there is room. */
export function openAtFirst({ root }: GraphModel): readonly string[] {
  const open = [root.key];
  let boxes = boxCount(root);
  for (const { folders } of inOrder(root)) {
    for (const folder of folders) {
      if (boxes + boxCount(folder) > FIRST_BOXES) continue;
      boxes += boxCount(folder);
      open.push(folder.key);
    }
  }
  return open;
}

/**
 * What is drawn of a project.
 *
 * @param wanted the folders that are to be open, the one opened last at the end: it stays open when there is no room for all
 */
export function shownGraph(model: GraphModel, wanted: readonly string[]): ShownGraph {
  const folders = new Map([...inOrder(model.root)].map((folder) => [folder.key, folder]));
  const open = new Set([model.root.key]);
  let count = boxCount(model.root);
  for (const key of wanted.toReversed()) {
    const folder = folders.get(key);
    if (folder === undefined || open.has(key) || count + boxCount(folder) > MAX_BOXES) continue;
    count += boxCount(folder);
    open.add(key);
  }
  /** The box that stands for each file. */
  const owners: string[] = [];
  const boxes = boxesIn(model, model.root, open, owners);
  return { boxes, ...linesBetween(model, owners, MAX_ELEMENTS - count), open };
}

/** A file with the ways from routes to it, and what it imports: each as a box. */
export function shownAround(
  model: GraphModel,
  target: number,
  chains: readonly (readonly number[])[],
): ShownGraph {
  const nodes = new Set([target, ...chains.flat(), ...(model.importsOf[target] ?? []).slice(0, MAX_FILES)]);
  const owners: string[] = [];
  const boxes = [...nodes].map((node) => {
    const box = fileBox(model, node);
    owners[node] = box.key;
    return box;
  });
  return { boxes, ...linesBetween(model, owners, MAX_ELEMENTS - boxes.length), open: new Set() };
}

function* inOrder(root: GraphFolder): Generator<GraphFolder> {
  const waiting = [root];
  for (const folder of waiting) {
    yield folder;
    waiting.push(...folder.folders);
  }
}

function boxCount({ folders, files }: GraphFolder): number {
  return folders.length + Math.min(files.length, MAX_FILES + 1);
}

function boxesIn(
  model: GraphModel,
  folder: GraphFolder,
  open: ReadonlySet<string>,
  owners: string[],
): readonly Box[] {
  const boxes = folder.folders.map((inner): Box => {
    const { key, name, count } = inner;
    if (open.has(key))
      return { key, label: name, kind: "folder", inner: boxesIn(model, inner, open, owners) };
    for (const each of inOrder(inner)) for (const node of each.files) owners[node] = key;
    return { key, label: `${name} (${count})`, kind: "folder" };
  });
  const files = folder.files.slice(0, MAX_FILES).map((node) => {
    const box = fileBox(model, node);
    owners[node] = box.key;
    return box;
  });
  const rest = folder.files.slice(MAX_FILES);
  if (rest.length === 0) return [...boxes, ...files];
  const key = `${folder.key}*`;
  for (const node of rest) owners[node] = key;
  return [...boxes, ...files, { key, label: `${rest.length} more files`, kind: "rest" }];
}

function fileBox({ ids, routes, externals }: GraphModel, node: number): Box {
  const id = ids[node] ?? "";
  const route = routes.get(node);
  const name = externals.has(node) ? id : id.slice(id.lastIndexOf("/") + 1);
  const kind = route === undefined ? (externals.has(node) ? "external" : "file") : "route";
  return { key: `#${node}`, label: route ?? name, kind, node };
}

function linesBetween(
  { importsOf }: GraphModel,
  owners: readonly string[],
  most: number,
): Pick<ShownGraph, "lines" | "hiddenLines"> {
  const lines = new Map<string, { from: string; to: string; count: number }>();
  for (const [node, targets] of importsOf.entries()) {
    const from = owners[node];
    if (from === undefined) continue;
    for (const target of targets) {
      const to = owners[target];
      if (to === undefined || to === from) continue;
      const key = `${from}\n${to}`;
      const line = lines.get(key);
      if (line === undefined) lines.set(key, { from, to, count: 1 });
      else line.count++;
    }
  }
  // Where there is no room for all, the thick ones tell most.
  const all = [...lines.values()].toSorted((a, b) => b.count - a.count);
  return { lines: all.slice(0, Math.max(0, most)), hiddenLines: Math.max(0, all.length - most) };
}
