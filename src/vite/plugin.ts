import path from "node:path";
import type { Connect, Environment, Plugin, ResolvedConfig, UserConfig, ViteDevServer } from "vite";
import type { Report } from "../protocol/report.ts";
import { reportText } from "../report/report-text.ts";
import { currentContext, firstProjectFrame, mapStackTraces } from "../runtime/index.ts";
import { keepSourcesPrivate, letOptionsThrough, refuseBrokenTargets } from "./access-rules.ts";
import { answerRoute, isApiPath } from "../session/answer-route.ts";
import { EnvFiles } from "./env-files.ts";
import { ENVIRONMENT } from "../protocol/environment-name.ts";
import { environmentOptions, watchReads } from "./environment.ts";
import { frontDoorOf } from "./restarts/front-door.ts";
import { resolveOptions } from "../settings/options.ts";
import type { ApiRoutesOptions, ResolvedOptions } from "../settings/options.ts";
import { SETTLE_PATH } from "../protocol/settlement.ts";
import { STATUS_PATH } from "../protocol/status.ts";
import { enterProject } from "../instances/presence.ts";
import type { Presence } from "../instances/presence.ts";
import { guardProcess } from "../session/process-guard.ts";
import { repeatLostSaves } from "./second-saves.ts";
import type { Session, SessionTuning } from "../session/session.ts";
import { shareStateConnection } from "../session/state-connection.ts";
import { answerSettle } from "../session/settle.ts";
import { answerStatus } from "../session/status.ts";
import { closeSession, openSession } from "./sessions.ts";
import { guardWebSocket } from "./websocket-guard.ts";

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
 * Active in `vite dev` only; it adds the environment `orbit_api` and leaves `client` and `ssr` alone.
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
  // Wrong options fail when the config is read, not at the first request.
  const { dependencyTracking } = resolveOptions(options, {});
  let session: Session | undefined;
  const current = (): Session | undefined => session;
  const isApiUrl = (url: string): boolean =>
    session !== undefined && isApiPath(pathOf(url), session.options.apiPrefix);
  return [
    letOptionsThrough(isApiUrl),
    servePlugin({
      raw: options,
      tracksPackages: dependencyTracking.trackNodeModules,
      tuning,
      current,
      open: (opened) => (session = opened),
    }),
    watchReads(current),
    keepSourcesPrivate(() => session?.apiDir),
  ].map(inDevelopmentOnly);
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
      env = new EnvFiles({ folder: config.envDir, mode: config.mode, prefixes: config.envPrefix ?? "VITE_" });
      env.load();
      options = resolveOptions(raw, process.env);
    },
    async configureServer(server) {
      if (options === undefined || env === undefined) return;
      const presence = await enterProject(server);
      const door = frontDoorOf(server);
      door.attach(server);
      const isStateInMemory = !presence.isFirst;
      const session = openSession({ server, options, env, tuning: { ...tuning, isStateInMemory } });
      open(session);
      const undo = [() => door.detach(), ...connectServer(server, session)];
      connections.set(server.environments.client, { server, session, presence, undo });
      presence.announce((message) => session.warn(message));
    },
    hotUpdate() {
      // The runtime decides what runs again; Vite's own answer would be a reload of the whole environment.
      return this.environment.name === ENVIRONMENT ? [] : undefined;
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

/** Everything that the session adds to a server, and how each is taken back. */
function connectServer(server: ViteDevServer, session: Session): (() => void)[] {
  const { logger } = server.config;
  session.reports.logWith((report) => print(server.config, session.options, report));
  server.httpServer?.once("listening", () => session.reports.emitEarly());
  server.middlewares.use((incoming, outgoing, next) => {
    session.reports.emitEarly();
    const pathname = pathOf(incoming.originalUrl ?? incoming.url ?? "/");
    if (pathname === STATUS_PATH) return answerStatus(session, incoming, outgoing);
    if (pathname === SETTLE_PATH) return void answerSettle(session, incoming, outgoing);
    if (!isApiPath(pathname, session.options.apiPrefix)) return next();
    void answerOrPass(session, incoming, outgoing, next);
  });
  const onEvent = (_event: string, file: string): void => {
    session.noteEvent(path.normalize(file));
  };
  server.watcher.on("all", onEvent);
  return [
    () => server.watcher.off("all", onEvent),
    repeatLostSaves(server.watcher),
    guardWebSocket(server.ws, (line) => logger.warn(line)),
    refuseBrokenTargets(server),
    mapStackTraces(),
    shareStateConnection((message) => session.warn(message)),
    guardProcess({
      attribute: (error) => placeOf(session, error),
      report: ({ origin, error, place }) => {
        // Errors from closed generations are ignored: they say nothing about the code that replaced them.
        if (currentContext()?.evaluating?.phase === "gone") return;
        const how = origin === "unhandledRejection" ? "An unhandled rejection" : "An uncaught error";
        session.noteThrown(error, routeOfPlace(session), `${how} in ${place}`);
      },
    }),
  ];
}

/** Errors outside of handlers go to Vite's error middleware. */
async function answerOrPass(
  session: Session,
  ...[incoming, outgoing, next]: Parameters<Connect.NextHandleFunction>
): Promise<void> {
  try {
    await answerRoute(session, { incoming, outgoing });
  } catch (error) {
    next(error);
  }
}

function print({ logger }: ResolvedConfig, options: ResolvedOptions, report: Report): void {
  const text = reportText(report, options.isVerbose ? "whole" : "short");
  if (report.event === "error") logger.error(text, { timestamp: true });
  else if (report.event === "notice" && report.level === "warn") logger.warn(text, { timestamp: true });
  // Vite has logged what it does with files of the browser.
  else if (report.event === "reload" && report.strategy === "asset") return;
  else if (options.hmr.enableLogging) logger.info(text, { timestamp: true });
}

/** Where an error that nobody caught comes from: a frame of a server module, or the context it ran in. */
function placeOf(session: Session, error: unknown): string | undefined {
  const frame = firstProjectFrame(error);
  if (frame !== undefined) return `${session.names.relative(frame.file)}:${frame.line}`;
  const context = currentContext();
  return context?.evaluating?.module.displayName ?? routeOfPlace(session);
}

function routeOfPlace(session: Session): string | undefined {
  const entry = currentContext()?.request?.entry;
  return entry === undefined ? undefined : session.routes.routeOf(entry);
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

function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}
