import type {
  Affected,
  GraphCounts,
  GraphDocument,
  GraphUpdate,
  GraphWarning,
  Neighbour,
} from "../graph/index.ts";
import { dotOf } from "../graph/index.ts";
import { logUpdate } from "./graph-log.ts";
import type { ProjectGraphOptions } from "./graph-options.ts";
import { limitsOf } from "./limits.ts";
import { createNames } from "./paths.ts";
import type { Names } from "./paths.ts";
import { PluginAnswers } from "./plugin-answers.ts";
import { applyChanges } from "./project-changes.ts";
import { lookAtProject, settingsOf, storeModel } from "./project-model.ts";
import type { ProjectModel } from "./project-model.ts";
import { isLockfile, isSettingOfFolder } from "../settings/settings-files.ts";

/**
 * Who imports whom in a project, from its files. Questions take absolute paths or paths relative to the root, answers
 * are relative to the root and separated by `/`.
 */
export interface ProjectGraph {
  /** Read the project; later calls return the same promise. Until then questions find nothing. */
  build(): Promise<void>;
  readonly isBuilt: boolean;
  /** Take note of files (or folders) that were created, changed or deleted. */
  update(changes: readonly string[]): GraphUpdate;
  /** Resolves when everything that `resolveId` was asked about is linked. */
  settled(): Promise<void>;
  /** Files that a module reads while it evaluates, in place of those given before. */
  setReads(file: string, files: readonly string[]): void;
  affected(files: readonly string[]): Affected;
  importersOf(file: string): readonly Neighbour[];
  dependenciesOf(file: string): readonly Neighbour[];
  hasFile(file: string): boolean;
  /** The path of the route that a file serves, with the prefix. */
  routeOf(file: string): string | undefined;
  /** Equal for two texts that differ in comments, formatting or types only. `undefined` for what is not in the graph. */
  fingerprintOf(file: string): string | undefined;
  toJSON(): GraphDocument;
  /** The graph in the language of Graphviz. */
  toDot(): string;
  readonly counts: GraphCounts;
  /** Imports that cannot be bounded, in files that a route reaches. */
  readonly warnings: readonly GraphWarning[];
  /**
   * Imports that lead nowhere, in files that a route reaches: more routes may be affected than is known.
   *
   * @param besides files that were deleted: who imported them counts as affected already
   */
  unresolved(besides?: readonly string[]): readonly GraphWarning[];
  /** Files that do not parse. */
  readonly broken: readonly string[];
  /** Sentences that say what this graph may miss; empty when it misses nothing it knows of. */
  readonly limits: readonly string[];
  /** Store what was read for the next start, and let go. */
  close(): void;
}

/** A graph of the project's files. Nothing is read before `build()`. */
export function openProjectGraph(options: ProjectGraphOptions): ProjectGraph {
  return new OpenGraph(options);
}

const NOTHING: Affected = { routes: [], modules: [], truncated: false, warnings: [] };

class OpenGraph implements ProjectGraph {
  readonly #options: ProjectGraphOptions;
  readonly #names: Names;
  readonly #plugins: PluginAnswers;
  readonly #reads = new Map<string, readonly string[]>();
  /** Changes since the reading that is under way has begun: it may have passed their files. */
  readonly #early = new Set<string>();
  /** Modules whose reads are others since then. */
  readonly #earlyReads = new Set<string>();
  /** How many readings have begun; the last one counts. */
  #looks = 0;
  #isLooking = false;
  #model: ProjectModel | undefined;
  #building: Promise<void> | undefined;
  #isStored = true;
  #isClosed = false;

  constructor(options: ProjectGraphOptions) {
    this.#options = options;
    this.#names = createNames(options.root);
    this.#plugins = new PluginAnswers(options.resolveId);
  }

  get isBuilt(): boolean {
    return this.#model !== undefined;
  }

  build(): Promise<void> {
    this.#building ??= this.#look();
    return this.#building;
  }

