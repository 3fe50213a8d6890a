import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { ViteDevServer } from "vite";
import { disk } from "../disk/disk.ts";
import { FileStamps } from "../disk/file-stamps.ts";
import { shutdownHandlersDone } from "../runtime/index.ts";
import { Session } from "../session/session.ts";
import type { SessionTuning } from "../session/session.ts";
import { versionBefore } from "../protocol/counters.ts";
import { changedKeys } from "../settings/settings-json.ts";
import type { ResolvedOptions } from "../settings/options.ts";
import { closeSingletons } from "../state/singleton.ts";
import { Builds } from "../session/builds.ts";
import { projectRootOf, servedFolderOf } from "../session/served-folders.ts";
import { faultOf, namingFaults } from "./config-file.ts";
import { CurrentServer } from "./current-server.ts";
import type { EnvFiles } from "./env-files.ts";
import { ServerRestarts } from "./restarts/server-restarts.ts";
import type { ServerHost } from "./restarts/server-restarts.ts";
import { processSlot } from "../protocol/process-slot.ts";

interface OpenSession {
  readonly session: Session;
  readonly current: CurrentServer;
  readonly restarts: ServerRestarts;
  /** The servers of the session, oldest first: when Vite restarts, the next one is there before the old one closes. */
  readonly servers: Map<ViteDevServer, EnvFiles>;
}

/** The sessions of this process, by root. */
const openSessions = (): Map<string, OpenSession> =>
  processSlot("sessions@1", () => new Map<string, OpenSession>());

/** Roots whose next session begins without kept state: a plugin in the project's own config takes no option for one run. */
const withoutKeptState = new Set<string>();

/** The next session of a project begins without what earlier processes have kept. */
export function beginWithoutKeptState(root: string): void {
  withoutKeptState.add(path.normalize(root));
}

/** Serve a project: with the session that another server of it has, if its options are the same, or with a new one. */
export function openSession(init: {
  readonly server: ViteDevServer;
  readonly options: ResolvedOptions;
  readonly env: EnvFiles;
  readonly tuning?: SessionTuning | undefined;
}): Session {
  const { server, options, env, tuning } = init;
  const root = projectRootOf(server.config);
  const before = openSessions().get(root);
  if (before !== undefined && isDeepStrictEqual(before.session.options, options)) {
    before.servers.set(server, env);
    adopt(before, server, env);
    return before.session;
  }
  before?.session.flushState();
  before?.restarts.close();
  const isStateClean = withoutKeptState.delete(path.normalize(root));
  const known = new FileStamps(disk);
  const current = new CurrentServer(server, env);
  const restarts = new ServerRestarts(server, {
    root: path.normalize(root),
    noteConfig: (file) => known.noteFolder(file),
    load: async (file, body) => namingFaults({ file, root }, body),
    faultOf,
  });
  const session = new Session({
    root: path.normalize(root),
    options,
    known,
    server: current,
    configs: restarts,
    // Versions order what pages and programs have heard: they never go backwards.
    tuning: { ...tuning, isStateClean, firstVersion: versionBefore(path.normalize(root)) },
  });
  if (before !== undefined) {
    session.inform(anewText(before.session.options, options));
    session.reports.listenLike(before.session.reports);
    if (before.restarts.host !== undefined) restarts.hostBy(before.restarts.host);
  }
  const plan = servedFolderOf(server.config.root)?.build;
  if (plan !== undefined) {
    session.builds = new Builds(plan, session);
    session.builds.buildNow();
  }
  openSessions().set(root, { session, current, restarts, servers: new Map([[server, env]]) });
  return session;
}

/** Why another session has begun. */
function anewText(before: ResolvedOptions, now: ResolvedOptions): string {
  const names = (["hmr", "dependencyTracking"] as const).flatMap((group) =>
    changedKeys({ ...before[group] }, { ...now[group] }, isDeepStrictEqual).map((name) => `${group}.${name}`),
  );
  return `Other options${names.length === 0 ? "" : ` (${names.join(", ")})`}: all routes are loaded anew, with their state.`;
}

/** Let a host restart what the process of a server cannot. */
export function hostBy({ config }: ViteDevServer, host: ServerHost): void {
  openSessions().get(projectRootOf(config))?.restarts.hostBy(host);
}

/** Note that a server closes. Its session closes with the last of its servers. */
export async function closeSession(session: Session, server: ViteDevServer): Promise<void> {
  const root = projectRootOf(server.config);
  const open = openSessions().get(root);
  if (open?.session === session) {
    open.servers.delete(server);
    const next = [...open.servers].at(-1);
    if (next !== undefined) {
      if (open.current.vite === server) adopt(open, ...next);
      return;
    }
    openSessions().delete(root);
    open.restarts.close();
  }
  // What they use is open until they are done.
  await shutdownHandlersDone();
  await session.close();
  // No session is left in this process that could use them.
  if (openSessions().size === 0) await Promise.race([closeSingletons(), passed(CLOSE_DEADLINE_MS)]);
}

/** Vite has restarted: everything is transformed by the new server from now on, and runs on as it is. */
function adopt({ session, current, restarts }: OpenSession, server: ViteDevServer, env: EnvFiles): void {
  if (server !== current.vite) restarts.attach(server);
  session.noteRestart(current.replace(server, env));
}

/** How long clients may take to close. */
const CLOSE_DEADLINE_MS = 3_000;

async function passed(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms).unref());
}
