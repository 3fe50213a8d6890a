import path from "node:path";
import type { ViteDevServer } from "vite";
import type { Change, Reach } from "../plan/plan-reload.ts";
import type { Clock } from "../reload/debounce.ts";
import type { ModuleRecord } from "../runtime/index.ts";
import type { ResolvedOptions } from "./options.ts";
import { withoutMark } from "./disk.ts";
import { ENVIRONMENT } from "./environment.ts";
import { openProjectGraph } from "./project-graph/index.ts";
import type { ProjectGraph } from "./project-graph/index.ts";

/** What {@link Foresight} needs of the session. */
export interface ForesightPorts {
  readonly root: string;
  readonly options: ResolvedOptions;
  readonly server: () => ViteDevServer;
  readonly clock: Clock;
  /** Whether the runtime knows a file: it says itself what became of it. */
  readonly isLoaded: (file: string) => boolean;
  readonly relative: (file: string) => string;
  readonly onFailure: (error: unknown) => void;
}

/** What the graph says of the files that were saved. */
export interface Foreseen {
  /** Of files that the runtime does not know. */
  readonly changes: readonly Change[];
  readonly affectedBy: (files: readonly string[]) => Reach;
}

/** The server is up and has answered its first requests by then. */
const BUILD_AFTER_MS = 500;

/**
 * What a save touches of code that has not run yet, and of what is the browser's. It is built beside the work of the
 * server: until it is there, and where it is turned off, only what has run is known.
 */
export class Foresight {
  readonly #ports: ForesightPorts;
  readonly #saved = new Set<string>();
  #graph: ProjectGraph | undefined;
  #cancel: () => void = () => undefined;

  constructor(ports: ForesightPorts) {
    this.#ports = ports;
    this.restart();
  }

  /** The graph, unless it is turned off. */
  get graph(): ProjectGraph | undefined {
    return this.#graph;
  }

  /** Another server resolves by another config. */
  restart(): void {
    this.close();
    const { root, options, server, clock, onFailure } = this.#ports;
    if (!options.tracksDependencies) return;
    const graph = openProjectGraph({
      root,
      apiDirs: options.apiDirs,
      prefix: options.apiPrefix,
      tracking: options.dependencyTracking,
      config: server().config,
      resolveId: async (specifier, importer) => {
        const resolved = await server().environments[ENVIRONMENT]?.pluginContainer.resolveId(
          specifier,
          importer,
        );
        return resolved?.id;
      },
    });
    this.#graph = graph;
    this.#cancel = clock.after(BUILD_AFTER_MS, () => void graph.build().catch(onFailure));
  }

  /** A file was saved, created or deleted. */
  noteSaved(file: string): void {
    if (this.#graph !== undefined) this.#saved.add(file);
  }

  /** Modules have run: what they read besides modules is known now. */
  noteRan(modules: Iterable<ModuleRecord>): void {
    for (const { file, filesRead } of modules) {
      if (file === undefined) continue;
      const reads = [...filesRead.values()].filter(({ asks }) => asks === "content");
      this.#graph?.setReads(
        file,
        reads.map((read) => read.path),
      );
    }
  }

  /** What the saves since the last time mean. */
  take(): Foreseen {
    const saved = [...this.#saved].map(withoutMark);
    this.#saved.clear();
    const graph = this.#graph;
    const update = graph?.update(saved);
    if (graph?.isBuilt !== true || update === undefined) return NOTHING_KNOWN;
    const known = new Set(update.files.map(({ file }) => file));
    const changes = update.files.flatMap(({ file, kind }): Change[] => {
      if (this.#ports.isLoaded(path.resolve(this.#ports.root, file))) return [];
      const isUsed = graph.affected([file]).routes.length > 0;
      if (!isUsed && this.#isBrowsers(file)) return [{ kind: "asset", file }];
      if (kind === "same" || kind === "equivalent") return [{ kind: "same", file }];
      // Programs write data, and editors make files for themselves: only code that changed is worth a word.
      if (!isUsed && (kind !== "changed" || !CODE.test(file))) return [];
      return [{ kind: kind === "removed" ? "gone" : kind === "added" ? "added" : "code", file }];
    });
    const assets = saved
      .map((file) => this.#ports.relative(file))
      .filter((file) => !known.has(file) && this.#isBrowsers(file));
    return {
      changes: [...changes, ...assets.map((file): Change => ({ kind: "asset", file }))],
      affectedBy: (files) => {
        const { routes, truncated } = graph.affected(files);
        return { routes: routes.map((route) => route.path), isCut: truncated };
      },
    };
  }

  /** Keep what was read for the next start. */
  close(): void {
    this.#cancel();
    this.#graph?.close();
  }

  #isBrowsers(name: string): boolean {
    const { root, server } = this.#ports;
    const file = path.resolve(root, name);
    const { environments, config } = server();
    const isPublic = config.publicDir !== "" && file.startsWith(config.publicDir + path.sep);
    const isInPage = (environments.client.moduleGraph.getModulesByFile(file)?.size ?? 0) > 0;
    return isPublic || isInPage || /\.html?$/.test(file);
  }
}

const CODE = /\.[cm]?[jt]sx?$/;
const NOTHING_KNOWN: Foreseen = { changes: [], affectedBy: () => ({ routes: [], isCut: false }) };
