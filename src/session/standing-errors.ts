import { resolve } from "node:path";
import type { ReloadError } from "../protocol/page-events.ts";
import type { Diagnostic } from "../protocol/build.ts";
import { countOf } from "../report/lists.ts";
import { lastLines } from "../report/build-words.ts";
import { errorsOfBuild } from "./build-view.ts";
import { frameOf } from "./code-frame.ts";
import type { ShownProblem } from "./events.ts";
import { refusalText } from "./problems.ts";
import { describeRefusal } from "./served-routes.ts";
import type { Session } from "./session.ts";

/** A project may be broken in more places than anybody reads. */
const MAX_ERRORS = 50;

/** Everything that is broken now, whole: what cannot be loaded or served, and what has escaped from the code that runs. */
export function standingErrors(session: Session): readonly ReloadError[] {
  const { problems } = session.log.view;
  const broken = [...problems.broken.values()].map(({ problem, route, retries }) => {
    const routes = new Set([...problem.routes, ...(route === undefined ? [] : [route])]);
    return errorOf(session, problem, { routes: [...routes].toSorted(), retries });
  });
  const refusedRoutes = session.routes
    .table()
    .problems.map(describeRefusal)
    .map((problem) => errorOf(session, problem));
  const refusedConfigs = [...problems.refused.values()].map((fault) =>
    errorOf(session, { ...fault, message: refusalText(fault.message) }),
  );
  const escaped = problems.standing.map(({ problem, route }): ReloadError => {
    const routes = route === undefined ? [] : [route];
    return errorOf(session, problem, { routes, retries: 0, isEscaped: true });
  });
  const built = firstOf(errorsOfBuild(session.log.view.build)).map((each) => errorOfBuild(session, each));
  return mergedByPlace([...built, ...broken, ...refusedRoutes, ...refusedConfigs, ...escaped]).slice(
    0,
    MAX_ERRORS,
  );
}

function errorOf(
  session: Session,
  problem: Pick<ShownProblem, "message" | "line" | "column" | "frame"> & { readonly file: string },
  { routes, retries, isEscaped }: Pick<ReloadError, "routes" | "retries" | "isEscaped"> = {
    routes: [],
    retries: 0,
  },
): ReloadError {
  const { line, column, frame } = problem;
  const file = problem.file === "" ? undefined : problem.file;
  const message = session.names.withoutRoot(problem.message);
  const chain = file === undefined ? undefined : chainTo(session, file, routes);
  return {
    filePath: file,
    routes,
    error: { message, file, line, column, frame },
    retries,
    ...(chain !== undefined && { chain }),
    ...(isEscaped === true && { isEscaped }),
  };
}

/** A build may fail in so many places at once; how many more there are is said. */
const MAX_BUILD_ERRORS = 40;

function firstOf(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const more = diagnostics.length - MAX_BUILD_ERRORS;
  if (more <= 0) return diagnostics;
  const message = `${countOf(more, "more error")} of the build: the status document has them all.`;
  return [...diagnostics.slice(0, MAX_BUILD_ERRORS), { level: "error", message }];
}

/** In characters: nobody reads more over a page. */
const MAX_FRAME = 20_000;

/** What a compiler says, as it says it; where that is no more than a sentence, with the code it is about. */
function errorOfBuild(
  { root, names }: Session,
  { message, file, line, column, rendered = "" }: Diagnostic,
): ReloadError {
  const said = rendered.trim();
  const isWhole = said.includes("\n") && said !== message;
  const frame = isWhole
    ? lastLines(said).slice(0, MAX_FRAME)
    : frameOf(file && resolve(root, file), { line, column });
  return {
    filePath: file,
    routes: [],
    error: {
      message: names.withoutRoot(message),
      file,
      line,
      column,
      frame: frame && names.withoutRoot(frame),
    },
    retries: 0,
    isOfBuild: true,
  };
}

/** Each error once, with all routes that it breaks. */
function mergedByPlace(errors: readonly ReloadError[]): readonly ReloadError[] {
  const merged = new Map<string, ReloadError>();
  for (const each of errors) {
    const { file, line, message } = each.error;
    const key = [file, line, message].join("\n");
    const before = merged.get(key);
    const routes = [...new Set([...(before?.routes ?? []), ...each.routes])].toSorted();
    merged.set(key, { ...(before ?? each), routes, retries: Math.max(before?.retries ?? 0, each.retries) });
  }
  return [...merged.values()];
}

/** The shortest way from a route to a file, for the first of the routes: as the graph has it, or else by what has been linked. */
function chainTo(
  { impact, runtime, routes: served, root }: Session,
  file: string,
  routes: readonly string[],
): readonly string[] | undefined {
  const { graph } = impact;
  if (graph?.isBuilt === true) {
    const reached = graph.affected([file]).routes;
    const first = reached.find(({ path }) => path === routes[0]) ?? reached[0];
    if (first !== undefined) return first.chain.toReversed();
  }
  const entry = routes[0] === undefined ? undefined : served.entryOfPath(routes[0]);
  const from = entry === undefined ? undefined : runtime.entry(entry);
  return from === undefined ? undefined : wayUp([...runtime.recordsOf(resolve(root, file))], from);
}

interface Imported<Self> {
  readonly displayName: string;
  readonly importers: ReadonlySet<Self>;
}

/** Breadth first, from who is imported to who imports. */
function wayUp<Module extends Imported<Module>>(
  from: readonly Module[],
  to: Module,
): readonly string[] | undefined {
  const cameFrom = new Map<Module, Module | undefined>(from.map((module) => [module, undefined]));
  for (const module of cameFrom.keys()) {
    if (module !== to) {
      for (const importer of module.importers) if (!cameFrom.has(importer)) cameFrom.set(importer, module);
      continue;
    }
    const way: string[] = [];
    for (let each: Module | undefined = to; each !== undefined; each = cameFrom.get(each))
      way.push(each.displayName);
    return way;
  }
  return undefined;
}
