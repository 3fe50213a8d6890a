import type { BuildState } from "./build.ts";
import type { ReloadReport, Strategy } from "./report.ts";

/** Where the status document is served. */
export const STATUS_PATH = "/__hmr_status";

/** What `GET /__hmr_status` answers. Paths are relative to the root; no values of state, no environment. */
export interface StatusDocument {
  /** Counts commits. */
  readonly version: number;
  readonly hmr: ReloadCounts & {
    readonly preserveState: boolean;
    readonly debounceMs: number;
    /** What the last save did; `closed` and `summary` also tell what was closed later. */
    readonly lastReload: LastReload | null;
    /** Milliseconds from the detection of a change to its commit. */
    readonly reloadMs: { readonly p50: number; readonly p95: number; readonly max: number };
  };
  readonly dependencies: {
    readonly modules: number;
    readonly edges: number;
    readonly files: number;
    readonly cycles: number;
  };
  readonly routes: readonly RouteStatus[];
  readonly cache: readonly CacheStatus[];
  readonly state: readonly StateStatus[];
  readonly resources: readonly ResourceStatus[];
  /** `null` where nothing is built. */
  readonly build: BuildState | null;
  /** Browsers connected to Vite's websocket. */
  readonly clients: number;
  /** The pages among them, in the order in which they came. */
  readonly tabs: readonly TabStatus[];
  readonly errors: readonly LoggedError[];
}

/** A page that is open. */
export interface TabStatus {
  /** Path and query of the document. */
  readonly url: string;
  /** Whether somebody sees it. */
  readonly isVisible: boolean;
}

/** How often what has happened since the server started. */
export interface ReloadCounts {
  readonly commits: number;
  readonly failures: number;
  readonly retries: number;
  readonly skipped: number;
  readonly byStrategy: Readonly<Record<Strategy, number>>;
}

/** The facts of a reload that the status document repeats. */
export const LAST_RELOAD_FIELDS = [
  "strategy",
  "files",
  "routes",
  "ms",
  "kept",
  "reset",
  "closed",
  "version",
  "summary",
  "requiresRestart",
] as const;

/** What the last reload did. */
export type LastReload = Pick<ReloadReport, (typeof LAST_RELOAD_FIELDS)[number]>;

/** One route in the status document. */
export interface RouteStatus {
  readonly path: string;
  readonly file: string;
  readonly methods: readonly string[];
  /** The version whose commit made its module live; 0 before it is loaded. */
  readonly version: number;
  readonly status: "fresh" | "broken" | "unloaded";
  /** How many project modules it reaches, itself not counted. */
  readonly dependencies: number;
  readonly error?: string | undefined;
}

/** One cache of `createCache`. */
export interface CacheStatus {
  readonly key: string;
  /** Values that have not expired. */
  readonly size: number;
  readonly hits: number;
  readonly misses: number;
}

/** One piece of explicit state. */
export interface StateStatus {
  readonly id: string;
  readonly kind: "handler" | "rate-limit" | "store" | "singleton";
  /** Whether it survives new code. */
  readonly kept: boolean;
}

/** One thing that a server module has opened and not closed. */
export interface ResourceStatus {
  readonly module: string;
  /** Such as `timer`, `listener` or `client`. */
  readonly kind: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** One error in the status document. */
export interface LoggedError {
  readonly route?: string | undefined;
  /** Path and query of the page in which it has happened. */
  readonly url?: string | undefined;
  readonly file: string;
  readonly message: string;
  /** Epoch milliseconds. */
  readonly at: number;
}
