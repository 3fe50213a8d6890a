import { lstatSync } from "node:fs";
import type {
  FileChange,
  FileChangeKind,
  GraphUpdate,
  ImportRequest,
  ModuleImports,
} from "../graph/index.ts";
import { isScript } from "./module-scanner.ts";
import type { ProjectModel } from "./project-model.ts";
import { kindAt } from "../disk/file-kind.ts";

/** What changes did, and what they ask for beyond it. */
export interface AppliedChanges {
  readonly update: GraphUpdate;
  /** The modules that were linked anew: what plugins say of them may be asked. */
  readonly linked: readonly string[];
}

/**
 * Take changes of files into the model: what they can concern is read and linked anew, nothing else. Where settings have
 * changed that decide where specifiers lead, that is everything.
 */
export function applyChanges(
  model: ProjectModel,
  changes: Iterable<string>,
  areResolutionsOpen: boolean,
): AppliedChanges {
  const batch = new Batch(model, areResolutionsOpen);
  for (const file of changes) batch.note(file);
  return batch.apply();
}

class Batch {
  readonly #model: ProjectModel;
  readonly #kinds = new Map<string, FileChangeKind>();
  /** Places where something came that was not there. */
  readonly #added = new Set<string>();
  readonly #removed = new Set<string>();
  /** Files whose texts ask for something else than before. */
  readonly #asking = new Set<string>();
  readonly #areResolutionsOpen: boolean;

  constructor(model: ProjectModel, areResolutionsOpen: boolean) {
    this.#model = model;
    this.#areResolutionsOpen = areResolutionsOpen;
  }

  note(file: string): void {
    const { files, records } = this.#model;
    const isRead = records.get(file) !== undefined;
    // By far the most changes are those of a text, which needs nothing else.
    if (isRead && this.#read(file) !== "removed") return;
    if (!isRead && files.leavesOut(file)) return;
    const kind = kindAt(file);
    const instead = kind === "folder" ? [file].filter((each) => files.has(each)) : this.#knownBelow(file);
    for (const each of instead) this.#noteRemoved(each);
    if (kind === "file") {
      this.#noteFile(file);
    } else if (kind === "folder") {
      this.#noteFolder(file);
    } else {
      this.#noteRemoved(file);
    }
  }

  /** Names came or went in a folder, or below it. They say nothing about what was there before, and is there. */
  #noteFolder(folder: string): void {
    const { files, records } = this.#model;
    this.#added.add(folder);
    const there = new Set(files.onDisk(folder));
    const gone = [...this.#knownBelow(folder)].filter((file) => !there.has(file));
    for (const file of gone) if (kindAt(file) === undefined) this.#noteRemoved(file);
    const isNews = (found: string): boolean => records.get(found) !== undefined || !files.has(found);
    for (const found of there) if (files.covers(found) && isNews(found)) this.#noteFile(found);
  }

  apply(): AppliedChanges {
    const { links, resolver, records, questions } = this.#model;
    const isMoved = this.#added.size > 0 || this.#removed.size > 0;
    if (isMoved || this.#areResolutionsOpen) resolver.clear();
    const concerned = new Set(links.concernedBy([...this.#added, ...this.#removed], [...this.#removed]));
    if (this.#areResolutionsOpen) for (const file of records.entries.keys()) concerned.add(file);
    for (const file of this.#removed) links.remove(file);
    for (const file of this.#added) links.restore(file);

    const linked = [...new Set([...concerned, ...this.#asking])].filter(
      (file) => records.get(file) !== undefined,
    );
    const isEditedAlone = (file: string): boolean =>
      !concerned.has(file) && this.#kinds.get(file) === "changed";
    const different = new Set(
      linked.filter((file) => (isEditedAlone(file) ? links.linkEdited(file) : links.link(file))),
    );
    if (isMoved) this.#refreshRoutes();
    if (isMoved || different.size > 0) questions.noteChange();
    return { update: this.#describe(different), linked };
  }

  #describe(different: ReadonlySet<string>): GraphUpdate {
    const { names } = this.#model;
    const files = Array.from(this.#kinds, ([file, kind]): FileChange => ({ file: names.of(file), kind }));
    const relinked = [...different].filter((file) => !this.#kinds.has(file)).map((file) => names.of(file));
    return { files: files.toSorted((a, b) => (a.file < b.file ? -1 : 1)), relinked: relinked.toSorted() };
  }

  #noteFile(file: string): void {
    const { files, records, links, names } = this.#model;
    const isKnown = files.has(file) || records.get(file) !== undefined;
    if (!isKnown) {
      this.#added.add(file);
      // A link is another name: what it leads to is known under its own.
      if (isLink(file)) return;
      files.add(file);
    }
    const isOurs = files.has(file);
    if (records.get(file) !== undefined || (isOurs && isScript(file))) {
      this.#read(file);
    } else if (isOurs || links.graph.find(names.of(file)) !== undefined) {
      this.#kinds.set(file, isKnown || !isOurs ? "changed" : "added");
    }
  }

  #read(file: string): FileChangeKind {
    const { records } = this.#model;
    // A folder's change names a file that is named itself, too: the second look would find what the first one found.
    const known = this.#kinds.get(file);
    if (known !== undefined && known !== "removed") return known;
    const before = records.get(file)?.imports;
    const kind = records.read(file);
    const after = records.get(file)?.imports;
    if (after !== undefined && !isSameImports(before, after)) this.#asking.add(file);
    this.#kinds.set(file, kind);
    return kind;
  }

  /** What is at a path is no file (any more). */
  #noteRemoved(file: string): void {
    const { files, records, links, names } = this.#model;
    const isKnown = files.has(file) || records.get(file) !== undefined;
    const node = links.graph.find(names.of(file));
    this.#added.delete(file);
    // Whoever says it a second time has no news, and would have those forgotten who led to it.
    if (!isKnown && node !== undefined && links.graph.isGone(node)) return;
    this.#removed.add(file);
    files.delete(file);
    records.delete(file);
    if (isKnown || node !== undefined) this.#kinds.set(file, "removed");
  }

  /** Files that were in a folder which is none any more. */
  #knownBelow(folder: string): Iterable<string> {
    const { files, records } = this.#model;
    if (files.covers(folder)) return files.below(folder);
    return [...records.entries.keys()].filter((file) => file.startsWith(`${folder}/`));
  }

  /** A route that is a link leads to a file that may be anywhere. */
  #refreshRoutes(): void {
    const { routes, records, links } = this.#model;
    routes.refresh();
    for (const file of routes.current.keys()) {
      if (records.get(file) === undefined && records.read(file) !== "removed") links.link(file);
    }
  }
}

/** Whether two texts ask for the same, in the same order. */
function isSameImports(before: ModuleImports | undefined, after: ModuleImports): boolean {
  if (before === undefined || before.requests.length !== after.requests.length) return false;
  const isSame = ({ specifier, kind }: ImportRequest, index: number): boolean =>
    after.requests[index]?.specifier === specifier && after.requests[index]?.kind === kind;
  const hasGlobs = before.globs.length + after.globs.length > 0;
  return (
    before.requests.every(isSame) &&
    (!hasGlobs || JSON.stringify(before.globs) === JSON.stringify(after.globs))
  );
}

function isLink(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}
