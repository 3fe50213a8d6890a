import type { PanelGraph } from "../../protocol/panel.ts";

/** A folder with what is in it. One that holds a single folder and nothing else is told as one with it. */
export interface GraphFolder {
  /** Names it among all: its path with a slash at the end. */
  readonly key: string;
  /** As it is shown below the folder that it is in. */
  readonly name: string;
  readonly folders: readonly GraphFolder[];
  /** By number. */
  readonly files: readonly number[];
  /** How many files there are in it and below. */
  readonly count: number;
}

/** The graph of a project, ready to be asked. Nodes are numbers. */
export interface GraphModel {
  readonly ids: readonly string[];
  readonly routes: ReadonlyMap<number, string>;
  readonly externals: ReadonlySet<number>;
  readonly importsOf: readonly (readonly number[])[];
  readonly importersOf: readonly (readonly number[])[];
  readonly root: GraphFolder;
  readonly limits: readonly string[];
}

/** Where what is outside of the project is shown. */
const PACKAGES = "node_modules/";

/** Make a graph that was sent ready to be asked. */
export function graphModel({ ids, routes, externals, edges, limits }: PanelGraph): GraphModel {
  const importsOf: Set<number>[] = ids.map(() => new Set());
  const importersOf: Set<number>[] = ids.map(() => new Set());
  for (let at = 0; at + 1 < edges.length; at += 3) {
    const [from = 0, to = 0] = [edges[at], edges[at + 1]];
    importsOf[from]?.add(to);
    importersOf[to]?.add(from);
  }
  const outside = new Set(externals);
  return {
    ids,
    routes: new Map(routes.map(({ at, path }) => [at, path])),
    externals: outside,
    importsOf: importsOf.map((each) => Array.from(each)),
    importersOf: importersOf.map((each) => Array.from(each)),
    root: foldersOf(ids.map((id, at) => (outside.has(at) ? PACKAGES + id : id))),
    limits,
  };
}

/** The files whose path, or whose route, has a text in it: those first in which it stands at the end. */
export function searchGraph({ ids, routes }: GraphModel, text: string, most: number): readonly number[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return [];
  const found: { readonly at: number; readonly rank: number }[] = [];
  for (const [at, id] of ids.entries()) {
    const inId = id.toLowerCase().lastIndexOf(wanted);
    const inRoute = routes.get(at)?.toLowerCase().includes(wanted) === true;
    if (inId === -1 && !inRoute) continue;
    found.push({ at, rank: inId === -1 ? id.length : id.length - inId - wanted.length });
  }
  return found
    .toSorted((a, b) => a.rank - b.rank || a.at - b.at)
    .slice(0, most)
    .map(({ at }) => at);
}

/** The shortest ways from routes to a file, both included, the shortest first: from as many routes as wanted. */
export function chainsTo(
  { importersOf, routes }: GraphModel,
  target: number,
  most: number,
): readonly (readonly number[])[] {
  const chains: number[][] = [];
  // Breadth first, so the way back is a shortest one, and the nearest routes come first.
  const next = new Map<number, number | undefined>([[target, undefined]]);
  for (const node of next.keys()) {
    if (routes.has(node)) {
      const chain: number[] = [];
      for (let each: number | undefined = node; each !== undefined; each = next.get(each)) chain.push(each);
      chains.push(chain);
      if (chains.length === most) break;
    }
    for (const importer of importersOf[node] ?? []) if (!next.has(importer)) next.set(importer, node);
  }
  return chains;
}

interface Tree {
  readonly folders: Map<string, Tree>;
  readonly files: number[];
}

function foldersOf(paths: readonly string[]): GraphFolder {
  const root: Tree = { folders: new Map(), files: [] };
  for (const [at, path] of paths.entries()) {
    const names = path.split("/");
    names.pop();
    let tree = root;
    for (const name of names) {
      const inner = tree.folders.get(name) ?? { folders: new Map(), files: [] };
      tree.folders.set(name, inner);
      tree = inner;
    }
    tree.files.push(at);
  }
  return folderOf(root, "", "");
}

function folderOf(tree: Tree, key: string, name: string): GraphFolder {
  const [only] = tree.folders;
  if (only !== undefined && tree.folders.size === 1 && tree.files.length === 0)
    return folderOf(only[1], `${key}${only[0]}/`, name === "" ? only[0] : `${name}/${only[0]}`);
  const folders = [...tree.folders]
    .map(([each, inner]) => folderOf(inner, `${key}${each}/`, each))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const count = folders.reduce((sum, inner) => sum + inner.count, tree.files.length);
  return { key, name, folders, files: tree.files, count };
}
