import { countCycles, documentOf, kindsOf, NameOrder, ReachSearch } from "../graph/index.ts";
import type {
  Affected,
  DependencyGraph,
  GraphCounts,
  GraphDocument,
  GraphWarning,
  Neighbour,
  NodeKind,
  Reach,
} from "../graph/index.ts";
import { isScript, isSource } from "./module-scanner.ts";
import type { FileRecords } from "./file-records.ts";
import { unresolvedWarning, warningsOf } from "./opaque-imports.ts";
import type { Names } from "./paths.ts";
import type { ProjectFiles } from "./project-files.ts";
import type { ProjectLinks } from "./project-links.ts";

/** What questions are answered from. */
export interface GraphQuestionsInit {
  readonly names: Names;
  readonly files: ProjectFiles;
  readonly records: FileRecords;
  readonly links: ProjectLinks;
  /** Route paths by absolute file; routes that are gone keep theirs. */
  readonly routes: {
    readonly current: ReadonlyMap<string, string>;
    readonly former: ReadonlyMap<string, string>;
  };
  readonly maxDepth: number;
}

const KINDS: readonly (NodeKind | undefined)[] = [
  undefined,
  "route",
  "module",
  "asset",
  "external",
  undefined,
];

interface RouteNode {
  readonly path: string;
  readonly id: number;
}

interface ReachedRoute {
  readonly path: string;
  /** From what has changed to the route. */
  readonly chain: readonly number[];
}

/** Answers from a linked graph. */
export class GraphQuestions {
  readonly #init: GraphQuestionsInit;
  readonly #graph: DependencyGraph;
  readonly #search: ReachSearch;
  readonly #order: NameOrder;
  /** What was found out about nodes: an index into {@link KINDS}, 0 for nothing yet. */
  #kinds = new Uint8Array(0);
  /** Looking all of them up for each question would cost more than the search. True as long as the routes are these. */
  #routes:
    | { readonly current: ReadonlyMap<string, string>; readonly nodes: readonly RouteNode[] }
    | undefined;

  constructor(init: GraphQuestionsInit) {
    this.#init = init;
    this.#graph = init.links.graph;
    this.#search = new ReachSearch(this.#graph);
    this.#order = new NameOrder(this.#graph);
  }

  /** Files have come or gone, or edges are others: what is known of nodes is worked out again when it is asked for. */
  noteChange(): void {
    this.#kinds.fill(0);
  }

  affected(changed: readonly string[]): Affected {
    const { names, maxDepth } = this.#init;
    const changedFiles = [...new Set(changed.map((file) => names.absolute(file)))].toSorted();
    const dependents = new Map<number, readonly number[]>();
    const start: number[] = [];
    for (const file of changedFiles) {
      const found = this.#dependentsOf(file);
      if (found.length === 0 && this.#graph.find(names.of(file)) === undefined) continue;
      const id = this.#graph.idOf(names.of(file));
      start.push(id);
      dependents.set(id, found);
    }
    const dependentsOf = (id: number): Iterable<number> => dependents.get(id) ?? [];
    const reach = this.#search.find({ start, dependentsOf, maxDepth });
    const routes = this.#reachedRoutes(reach);
    return {
      routes: routes.map(({ path, chain }) => {
        const files = chain.map((id) => this.#graph.nameOf(id));
        return { path, file: files.at(-1) ?? "", chain: files };
      }),
      modules: this.#order.namesOf(reach.ids.filter((id) => this.kindAt(id) !== undefined)),
      truncated: reach.isCut,
      warnings: this.#warningsFor(routes.map(({ chain }) => chain)),
    };
  }

  importersOf(file: string): readonly Neighbour[] {
    return this.#neighbours(file, (id) =>
      this.#graph.sourcesOf(id).map((source) => [source, this.#graph.targetsOf(source).get(id) ?? 0]),
    );
  }

  dependenciesOf(file: string): readonly Neighbour[] {
    return this.#neighbours(file, (id) => [...this.#graph.targetsOf(id)]);
  }

  /** What a node is; `undefined` for one that is not part of the graph (any more). */
  kindAt(id: number): NodeKind | undefined {
    if (this.#kinds.length < this.#graph.size) this.#kinds = new Uint8Array(this.#graph.size * 2);
    const known = this.#kinds[id] ?? 0;
    if (known > 0) return KINDS[known];
    const kind = this.#findKind(id);
    this.#kinds[id] = KINDS.lastIndexOf(kind);
    return kind;
  }

  #findKind(id: number): NodeKind | undefined {
    const { names, files, links, records, routes } = this.#init;
    const name = this.#graph.nameOf(id);
    const isUsed = this.#graph.sourcesOf(id).length > 0;
    if (links.isExternal(name)) return isUsed ? "external" : undefined;
    const file = names.fileOf(name);
    if (routes.current.has(file)) return "route";
    if (isScript(file) && files.has(file)) return "module";
    if (!isUsed) return undefined;
    return isSource(file) && records.get(file) !== undefined ? "module" : "asset";
  }

  document(): GraphDocument {
    return documentOf(this.#graph, (id) => {
      const kind = this.kindAt(id);
      if (kind === undefined) return undefined;
      const path =
        kind === "route"
          ? this.#init.routes.current.get(this.#init.names.fileOf(this.#graph.nameOf(id)))
          : undefined;
      return path === undefined ? { kind } : { kind, path };
    });
  }

