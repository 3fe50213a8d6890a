import type {
  DevEnvironment,
  Environment,
  EnvironmentModuleNode,
  HotUpdateOptions,
  Plugin,
  ResolvedConfig,
  ViteDevServer,
} from "vite";
import { ENVIRONMENT } from "../protocol/environment-name.ts";
import type { Session } from "../session/session.ts";
import { environmentClassOf } from "./environment-class.ts";
import { isAboutSettings, ServerHotChannel } from "./hot-channel.ts";

const modulesByEnvironment = new WeakMap<Environment, ServerModules>();

/** The environment of server code. It only transforms: the runtime evaluates, and decides what runs again. */
export function createServerEnvironment(name: string, config: ResolvedConfig): DevEnvironment {
  const channel = new ServerHotChannel();
  const environment = new (environmentClassOf(config))(name, config, {
    hot: true,
    transport: channel.transport,
  });
  channel.open();
  modulesByEnvironment.set(environment, new ServerModules(environment, channel));
  return environment;
}

/** Passes on what Vite and plugins say of the modules of server code: to its graph, in `hotUpdate`, by its hot channel. */
export class ServerModules {
  readonly channel: ServerHotChannel;
  /** Somebody wants a module to be made anew, whatever its text. */
  #onInvalidated: ((id: string) => void) | undefined;
  #isOwn = false;

  constructor({ moduleGraph: graph }: DevEnvironment, channel: ServerHotChannel) {
    this.channel = channel;
    const invalidateModule = graph.invalidateModule.bind(graph);
    const onFileChange = graph.onFileChange.bind(graph);
    // A save is no order: its text decides.
    graph.onFileChange = (file) => this.forgetText(() => onFileChange(file));
    graph.invalidateModule = (module, ...rest) => {
      if (!this.#isOwn && !isAboutSettings()) this.#tell(module);
      // It goes on to the importers, which run again only if they depend on what is made anew.
      this.forgetText(() => invalidateModule(module, ...rest));
    };
  }

  /** Let what is sent to server code, and said of it, reach the modules of a session. */
  connect(session: Session): void {
    this.channel.connect(session);
    this.#onInvalidated = (id) => session.invalidate([id]);
  }

  /** Invalidate in the graph only, so that the next fetch reads anew: what it finds decides. */
  forgetText(invalidate: () => void): void {
    const before = this.#isOwn;
    this.#isOwn = true;
    try {
      invalidate();
    } finally {
      this.#isOwn = before;
    }
  }

  /** Plugins have had their say about a save: what they name beside the modules of the file is made anew. */
  noteHotUpdate({ file, modules }: HotUpdateOptions): void {
    for (const module of modules) if (module.file !== file) this.#tell(module);
  }

  #tell({ id }: EnvironmentModuleNode): void {
    if (id !== null) this.#onInvalidated?.(id);
  }
}

/** Has the last word on saves, when all plugins have had theirs. */
export function takeHotUpdates(): Plugin {
  return {
    name: "orbit-hmr:hot-updates",
    applyToEnvironment: ({ name }) => name === ENVIRONMENT,
    hotUpdate: {
      order: "post",
      handler(update) {
        serverModulesIn(this.environment)?.noteHotUpdate(update);
        // The runtime decides what runs again; Vite's own answer would be a reload of the whole environment.
        return [];
      },
    },
  };
}

/** What is said of the modules of an environment; `undefined` for one that is not made here. */
export function serverModulesIn(environment: Environment): ServerModules | undefined {
  return modulesByEnvironment.get(environment);
}

/** Invalidate in the graph of an environment only, so that the next fetch reads anew. */
export function forgetText(environment: Environment, invalidate: () => void): void {
  const modules = serverModulesIn(environment);
  if (modules === undefined) invalidate();
  else modules.forgetText(invalidate);
}

/** The environment of server code in a server with the plugin. */
export function serverEnvironmentOf({ environments }: ViteDevServer): DevEnvironment {
  const environment: DevEnvironment | undefined = environments[ENVIRONMENT];
  if (environment === undefined) throw new Error(`[orbit] Vite has no environment ${ENVIRONMENT}.`);
  return environment;
}
