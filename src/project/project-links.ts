import { DependencyGraph, ImporterIndex, OutgoingEdges } from "../graph/index.ts";
import type { ImportRequest, ModuleImports, ResolvedRequest } from "../graph/index.ts";
import type { FileResolver, Target } from "./file-resolver.ts";
import { GlobLinks } from "./glob-links.ts";
import { isScript, isSource } from "./module-scanner.ts";
import type { FileRecords } from "./file-records.ts";
import type { Names } from "./paths.ts";
import type { ProjectFiles } from "./project-files.ts";
import { couldMean, nameOfRequest } from "./request-names.ts";
import { isAskedFor } from "./unresolved-import.ts";
import type { RouteEntries } from "./route-entries.ts";

const NOTHING: ModuleImports = { requests: [], globs: [], opaque: [] };
const IGNORED: Target = { kind: "ignored" };

/** What links are made from. */
export interface ProjectLinksInit {
  readonly names: Names;
  readonly files: ProjectFiles;
  readonly records: FileRecords;
  readonly resolver: FileResolver;
  readonly routes: Pick<RouteEntries, "current">;
  /** What plugins said a specifier leads to; asked where files do not tell. */
  readonly resolvedByPlugins: (importer: string, specifier: string) => string | undefined;
  /** Files that modules read while they evaluate, by module. */
  readonly reads: ReadonlyMap<string, readonly string[]>;
}

/** Joins what modules ask for with what there is: the edges of the graph, kept right as files come and go. */
export class ProjectLinks {
  readonly graph: DependencyGraph = new DependencyGraph();
  readonly #init: ProjectLinksInit;
  readonly #index = new ImporterIndex();
  /** Modules that the index knows nothing of yet: it is needed when a file comes or goes, which most edits are not. */
  readonly #unindexed = new Set<string>();
  readonly #globs: GlobLinks;
  readonly #externals = new Set<string>();
  /** The nodes of files: a name is made once. */
  readonly #nodes = new Map<string, number>();
  readonly #targets = new Map<string, readonly Target[]>();
  /** What the targets were found for. */
  readonly #requests = new Map<string, readonly ImportRequest[]>();

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

