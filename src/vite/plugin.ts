import path from "node:path";
import { version } from "vite";
import type { Environment, Plugin, UserConfig, ViteDevServer } from "vite";
import { letOptionsThrough } from "./access-rules.ts";
import { announceLeftOut, announceRoutes } from "./announcements.ts";
import { connectSession } from "./connect-session.ts";
import { EnvFiles } from "./env-files.ts";
import { ENVIRONMENT } from "../protocol/environment-name.ts";
import { makeOfServersVite } from "./environment-class.ts";
import { environmentOptions, leaveMissingPackages, watchReads } from "./environment.ts";
import { retryFailedModules } from "./failed-modules.ts";
import { guardFiles } from "./file-access.ts";
import { handoffOf } from "./restarts/listener-handoff.ts";
import { requireNode, requireVite } from "../settings/requirements.ts";
import { injectPageClient } from "./page-client.ts";
import { noteSavedPages } from "./page-frames.ts";
import { createServerEnvironment, takeHotUpdates } from "./server-environment.ts";
import { noteToldSaves } from "./saves-under-way.ts";
import { resolveOptions } from "../settings/options.ts";
import type { ApiRoutesOptions, ResolvedOptions } from "../settings/options.ts";
import { projectRootOf } from "../session/served-folders.ts";
import { enterProject } from "../instances/presence.ts";
import type { Presence } from "../instances/presence.ts";
import type { Session, SessionTuning } from "../session/session.ts";
import { closeSession, openSession } from "./sessions.ts";
import { warnAtStart } from "./start-warnings.ts";

/** What programs that embed the plugin can ask of it. */
export interface ApiRoutesApi {
  /** The running session; `undefined` before the server is configured. */
  session(): Session | undefined;
  /** What the plugin was given, with every default filled in; `undefined` before the config is resolved. */
  options(): ResolvedOptions | undefined;
}

/** The name by which the plugin is found in a resolved config. */
export const PLUGIN_NAME = "orbit-hmr";

/**
 * Serve `pages/api/**` as web-standard handlers and hot reload exactly what an edit changes.
 *
 * Active in `vite dev` only, save that builds and previews say what they leave out; it adds the environment `orbit_api` and leaves `client` and `ssr` alone.
 *
 * @throws {OrbitError} `INVALID_OPTION`, naming each wrong option, what was expected and what came.
 * @example
 * ```ts
 * // vite.config.ts
 * import { apiRoutes } from "orbit-hmr/vite";
 * export default { plugins: [apiRoutes()] };
 * ```
 */
export function apiRoutes(options: ApiRoutesOptions = {}): Plugin[] {
  return createPlugins(options);
}

/** {@link apiRoutes}, with settings for tests. */
export function createPlugins(options: ApiRoutesOptions, tuning?: SessionTuning): Plugin[] {
  requireNode(process.versions.node);
  requireVite(version);
  // Wrong options fail when the config is read, not at the first request.
  const { dependencyTracking } = resolveOptions(options, {});
  let session: Session | undefined;
  const current = (): Session | undefined => session;
  const inDevelopment = [
    servePlugin({
      raw: options,
      tracksPackages: dependencyTracking.trackNodeModules,
      tuning,
      current,
      open: (opened) => (session = opened),
    }),
    letOptionsThrough(),
    watchReads(current),
    takeHotUpdates(),
    noteToldSaves(),
    retryFailedModules(),
    leaveMissingPackages(),
    guardFiles(() => session?.apiDir),
    announceRoutes(current),
    injectPageClient(current),
    noteSavedPages(),
  ];
  return [...inDevelopment.map(inDevelopmentOnly), announceLeftOut(options)];
}

function servePlugin(init: {
  readonly raw: ApiRoutesOptions;
  readonly tracksPackages: boolean;
  readonly tuning: SessionTuning | undefined;
  readonly current: () => Session | undefined;
  readonly open: (session: Session) => void;
}): Plugin<ApiRoutesApi> {
  const { raw, tracksPackages, tuning, current, open } = init;
  const connections = new WeakMap<Environment, Connection>();
  let env: EnvFiles | undefined;
  let options: ResolvedOptions | undefined;
  return {
    name: PLUGIN_NAME,
    api: { session: current, options: () => options },
    config: (config) => ({
      environments: { [ENVIRONMENT]: environmentOptions(config, tracksPackages) },
      ...uncachedCompilerSettings(config),
    }),
    configResolved(config) {
      makeOfServersVite(config, createServerEnvironment);
      env = new EnvFiles({ folder: config.envDir, mode: config.mode, prefixes: config.envPrefix ?? "VITE_" });
      env.load();
      options = resolveOptions(raw, process.env, config.base);
    },
    async configureServer(server) {
      if (options === undefined || env === undefined) return undefined;
      const presence = await enterProject(server, projectRootOf(server.config));
      const handoff = handoffOf(server);
      handoff.attach(server);
      const isStateInMemory = !presence.isFirst;
      const session = openSession({ server, options, env, tuning: { ...tuning, isStateInMemory } });
      open(session);
      const connected = connectSession(server, session);
      const undo = [() => handoff.detach(), ...connected.undo];
      connections.set(server.environments.client, { server, session, presence, undo });
      presence.announce((message) => session.warn(message));
      warnAtStart(session, server.config.server.proxy);
      return connected.afterHooks;
    },
    async buildEnd() {
      // A restart configures the next server before it closes this one.
      const connection = connections.get(this.environment);
      if (connection === undefined) return;
      connections.delete(this.environment);
      connection.presence.withdraw();
      try {
        await closeSession(connection.session, connection.server);
      } finally {
        for (const step of connection.undo) step();
        connection.presence.leave();
      }
    },
  };
}

interface Connection {
  readonly server: ViteDevServer;
  readonly session: Session;
  readonly presence: Presence;
  readonly undo: readonly (() => void)[];
}

/**
 * Let the compiler read `tsconfig.json` each time instead of remembering it: a changed one is seen by the next
 * request. The setting is Vite's own; only its type leaves the key out.
 */
function uncachedCompilerSettings({ oxc, tsconfig, root = process.cwd() }: UserConfig): object {
  if (oxc === false || (oxc !== undefined && "tsconfig" in oxc)) return {};
  if (tsconfig === undefined) return { oxc: { tsconfig: true } };
  // Vite remembers what it reads from exactly the path of its own option.
  const file = path.resolve(root, tsconfig);
  return { oxc: { tsconfig: `${path.dirname(file)}/./${path.basename(file)}` } };
}

function inDevelopmentOnly(plugin: Plugin): Plugin {
  return { ...plugin, apply: (_config, { command, isPreview }) => command === "serve" && isPreview !== true };
}
