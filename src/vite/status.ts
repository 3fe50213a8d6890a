import type { IncomingMessage, ServerResponse } from "node:http";
import { normalizePath } from "vite";
import { countCycles } from "../graph/index.ts";
import type { ReloadReport } from "../plan/report.ts";
import { readExports } from "../routes/index.ts";
import { describeState } from "../state/describe-state.ts";
import type { StateDescription } from "../state/describe-state.ts";
import type { ListedResource, ModuleRecord } from "../runtime/index.ts";
import { admit, sendJson } from "./own-endpoint.ts";
import type { EndpointRules } from "./own-endpoint.ts";
import type { LoggedError } from "./problem-log.ts";
import type { ReloadCounts } from "./reporter.ts";
import { describeRefusal } from "./served-routes.ts";
import type { Session } from "./session.ts";

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
  readonly cache: StateDescription["cache"];
  readonly state: StateDescription["state"];
  /** What server modules have opened and not closed. `since` is epoch milliseconds. */
  readonly resources: readonly ListedResource[];
  readonly build: null;
  /** Browsers connected to Vite's websocket. */
  readonly clients: number;
  readonly errors: readonly LoggedError[];
}

/** What the last reload did. */
type LastReload = Pick<
  ReloadReport,
  | "strategy"
  | "files"
  | "routes"
  | "ms"
  | "kept"
  | "reset"
  | "closed"
  | "version"
  | "summary"
  | "requiresRestart"
>;

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

/** Describe the session for programs. */
function describeSession(session: Session): StatusDocument {
  const { reporter, runtime, options, problems } = session;
  const live = [...runtime.records].filter((module) => module.live !== undefined);
  const { cache, state } = describeState();
  const { preserveState, debounceMs } = options.hmr;
  const table = session.routes.table();
  return {
    version: runtime.version,
    hmr: {
      preserveState,
      debounceMs,
      ...reporter.counts,
      lastReload: lastReload(session),
      reloadMs: percentiles(reporter.reloadMs),
    },
    dependencies: describeModules(live),
    routes: table.routes.map((route) => describeRoute(session, route)),
    cache,
    state,
    resources: session.runtime.resources,
    build: null,
    clients: session.server.ws.clients.size,
    errors: [
      ...table.problems.map((problem) => {
        const { file, message } = describeRefusal(problem);
        return { file, message, at: session.routes.changedAt };
      }),
      ...problems.errors,
    ],
  };
}

/** Answer a request for the status document, by the same-origin rules: a page of another site learns nothing. */
export function answerStatus(session: Session, incoming: IncomingMessage, outgoing: ServerResponse): void {
  if (admit(incoming, outgoing, RULES))
    sendJson(incoming, outgoing, { status: 200, body: describeSession(session) });
}

const RULES: EndpointRules = {
  methods: ["GET", "HEAD"],
  wrongMethod: "The status is read with GET.",
  wrongOrigin: "The status is for this server's own pages.",
};

function lastReload(session: Session): LastReload | null {
  const { lastReload: last } = session.reporter;
  if (last === undefined) return null;
  const { strategy, files, routes, ms, kept, reset, closed, version, summary, requiresRestart } = last;
  return {
    strategy,
    files,
    routes,
    ms,
    kept,
    reset,
    closed,
    version,
    summary,
    ...(requiresRestart && { requiresRestart }),
  };
}

function describeRoute(
  session: Session,
  route: { readonly path: string; readonly file: string },
): RouteStatus {
  const entry = session.routes.entryOf(route);
  const readiness = session.reloads.readinessOf(entry);
  const module = session.runtime.entry(entry);
  const problem = readiness?.status === "broken" ? readiness.problem : undefined;
  return {
    path: route.path,
    file: normalizePath(route.file),
    methods: module?.live === undefined ? [] : [...readExports(module.namespace).byMethod.keys()],
    version: module?.live?.liveSince ?? 0,
    status: statusOf(readiness?.status, module),
    dependencies: Math.max(0, session.runtime.closureOf(entry).size - 1),
    ...(problem === undefined ? {} : { error: session.problems.withoutRoot(problem.message) }),
  };
}

function statusOf(readiness: string | undefined, module: ModuleRecord | undefined): RouteStatus["status"] {
  if (readiness === "broken") return "broken";
  return readiness === undefined || module?.live === undefined ? "unloaded" : "fresh";
}

function describeModules(live: readonly ModuleRecord[]): StatusDocument["dependencies"] {
  const ids = new Map(live.map((module, id) => [module, id]));
  const importers = live.map(
    (module) => new Set([...module.importers].flatMap((each) => ids.get(each) ?? [])),
  );
  let edges = 0;
  for (const module of live) edges += module.importers.size;
  return {
    modules: live.length,
    edges,
    files: new Set(live.map(({ file }) => file)).size,
    cycles: countCycles({ size: live.length, targetsOf: (id) => importers[id] ?? new Set() }),
  };
}

function percentiles(durations: readonly number[]): StatusDocument["hmr"]["reloadMs"] {
  const sorted = durations.toSorted((a, b) => a - b);
  const at = (share: number): number => {
    const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    return Math.round(value * 100) / 100;
  };
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}
