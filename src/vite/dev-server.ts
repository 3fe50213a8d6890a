import { existsSync } from "node:fs";
import path from "node:path";
import { createServer, loadConfigFromFile, resolveConfig, version } from "vite";
import type { InlineConfig, PluginOption, ResolvedConfig, ViteDevServer } from "vite";
import type { EndingSignal } from "../protocol/ending-signal.ts";
import { OrbitError } from "../protocol/orbit-error.ts";
import type { Report } from "../protocol/report.ts";
import type {
  ListenOptions,
  ServedProject,
  ServerOptions,
  ServerSettings,
} from "../protocol/server-messages.ts";
import { runShutdownHandlers } from "../runtime/index.ts";
import type { BuildPlan } from "../build/build-plan.ts";
import type { BuildOptions } from "../settings/build-options.ts";
import { noteServedFolder } from "../session/served-folders.ts";
import { handoffOf } from "./restarts/listener-handoff.ts";
import type { ListenerHandoff, OpenPort } from "./restarts/listener-handoff.ts";
import { requireVite } from "../settings/requirements.ts";
import { checkDevServerOptions } from "../settings/server-options.ts";
import { resolveOptions } from "../settings/options.ts";
import type { ApiRoutesOptions } from "../settings/options.ts";
import { buildNow, buildPlanOf, configOfBuilt } from "./built-project.ts";
import { findViteConfig, namingFaults, viteConfigFiles } from "./config-file.ts";
import { loadOrbitonConfig, orbitonConfigFiles } from "./orbiton-config.ts";
import type { LoadedConfig } from "./orbiton-config.ts";
import { apiRoutes, PLUGIN_NAME } from "./plugin.ts";
import { CONFIG_OF_NONE } from "./project-options.ts";
import type { ApiRoutesApi } from "./plugin.ts";
import type { ServerHost } from "./restarts/server-restarts.ts";
import type { Session } from "../session/session.ts";
import { beginWithoutKeptState, hostBy } from "./sessions.ts";
import { isFolder } from "../disk/file-kind.ts";

/** What `createDevServer` accepts. What is not given comes from `orbiton.config.*`. */
export interface DevServerOptions extends ServerSettings {
  /** Options of the routes, where the project's Vite config does not add the plugin itself. */
  readonly plugin?: ApiRoutesOptions | undefined;
  /** How the project is built, where something other than Vite builds it. */
  readonly build?: BuildOptions | undefined;
  /** Told everything that users are told, in place of the logger. */
  readonly onReport?: ((report: Report) => void) | undefined;
  /**
   * Called when only a server in a new process can use what was saved: other packages, or another `orbiton.config.*`.
   * Without it, reports say `requiresRestart`.
   */
  readonly onRestartNeeded?: (() => void) | undefined;
}

/** A running dev server. */
export interface DevServer extends ServedProject {
  /** Run everything again that is in use; state is kept. */
  reload(): Promise<void>;
  /** Build now, whatever has changed; a build that runs is ended for it. */
  build(): void;
  /** Open the browser. */
  open(): void;
  /** Close everything that server modules have opened, then the server. */
  close(): Promise<void>;
}

const DEFAULT_PORT = 8000;

/** A server whose configs have been read, and that nobody has started. */
export interface PreparedServer {
  readonly listen: ListenOptions;
  /** Start it: on a port that is open already, if that is the one it wants. */
  start(port?: OpenPort): Promise<StartedServer>;
}

/** A server, and what hands its port and connections to the next one. */
export interface StartedServer {
  readonly server: DevServer;
  readonly handoff: ListenerHandoff;
  /** Let handlers run that project code has for a signal, which has come to another process. */
  readonly runShutdownHandlers: (signal: EndingSignal) => void;
}

/** The first half of `createDevServer`: what can fail because of a config fails here, and nothing has begun. */
export async function prepareDevServer(options: DevServerOptions = {}): Promise<PreparedServer> {
  requireVite(version);
  checkDevServerOptions(options);
  const root = path.resolve(options.root ?? process.cwd());
  if (!isFolder(root)) throw new OrbitError("NOT_FOUND", `There is no folder ${root}.`);
  const readAt = Date.now();
  const own = await loadOrbitonConfig(root);
  const vite = await loadViteConfig(root);
  if (vite?.hasPlugin === true) refuseOptionsTwice(own);
  const plan = await buildPlanOf(root, options.build ?? own.build, options);
  const config = await resolveConfig(viteConfig(root, { options, own, vite, plan }), "serve");
  const project = { root, options, own, vite, readAt, config, plan };
  const { port, host } = config.server;
  return { listen: { port, host }, start: async (open) => startServer(project, open) };
}

interface Project {
  readonly root: string;
  readonly options: DevServerOptions;
  readonly own: LoadedConfig;
  readonly vite: ViteConfig | undefined;
  readonly readAt: number;
  readonly config: ResolvedConfig;
  readonly plan: BuildPlan | undefined;
}

async function startServer(project: Project, port: OpenPort | undefined): Promise<StartedServer> {
  const { root, options, vite, config, plan } = project;
  noteServedFolder(config.root, plan && { root, build: plan });
  if (options.isStateClean === true) beginWithoutKeptState(root);
  const server = await createServer(config);
  try {
    const session = sessionOf(server);
    if (vite === undefined && plan === undefined) requireSomethingToServe(session, root);
    if (options.onReport !== undefined) session.reports.listen(options.onReport);
    if (options.onRestartNeeded !== undefined) hostBy(server, hostOf(project, options.onRestartNeeded));
    const handoff = handoffOf(server);
    if (port !== undefined) handoff.inherit(port);
    await listen(server);
    return { server: asDevServer(server), handoff, runShutdownHandlers };
  } catch (error) {
    await server.close();
    throw error;
  }
}

