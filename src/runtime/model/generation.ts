import type { GenerationScope } from "../../state/host.ts";
import type { HotHandlers } from "./hot-handlers.ts";
import type { Getter, Setter } from "./compiled.ts";
import type { Importable, ModuleRecord } from "./module-record.ts";
import { ModuleReads } from "./module-reads.ts";
import type { ReadAs } from "./module-reads.ts";
import type { ModuleProblem } from "./problems.ts";
import { nextEvaluation } from "./clock.ts";
import type { ModuleSource } from "./module-source.ts";
import type { InputReads } from "./input-reads.ts";

/** What a request for a module comes to: the module, why it cannot be had, or `undefined` where it leads nowhere. */
export type LateAnswer = ModuleRecord | ModuleProblem | undefined;

/**
 * One `import()` or `require()` of running code. Who asks depends on the answer, be it that there is none: what fails to
 * load is watched like everything else.
 */
export interface LateRequest {
  readonly by: "import" | "require";
  /** Where it leads by now. */
  target: ModuleRecord | undefined;
  /** What the code was answered. */
  answer: LateAnswer;
  /** Somebody was evaluating, so that what was made then holds the answer. */
  isOfEvaluation: boolean;
}

/** By what was asked for. */
export type LateRequests = Map<string, LateRequest>;

const NO_GLOBALS = { names: new Set<string>() };

/** One evaluation of a module. What outlives it, or is taken back with it, `effects/` keeps for it. */
export class Generation {
  readonly module: ModuleRecord;
  readonly source: ModuleSource;
  phase: "linked" | "evaluating" | "evaluated" | "gone" = "linked";
  /** The version whose commit made it live. */
  liveSince = 0;
  /** Evaluations of the process, counted: who ran before whom. */
  evaluatedAs = 0;
  /** Kept only while a request is in flight that began when it was live. */
  previous: Generation | undefined;

  /** Export name -> getter of a value made in this very module. */
  readonly locals: Map<string, Getter> = new Map();
  /** Everything that this generation's evaluation read of modules; see `model/reads.ts`. */
  readonly reads: ModuleReads<Importable> = new ModuleReads();
  /** Called before it reads a module for the first time. */
  onFirstRead: ((module: Importable) => void) | undefined;
  /** Set while an initializer runs whose reads are of interest by themselves. */
  readsNoted: ModuleReads<Importable> | undefined;
  /** Project modules reached by `import()` or `require()` while running, by what was asked for. */
  readonly lateImports: Map<string, ModuleRecord> = new Map();
  /** What its code has asked for while running, whether it got it or not. */
  readonly requests: LateRequests = new Map();
  /** Modules whose objects this evaluation changed. */
  readonly contributions: Set<ModuleRecord> = new Contributions(this);
  /** The globals that this evaluation wrote, as texts mention them. */
  globals: { readonly names: ReadonlySet<string> } = NO_GLOBALS;
  /** Getters of all top-level bindings, exported or not. */
  topLevel: Readonly<Record<string, Getter>> = {};
  /** Setters of those that can be assigned. */
  assign: Readonly<Record<string, Setter>> = {};
  hot: HotHandlers | undefined;
  /** What this evaluation read besides modules; there from its first statement on. */
  outside: InputReads | undefined;
  /** How explicit state takes part in the transaction. */
  readonly scope: GenerationScope;
  readonly #onLive: (() => void)[] = [];
  readonly #onDispose: (() => void)[] = [];

  constructor(module: ModuleRecord, source: ModuleSource, preserveState: boolean) {
    this.module = module;
    this.source = source;
    this.scope = {
      module: module.displayName,
      preserveState,
      onLive: (run) => {
        if (this.liveSince > 0) run();
        else this.#onLive.push(run);
      },
      onDispose: (run) => {
        if (this.phase === "gone") run();
        else this.#onDispose.push(run);
      },
    };
  }

  /** It has read a name of a module. */
  noteRead(module: Importable, name: string, as: ReadAs): void {
    const isNew = this.reads.add(module, name, as);
    this.readsNoted?.add(module, name, as);
    if (isNew && this.module.live === this) this.module.observer.readLate(this.module, module);
  }

  /** Its own code runs from now on. */
  begin(): void {
    this.phase = "evaluating";
    this.evaluatedAs = nextEvaluation();
  }

  /** Called once, in the synchronous step that makes the generation live. */
  becomeLive(): void {
    for (const run of this.#onLive.splice(0)) run();
  }

  /** Its transaction came to nothing: what it has told explicit state is dropped. Returns that it is. */
  abandon(): boolean {
    this.letGo();
    return true;
  }

  /** Called once, when nobody is served by it any more. */
  letGo(): void {
    this.phase = "gone";
    for (const run of this.#onDispose.splice(0)) run();
  }
}

/** Tells the module of a live generation what its late evaluation adds. */
class Contributions extends Set<ModuleRecord> {
  readonly #owner: Generation;

  constructor(owner: Generation) {
    super();
    this.#owner = owner;
  }

  override add(target: ModuleRecord): this {
    if (this.has(target)) return this;
    super.add(target);
    const { module } = this.#owner;
    if (module.live === this.#owner) module.observer.contributedLate(module, target);
    return this;
  }
}
