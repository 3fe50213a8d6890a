import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import type { DevEnvironment, ViteDevServer } from "vite";
import { clientScripts } from "../browser/client-scripts.ts";
import { displayName } from "../disk/file-names.ts";
import type { TabStatus } from "../protocol/status.ts";
import { openProjectGraph } from "../project/index.ts";
import type { ProjectGraph } from "../project/index.ts";
import type { RuntimeHost } from "../runtime/index.ts";
import type { HostPorts, ServerPort } from "../session/ports.ts";
import { projectRootOf } from "../session/served-folders.ts";
import type { EnvFiles } from "./env-files.ts";
import { channelOf } from "../browser/page-channels.ts";
import { bundlerSettings } from "./bundler-settings.ts";
import { serverEnvironmentOf, serverModulesIn } from "./server-environment.ts";
import { textFaultIn } from "./text-faults.ts";
import { createModuleHost, urlOfFile } from "./module-host.ts";

/** The Vite server behind a session; it is replaced each time Vite restarts. */
export class CurrentServer implements ServerPort {
  #vite: ViteDevServer;
  #env: EnvFiles;

  constructor(vite: ViteDevServer, env: EnvFiles) {
    this.#vite = vite;
    this.#env = env;
  }

  get vite(): ViteDevServer {
    return this.#vite;
  }

  get env(): EnvFiles {
    return this.#env;
  }

  get tsconfig(): string | undefined {
    return this.#vite.config.tsconfig;
  }

  get clients(): number {
    return this.#vite.ws.clients.size;
  }

  get tabs(): readonly TabStatus[] {
    const { tabs } = channelOf(projectRootOf(this.#vite.config));
    return tabs.map(({ url, isVisible }) => ({ url, isVisible }));
  }

  /** Vite has restarted. Returns the keys of the environment that have other values now. */
  replace(vite: ViteDevServer, env: EnvFiles): readonly string[] {
    this.#vite = vite;
    const keys = env.takeOver(this.#env);
    this.#env = env;
    return keys;
  }

  urlOf(file: string): string {
    return urlOfFile(file, this.#vite.config.root);
  }

  watch(file: string): void {
    this.#vite.watcher.add(file);
  }

  isBrowserFile(file: string): boolean {
    const { environments, config } = this.#vite;
    const isPublic = config.publicDir !== "" && file.startsWith(config.publicDir + path.sep);
    return isPublic || (environments.client.moduleGraph.getModulesByFile(file)?.size ?? 0) > 0;
  }

  /** Vite remembers manifests and resolutions, and forgets them only when its watcher says so. */
  async forgetResolutions(changed: string): Promise<void> {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- internal to Vite: without it `#imports` stay stale
    const { packageCache } = this.#vite.config as unknown as { readonly packageCache?: Map<string, unknown> };
    packageCache?.clear();
    await this.#environment.pluginContainer.watchChange(changed, { event: "create" });
  }

  faultIn(file: string): ReturnType<ServerPort["faultIn"]> {
    return textFaultIn(file, displayName(projectRootOf(this.#vite.config), file));
  }

  openGraph(options: Parameters<ServerPort["openGraph"]>[0]): ProjectGraph {
    return openProjectGraph({
      ...options,
      bundler: bundlerSettings(this.#vite.config),
      resolveId: async (specifier, importer) =>
        (await this.#environment.pluginContainer.resolveId(specifier, importer))?.id,
    });
  }

  createHost(ports: HostPorts): RuntimeHost {
    return createModuleHost({
      ...ports,
      environment: () => this.#environment,
      env: () => this.#env,
      send: (event, data) => serverModulesIn(this.#environment)?.channel.send(event, data),
    });
  }

  pageScripts(apiPrefix: string): ReturnType<ServerPort["pageScripts"]> {
    const { base, server } = this.#vite.config;
    if (server.hmr === false || server.ws === false) return [];
    // A page about a problem says itself what an overlay would say.
    return clientScripts({ base, apiPrefix, showsOverlay: false, hasSocket: true });
  }

  answer(incoming: IncomingMessage, outgoing: ServerResponse): void {
    this.#vite.middlewares(incoming, outgoing);
  }

  get #environment(): DevEnvironment {
    return serverEnvironmentOf(this.#vite);
  }
}
