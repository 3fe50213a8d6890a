import { addTo, Dependents, removeFrom } from "./dependents.ts";
import {
  importsOf,
  isSameEdges,
  isSameLateImports,
  liveImportsOf,
  reach,
  reversed,
  staticOrder,
} from "./edges.ts";
import { evaluationOrder } from "./evaluation-order.ts";
import type { EvaluationOrder } from "./evaluation-order.ts";
import { isSameBehaviour } from "./behaviour.ts";
import type { Generation } from "./generation.ts";
import { requestedBy } from "./late-requests.ts";
import type { Importable, ModuleObserver, ModuleRecord } from "./module-record.ts";
import { ModuleRoles } from "./module-roles.ts";
import { inputsOf, isEdited, linked } from "./module-source.ts";
import type { NewestSource } from "./module-source.ts";

/**
 * All modules of a runtime, and what follows from how they are connected.
 *
 * What follows from the edges alone (who is reached, in which order all would run) is worked out once and kept until an
 * edge, an entry, or what is live changes: most edits change none of it, and cost what they touch. What is known of
 * single modules (which are not up to date, who passes on what) is kept as sets by the setters of {@link ModuleRecord}.
 */
export class ModuleGraph implements ModuleObserver {
  readonly dependents: Dependents = new Dependents();
  readonly roles: ModuleRoles = new ModuleRoles();
  readonly #modules = new Set<ModuleRecord>();
  /** By file: the modules whose text is made from it. */
  readonly #builtFrom = new Map<string, Set<ModuleRecord>>();
  /** What has been asked for, by url. */
  readonly #entries = new Map<string, ModuleRecord>();
  /** Kept until the structure changes. */
  readonly #derived = new Map<unknown, unknown>();
  /** Kept until the structure changes, or who depends on what. */
  readonly #related = new Map<string, unknown>();
  /** Whose reads and contributions have yet to be compared with the order of evaluation. */
  readonly #unordered = new Set<ModuleRecord>();
  /** The order that the others were compared with. */
  #comparedWith: EvaluationOrder | undefined;
  #revision = 0;

  /** Counts everything that can change what an entry is built from or whether it may serve. */
  get revision(): number {
    return this.#revision;
  }

  get modules(): Iterable<ModuleRecord> {
    return this.#modules;
  }

  get entries(): ReadonlyMap<string, ModuleRecord> {
    return this.#entries;
  }

  addEntry(url: string, module: ModuleRecord): void {
    this.#entries.set(url, module);
    this.structureChanged();
  }

  /** Returns whether there was one. */
  removeEntry(url: string): boolean {
    const isKnown = this.#entries.delete(url);
    if (isKnown) this.structureChanged();
    return isKnown;
  }