function hostOf({ root, options, own, vite, readAt }: Project, restart: () => void): ServerHost {
  const ofVite = vite === undefined ? viteConfigFiles(root) : [];
  return {
    configs: own.files,
    possibleConfigs: [...orbitonConfigFiles(root), ...ofVite].filter((file) => !own.files.includes(file)),
    readAt,
    async check() {
      const next = await loadOrbitonConfig(root);
      if (vite?.hasPlugin === true) refuseOptionsTwice(next);
      else resolveOptions({ ...next.routes, ...options.plugin }, {});
    },
    // Whether the plugin has to be added is decided once.
    suits: async ({ plugins }) =>
      vite !== undefined && (await flatten(plugins ?? [])).includes(PLUGIN_NAME) === vite.hasPlugin,
    restart,
  };
}

function viteConfig(
  root: string,
  { options, own, vite, plan }: Pick<Project, "options" | "own" | "vite" | "plan">,
): InlineConfig {
  const settings = withDefaults(options, own.server, vite?.hasPort === true ? {} : { port: DEFAULT_PORT });
  return {
    root,
    configFile: vite?.file ?? false,
    plugins: vite?.hasPlugin === true ? [] : [apiRoutes({ ...own.routes, ...options.plugin })],
    clearScreen: false,
    logLevel: "warn",
    server: serverOptions(settings),
    ...(vite === undefined && CONFIG_OF_NONE),
    ...(vite === undefined &&
      plan !== undefined &&
      configOfBuilt(root, plan.output, serverOptions(settings))),
  };
}

/** The first one that says anything about an option decides it. */
function withDefaults(...sources: readonly ServerOptions[]): ServerOptions {
  const pick = <K extends keyof ServerOptions>(key: K): ServerOptions[K] =>
    sources.find((source) => source[key] !== undefined)?.[key];
  return {
    port: pick("port"),
    strictPort: pick("strictPort"),
    host: pick("host"),
    open: pick("open"),
    poll: pick("poll"),
  };
}

function refuseOptionsTwice({ name, routes }: LoadedConfig): void {
  const twice = Object.keys(routes);
  if (twice.length === 0) return;
  throw new OrbitError(
    "INVALID_CONFIG",
    `${name} sets ${twice.join(", ")}, but the Vite config adds apiRoutes() itself. Keep the options in one of the two.`,
  );
}

function asDevServer(server: ViteDevServer): DevServer {
  return {
    get urls() {
      return server.resolvedUrls ?? { local: [], network: [] };
    },
    get routes() {
      return sessionOf(server).routes.table().routes;
    },
    reload: async () => sessionOf(server).reloadAll(),
    build: () => buildNow(sessionOf(server)),
    open: () => server.openBrowser(),
    close: async () => server.close(),
  };
}

function serverOptions({
  port,
  strictPort,
  host,
  open,
  poll,
}: ServerOptions): NonNullable<InlineConfig["server"]> {
  return {
    ...(port === undefined ? {} : { port }),
    ...(strictPort === undefined ? {} : { strictPort }),
    ...(host === undefined ? {} : { host }),
    ...(open === undefined ? {} : { open }),
    ...(poll === true ? { watch: { usePolling: true } } : {}),
  };
}

async function listen(server: ViteDevServer): Promise<void> {
  try {
    await server.listen();
  } catch (error) {
    if (!(error instanceof Error) || !/already in use|EADDRINUSE/.test(error.message)) throw error;
    throw new OrbitError(
      "PORT_IN_USE",
      `Port ${server.config.server.port} is in use. Choose another one with --port, or leave --strictPort out to get the next free one.`,
      { cause: error },
    );
  }
}

function sessionOf(server: ViteDevServer): Session {
  const plugin = server.config.plugins.find(({ name }) => name === PLUGIN_NAME);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the plugin of this name is ours
  const session = (plugin?.api as ApiRoutesApi | undefined)?.session();
  if (session === undefined)
    throw new OrbitError("INVALID_CONFIG", "The plugin apiRoutes() is in the config, but not active.");
  return session;
}

function requireSomethingToServe(session: Session, root: string): void {
  if (session.apiDir !== undefined || existsSync(path.join(root, "index.html"))) return;
  const dirs = session.options.apiDirs;
  throw new OrbitError(
    "NO_ROUTES",
    `There is nothing to serve in ${root}: no ${dirs.join(" or ")} and no index.html. Create ${dirs[0]}/hello.js with \`export const GET = () => Response.json({ hello: "world" })\`.`,
  );
}

interface ViteConfig {
  readonly file: string;
  readonly hasPlugin: boolean;
  readonly hasPort: boolean;
}

/** What the project's Vite config already says. */
async function loadViteConfig(root: string): Promise<ViteConfig | undefined> {
  const file = findViteConfig(root);
  if (file === undefined) return undefined;
  const command = { command: "serve", mode: "development" } as const;
  return namingFaults({ file, root }, async () => {
    const loaded = await loadConfigFromFile(command, file, root, "silent");
    const names = await flatten(loaded?.config.plugins ?? []);
    const hasPort = loaded?.config.server?.port !== undefined;
    return { file, hasPlugin: names.includes(PLUGIN_NAME), hasPort };
  });
}

/** The names of all plugins in a config: options nest, and some of them are promises. */
async function flatten(option: PluginOption): Promise<string[]> {
  const plugin = await option;
  if (!plugin) return [];
  if (!Array.isArray(plugin)) return "name" in plugin ? [plugin.name] : [];
  return (await Promise.all(plugin.map(async (nested) => flatten(nested)))).flat();
}
