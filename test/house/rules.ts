import type { SourceFile, SourceImport } from "./source-files.ts";

/** What the table of folders in ARCHITECTURE.md says: which folder may import which. */
export type FolderTable = ReadonlyMap<string, ReadonlySet<string>>;

/** Read the last column of the table; "all of its own folders" is every row below the folder. */
export function readFolderTable(markdown: string): FolderTable {
  const rows = [...markdown.matchAll(/^\| `([^`]+)` +\|[^|\n]+\|([^|\n]+)\|$/gm)].map(
    ([, folder = "", mayImport = ""]) => ({ folder, mayImport }),
  );
  return new Map(
    rows.map(({ folder, mayImport }) => {
      const own = /all of its own folders/.test(mayImport) ? rows.map((row) => row.folder) : [];
      const named = [...mayImport.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
      return [folder, new Set([...named, ...own.filter((other) => other.startsWith(folder))])];
    }),
  );
}

/** The folder of the table in which a file is: the innermost one. */
export function folderOf(file: string, table: FolderTable): string | undefined {
  const around = [...table.keys()].filter((row) => (row.endsWith("/") ? file.startsWith(row) : file === row));
  return around.toSorted((a, b) => b.length - a.length)[0];
}

/** Imports that the table does not allow, as `a.ts -> b.ts`. */
export function forbiddenImports(files: readonly SourceFile[], table: FolderTable): readonly string[] {
  return files.flatMap(({ name, imports }) => {
    const from = folderOf(name, table);
    if (from === undefined) return [`${name} is in no folder of the table`];
    return ourFiles(imports).flatMap((file) => {
      const to = folderOf(file, table);
      const isAllowed = to === from || (to !== undefined && table.get(from)?.has(to) === true);
      return isAllowed ? [] : [`${name} -> ${file}`];
    });
  });
}

/** Files that import each other, types included: each group is one circle, or several that share a file. */
export function circles(files: readonly SourceFile[]): readonly (readonly string[])[] {
  return groupsThatReachEachOther(new Map(files.map(({ name, imports }) => [name, ourFiles(imports)])));
}

/** Folders that may import each other: then neither of them is the inner one. */
export function circlesOfFolders(table: FolderTable): readonly (readonly string[])[] {
  return groupsThatReachEachOther(table);
}

/** Names of types that are declared in more than one file, with the files. */
export function typesDeclaredTwice(files: readonly SourceFile[]): readonly string[] {
  return saidTwice(files, ({ typeNames }) => typeNames.map((name) => ({ key: name, shown: name })));
}

/**
 * Functions at the top level that do the same, word for word, in more than one file, whatever they are called. What does
 * nothing at all is no knowledge.
 */
export function functionsWrittenTwice(files: readonly SourceFile[]): readonly string[] {
  return saidTwice(files, ({ functions }) =>
    functions.filter(({ text }) => text !== "{}").map(({ name, text }) => ({ key: text, shown: name })),
  );
}

/** Files of more than `max` lines, comments counted. */
export function longFiles(files: readonly SourceFile[], max: number): readonly string[] {
  return files.filter(({ lines }) => lines > max).map(({ name }) => name);
}

/** Files that import one of the packages, such as `vite` and all that is below `vite/`. */
export function importersOfPackage(files: readonly SourceFile[], name: string): readonly string[] {
  const isMeant = ({ request }: SourceImport): boolean => request === name || request.startsWith(`${name}/`);
  return files.filter(({ imports }) => imports.some(isMeant)).map((file) => file.name);
}

/** Files that name one of these members of a global, such as `process.exit`. */
export function usersOf(files: readonly SourceFile[], members: RegExp): readonly string[] {
  return files
    .filter(({ memberNames }) => [...memberNames].some((name) => members.test(name)))
    .map(({ name }) => name);
}

function ourFiles(imports: readonly SourceImport[]): readonly string[] {
  return imports.flatMap(({ file }) => file ?? []);
}

function saidTwice(
  files: readonly SourceFile[],
  read: (file: SourceFile) => readonly { readonly key: string; readonly shown: string }[],
): readonly string[] {
  const places = new Map<string, { readonly names: Set<string>; readonly files: Set<string> }>();
  for (const file of files) {
    for (const { key, shown } of read(file)) {
      const place = places.get(key) ?? { names: new Set(), files: new Set() };
      places.set(key, place);
      place.names.add(shown);
      place.files.add(file.name);
    }
  }
  return [...places.values()]
    .filter((place) => place.files.size > 1)
    .map((place) => `${[...place.names].join(" = ")}: ${[...place.files].join(", ")}`);
}

/** Tarjan's strongly connected components, those of one member without an edge to itself left out. */
function groupsThatReachEachOther(edges: ReadonlyMap<string, Iterable<string>>): string[][] {
  const order = new Map<string, number>();
  const open: string[] = [];
  const groups: string[][] = [];
  const visit = (node: string): number => {
    let low = order.size;
    order.set(node, low);
    open.push(node);
    for (const next of edges.get(node) ?? []) {
      if (!order.has(next)) low = Math.min(low, visit(next));
      else if (open.includes(next)) low = Math.min(low, order.get(next) ?? low);
    }
    if (low === order.get(node)) {
      const group = open.splice(open.indexOf(node));
      if (group.length > 1) groups.push(group.toSorted());
    }
    return low;
  };
  for (const node of edges.keys()) if (!order.has(node)) visit(node);
  return groups;
}
