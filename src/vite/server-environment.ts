import { DevEnvironment } from "vite";
import type { EnvironmentModuleNode, HotUpdateOptions, ResolvedConfig, ViteDevServer } from "vite";
import { ENVIRONMENT } from "../protocol/environment-name.ts";
import type { Session } from "../session/session.ts";
import { ServerHotChannel } from "./hot-channel.ts";

/**
 * The environment of server code. It only transforms: the runtime evaluates, and decides what runs again. What plugins say
 * of its modules, to its graph or in their `hotUpdate`, is passed on.
 */
export class ServerEnvironment extends DevEnvironment {
  readonly channel: ServerHotChannel;
  /** Somebody wants a module to be made anew, whatever its text. */
  onInvalidated: ((id: string) => void) | undefined;
  #isOwn = false;

  constructor(name: string, config: ResolvedConfig) {
    const channel = new ServerHotChannel();
    super(name, config, { hot: true, transport: channel.transport });
    this.channel = channel;
    this.#watchGraph();
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

  /** `import.meta.hot.invalidate` has been done by then: Vite's own answer would be for its module runner. */
  protected override invalidateModule(): void {}

  #watchGraph(): void {
    const { moduleGraph: graph } = this;
    const invalidateModule = graph.invalidateModule.bind(graph);
    const onFileChange = graph.onFileChange.bind(graph);
    // A save is no order: its text decides.
    graph.onFileChange = (file) => this.forgetText(() => onFileChange(file));
    graph.invalidateModule = (module, ...rest) => {
      if (!this.#isOwn) this.#tell(module);
      // It goes on to the importers, which run again only if they depend on what is made anew.
      this.forgetText(() => invalidateModule(module, ...rest));
    };
  }

  #tell({ id }: EnvironmentModuleNode): void {
    if (id !== null) this.onInvalidated?.(id);
  }
}

/** The environment of server code in a server with the plugin. */
export function serverEnvironmentOf({ environments }: ViteDevServer): ServerEnvironment | undefined {
  const environment: DevEnvironment | undefined = environments[ENVIRONMENT];
  return environment instanceof ServerEnvironment ? environment : undefined;
}

/** Let what is sent to server modules, and said of them, reach those of a session. */
export function connectEnvironment(server: ViteDevServer, session: Session): void {
  const environment = serverEnvironmentOf(server);
  if (environment === undefined) return;
  environment.channel.connect(session);
  environment.onInvalidated = (id) => session.invalidate([id]);
}