  add(module: ModuleRecord): void {
    this.#modules.add(module);
    if (module.file !== undefined) addTo(this.#builtFrom, module.file, module);
    this.marked(module);
  }

  /** Modules whose text is made from a file: it is their own, or a transform or a plugin has read it. */
  builtFrom(file: string): Iterable<ModuleRecord> {
    return this.#builtFrom.get(file) ?? [];
  }

  /** A module is gone. */
  forget(module: ModuleRecord): void {
    this.#modules.delete(module);
    for (const file of [module.file, ...inputsOf(module.source)])
      if (file !== undefined) removeFrom(this.#builtFrom, file, module);
    this.roles.forget(module);
    this.#unordered.delete(module);
    this.dependents.replace(module, module.live, undefined);
    this.structureChanged();
  }

  /** Something has changed that no setter sees. */
  touch(): void {
    this.#revision++;
  }

  /** Who imports whom is not what it was. */
  structureChanged(): void {
    this.#revision++;
    this.#derived.clear();
    this.#related.clear();
  }

  sourceChanged(module: ModuleRecord, before: NewestSource): void {
    const { source, live } = module;
    const edges = linked(before) ?? live?.source;
    if (isSameEdges(edges, linked(source) ?? live?.source)) this.#revision++;
    else this.structureChanged();
    for (const input of inputsOf(before))
      if (input !== module.file) removeFrom(this.#builtFrom, input, module);
    for (const input of inputsOf(source)) addTo(this.#builtFrom, input, module);
    this.roles.noteSource(module);
    this.#unordered.add(module);
    this.marked(module);
  }

  liveChanged(module: ModuleRecord, before: Generation | undefined): void {
    const { live } = module;
    const isSame =
      (before === undefined) === (live === undefined) &&
      isSameEdges(before?.source, live?.source) &&
      isSameLateImports(before, live);
    if (!isSame) this.structureChanged();
    else if (!isSameBehaviour(before, live)) this.#related.clear();
    // Late imports are ordered by when they ran.
    const isOrderLate = this.#derived.has(ORDER) && this.orderWith([]).late.has(module);
    if (isOrderLate && this.#derived.delete(ORDER)) this.#related.clear();
    this.dependents.replace(module, before, live);
    this.roles.noteLive(module);
    this.#unordered.add(module);
    this.marked(module);
  }

  unloadableChanged(module: ModuleRecord): void {
    this.roles.noteUnloadable(module);
    this.structureChanged();
  }

  marked(module: ModuleRecord): void {
    this.#revision++;
    if (this.#modules.has(module)) this.roles.noteMarks(module);
  }

  /** Those of some live modules whose newest text is another one than what runs, or cannot run. */
  editedIn(modules: ReadonlySet<ModuleRecord>): readonly ModuleRecord[] {
    return [...this.roles.dirty].filter(
      (module) => modules.has(module) && (module.source?.kind === "broken" || isEdited(module)),
    );
  }

  listens(module: ModuleRecord): void {
    this.roles.listening.add(module);
  }

  readLate(reader: ModuleRecord, read: Importable): void {
    this.#related.clear();
    this.dependents.addReader(read, reader);
    this.#unordered.add(reader);
  }

  contributedLate(contributor: ModuleRecord, target: ModuleRecord): void {
    this.#related.clear();
    this.dependents.addContributor(target, contributor);
    this.#unordered.add(contributor);
  }

  /** What follows from who imports whom, kept until that changes. */
  once<T>(question: unknown, derive: () => T): T {
    if (!this.#derived.has(question)) this.#derived.set(question, derive());
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a question has one answer
    return this.#derived.get(question) as T;
  }

  /** What follows from who depends on what, kept until that changes; {@link once} is for what follows from edges alone. */
  onceRelated<T>(question: string, derive: () => T): T {
    if (!this.#related.has(question)) {
      if (this.#related.size >= MAX_REMEMBERED) this.#related.clear();
      this.#related.set(question, derive());
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a question has one answer
    return this.#related.get(question) as T;
  }

  /** Everything that modules are built from, by their newest texts and by what runs; themselves included. */
  closureOf(modules: readonly ModuleRecord[]): ReadonlySet<ModuleRecord> {
    return this.#derivedFrom(modules, CLOSURE, (from) => reach(from, (module) => this.#needs(module)));
  }

  /** Everything that modules are built from, and all that they have asked for in vain: a change of it may mend that. */
  watchedFrom(modules: readonly ModuleRecord[]): ReadonlySet<ModuleRecord> {
    return this.#derivedFrom(modules, WATCHED, (from) => reach(from, (module) => this.watchedBy(module)));
  }

  /** What a module is built from, what it has asked for in vain, and what has to be there when it asks. */
  watchedBy(module: ModuleRecord): readonly ModuleRecord[] {
    return [...this.#needs(module), ...requestedBy(module), ...module.prepared];
  }

  /** What modules cannot do without, dependencies first. */
  neededBy(modules: readonly ModuleRecord[]): readonly ModuleRecord[] {
    return this.#derivedFrom(modules, NEEDED, (from) => staticOrder(from));
  }

  /** The entries whose closure contains one of these modules. */
  entriesReaching(modules: Iterable<ModuleRecord>): string[] {
    const dependents = this.once(DEPENDENTS, () =>
      reversed(this.#entries.values(), (module) => this.watchedBy(module)),
    );
    const reaching = reach(modules, (module) => dependents.get(module) ?? []);
    return [...this.#entries].flatMap(([url, entry]) => (reaching.has(entry) ? [url] : []));
  }

  /** Live modules that the newest texts of all entries do not lead to. */
  get unreached(): ReadonlySet<ModuleRecord> {
    return this.once(UNREACHED, () => {
      const reached = reach(this.#entries.values(), (module) => this.watchedBy(module));
      return new Set([...this.#modules].filter((each) => each.live !== undefined && !reached.has(each)));
    });
  }

  /** The order in which a fresh process would evaluate everything, were the entries asked for as they have been. */
  orderWith(modules: readonly ModuleRecord[]): EvaluationOrder {
    const order = this.once(ORDER, () => evaluationOrder(this.#entries.values()));
    if (modules.every((module) => order.positions.has(module))) return order;
    return evaluationOrder([...this.#entries.values(), ...modules]);
  }

  /** Modules of which it has yet to be found out whether they have run in an order; see {@link noteOrdered}. */
  unorderedIn(order: EvaluationOrder): ReadonlySet<ModuleRecord> {
    return order === this.#comparedWith ? this.#unordered : new Set(order.positions.keys());
  }

  /** All that is live has been compared with an order; these have run in another. */
  noteOrdered(order: EvaluationOrder, except: Iterable<ModuleRecord>): void {
    this.#comparedWith = order;
    this.#unordered.clear();
    for (const module of except) this.#unordered.add(module);
  }

  /** Kept where it is asked of one module, as nearly always. */
  #derivedFrom<T>(modules: readonly ModuleRecord[], question: symbol, derive: Derive<T>): T {
    const [only] = modules;
    if (modules.length !== 1 || only === undefined) return derive(modules);
    return this.#cached(question, only, () => derive([only]));
  }

  #cached<T>(question: symbol, module: ModuleRecord, derive: () => T): T {
    const answers = this.once(question, () => new Map<ModuleRecord, T>());
    let answer = answers.get(module);
    if (answer === undefined) {
      answer = derive();
      answers.set(module, answer);
    }
    return answer;
  }

  /** A text that is none has no imports: what runs instead of it has. */
  #needs(module: ModuleRecord): readonly ModuleRecord[] {
    return this.#cached(NEEDS, module, () =>
      module.source?.kind === "broken" ? [...importsOf(module), ...liveImportsOf(module)] : importsOf(module),
    );
  }
}

/** So many answers to what an edit concerns are kept: people edit a few files again and again. */
const MAX_REMEMBERED = 100;

type Derive<T> = (from: readonly ModuleRecord[]) => T;

const ORDER = Symbol("order");
const NEEDED = Symbol("needed");
const WATCHED = Symbol("watched");
const CLOSURE = Symbol("closure");
const NEEDS = Symbol("needs");
const DEPENDENTS = Symbol("dependents");
const UNREACHED = Symbol("unreached");
