import type { CellCandidate, Opening } from "../analysis/index.ts";
import { Cell } from "../effects/cells.ts";
import type { Cells, EarlierValue } from "../effects/cells.ts";
import { exposeCommonJs } from "./commonjs.ts";
import type { Execution, Setter } from "../link/compile.ts";
import { runInContext } from "../model/context.ts";
import type { World } from "../model/context.ts";
import { ContributionWatch } from "../effects/contributions.ts";
import type { Generation } from "../model/generation.ts";
import { GlobalsWatch } from "../effects/globals-watch.ts";
import { evaluatingGeneration, startEvaluation } from "./late-evaluation.ts";
import type { EvaluationObserver } from "./late-evaluation.ts";
import { importSites } from "./import-sites.ts";
import type { Getter, ModuleRecord } from "../model/module-record.ts";
import type { EarlierOpenings, ResourcePort } from "../effects/openings.ts";
import { ModuleProblem } from "../model/problems.ts";
import { listenToFirstReads } from "./reads.ts";

/** What running code asks of the runtime. */
export interface EvaluationPort {
  /** Right before a generation's own code runs. */
  onBegin(generation: Generation): void;
  dynamicImport(from: Generation, specifier: string): Promise<object>;
  require(from: Generation, specifier: string): unknown;
  importMeta(generation: Generation): object;
  readonly resources: ResourcePort;
}

/** The transaction of an evaluation: what it sees, and what its kept bindings begin with. */
export interface EvaluationWorld extends World {
  cellOrigin(generation: Generation, candidate: CellCandidate): CellOrigin;
  /** What a generation may go on with of what was opened before. */
  openedBefore(generation: Generation, opening: Opening): EarlierOpenings | undefined;
}

/** Where the value of a kept binding comes from. */
export interface CellOrigin {
  readonly earlier: Cells | undefined;
  readonly restored: EarlierValue | undefined;
  readonly reset: string | undefined;
}

/** One generation on its way: instantiated first, evaluated later, possibly in a cycle with others. */
export class Evaluation implements EvaluationObserver {
  readonly generation: Generation;
  readonly #world: EvaluationWorld;
  readonly #port: EvaluationPort;
  readonly #contributions: ContributionWatch;
  readonly #globals: GlobalsWatch;
  readonly #assignedExports: Record<string, unknown> = {};
  #execution: Execution | undefined;
  #pausing: Promise<unknown> | undefined;

  /** Kept values that turned out not to outlive this edit: the evaluation has to be repeated with fresh ones. */
  unkept: readonly string[] = [];

