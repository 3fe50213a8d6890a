import type { IncomingMessage, ServerResponse } from "node:http";
import { slashed } from "../disk/file-names.ts";
import { countCycles } from "../graph/index.ts";
import { LAST_RELOAD_FIELDS } from "../protocol/status.ts";
import type { LoggedError, RouteStatus, StatusDocument } from "../protocol/status.ts";
import { prefersHtml } from "../routes/accept.ts";
import { readExports } from "../routes/index.ts";
import { describeState } from "../state/describe-state.ts";
import type { ModuleRecord } from "../runtime/index.ts";
import { describeBuild } from "./build-view.ts";
import { admit, sendJson } from "./own-endpoint.ts";
import type { EndpointRules } from "./own-endpoint.ts";
import { pick } from "./pick.ts";
import { describeRefusal } from "./served-routes.ts";
import type { PublicNames } from "./public-names.ts";
import type { SessionView } from "./session-view.ts";
import type { Session } from "./session.ts";
import { percentiles } from "./statistics.ts";

/** Describe the session for programs. */
export function describeSession(session: Session): StatusDocument {
  const { runtime, options, log, names } = session;
  const { preserveState, debounceMs } = options.hmr;
  const table = session.routes.table();
  const at = session.routes.changedAt;
  return {
    version: runtime.version,
    hmr: { preserveState, debounceMs, ...reloadsIn(log.view) },
    dependencies: describeModules([...runtime.records].filter((module) => module.live !== undefined)),
    routes: table.routes.map((route) => describeRoute(session, route)),
    ...describeState(),
    resources: runtime.resources,
    build: describeBuild(log.view.build, session.builds),
    clients: session.server.clients,
    tabs: session.server.tabs,
    errors: [
      ...table.problems.map(describeRefusal).map(({ file, message }) => ({ file, message, at })),
      ...errorsIn(log.view, names),
      ...session.pageErrors(),
    ],
  };
}

/** The reloads of a session, as its events tell them. */
export function reloadsIn({
  lastReload,
  statistics,
}: SessionView): Omit<StatusDocument["hmr"], "preserveState" | "debounceMs"> {
  const { reloadMs, ...counts } = statistics;
  return {
    ...counts,
    lastReload: lastReload === undefined ? null : pick(lastReload.report, LAST_RELOAD_FIELDS),
    reloadMs: percentiles(reloadMs),
  };
}

/** The errors that hold now, and those that escaped from running code lately. */
export function errorsIn({ problems }: SessionView, names: PublicNames): LoggedError[] {
  const broken = [...problems.broken.values()].map(({ route, problem: { file, message }, at }) => {
    return { route, file, message, at };
  });
  return [...broken, ...problems.escaped].map(({ route, file, message, at }) => {
    return { route, file, message: names.withoutRoot(message), at };
  });
}

/**
 * Answer a request for the status document, by the same-origin rules: a page of another site learns nothing.
 *
 * @param answerPage answers those who would rather have a page
 */
export function answerStatus(
  session: Session,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answerPage: () => void,
): void {
  if (!admit(incoming, outgoing, RULES)) return;
  outgoing.setHeader("vary", "accept");
  if (prefersHtml(incoming.headers.accept ?? null)) answerPage();
  else sendJson(incoming, outgoing, { status: 200, body: describeSession(session) });
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
