import { absent } from "./compiled.ts";
import type { Getter } from "./compiled.ts";
import { noteExternal } from "./external-values.ts";
import type { Generation, LateRequests } from "./generation.ts";
import type { NewestSource } from "./module-source.ts";
import type { FileRead } from "../host.ts";
import type { InputReads } from "./input-reads.ts";
import type { ModuleProblem } from "./problems.ts";
import type { RunReason } from "./run-reason.ts";

/** A project module or a package: both can be imported, only the first can change. */
export type Importable = ModuleRecord | ExternalModule;

const NO_FILES: ReadonlyMap<string, FileRead> = new Map();

/**
 * One export name of one module, for the module's whole life. Importers hold the binding, never the value:
 *
 *     importer ──> Binding "price" ──read──> generation 1's getter
 *                                └──────────> generation 2's getter, from the commit on
 */
export class Binding {
  readonly module: Importable;
  readonly name: string;
  read: Getter = absent;

  constructor(module: Importable, name: string) {
    this.module = module;
    this.name = name;
  }
}

/** Why a generation must not serve any more, and since when: how many evaluations had begun by then. */
export interface Staleness {
  readonly reason: RunReason;
  readonly since: number;
}

/** A package or builtin. Its namespace never changes while the process lives. */
export class ExternalModule {
  readonly kind = "external";
  readonly id: string;
  readonly namespace: Readonly<Record<string, unknown>>;
  readonly isCommonJs: boolean;
  /** Packages keep what they are told for as long as the process lives; Node's own modules and ours do not count. */
  readonly remembers: boolean;
  readonly #bindings = new Map<string, Binding>();

  constructor(init: {
    readonly id: string;
    readonly namespace: Readonly<Record<string, unknown>>;
    readonly isCommonJs: boolean;
    readonly remembers: boolean;
  }) {
    this.id = init.id;
    this.namespace = init.namespace;
    this.isCommonJs = init.isCommonJs;
    this.remembers = init.remembers;
    noteExternal(init.namespace);
    noteExternal(init.namespace["default"]);
  }

  binding(name: string): Binding {
    let binding = this.#bindings.get(name);
    if (binding === undefined) {
      binding = new Binding(this, name);
      binding.read = () => this.namespace[name];
      this.#bindings.set(name, binding);
    }
    return binding;
  }

  has(name: string): boolean {
    return name in this.namespace;
  }
}

/** Told of everything about a module that other things follow from. */
export interface ModuleObserver {
  sourceChanged(module: ModuleRecord, before: NewestSource): void;
  liveChanged(module: ModuleRecord, before: Generation | undefined): void;
  /** Something else that decides whether it may serve as it is. */
  marked(module: ModuleRecord): void;
  /** Code that asks for it while it runs can have it no more, or can again. */
  unloadableChanged(module: ModuleRecord): void;
  /** Its code wants to be told of updates: it accepts modules, or listens to events. */
  listens(module: ModuleRecord): void;
  /** Who imports whom has changed. */
  structureChanged(): void;
  /** A module that is live has read something of another one. */
  readLate(reader: ModuleRecord, read: Importable): void;
  /** A module that is live has changed objects of another one. */
  contributedLate(contributor: ModuleRecord, target: ModuleRecord): void;
}

/** One source file as the runtime knows it: one namespace object and one set of bindings for its whole life. */
export class ModuleRecord {
  readonly kind = "project";
  /** The transformer's id: an absolute file, or a virtual id. */
  readonly id: string;
  /** What to fetch it by. */
  readonly url: string;
  readonly file: string | undefined;
  /** How messages name it. */
  readonly displayName: string;
  /** As its text says: one that did not parse may turn out to be one. */
  isCommonJs: boolean;