  constructor(generation: Generation, world: EvaluationWorld, port: EvaluationPort) {
    this.generation = generation;
    this.#world = world;
    this.#port = port;
    this.#contributions = new ContributionWatch(generation, world);
    this.#globals = new GlobalsWatch(generation.source);
    generation.globals = this.#globals.writes;
    watches.set(generation, this.#contributions);
  }

  /** Declare functions and exports; nothing of the module's own code runs yet. */
  instantiate(): void {
    const { generation } = this;
    const { analysis, compiled } = generation.source;
    if (compiled.format === "commonjs") return;
    const isCell = (name: string): boolean => analysis.cells.some((candidate) => candidate.name === name);
    this.#execution = compiled.start({
      imports: importSites(generation),
      dynamicImport: async (specifier) => this.#port.dynamicImport(generation, specifier),
      exportName: (name, getter) => {
        const exported = analysis.exports.get(name);
        if (exported?.kind === "forward") return;
        const isKept = exported !== undefined && isCell(exported.binding);
        generation.locals.set(name, isKept ? throughCell(getter) : getter);
      },
      exports: this.#assignedExports,
      importMeta: this.#port.importMeta(generation),
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
    });
    // An async generator runs up to its first pause synchronously as well, but it rests there only a moment later.
    const pausing = this.#execution.steps.next();
    if (pausing instanceof Promise) this.#pausing = pausing;
  }

  /** Run the top level. Resolves (or returns) when the module is done; throws what it throws. */
  run(deadlineMs: number): Promise<void> | void {
    // Asked to go on before it rests, an async generator would go on in the context of whoever started it.
    return this.#pausing === undefined
      ? this.#evaluate(deadlineMs)
      : this.#pausing.then(async () => this.#evaluate(deadlineMs));
  }

  #evaluate(deadlineMs: number): Promise<void> | void {
    const { generation } = this;
    this.#port.onBegin(generation);
    generation.begin();
    this.#globals.resumed();
    const context = { world: this.#world, evaluating: generation, request: undefined };
    const started = runInContext(context, () => startEvaluation(generation, this, () => this.#start()));
    if (started.result !== undefined) {
      return this.#wait(started.result, deadlineMs).finally(() => started.finish(deadlineMs));
    }
    this.#finish();
    started.finish(deadlineMs);
    return undefined;
  }

  #makeCell(name: string, initialize: () => unknown): object {
    const { generation } = this;
    const { cells, topLevelAwait } = generation.source.analysis;
    const candidate = cells.find((cell) => cell.name === name);
    if (candidate === undefined) return new Cell(initialize());
    return generation.cells.make({
      candidate,
      initialize,
      isAsync: topLevelAwait,
      isEvaluating: () => evaluatingGeneration() === generation,
      ...this.#world.cellOrigin(generation, candidate),
    });
  }

  #open(name: string, initialize: () => unknown): unknown {
    const { generation } = this;
    const opening = generation.source.analysis.openings.find((candidate) => candidate.name === name);
    if (opening === undefined) return initialize();
    const earlier = this.#world.openedBefore(generation, opening);
    return generation.openings.make({ opening, initialize, earlier }, this.#port.resources);
  }

  resumed(): void {
    this.#globals.resumed();
    this.#contributions.resumed();
  }

  paused(): void {
    this.#globals.paused();
    this.#contributions.paused();
  }

  /**
   * Take back what a failed evaluation changed of others' objects and of globals.
   *
   * @returns whose objects are not what they were
   */
  undo(): Set<ModuleRecord> {
    this.generation.cells.undo();
    this.#globals.writes.takeBack();
    return this.#contributions.undo();
  }

  /** It is live: what it changed stays. */
  settle(): void {
    this.#contributions.settle();
  }

  #start(): Promise<unknown> | undefined {
    const { source, module } = this.generation;
    if (source.compiled.format === "commonjs") {
      const exports = source.compiled.run(
        module.file ?? module.id,
        (specifier) => this.#port.require(this.generation, specifier),
        (early) => exposeCommonJs(this.generation, early),
      );
      exposeCommonJs(this.generation, exports);
      return undefined;
    }
    if (this.#execution?.kind === "async") return this.#execution.steps.next();
    this.#execution?.steps.next();
    return undefined;
  }

  async #wait(running: Promise<unknown>, deadlineMs: number): Promise<void> {
    const { module } = this.generation;
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(
          new ModuleProblem({
            kind: "deadline",
            message: `${module.displayName} has waited at top level for ${deadlineMs / 1000} s and is not done. Look for an \`await\` that never ends.`,
            file: module.file,
          }),
        );
      }, deadlineMs);
    });
    try {
      await Promise.race([running, deadline]);
    } finally {
      clearTimeout(timer);
    }
    this.#finish();
  }

  #finish(): void {
    const { generation } = this;
    for (const name of Object.keys(this.#assignedExports)) {
      generation.locals.set(name, () => this.#assignedExports[name]);
    }
    generation.phase = "evaluated";
    this.unkept = [...generation.cells.finish(), ...generation.openings.finish(this.#port.resources)];
    this.#contributions.finish();
  }
}

const watches = new WeakMap<Generation, ContributionWatch>();

listenToFirstReads((evaluating, read) => watches.get(evaluating)?.beforeFirstRead(read));

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
