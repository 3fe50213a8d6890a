import path from "node:path";
import type { Change, Reach } from "../report/plan-reload.ts";
import type { Report } from "../protocol/report.ts";
import type { Clock } from "../reload/debounce.ts";
import { isSameStamp } from "../disk/stamp.ts";
import type { Stamp } from "../disk/stamp.ts";
import type { ModuleRecord } from "../runtime/index.ts";
import type { ResolvedOptions } from "../settings/options.ts";
import { disk, withoutMark } from "../disk/disk.ts";
import type { ProjectGraph } from "../project/index.ts";
import type { ServerPort } from "./ports.ts";

/** What {@link Foresight} needs of the session. */
export interface ForesightPorts {
  readonly root: string;
  readonly options: ResolvedOptions;
  readonly server: ServerPort;
  readonly clock: Clock;
  /** Whether the runtime knows a file: it says itself what became of it. */
  readonly isLoaded: (file: string) => boolean;
  readonly relative: (file: string) => string;
  readonly emit: (report: Report) => void;
  readonly onFailure: (error: unknown) => void;
}

/** What the graph says of the files that were saved. */
export interface Foreseen {
  /** Of files that the runtime does not know. */
  readonly changes: readonly Change[];
  readonly affectedBy: (files: readonly string[]) => Reach;
}

/** A project may have many of one kind. */
const MESSAGES_SHOWN = 3;

const REMEMBERED_WRITES = 1_000;

/** The server is up and has answered its first requests by then. */
const BUILD_AFTER_MS = 500;

/**
 * What a save touches of code that has not run yet, and of what is the browser's. It is built beside the work of the
 * server: until it is there, and where it is turned off, only what has run is known.
 */
export class Foresight {
  readonly #ports: ForesightPorts;
  readonly #saved = new Set<string>();
  readonly #said = new Set<string>();
  readonly #written = new Map<string, Stamp | undefined>();
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
    const { root, options, server, clock } = this.#ports;
    if (!options.tracksDependencies) return;
    this.#graph = server.openGraph({
      root,
      apiDirs: options.apiDirs,
      prefix: options.apiPrefix,
      tracking: options.dependencyTracking,
    });
    this.#cancel = clock.after(BUILD_AFTER_MS, () => void this.build());
  }

  /** Read the project now, if there is a graph. Says once what it may miss. */
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
      this.#ports.onFailure(error);
    }
  }

  /** A file was saved, created or deleted. */
  noteSaved(file: string): void {
    if (this.#graph !== undefined) this.#saved.add(file);
  }

  /** Server code has written files itself: that is data, and no save. */
  noteWritten(files: readonly string[]): void {
    if (this.#graph === undefined) return;
    for (const file of files) {
      this.#written.delete(file);
      this.#written.set(file, disk.stamp(file));
      const [oldest] = this.#written.keys();
      if (this.#written.size > REMEMBERED_WRITES && oldest !== undefined) this.#written.delete(oldest);
    }
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
    const saved = [...this.#saved].map(withoutMark).filter((file) => !this.#isOwnWrite(file));
    this.#saved.clear();
    const graph = this.#graph;
    const update = graph?.update(saved);
    if (graph?.isBuilt !== true || update === undefined) return NOTHING_KNOWN;
    const known = new Set(update.files.map(({ file }) => file));
    const changes = update.files.flatMap(({ file, kind }): Change[] => {
      if (kind === "same" || this.#ports.isLoaded(path.resolve(this.#ports.root, file))) return [];
      const isUsed = graph.affected([file]).routes.length > 0;
      if (!isUsed && this.#isBrowsers(file)) return [{ kind: "asset", file }];
      if (kind === "equivalent") return [{ kind: "same", file }];
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

  #isOwnWrite(file: string): boolean {
    return this.#written.has(file) && isSameStamp(this.#written.get(file), disk.stamp(file));
  }

  #sayOnce(level: "info" | "warn", messages: readonly string[]): void {
    const news = messages.filter((message) => !this.#said.has(message));
    for (const message of news) this.#said.add(message);
    for (const message of news.slice(0, MESSAGES_SHOWN))
      this.#ports.emit({ event: "notice", level, message });
    const more = news.length - MESSAGES_SHOWN;
    if (more > 0) {
      const message = `${more} more of them: \`orbiton graph\` lists all.`;
      this.#ports.emit({ event: "notice", level, message });
    }
  }

  #isBrowsers(name: string): boolean {
    const { root, server } = this.#ports;
    const file = path.resolve(root, name);
    return server.isBrowserFile(file) || /\.html?$/.test(file);
  }
}

const CODE = /\.[cm]?[jt]sx?$/;
const NOTHING_KNOWN: Foreseen = { changes: [], affectedBy: () => ({ routes: [], isCut: false }) };