  counts(): GraphCounts {
    const counts = { route: 0, module: 0, asset: 0, external: 0 };
    for (let id = 0; id < this.#graph.size; id++) {
      const kind = this.kindAt(id);
      if (kind !== undefined) counts[kind]++;
    }
    return {
      modules: counts.module + counts.route,
      routes: counts.route,
      assets: counts.asset,
      externals: counts.external,
      edges: this.#graph.edgeCount,
      cycles: countCycles(this.#graph),
    };
  }

  /** Of all modules that a route reaches. */
  warnings(): readonly GraphWarning[] {
    const opaque = [...this.#init.records.opaque].toSorted();
    if (opaque.length === 0) return [];
    const reached = this.#reachedByRoutes();
    return this.#warnings(opaque.filter((file) => reached.has(this.#idOf(file))));
  }

  /** Imports that lead nowhere, of all modules that a route reaches: what they mean may reach a route as well. */
  unresolved(besides: readonly string[]): readonly GraphWarning[] {
    const { links, names } = this.#init;
    const known = besides.map((file) => names.absolute(file));
    const files = [...this.#reachedByRoutes()].map((id) => names.fileOf(this.#graph.nameOf(id)));
    return files.toSorted().flatMap((file) => {
      const missing = new Set(links.missingOf(file, known));
      return [...missing].map((specifier) => unresolvedWarning(file, specifier, names));
    });
  }

  #reachedByRoutes(): ReadonlySet<number> {
    const reached = new Set<number>();
    const waiting = [...this.#init.routes.current.keys()].map((file) => this.#idOf(file));
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (reached.has(id)) continue;
      reached.add(id);
      waiting.push(...this.#graph.targetsOf(id).keys());
    }
    return reached;
  }

  #reachedRoutes({ has, chainTo }: Reach): readonly ReachedRoute[] {
    const reached = this.#orderedRoutes().filter(({ id }) => has(id));
    return reached.map(({ path, id }) => ({ path, chain: chainTo(id) }));
  }

  /** By their paths, those that are gone among them. */
  #orderedRoutes(): readonly RouteNode[] {
    const { current, former } = this.#init.routes;
    if (this.#routes?.current === current) return this.#routes.nodes;
    const nodes = Array.from([...current, ...former], ([file, path]) => ({ path, id: this.#idOf(file) }));
    nodes.sort((a, b) => (a.path < b.path ? -1 : 1));
    this.#routes = { current, nodes };
    return nodes;
  }

  #idOf(file: string): number {
    return this.#graph.idOf(this.#init.names.of(file));
  }

  /** Modules that depend on a file without an edge that says so. */
  #dependentsOf(file: string): readonly number[] {
    const { records, files, links } = this.#init;
    const isThere = files.has(file) || records.get(file) !== undefined;
    const found = isThere ? [] : [...links.wouldReach(file)];
    if (isSource(file)) found.push(...[...records.opaque].filter((owner) => owner !== file));
    return found.map((each) => this.#idOf(each));
  }

  /** Of the modules that were reached for no better reason than that they cannot be read. */
  #warningsFor(chains: readonly (readonly number[])[]): readonly GraphWarning[] {
    const { opaque } = this.#init.records;
    const guessed = new Set<string>();
    for (const [changed = -1, next = -1] of chains) {
      if (next < 0 || this.#graph.targetsOf(next).has(changed)) continue;
      const file = this.#init.names.fileOf(this.#graph.nameOf(next));
      if (opaque.has(file)) guessed.add(file);
    }
    return this.#warnings([...guessed].toSorted());
  }

  #warnings(files: readonly string[]): readonly GraphWarning[] {
    const { records, names } = this.#init;
    return files.flatMap((file) => {
      const record = records.get(file);
      return record === undefined ? [] : warningsOf(file, record, names);
    });
  }

  #neighbours(
    file: string,
    find: (id: number) => readonly (readonly [number, number])[],
  ): readonly Neighbour[] {
    const { names } = this.#init;
    const id = this.#graph.find(names.of(names.absolute(file)));
    if (id === undefined) return [];
    const found = find(id).flatMap(([other, bits]) =>
      kindsOf(bits).map((kind) => ({ file: this.#graph.nameOf(other), kind })),
    );
    return found.toSorted((a, b) => (`${a.file} ${a.kind}` < `${b.file} ${b.kind}` ? -1 : 1));
  }
}
