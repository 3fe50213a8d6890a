import { DependencyGraph, ImporterIndex, OutgoingEdges } from "../../graph/index.ts";
import type { ImportRequest, ResolvedRequest } from "../../graph/index.ts";
import type { FileResolver, Target } from "./file-resolver.ts";
import { GlobLinks } from "./glob-links.ts";
import { isSource } from "./module-scanner.ts";
import type { ModuleRecords } from "./module-records.ts";
import type { Names } from "./paths.ts";
import type { ProjectFiles } from "./project-files.ts";
import { couldMean, nameOfRequest } from "./request-names.ts";

/** What links are made from. */
export interface ProjectLinksInit {
  readonly names: Names;
  readonly files: ProjectFiles;
  readonly records: ModuleRecords;
  readonly resolver: FileResolver;
  /** What plugins said a specifier leads to; asked where files do not tell. */
  readonly resolvedByPlugins: (importer: string, specifier: string) => string | undefined;
}

/** Joins what modules ask for with what there is: the edges of the graph, kept right as files come and go. */
export class ProjectLinks {
  readonly graph: DependencyGraph = new DependencyGraph();
  readonly #init: ProjectLinksInit;
  readonly #index = new ImporterIndex();
  readonly #globs: GlobLinks;
  readonly #reads = new Map<string, readonly string[]>();
  readonly #externals = new Set<string>();
  readonly #targets = new Map<string, readonly Target[]>();

  constructor(init: ProjectLinksInit) {
    this.#init = init;
    this.#globs = new GlobLinks(init.names.root, init.files, init.resolver);
  }

  isExternal(name: string): boolean {
    return this.#externals.has(name);
  }

  /** Where the requests of a module lead, in their order. */
  targetsOf(file: string): readonly Target[] {
    return this.#targets.get(file) ?? [];
  }

  /** The modules whose specifiers lead nowhere as far as files tell. */
  *unresolved(): Iterable<{ readonly importer: string; readonly request: ImportRequest }> {
    for (const [importer, targets] of this.#targets) {
      const requests = this.#init.records.get(importer)?.imports.requests ?? [];
      for (const [index, request] of requests.entries()) {
        if (targets[index]?.kind === "unresolved") yield { importer, request };
      }
    }
  }

  setReads(file: string, reads: readonly string[]): void {
    if (reads.length === 0) this.#reads.delete(file);
    else this.#reads.set(file, reads);
  }

  /**
   * Make the edges of a module anew; trusted targets are taken as they are. Returns whether they are others than before.
   * Modules that are reached for the first time are read and linked as well.
   */
  link(file: string, trusted?: readonly Target[]): boolean {
    const waiting = [file];
    let isChanged = false;
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const isDifferent = this.#linkOne(next, next === file ? trusted : undefined, waiting);
      if (next === file) isChanged = isDifferent;
    }
    return isChanged;
  }

  /** A file is gone: it leads nowhere, and those who led to it are remembered. */
  remove(file: string): void {
    const id = this.graph.find(this.#init.names.of(file));
    this.#index.delete(file);
    this.#globs.delete(file);
    this.#targets.delete(file);
    if (id !== undefined) this.#letGo(this.graph.remove(id).deserted);
  }

  /** A file that was gone is there again. */
  restore(file: string): void {
    const id = this.graph.find(this.#init.names.of(file));
    if (id !== undefined) this.graph.restore(id);
  }

  /** The modules that may resolve differently because files have come or gone. */
  concernedBy(added: readonly string[], removed: readonly string[]): ReadonlySet<string> {
    const { names } = this.#init;
    const concerned = new Set<string>();
    for (const file of added) {
      for (const importer of this.#index.concernedBy(file)) concerned.add(importer);
      for (const importer of this.#globs.matching(file)) concerned.add(importer);
    }
    for (const file of removed) {
      const id = this.graph.find(names.of(file));
      if (id === undefined) continue;
      for (const source of this.graph.sourcesOf(id)) concerned.add(names.fileOf(this.graph.nameOf(source)));
    }
    return concerned;
  }

  /** The modules that would lead to a file if it were there. */
  *wouldReach(file: string): Iterable<string> {
    yield* this.#globs.matching(file);
    for (const { importer, request } of this.unresolved()) {
      if (couldMean(importer, request, file)) yield importer;
    }
  }

  #linkOne(file: string, trusted: readonly Target[] | undefined, waiting: string[]): boolean {
    const { records, names } = this.#init;
    const record = records.get(file);
    const edges = new OutgoingEdges();
    const requests = record?.imports.requests ?? [];
    const targets = trusted ?? requests.map((request) => this.#resolve(file, request));
    for (const [index, request] of requests.entries()) {
      const target = targets[index];
      if (request.isInjected && target?.kind !== "file") continue;
      if (target?.kind === "file" && request.kind !== "url") this.#meet(target.file, waiting);
      const name = target && this.#nameOf(target);
      if (name !== undefined) edges.add(this.graph.idOf(name), request.kind);
    }
    this.#targets.set(file, targets);
    this.#globs.set(file, record?.imports.globs ?? []);
    for (const found of this.#globs.filesOf(file)) {
      this.#meet(found, waiting);
      edges.add(this.graph.idOf(names.of(found)), "glob");
    }
    for (const read of this.#reads.get(file) ?? []) edges.add(this.graph.idOf(names.of(read)), "read");
    const resolved = requests.map((request, index) => asResolved(file, request, targets[index]));
    this.#index.set(file, resolved.filter((each) => each !== undefined));
    const id = this.graph.idOf(names.of(file));
    this.graph.restore(id);
    const { isChanged, deserted } = this.graph.link(id, edges);
    this.#letGo(deserted);
    return isChanged;
  }

  #resolve(importer: string, request: ImportRequest): Target {
    const target = this.#init.resolver.resolve(importer, request);
    if (target.kind !== "unresolved") return target;
    const file = this.#init.resolvedByPlugins(importer, request.specifier);
    return file === undefined ? target : { kind: "file", file, isFromPlugin: true };
  }

  #nameOf(target: Target): string | undefined {
    if (target.kind === "file") return this.#init.names.of(target.file);
    if (target.name !== undefined) this.#externals.add(target.name);
    return target.name;
  }

  /** A module that is seen for the first time is read now: JSON, or a source outside of the root. */
  #meet(file: string, waiting: string[]): void {
    const { records } = this.#init;
    if (!isSource(file) || records.get(file) !== undefined) return;
    if (records.read(file) !== "removed") waiting.push(file);
  }

  /** What nobody leads to any more is forgotten, unless it is the project's own. */
  #letGo(deserted: readonly number[]): void {
    const { records, files, names } = this.#init;
    for (const id of deserted) {
      const name = this.graph.nameOf(id);
      const file = names.fileOf(name);
      if (this.#externals.has(name) || files.has(file) || records.get(file) === undefined) continue;
      records.delete(file);
      this.#index.delete(file);
      this.#globs.delete(file);
      this.#targets.delete(file);
      this.#letGo(this.graph.link(id, new OutgoingEdges()).deserted);
    }
  }
}

/** A request as the index of importers keeps it; Node's own modules and URLs cannot lead elsewhere. */
function asResolved(
  importer: string,
  request: ImportRequest,
  target: Target | undefined,
): ResolvedRequest | undefined {
  const name = nameOfRequest(importer, request);
  if (target?.kind !== "external") return { name, target: target?.kind === "file" ? target.file : undefined };
  return /^(?:node|data|https?):/.test(target.name) ? undefined : { name, target: name };
}
