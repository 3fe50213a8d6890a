import { lstatSync } from "node:fs";
import type { FileChange, FileChangeKind, GraphUpdate } from "../../graph/index.ts";
import { isScript } from "./module-scanner.ts";
import { kindAt } from "./project-files.ts";
import type { ProjectModel } from "./project-model.ts";

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
  readonly #areResolutionsOpen: boolean;

  constructor(model: ProjectModel, areResolutionsOpen: boolean) {
    this.#model = model;
    this.#areResolutionsOpen = areResolutionsOpen;
  }

  note(file: string): void {
    const { files, records } = this.#model;
    if (files.leavesOut(file) && records.get(file) === undefined) return;
    const kind = kindAt(file);
    const instead = kind === "folder" ? [file].filter((each) => files.has(each)) : this.#knownBelow(file);
    for (const each of instead) this.#noteRemoved(each);
    if (kind === "file") {
      this.#noteFile(file);
    } else if (kind === "folder") {
      this.#added.add(file);
      for (const found of files.onDisk(file)) if (files.covers(found)) this.#noteFile(found);
    } else {
      this.#noteRemoved(file);
    }
  }

  apply(): AppliedChanges {
    const { links, resolver, records, routes, questions } = this.#model;
    const isMoved = this.#added.size > 0 || this.#removed.size > 0;
    if (isMoved || this.#areResolutionsOpen) resolver.clear();
    const concerned = new Set(links.concernedBy([...this.#added, ...this.#removed], [...this.#removed]));
    if (this.#areResolutionsOpen) for (const file of records.entries.keys()) concerned.add(file);
    for (const file of this.#removed) links.remove(file);
    for (const file of this.#added) links.restore(file);

    const edited = [...this.#kinds].flatMap(([file, kind]) => (LINKED_ANEW.has(kind) ? [file] : []));
    const linked = [...new Set([...edited, ...concerned])].filter((file) => records.get(file) !== undefined);
    const isEditedAlone = (file: string): boolean =>
      !concerned.has(file) && this.#kinds.get(file) === "changed";
    const different = new Set(
      linked.filter((file) => (isEditedAlone(file) ? links.linkEdited(file) : links.link(file))),
    );
    if (isMoved) routes.refresh();
    for (const file of routes.current.keys()) if (records.get(file) === undefined) this.#addRoute(file);
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
    const isNew = !files.has(file) && records.get(file) === undefined;
    if (isNew) this.#added.add(file);
    // A link is another name: what it leads to is known under its own.
    if (isLink(file)) return;
    const isOurs = files.covers(file);
    files.add(file);
    if (records.get(file) !== undefined || (isOurs && isScript(file))) {
      this.#kinds.set(file, records.read(file));
    } else if (isOurs || links.graph.find(names.of(file)) !== undefined) {
      this.#kinds.set(file, isNew && isOurs ? "added" : "changed");
    }
  }

  /** What is at a path is no file (any more). */
  #noteRemoved(file: string): void {
    const { files, records, links, names } = this.#model;
    const isKnown = files.has(file) || records.get(file) !== undefined;
    this.#removed.add(file);
    this.#added.delete(file);
    files.delete(file);
    records.delete(file);
    if (isKnown || links.graph.find(names.of(file)) !== undefined) this.#kinds.set(file, "removed");
  }

  /** Files that were in a folder which is none any more. */
  #knownBelow(folder: string): Iterable<string> {
    const { files, records } = this.#model;
    if (files.covers(folder)) return [...files.below(folder)];
    return [...records.entries.keys()].filter((file) => file.startsWith(`${folder}/`));
  }

  /** A route that is a link leads to a file that may be anywhere. */
  #addRoute(file: string): void {
    if (this.#model.records.read(file) !== "removed") this.#model.links.link(file);
  }
}

/** Texts that may ask for something else than before. */
const LINKED_ANEW: ReadonlySet<FileChangeKind> = new Set(["added", "changed", "broken"]);

function isLink(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}
