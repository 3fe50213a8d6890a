import { afterEach, beforeEach } from "vitest";
import { type GenerationScope, setStateHost, type StateProblem } from "../../src/state/host.ts";

/** One module evaluated once: aside until `goLive` or `abandon`. */
export interface Generation<Exports> {
  readonly exports: Exports;
  readonly goLive: () => void;
  readonly abandon: () => void;
  /** Lets a live generation go, as when its module is deleted. */
  readonly prune: () => void;
  /** Runs code in the async context of this evaluation. */
  readonly within: <Result>(run: () => Result) => Result;
}

/** Stands in for the runtime: replaces code without any code. */
export interface FakeHost {
  readonly problems: StateProblem[];
  /** Evaluates a module aside. */
  readonly evaluate: <Exports>(
    module: string,
    code: () => Exports,
    options?: EvaluateOptions,
  ) => Generation<Exports>;
  /** Evaluates a module aside, makes it live and lets its last generation go. */
  readonly edit: <Exports>(module: string, code: () => Exports, options?: EvaluateOptions) => Exports;
  readonly remove: () => void;
}

interface EvaluateOptions {
  readonly preserveState?: boolean;
}

/** The registry's slot: tests begin with an empty process. */
export const SLOT: symbol = Symbol.for("orbit-hmr:state@1");

/** Begins each test of a file with an empty registry. */
export function useFreshRegistry(): void {
  beforeEach(emptyRegistry);
  afterEach(emptyRegistry);
}

/** As if the process had just begun. */
export function emptyRegistry(): void {
  Reflect.deleteProperty(globalThis, SLOT);
}

/** Connects a fake host. The next fresh registry forgets it. */
export function fakeHost(): FakeHost {
  const problems: StateProblem[] = [];
  const liveByModule = new Map<string, Generation<unknown>>();
  let current: GenerationScope | undefined;

  const within = <Result>(scope: GenerationScope, run: () => Result): Result => {
    const outer = current;
    current = scope;
    try {
      return run();
    } finally {
      current = outer;
    }
  };

  const evaluate: FakeHost["evaluate"] = (module, code, { preserveState = true } = {}) => {
    const onLive: (() => void)[] = [];
    const onDispose: (() => void)[] = [];
    const scope: GenerationScope = {
      module,
      preserveState,
      onLive: (run) => void onLive.push(run),
      onDispose: (run) => void onDispose.push(run),
    };
    const exports = within(scope, code);
    const dispose = (): void => onDispose.forEach((run) => run());
    return {
      exports,
      goLive: () => onLive.forEach((run) => run()),
      abandon: dispose,
      prune: dispose,
      within: (run) => within(scope, run),
    };
  };

  const edit: FakeHost["edit"] = (module, code, options) => {
    const generation = evaluate(module, code, options);
    generation.goLive();
    liveByModule.get(module)?.prune();
    liveByModule.set(module, generation);
    return generation.exports;
  };

  const remove = setStateHost({
    generation: () => current,
    report: (problem) => void problems.push(problem),
  });
  return { problems, evaluate, edit, remove };
}

/** A clock that stands still until it is told otherwise. */
export function fakeClock(): { readonly now: () => number; readonly pass: (ms: number) => void } {
  let time = 1_000_000;
  return { now: () => time, pass: (ms) => void (time += ms) };
}
