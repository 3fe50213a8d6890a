/** How one file reaches another. */
export type EdgeKind = "static" | "dynamic" | "require" | "glob" | "url" | "read";

/** What a file is to the graph. */
export type NodeKind = "route" | "module" | "asset" | "external";

/** A route that a change reaches, and how. Files are relative to the root. */
export interface AffectedRoute {
  /** The route as shown to people, with the prefix: `/api/users/:id`. */
  readonly path: string;
  readonly file: string;
  /** The shortest way from a changed file to the route, both included. */
  readonly chain: readonly string[];
}

/** What a change of some files can reach. Files are relative to the root. */
export interface Affected {
  /** In the order of their paths. */
  readonly routes: readonly AffectedRoute[];
  /** Everything that reaches a changed file, the known ones among the changed files included; sorted. */
  readonly modules: readonly string[];
  /** `maxDepth` has cut the search: more may be affected. `orbiton affected` says so of unresolved imports, too. */
  readonly truncated: boolean;
  /** Why the answer may hold more than a change reaches: imports that cannot be read from the text. */
  readonly warnings: readonly GraphWarning[];
}

/** A place that the graph cannot read, in words. */
export interface GraphWarning {
  /** Relative to the root. */
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
  /** Counts from 1. */
  readonly column: number;
  /** A whole sentence that names the place. */
  readonly message: string;
}

/** One end of an edge as asked for from the other end. */
export interface Neighbour {
  /** Relative to the root; the name of a package for what the graph does not enter. */
  readonly file: string;
  readonly kind: EdgeKind;
}

/** The whole graph as a document: the same graph gives the same text. */
export interface GraphDocument {
  readonly nodes: readonly GraphDocumentNode[];
  readonly edges: readonly GraphDocumentEdge[];
}

/** `path` is the route's, with the prefix. */
export interface GraphDocumentNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly path?: string;
}

/** Ends are ids of nodes. */
export interface GraphDocumentEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
}

/** How large the graph is. */
export interface GraphCounts {
  /** Routes and modules. */
  readonly modules: number;
  readonly routes: number;
  readonly assets: number;
  readonly externals: number;
  readonly edges: number;
  /** Groups of modules that import each other. */
  readonly cycles: number;
}

/**
 * What became of one file: `same` bytes; `equivalent` text, that is comments, formatting or types only; `changed`;
 * `broken`, so that it does not parse and keeps the edges of its last good text.
 */
export type FileChangeKind = "added" | "removed" | "same" | "equivalent" | "changed" | "broken";

/** What became of one file. Relative to the root. */
export interface FileChange {
  readonly file: string;
  readonly kind: FileChangeKind;
}

/** What a batch of changes did to the graph. */
export interface GraphUpdate {
  /** One per file that is (or was) part of the graph or could be. */
  readonly files: readonly FileChange[];
  /** Unedited files that resolve differently now: something was created, deleted or reconfigured. */
  readonly relinked: readonly string[];
}