  /** The requests of a module that lead nowhere as far as files tell. */
  *unresolvedOf(importer: string): Iterable<ImportRequest> {
    const targets = this.targetsOf(importer);
    for (const [index, request] of (this.#requests.get(importer) ?? []).entries()) {
      if (targets[index]?.kind === "unresolved") yield request;
    }
  }

  /**
   * Imports that lead nowhere, though something of the project was meant, for all that manifests and plugins tell.
   *
   * @param known files that are not there, and that such an import may mean: whoever asks knows of them
   */
  *missingOf(importer: string, known: readonly string[]): Iterable<string> {
    const targets = this.targetsOf(importer);
    for (const [index, request] of (this.#requests.get(importer) ?? []).entries()) {
      const target = targets[index];
      // A URL need not be one of a file.
      if (target?.kind !== "unresolved" || request.kind === "url") continue;
      if (target.name !== undefined && isAskedFor(target.name, importer)) continue;
      if (!known.some((file) => couldMean(importer, request, file))) yield request.specifier;
    }
  }

  /**
   * Make the edges of a module anew. `known` are targets that need not be looked for, in the order of its requests.
   * Returns whether the edges are others than before. Modules that are reached for the first time are read and linked
   * as well.
   */
  link(file: string, known: readonly (Target | undefined)[] = []): boolean {
    const waiting = [file];
    let isChanged = false;
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const isDifferent = this.#linkOne(next, next === file ? known : [], waiting);
      if (next === file) isChanged = isDifferent;
    }
    return isChanged;
  }

  /** Make the edges of a module anew whose text alone has changed: what it asked for before leads where it led. */
  linkEdited(file: string): boolean {
    const targets = this.targetsOf(file);
    const before = new Map(
      (this.#requests.get(file) ?? []).map((request, index) => [keyOf(request), targets[index]]),
    );
    const { requests } = this.#init.records.get(file)?.imports ?? NOTHING;
    const known = requests.map((request) => before.get(keyOf(request)));
    return this.link(
      file,
      known.map((target) => (target && isSure(target, this.#init.files) ? target : undefined)),
    );
  }

  /** A file is gone: it leads nowhere, and those who led to it are remembered. */
  remove(file: string): void {
    const id = this.graph.find(this.#init.names.of(file));
    this.#index.delete(file);
    this.#unindexed.delete(file);
    this.#globs.delete(file);
    this.#targets.delete(file);
    this.#requests.delete(file);
    if (id !== undefined) this.#letGo(this.graph.remove(id).lost);
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
    if (added.length > 0) this.#completeIndex();
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
    for (const importer of this.#targets.keys()) {
      for (const request of this.unresolvedOf(importer))
        if (couldMean(importer, request, file)) yield importer;
    }
  }

  #linkOne(file: string, known: readonly (Target | undefined)[], waiting: string[]): boolean {
    const { requests, globs } = this.#init.records.get(file)?.imports ?? NOTHING;
    const edges = new OutgoingEdges();
    const targets: Target[] = [];
    for (const [index, request] of requests.entries()) {
      const target = known[index] ?? this.#targetOf(file, request);
      targets.push(target);
      if (target.kind === "file" && request.kind !== "url") this.#meet(target.file, waiting);
      const node = this.#nodeOfTarget(target);
      if (node !== undefined) edges.add(node, request.kind);
    }
    this.#globs.set(file, globs);
    // Hardly any module has a pattern.
    for (const found of globs.length > 0 ? this.#globs.filesOf(file) : []) {
      this.#meet(found, waiting);
      edges.add(this.#nodeOf(found), "glob");
    }
    for (const read of this.#init.reads.get(file) ?? []) edges.add(this.#nodeOf(read), "read");
    this.#targets.set(file, targets);
    this.#requests.set(file, requests);
    this.#unindexed.add(file);
    const id = this.#nodeOf(file);
    this.graph.restore(id);
    const { isChanged, lost } = this.graph.link(id, edges);
    this.#letGo(lost);
    return isChanged;
  }

  #targetOf(file: string, request: ImportRequest): Target {
    const target = this.#resolve(file, request);
    return request.isInjected && target.kind !== "file" ? IGNORED : target;
  }

  #resolve(importer: string, request: ImportRequest): Target {
    const target = this.#init.resolver.resolve(importer, request);
    if (target.kind !== "unresolved") return target;
    const id = this.#init.resolvedByPlugins(importer, request.specifier);
    return id === undefined ? target : (this.#init.resolver.asTarget(id) ?? IGNORED);
  }

  #nodeOf(file: string): number {
    const known = this.#nodes.get(file);
    if (known !== undefined) return known;
    const node = this.graph.idOf(this.#init.names.of(file));
    this.#nodes.set(file, node);
    return node;
  }

  #nodeOfTarget(target: Target): number | undefined {
    if (target.kind === "ignored") return undefined;
    if (target.kind === "file") return this.#nodeOf(target.file);
    if (target.name === undefined) return undefined;
    this.#externals.add(target.name);
    return this.graph.idOf(target.name);
  }

  /** A module that is seen for the first time is read now: JSON, or a source outside of the root. */
  #meet(file: string, waiting: string[]): void {
    const { records } = this.#init;
    if (records.get(file) !== undefined || !isSource(file)) return;
    if (records.read(file) !== "removed") waiting.push(file);
  }

  #completeIndex(): void {
    for (const file of this.#unindexed) {
      const { requests } = this.#init.records.get(file)?.imports ?? NOTHING;
      const targets = this.targetsOf(file);
      this.#index.set(
        file,
        requests.flatMap((request, index) => asResolved(file, request, targets[index])),
      );
    }
    this.#unindexed.clear();
  }

  /** Modules from outside of the project are forgotten when nothing of the project leads to them any more. */
  #letGo(lost: readonly number[]): void {
    const { records, names } = this.#init;
    for (const id of lost) {
      if (records.get(names.fileOf(this.graph.nameOf(id))) === undefined) continue;
      const forgotten = this.graph.unheldAbove(id, (each) => this.#isHeld(each)) ?? [];
      for (const each of forgotten) this.#forget(each);
    }
  }

  #isHeld(id: number): boolean {
    const { files, routes, names } = this.#init;
    const file = names.fileOf(this.graph.nameOf(id));
    return (files.has(file) && isScript(file)) || routes.current.has(file);
  }

  #forget(id: number): void {
    const file = this.#init.names.fileOf(this.graph.nameOf(id));
    this.#init.records.delete(file);
    this.#index.delete(file);
    this.#unindexed.delete(file);
    this.#globs.delete(file);
    this.#targets.delete(file);
    this.#requests.delete(file);
    this.#letGo(this.graph.link(id, new OutgoingEdges()).lost);
  }
}

/** What is not listed, outside of the project, may have changed where nobody looked. */
export function isSure(target: Target, files: Pick<ProjectFiles, "has">): boolean {
  if (target.kind === "file") return files.has(target.file);
  return target.kind !== "unresolved";
}

function keyOf({ kind, specifier }: ImportRequest): string {
  return `${kind} ${specifier}`;
}

/** A request as the index of importers keeps it; Node's own modules and URLs cannot lead elsewhere. */
function asResolved(
  importer: string,
  request: ImportRequest,
  target: Target = IGNORED,
): readonly ResolvedRequest[] {
  const name = nameOfRequest(importer, request);
  if (target.kind === "file") return [{ name, target: target.file }];
  if (target.kind === "unresolved") return [{ name, target: undefined }];
  const isFixed = target.kind === "ignored" || /^(?:node|data|https?):/.test(target.name);
  return isFixed ? [] : [{ name, target: name }];
}
