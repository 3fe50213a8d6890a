import path from "node:path";
import { withoutMark } from "../disk/disk.ts";
import type { ProjectGraph } from "../project/index.ts";
import type { Clock } from "../reload/clock.ts";
import type { AffectedRoutes, Change } from "../report/classify-reload.ts";
import type { ModuleRecord } from "../runtime/index.ts";
import type { ResolvedOptions } from "../settings/options.ts";
import { OwnWrites } from "./own-writes.ts";
import type { ServerPort } from "./ports.ts";
import type { PublicNames } from "./public-names.ts";
import type { SessionLog } from "./session-log.ts";
import { News } from "../report/news.ts";
import { messageOf } from "../protocol/message-of.ts";

/** What {@link ImpactAnalysis} works with. */
export interface ImpactAnalysisInit {
  readonly root: string;
  readonly options: ResolvedOptions;
  readonly server: ServerPort;
  readonly names: PublicNames;
  readonly log: SessionLog;
  readonly clock: Clock;
  /** Resolves when no request waits for its code; `undefined` where none does. */
  readonly pause: () => Promise<void> | undefined;
}

/** What the graph says of the files that were saved. */
export interface Impact {
  /** Of files that the runtime does not know. */
  readonly changes: readonly Change[];
  readonly affectedBy: (files: readonly string[]) => AffectedRoutes;
}

/** A project may have many messages of one kind. */
const MESSAGES_SHOWN = 3;

/** By then the server is up and has answered its first requests. */
const BUILD_AFTER_MS = 500;

/**
 * Which routes a save affects, also those whose code has not run yet, and which files are the browser's. The graph of
 * the project is built beside the work of the server: until it is built, and where it is turned off, only code that has
 * run is known.
 */
export class ImpactAnalysis {
  readonly #init: ImpactAnalysisInit;
  readonly #saved = new Set<string>();
  readonly #ran = new Set<ModuleRecord>();
  readonly #news = new News();
  readonly #ownWrites = new OwnWrites();
  #graph: ProjectGraph | undefined;
  #cancel: () => void = () => undefined;

  constructor(init: ImpactAnalysisInit) {
    this.#init = init;
    this.restart();
  }

  /** The graph, unless it is turned off. */
  get graph(): ProjectGraph | undefined {
    return this.#graph;
  }

  /** Open the graph anew: another server resolves by another config. */
  restart(): void {
    this.close();
    const { root, options, server, clock, pause } = this.#init;
    if (!options.tracksDependencies) return;
    this.#graph = server.openGraph({
      root,
      apiDirs: options.apiDirs,
      prefix: options.apiPrefix,
      tracking: options.dependencyTracking,
      pause,
    });
    this.#cancel = clock.after(BUILD_AFTER_MS, () => void this.build());
  }

  /** Read the project now, if there is a graph. Reports once what the graph may miss. */
  async build(): Promise<void> {
    const graph = this.#graph;
    if (graph === undefined) return;
    try {
      await graph.build();
      this.#sayOnce("info", graph.limits);
      this.#sayOnce(
        "warn",
        graph.warnings.map(({ message }) => message),
      );
    } catch (error) {
      this.#init.log.append({ type: "noticed", level: "warn", message: `[orbit] ${messageOf(error)}` });
    }
  }

  /** A file was saved, created or deleted. */
  noteSaved(file: string): void {
    if (this.#graph !== undefined) this.#saved.add(file);
  }

  /** Server code begins to write files itself. Returns what to call when it is done. */
  noteWrite(files: readonly string[]): () => void {
    return this.#ownWrites.begin(files);
  }

  /** Modules have run, and the files that they read are known now. */
  noteRan(modules: Iterable<ModuleRecord>): void {
    if (this.#graph === undefined) return;
    for (const module of modules) this.#ran.add(module);
  }

  /**
   * The impact of the saves since the last call.
   *
   * @param isLoaded whether the runtime knows a file, and its commits tell what became of it
   */
  take(isLoaded: (file: string) => boolean): Impact {
    const saved = [...this.#saved].map(withoutMark).filter((file) => !this.#ownWrites.has(file));
    this.#saved.clear();
    const graph = this.#graph;
    if (graph !== undefined) this.#tellReads(graph);
    const update = graph?.update(saved);
    if (graph?.isBuilt !== true || update === undefined) return NOTHING_KNOWN;
    const { root, names } = this.#init;
    const known = new Set(update.files.map(({ file }) => file));
    const changes = update.files.flatMap(({ file, kind }): Change[] => {
      const absolute = path.resolve(root, file);
      // A folder was saved where server code has made a file: the graph finds the file by itself.
      if (kind === "same" || isLoaded(absolute) || this.#ownWrites.has(absolute)) return [];
      const isUsed = graph.affected([file]).routes.length > 0;
      if (!isUsed && this.#isBrowserFile(file)) return [{ kind: "asset", file }];
      if (kind === "equivalent") return [{ kind: "same", file }];
      // Programs write data, and editors make files of their own: of unused files only changed code is reported.
      if (!isUsed && (kind !== "changed" || !CODE.test(file))) return [];
      return [{ kind: kind === "removed" ? "gone" : kind === "added" ? "added" : "code", file }];
    });
    const assets = saved
      .map((file) => names.relative(file))
      .filter((file) => !known.has(file) && this.#isBrowserFile(file));
    return {
      changes: [...changes, ...assets.map((file): Change => ({ kind: "asset", file }))],
      affectedBy: (files) => {
        const { routes, truncated } = graph.affected(files);
        return { routes: routes.map((route) => route.path), isCut: truncated };
      },
    };
  }

  /** Store the graph for the next start. */
  close(): void {
    this.#cancel();
    this.#graph?.close();
  }

  #tellReads(graph: ProjectGraph): void {
    for (const { file, filesRead } of this.#ran) {
      if (file === undefined) continue;
      const reads = [...filesRead.values()].filter(({ asks }) => asks === "content");
      graph.setReads(
        file,
        reads.map((read) => read.path),
      );
    }
    this.#ran.clear();
  }

  #sayOnce(level: "info" | "warn", messages: readonly string[]): void {
    const news = messages.filter((message) => this.#news.isNews(message));
    const more = news.length - MESSAGES_SHOWN;
    const rest = more > 0 ? [`${more} more of them: \`orbiton graph\` lists all.`] : [];
    for (const message of [...news.slice(0, MESSAGES_SHOWN), ...rest])
      this.#init.log.append({ type: "noticed", level, message });
  }

  #isBrowserFile(name: string): boolean {
    const { root, server } = this.#init;
    const file = path.resolve(root, name);
    return server.isBrowserFile(file) || /\.html?$/.test(file);
  }
}

const CODE = /\.[cm]?[jt]sx?$/;
const NOTHING_KNOWN: Impact = { changes: [], affectedBy: () => ({ routes: [], isCut: false }) };
