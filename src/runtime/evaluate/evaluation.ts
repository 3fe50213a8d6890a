import { Cell, cellsOf } from "../effects/cells.ts";
import { exposeCommonJs } from "./commonjs.ts";
import { within } from "./deadline.ts";
import type { Execution, Getter, GivenByNode, ScriptScope, Setter } from "../model/compiled.ts";
import { runInContext } from "../model/context.ts";
import type { Snapshot } from "../model/context.ts";
import { fillScope } from "./fills.ts";
import { claimTopLevel, WatchedModule } from "../effects/contributions.ts";
import type { Generation } from "../model/generation.ts";
import { globalsOf, noteGlobalUse, WatchedGlobals } from "../effects/globals-watch.ts";
import { Watch } from "../effects/journal.ts";
import type { Journal } from "../effects/journal.ts";
import { watchedValue } from "../effects/object-content.ts";
import type { KeepPolicy } from "./keep-policy.ts";
import { evaluatingGeneration, startEvaluation } from "../model/late-evaluation.ts";
import type { EvaluationObserver } from "../model/late-evaluation.ts";
import { importSites } from "./import-sites.ts";
import { overdueProblem } from "./overdue.ts";
import type { ModuleRecord } from "../model/module-record.ts";
import { carriedResourcesOf } from "../effects/carried-resources.ts";
import type { ResourcePort } from "../effects/carried-resources.ts";

/** What running code asks of the runtime. */
export interface EvaluationPort {
  /** Right before a generation's own code runs. */
  onBegin(generation: Generation): void;
  dynamicImport(from: Generation, specifier: string): Promise<object>;
  /** `module` of a CommonJS file, with its `require`. */
  commonJs(generation: Generation): GivenByNode;
  importMeta(generation: Generation): object;
  readonly resources: ResourcePort;
}

/** What an evaluation is told by its transaction. */
interface EvaluationParts {
  readonly generation: Generation;
  readonly snapshot: Snapshot;
  readonly journal: Journal<ModuleRecord>;
  readonly keep: KeepPolicy;
  readonly port: EvaluationPort;
}

/** One generation on its way: instantiated first, evaluated later, possibly in a cycle with others. */
export class Evaluation implements EvaluationObserver {
  readonly generation: Generation;
  readonly #snapshot: Snapshot;
  readonly #keep: KeepPolicy;
  readonly #port: EvaluationPort;
  readonly #watch: Watch<ModuleRecord>;
  #execution: Execution | undefined;
  /** Resolves when the module has come to rest before its own code, should it be on its way there. */
  rested: Promise<unknown> | undefined;

  /** Kept values that turned out not to outlive this edit: the evaluation has to be repeated with fresh ones. */
  unkept: readonly string[] = [];

  constructor({ generation, snapshot, journal, keep, port }: EvaluationParts) {
    this.generation = generation;
    this.#snapshot = snapshot;
    this.#keep = keep;
    this.#port = port;
    this.#watch = new Watch(generation.module, journal);
  }