  update(changes: readonly string[]): GraphUpdate {
    const files = [...new Set(changes.map((file) => this.#names.absolute(file)))].toSorted();
    const model = this.#model;
    if (this.#isLooking) for (const file of files) this.#early.add(file);
    if (model === undefined) return { files: [], relinked: [] };
    const { isReadingOpen, isResolvingOpen } = this.#takeSettings(model, files);
    const { update, linked } = applyChanges(model, files, isResolvingOpen);
    if (update.files.some(({ kind }) => kind !== "same")) this.#isStored = false;
    logUpdate(update);
    this.#ask(model, linked);
    // Every text says something else now. Until all are read again, answers are those of the old settings.
    if (isReadingOpen) {
      this.#building = this.#look();
      // Who asks with `settled()` is told.
      this.#building.catch(() => undefined);
    }
    return update;
  }

  async settled(): Promise<void> {
    await this.#building;
    await this.#plugins.settled();
  }

  setReads(file: string, files: readonly string[]): void {
    const importer = this.#names.absolute(file);
    const reads = files.map((read) => this.#names.absolute(read)).filter((read) => read !== importer);
    if (reads.length === 0) this.#reads.delete(importer);
    else this.#reads.set(importer, reads);
    if (this.#isLooking) this.#earlyReads.add(importer);
    if (this.#model !== undefined) relink(this.#model, importer);
  }

  affected(files: readonly string[]): Affected {
    return this.#model?.questions.affected(files) ?? NOTHING;
  }

  importersOf(file: string): readonly Neighbour[] {
    return this.#model?.questions.importersOf(file) ?? [];
  }

  dependenciesOf(file: string): readonly Neighbour[] {
    return this.#model?.questions.dependenciesOf(file) ?? [];
  }

  hasFile(file: string): boolean {
    const wanted = this.#names.absolute(file);
    return this.#model?.files.has(wanted) === true || this.#model?.records.get(wanted) !== undefined;
  }

  routeOf(file: string): string | undefined {
    return this.#model?.routes.current.get(this.#names.absolute(file));
  }

  fingerprintOf(file: string): string | undefined {
    return this.#model?.records.get(this.#names.absolute(file))?.fingerprint;
  }

  toJSON(): GraphDocument {
    return this.#model?.questions.document() ?? { nodes: [], edges: [] };
  }

  toDot(): string {
    return dotOf(this.toJSON());
  }

  get counts(): GraphCounts {
    const none = { modules: 0, routes: 0, assets: 0, externals: 0, edges: 0, cycles: 0 };
    return this.#model?.questions.counts() ?? none;
  }

  get warnings(): readonly GraphWarning[] {
    return this.#model?.questions.warnings() ?? [];
  }

  unresolved(besides: readonly string[] = []): readonly GraphWarning[] {
    return this.#model?.questions.unresolved(besides) ?? [];
  }

  get broken(): readonly string[] {
    const entries = [...(this.#model?.records.entries ?? [])];
    return entries.flatMap(([file, { isBroken }]) => (isBroken ? [this.#names.of(file)] : [])).toSorted();
  }

  get limits(): readonly string[] {
    return limitsOf(this.#options.tracking, this.#model);
  }

  close(): void {
    this.#isClosed = true;
    if (this.#model !== undefined && !this.#isStored) storeModel(this.#model, this.#options);
    this.#isStored = true;
  }

  async #look(): Promise<void> {
    const look = ++this.#looks;
    this.#isLooking = true;
    const resolvedByPlugins = (importer: string, specifier: string): string | undefined =>
      this.#plugins.get(importer, specifier);
    const { model, isWarm } = await lookAtProject({
      options: this.#options,
      resolvedByPlugins,
      reads: this.#reads,
    });
    // A later reading knows what this one did not.
    if (this.#isClosed || look !== this.#looks) return;
    this.#isLooking = false;
    this.#model = model;
    this.#isStored = isWarm;
    const early = [...this.#early];
    this.#early.clear();
    if (early.length > 0) this.update(early);
    for (const importer of this.#earlyReads) relink(model, importer);
    this.#earlyReads.clear();
    this.#ask(model, model.records.entries.keys());
    await this.#plugins.settled();
    if (this.#model !== model) return;
    if (!this.#isStored) storeModel(model, this.#options);
    this.#isStored = true;
  }

  /** Ask plugins what the files do not tell, and link the answers. */
  #ask(model: ProjectModel, importers: Iterable<string>): void {
    if (this.#options.resolveId === undefined) return;
    for (const importer of importers) {
      for (const { specifier } of model.links.unresolvedOf(importer)) {
        this.#plugins.ask(importer, specifier, () => {
          if (this.#model === model) relink(model, importer);
        });
      }
    }
  }

  /** What changed files say about the settings. */
  #takeSettings(model: ProjectModel, files: readonly string[]): OpenSettings {
    const { settings, names, scanner } = model;
    const changed = files.filter((file) => isSettingOfFolder(file) || settings.files.has(file));
    if (changed.length === 0) return { isReadingOpen: false, isResolvingOpen: false };
    // Which of them apply is known of those inside of the root only.
    const isUnknown = changed.some((file) => isLockfile(file) || !model.files.covers(file));
    const after = settingsOf(names, [...model.files.all(), ...changed], this.#options.bundler);
    model.settings = after;
    const isReadingOpen = after.reading !== settings.reading;
    if (isReadingOpen) scanner.forgetSettings();
    return { isReadingOpen, isResolvingOpen: isUnknown || after.resolving !== settings.resolving };
  }
}

/** What a module leads to beside its text is something else now. */
function relink(model: ProjectModel, importer: string): void {
  if (model.records.get(importer) === undefined) return;
  if (model.links.link(importer)) model.questions.noteChange();
}

interface OpenSettings {
  readonly isReadingOpen: boolean;
  readonly isResolvingOpen: boolean;
}
