import type { IncomingMessage, ServerResponse } from "node:http";
import { slashed } from "../disk/file-names.ts";
import { countCycles } from "../graph/index.ts";
import { LAST_RELOAD_FIELDS } from "../protocol/status.ts";
import type { RouteStatus, StatusDocument } from "../protocol/status.ts";
import { readExports } from "../routes/index.ts";
import { describeState } from "../state/describe-state.ts";
import type { ModuleRecord } from "../runtime/index.ts";
import { admit, sendJson } from "./own-endpoint.ts";
import type { EndpointRules } from "./own-endpoint.ts";
import { pick } from "./pick.ts";
import { describeRefusal } from "./served-routes.ts";
import type { Session } from "./session.ts";

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
      lastReload: reporter.lastReload === undefined ? null : pick(reporter.lastReload, LAST_RELOAD_FIELDS),
      reloadMs: percentiles(reporter.reloadMs),
    },
    dependencies: describeModules(live),
    routes: table.routes.map((route) => describeRoute(session, route)),
    cache,
    state,
    resources: session.runtime.resources,
    build: null,
    clients: session.server.clients,
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
    file: slashed(route.file),
    methods: module?.live === undefined ? [] : [...readExports(module.namespace).byMethod.keys()],
    version: module?.live?.liveSince ?? 0,
    status: statusOf(readiness?.status, module),
    dependencies: Math.max(0, session.runtime.closureOf(entry).size - 1),
    ...(problem === undefined ? {} : { error: session.names.withoutRoot(problem.message) }),
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
