import path from "node:path";
import type { Reloads } from "../reload/reloads.ts";
import { reachingFiles } from "../report/classify-reload.ts";
import type { AffectedRoutes, Change } from "../report/classify-reload.ts";
import type { ModuleProblem, Runtime } from "../runtime/index.ts";
import type { ResolvedOptions } from "../settings/options.ts";
import { stateMadeBy } from "../state/describe-state.ts";
import type { Builds } from "./builds.ts";
import type { QuietEvent } from "./events.ts";
import type { ImpactAnalysis } from "./impact-analysis.ts";
import {
  beginningOf,
  changesIn,
  configsRefusedIn,
  modulesRunAgainIn,
  modulesRunIn,
  withoutExplainedFolders,
} from "./reload-report.ts";
import type { BurstEvent } from "./reload-report.ts";
import type { ServedRoutes } from "./served-routes.ts";
import type { UnloadedProblems } from "./unloaded-problems.ts";

/** The parts of a session that are asked when it is quiet. */
interface QuietInit {
  readonly root: string;
  readonly options: ResolvedOptions;
  readonly runtime: Runtime;
  readonly routes: ServedRoutes;
  readonly reloads: Reloads<ModuleProblem>;
  readonly impact: ImpactAnalysis;
  readonly unloadedProblems: UnloadedProblems;
  readonly builds: Builds | undefined;
}

/** Routes and builds wait in ways of their own until whoever saves is done: so much later one may begin than the other. */
const ONE_SAVE_MS = 300;

/** Look up what the report of a burst needs besides its events. Nothing of it is worked out earlier. */
export function lookUpQuiet(init: QuietInit, burst: readonly BurstEvent[]): QuietEvent {
  const { runtime, impact, unloadedProblems } = init;
  const { changes, affectedBy } = impact.take((file) => runtime.knowsFile(file));
  return lookUp(init, burst, { foreseen: unloadedProblems.review(changes, affectedBy), affectedBy });
}

/** The same of a burst that may go on, from what runs alone: routes that nobody has asked for wait until it is quiet. */
export function lookUpLive(init: QuietInit, burst: readonly BurstEvent[]): QuietEvent {
  return lookUp(init, burst, { foreseen: [], affectedBy: () => ({ routes: [], isCut: false }) });
}

interface FromGraph {
  /** Changes that no module that runs knows of. */
  readonly foreseen: readonly Change[];
  readonly affectedBy: (files: readonly string[]) => AffectedRoutes;
}

function lookUp(
  { root, options, runtime, routes, reloads, builds }: QuietInit,
  burst: readonly BurstEvent[],
  { foreseen, affectedBy }: FromGraph,
): QuietEvent {
  const own = changesIn(burst, (file) => runtime.isPending(path.resolve(root, file)));
  const named = new Set([...own.map(({ file }) => file), ...configsRefusedIn(burst)]);
  const changes = withoutExplainedFolders([...own, ...foreseen.filter(({ file }) => !named.has(file))]);
  // The runtime knows the routes that reach code which runs; for all other code there is only the graph.
  const { routes: affected, isCut } = affectedBy(reachingFiles(changes));
  const ran = modulesRunIn(burst);
  const running = ran.size === 0 ? [] : runtime.entriesReaching(ran);
  const reached = [...new Set([...affected, ...running.flatMap((entry) => routes.routeOf(entry) ?? [])])];
  const again = modulesRunAgainIn(burst);
  return {
    type: "quiet",
    changes,
    reach: { routes: reached, isCut },
    unloaded: reached.filter((route) => {
      const entry = routes.entryOfPath(route);
      return entry === undefined || reloads.readinessOf(entry) === undefined;
    }),
    state: {
      kept: stateMadeBy(again, { isKept: true }),
      reset: stateMadeBy(again, { isKept: false }),
    },
    fullReloadThreshold: options.hmr.fullReloadThreshold,
    isBuilding: builds?.hasBegunSince(beginningOf(burst) - ONE_SAVE_MS) === true,
  };
}
