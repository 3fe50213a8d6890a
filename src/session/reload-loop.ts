import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { isReadName } from "../disk/disk.ts";
import type { FileStamps } from "../disk/file-stamps.ts";
import type { RouteFiles } from "../project/route-files.ts";
import type { Clock } from "../reload/clock.ts";
import { Reloads } from "../reload/reloads.ts";
import type { ModuleProblem, Outcome, Runtime } from "../runtime/index.ts";
import type { ResolvedOptions } from "../settings/options.ts";
import type { ClosurePaths } from "./closure-paths.ts";
import type { FileChanges } from "./file-changes.ts";
import type { ServerPort } from "./ports.ts";
import type { PublicNames } from "./public-names.ts";
import type { ReadFiles } from "./read-files.ts";
import { ServedRoutes } from "./served-routes.ts";
import type { RoutesChange } from "./served-routes.ts";
import type { SessionLog } from "./session-log.ts";
import { showProblem } from "./shown-problem.ts";
import { messageOf } from "../protocol/message-of.ts";

/** The parts of a session that its loop works with. */
export interface ReloadLoopInit {
  readonly root: string;
  readonly options: ResolvedOptions;
  readonly clock: Clock;
  readonly known: FileStamps;
  readonly paths: ClosurePaths;
  readonly readFiles: ReadFiles;
  readonly runtime: Runtime;
  readonly routeFiles: RouteFiles;
  readonly server: ServerPort;
  readonly changes: FileChanges;
  readonly names: PublicNames;
  readonly log: SessionLog;
  /** Called with files that were found to be saved, created or deleted, right before that is taken in. */
  readonly onSaved: (files: readonly string[]) => void;
  readonly onApplied: () => void;
  readonly onQuiet: () => void;
}

/** The routes of a session, and the loop that keeps them up to date. */
export interface ReloadLoop {
  readonly routes: ServedRoutes;
  readonly reloads: Reloads<ModuleProblem>;
}

/** Begin the loop of a session. What happens in it goes to the log. */
export function createReloadLoop(init: ReloadLoopInit): ReloadLoop {
  const { root, options, known, clock, paths, readFiles, runtime, names, log } = init;
  const { debounceMs, maxRetries } = options.hmr;
  const gitLock = path.join(root, ".git", "index.lock");
  let removing = Promise.resolve();
  const warn = (error: unknown): void =>
    log.append({ type: "noticed", level: "warn", message: `[orbit] ${messageOf(error)}` });
  const routes = new ServedRoutes({
    files: init.routeFiles,
    urlOf: (file) => init.server.urlOf(file),
    onChange: (change) => {
      // Where no watcher has seen it yet: what it says later is no news then.
      init.onSaved([...change.added, ...change.gone].map(({ file }) => path.join(root, file)));
      const done = letGo(change, { root, known, runtime, reloads, log }).catch(warn);
      removing = removing.then(async () => done);
    },
  });
  const reloads: Reloads<ModuleProblem> = new Reloads({
    known,
    clock,
    settings: { debounceMs, maxRetries },
    ports: {
      revision: () => runtime.revision,
      lookAround: async () => {
        routes.table();
        await removing;
      },
      basePaths: () => paths.of(new Set()),
      pathsOf: (...entries) => paths.of(runtime.closureOf(...entries)),
      namesOf: (file) => readFiles.namesOf(file),
      isContent: (file) => isReadName(file) || (runtime.knowsFile(file) && sizeOf(file) > 0),
      isCurrent: (entry) => runtime.isCurrent(entry),
      outdatedEntries: () => runtime.outdatedEntries,
      applyFileChanges: async (changed) => {
        init.onSaved(changed);
        await init.changes.apply(changed);
        init.onApplied();
      },
      // Where resolution has failed, or the runtime has no module for the file, the file is not compared with the disk.
      isShownOnDisk: ({ kind, file }) =>
        kind !== "unresolved" && (file === undefined || runtime.knowsFile(file)),
      update: async (entries, isRetry) => update(init, reloads, { entries, isRetry }),
      isUnsettled: () => existsSync(gitLock),
      onBroken: (entry, problem, retries) => {
        const shown = showProblem(problem, names, (file) => {
          const reached = runtime.entriesReaching(new Set(runtime.recordsOf(file)));
          return reached.flatMap((each) => routes.routeOf(each) ?? []);
        });
        const route = routes.routeOf(entry);
        log.append({ type: "broke", at: Date.now(), entry, route, problem: shown, retries });
      },
      onRecovered: (entries) => {
        log.append({ type: "recovered", entries });
        // The recovery may be the only event to report.
        reloads.noteNews();
      },
      onQuiet: init.onQuiet,
      onFailure: warn,
    },
  });
  return { routes, reloads };
}

/** Of a file that is not there, or is emptied before it is written: none. */
function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

interface LoopParts {
  readonly root: string;
  readonly known: FileStamps;
  readonly runtime: Runtime;
  readonly reloads: Reloads<ModuleProblem>;
  readonly log: SessionLog;
}

/** Note that routes came or went. Resolves when the modules that only deleted ones used are gone. */
async function letGo(
  { added, gone, abandoned }: RoutesChange,
  { root, known, runtime, reloads, log }: LoopParts,
): Promise<void> {
  const used = gone.filter(({ entry }) => entry !== undefined && reloads.readinessOf(entry) !== undefined);
  log.append({ type: "routes", time: performance.now(), added, gone: used, abandoned });
  if (added.length > 0) reloads.noteNews();
  for (const entry of abandoned) reloads.forget(entry);
  for (const entry of abandoned) {
    await runtime.remove(entry);
    // There may be no watcher to begin a pass of the loop.
    reloads.noteNews();
  }
  const files = gone.map(({ file }) => path.join(root, file));
  for (const file of files) if (!runtime.knowsFile(file)) known.forget(file);
}

async function update(
  { root, runtime, server, log }: ReloadLoopInit,
  reloads: Reloads<ModuleProblem>,
  { entries, isRetry }: { readonly entries: readonly string[]; readonly isRetry: boolean },
): Promise<Outcome> {
  if (isRetry) log.append({ type: "retried" });
  const isUnresolved = entries.some((entry) => {
    const readiness = reloads.readinessOf(entry);
    return readiness?.status === "broken" && readiness.problem.kind === "unresolved";
  });
  // The server remembers failed resolutions.
  if (isUnresolved) await server.forgetResolutions(root);
  return runtime.update(entries, isRetry);
}