  readonly observer: ModuleObserver;
  /** An image or another file that it only names: its text is the same whatever is in the file. */
  readonly isAsset: boolean;
  /** Its file was saved, and those who accept that have not been told. */
  isSavedAsset = false;
  /** Its imports may lead elsewhere than `source` says, although the text is the same. */
  isResolutionOutdated = false;
  /** What the last evaluation read that came to nothing: a change of it may mend that. */
  attempted: InputReads | undefined;
  /** What its code has asked for in that evaluation. */
  attemptedRequests: LateRequests | undefined;
  /** Counts changes of files and keys that it has read. */
  outsideChanges = 0;
  /** ES modules that its text may require, and scripts that lead to some: they have to be there when it does. */
  prepared: readonly ModuleRecord[] = [];
  /** Live project modules whose text imports this one. */
  readonly importers: Set<ModuleRecord> = new Set();
  /** Handed from generation to generation: `import.meta.hot.data`. */
  hotData: Record<string, unknown> = {};

  /** The one namespace object that code can hold on to: enumerable, live, the same for everybody. */
  readonly namespace: object;
  /** Those that somebody holds, by name; see `bindingOf`. */
  readonly bindings: Map<string, Binding> = new Map();
  #source: NewestSource;
  #live: Generation | undefined;
  #isOutdated = true;
  #unloadable: ModuleProblem | undefined;
  #stale: Staleness | undefined;

  constructor(init: {
    readonly observer: ModuleObserver;
    readonly id: string;
    readonly url: string;
    readonly file: string | undefined;
    readonly displayName: string;
    readonly isCommonJs: boolean;
    readonly isAsset: boolean;
    readonly createNamespace: (module: ModuleRecord) => object;
  }) {
    this.observer = init.observer;
    this.id = init.id;
    this.url = init.url;
    this.file = init.file;
    this.displayName = init.displayName;
    this.isCommonJs = init.isCommonJs;
    this.isAsset = init.isAsset;
    this.namespace = init.createNamespace(this);
  }

  /** The newest text; what is live may be older. */
  get source(): NewestSource {
    return this.#source;
  }

  set source(source: NewestSource) {
    const before = this.#source;
    this.#source = source;
    this.observer.sourceChanged(this, before);
  }

  /** The text on disk may be newer than `source`. */
  get isOutdated(): boolean {
    return this.#isOutdated;
  }

  set isOutdated(isOutdated: boolean) {
    this.#isOutdated = isOutdated;
    this.observer.marked(this);
  }

  /** What requests see. */
  get live(): Generation | undefined {
    return this.#live;
  }

  set live(live: Generation | undefined) {
    const before = this.#live;
    this.#live = live;
    this.observer.liveChanged(this, before);
  }

  /** Why the live generation must not serve any more, whatever its text: something it was built from was replaced. */
  get stale(): Staleness | undefined {
    return this.#stale;
  }

  /** The first reason counts, until it has run again. */
  markStale(stale: Staleness): void {
    if (this.#stale !== undefined) return;
    this.#stale = stale;
    this.observer.marked(this);
  }

  /** It has run again. What it has read may have changed meanwhile. */
  markFresh(stale: Staleness | undefined): void {
    this.#stale = stale;
    this.observer.marked(this);
  }

  /** Why code that imports it while running cannot have it any more, although an older generation may be live. */
  get unloadable(): ModuleProblem | undefined {
    return this.#unloadable;
  }

  set unloadable(problem: ModuleProblem | undefined) {
    const before = this.#unloadable;
    this.#unloadable = problem;
    if ((before === undefined) !== (problem === undefined)) this.observer.unloadableChanged(this);
  }

  /** The files and folders that it read while it evaluated, by the names under which the host tells of them. */
  get filesRead(): ReadonlyMap<string, FileRead> {
    const live = this.live?.outside?.files;
    if (this.attempted === undefined) return live ?? NO_FILES;
    return new Map([...(live ?? []), ...this.attempted.files]);
  }

  /** Remember what an evaluation read that came to nothing, in place of an earlier one; `undefined` when one succeeded. */
  noteAttempt(attempt: Pick<Generation, "outside" | "requests"> | undefined): void {
    const earlier = this.attempted;
    const attempted = attempt?.outside;
    this.attempted = attempted;
    const requests = attempt?.requests.size === 0 ? undefined : attempt?.requests;
    if (this.attemptedRequests !== requests) this.observer.structureChanged();
    this.attemptedRequests = requests;
    if (earlier !== attempted) earlier?.release();
  }
}
