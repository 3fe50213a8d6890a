import { isSameProblem } from "../runtime/index.ts";
import type { ModuleProblem, ModuleRecord, Runtime } from "../runtime/index.ts";
import type { PublicNames } from "./public-names.ts";
import type { SessionLog } from "./session-log.ts";
import { showProblem } from "./shown-problem.ts";

/** The parts of a session that know of the modules that code asks for while it runs. */
export interface LateProblemsInit {
  readonly runtime: Runtime;
  readonly names: PublicNames;
  readonly log: SessionLog;
  readonly routeOf: (entry: string) => string | undefined;
  /** An entry reaches something that failed, and may load when it is tried again. */
  readonly onMayPass: (entry: string) => void;
}

/**
 * Modules that routes ask for while they run, and that cannot be loaded. The routes themselves serve on: what comes of it
 * is up to their code, but that a saved file has an error is said.
 */
export class LateProblems {
  readonly #init: LateProblemsInit;
  readonly #known = new Map<ModuleRecord, ModuleProblem>();

  constructor(init: LateProblemsInit) {
    this.#init = init;
  }

  /** Compare what cannot be loaded with what is known of it. */
  review(): void {
    const { runtime, log } = this.#init;
    const broken = runtime.unloadable;
    const mended = [...this.#known.keys()].filter((module) => !broken.has(module));
    for (const module of mended) this.#known.delete(module);
    if (mended.length > 0) log.append({ type: "recovered", entries: mended.map(({ id }) => id) });
    for (const [module, problem] of broken)
      if (!isSameProblem(this.#known.get(module), problem)) this.#note(module, problem);
  }

  /** Whether users know of a problem. Of a file that is not there they do not: it may be optional, and then nobody minds. */
  isReported(problem: ModuleProblem): boolean {
    return [...this.#known.values()].some((known) => isSameProblem(known, problem));
  }

  #note(module: ModuleRecord, problem: ModuleProblem): void {
    const { log, names } = this.#init;
    this.#known.set(module, problem);
    if (problem.mayPass) this.#init.runtime.entriesReaching(new Set([module])).forEach(this.#init.onMayPass);
    const shown = showProblem(problem, names, (file) => this.#routesReaching(file));
    log.append({
      type: "broke",
      at: Date.now(),
      entry: module.id,
      route: undefined,
      problem: shown,
      retries: 0,
    });
  }

  #routesReaching(file: string): readonly string[] {
    const { runtime, routeOf } = this.#init;
    const reached = runtime.entriesReaching(new Set(runtime.recordsOf(file)));
    return reached.flatMap((entry) => routeOf(entry) ?? []);
  }
}