  /** Declare functions and exports; nothing of the module's own code runs yet. */
  instantiate(): void {
    const { generation } = this;
    const { analysis, compiled } = generation.source;
    if (compiled.format === "commonjs") return;
    this.#execution = compiled.start({
      ...this.#scriptScope(),
      imports: importSites(generation),
      exportName: (name, getter) => {
        const exported = analysis.exports.get(name);
        if (exported?.kind === "forward") return;
        const isKept = analysis.cells.some((candidate) => candidate.name === exported?.binding);
        generation.locals.set(name, isKept ? throughCell(getter) : getter);
      },
      importMeta: this.#port.importMeta(generation),
    });
    // An async generator runs up to its first pause synchronously as well, but it rests there only a moment later.
    const pausing = this.#execution.steps.next();
    // Asked to go on before, it would go on in the context of whoever started it.
    if (pausing instanceof Promise) this.rested = pausing;
  }

  #scriptScope(): ScriptScope {
    const { generation } = this;
    const { cells } = generation.source.analysis;
    const isCell = (name: string): boolean => cells.some((candidate) => candidate.name === name);
    return {
      dynamicImport: async (specifier) => this.#port.dynamicImport(generation, asString(specifier)),
      topLevel: (getters, setters) => {
        generation.topLevel = Object.fromEntries(
          Object.entries(getters).map(([name, getter]) => [
            name,
            isCell(name) ? throughCell(getter) : getter,
          ]),
        );
        generation.assign = Object.fromEntries(
          Object.entries(setters).map(([name, setter]) => [
            name,
            isCell(name) ? intoCell(getters[name]) : setter,
          ]),
        );
      },
      cell: (name, initialize) => this.#makeCell(name, initialize),
      open: (name, initialize) => this.#open(name, initialize),
      ...fillScope(generation),
    };
  }

  /** Run the top level, once it has {@link rested}. Resolves (or returns) when the module is done; throws what it throws. */
  run(deadlineMs: number): Promise<void> | void {
    const { generation } = this;
    this.#port.onBegin(generation);
    generation.begin();
    this.#beginWatch();
    const context = { snapshot: this.#snapshot, evaluating: generation, request: undefined };
    const started = runInContext(context, () =>
      startEvaluation({ generation, observer: this, deadlineMs }, () => this.#start()),
    );
    if (started.result !== undefined) {
      return this.#wait(started.result, deadlineMs).finally(() => started.finish());
    }
    this.#finish();
    if (started.finish()) this.#endWatch();
    return undefined;
  }

  /** Nothing of it can run any more: it is not to hold on to what it has read. */
  #endWatch(): void {
    this.#watch.end();
    this.generation.onFirstRead = undefined;
    if (this.generation.hot !== undefined) this.generation.hot.onDataUse = undefined;
  }

  /** Watch what the evaluation gets at, and may change. */
  #beginWatch(): void {
    const { generation } = this;
    noteGlobalUse(generation.source);
    if (generation.source.analysis.isInert) return;
    generation.onFirstRead = (module) => {
      if (module.kind === "project")
        this.#watch.add(new WatchedModule({ module, evaluating: generation, snapshot: this.#snapshot }));
    };
    this.#watch.add(new WatchedGlobals(generation.source, globalsOf(generation)));
    const { hot, module } = generation;
    if (hot === undefined) return;
    hot.onDataUse = () => {
      if (evaluatingGeneration() !== generation) return;
      hot.onDataUse = undefined;
      this.#watch.add(watchedValue(module.hotData));
    };
  }

  #makeCell(name: string, initialize: () => unknown): object {
    const { generation } = this;
    const { cells, topLevelAwait } = generation.source.analysis;
    const candidate = cells.find((cell) => cell.name === name);
    if (candidate === undefined) return new Cell(initialize());
    return cellsOf(generation).make({
      candidate,
      initialize,
      isAsync: topLevelAwait,
      isEvaluating: () => evaluatingGeneration() === generation,
      watch: (watched) => this.#watch.add(watched),
      ...this.#keep.cellOrigin(generation, candidate),
    });
  }

  #open(name: string, initialize: () => unknown): unknown {
    const { generation } = this;
    const initializer = generation.source.analysis.resourceInitializers.find(
      (candidate) => candidate.name === name,
    );
    if (initializer === undefined) return initialize();
    const earlier = this.#keep.carryOverSource(generation, initializer);
    return carriedResourcesOf(generation).make({ initializer, initialize, earlier }, this.#port.resources);
  }

  resumed(): void {
    this.#watch.resumed();
  }

  paused(): void {
    this.#watch.paused();
  }

  #start(): Promise<unknown> | undefined {
    const { generation } = this;
    const { compiled } = generation.source;
    if (compiled.format === "commonjs") {
      const given = this.#port.commonJs(generation);
      const { module } = given;
      exposeCommonJs(generation, module.exports);
      exposeCommonJs(generation, compiled.run(given, this.#scriptScope()));
      module.loaded = true;
      return undefined;
    }
    if (this.#execution?.kind === "async") return this.#execution.steps.next();
    this.#execution?.steps.next();
    return undefined;
  }

  async #wait(running: Promise<unknown>, deadlineMs: number): Promise<void> {
    await within(running, deadlineMs, () => {
      throw overdueProblem(this.generation, this.#snapshot, deadlineMs);
    });
    this.#finish();
  }

  #finish(): void {
    const { generation } = this;
    // Its transaction has come to nothing while it waited.
    if (generation.phase === "gone") return;
    generation.phase = "evaluated";
    this.unkept = [
      ...cellsOf(generation).finish(),
      ...carriedResourcesOf(generation).finish(this.#port.resources),
    ];
    claimTopLevel(generation);
  }
}

/** The text hands out the cell where its name stands; everybody else gets the value. */
function throughCell(getter: Getter): Getter {
  return () => {
    const cell = getter();
    return cell instanceof Cell ? cell.v : cell;
  };
}

function intoCell(getter: Getter | undefined): Setter {
  return (value) => {
    const cell = getter?.();
    if (cell instanceof Cell) cell.v = value;
  };
}

/** Whatever stands in `import(…)` becomes a string as the language does it, and not as `String`, which takes a symbol. */
function asString(specifier: string): string {
  return "".concat(specifier);
}
