import type { CellCandidate, ResourceInitializer } from "../analysis/index.ts";
import type { CellOrigin, EarlierValue } from "../effects/cells.ts";
import type { CarryOverSource } from "../effects/carried-resources.ts";
import type { Generation } from "../model/generation.ts";
import type { Importable, ModuleRecord } from "../model/module-record.ts";
import type { RunReason } from "../model/run-reason.ts";
import { cellsOf } from "../effects/cells.ts";

/** What decides about kept values beyond their own text. */
export interface KeepRules {
  readonly preserveState: boolean;
  /** A value from before a restart. */
  readonly restore: (module: ModuleRecord, name: string) => EarlierValue | undefined;
  /** Found by an earlier attempt not to outlive this edit. */
  readonly unkept: ReadonlyMap<ModuleRecord, ReadonlySet<string>>;
  readonly reasonOf: (module: ModuleRecord) => RunReason | undefined;
  /** Not run again, but its exports may behave differently. */
  readonly isSpared: (module: ModuleRecord) => boolean;
}

/** Reasons to run again that leave no doubt about what changed. */
const SAYS_WHAT_CHANGED: ReadonlySet<RunReason["kind"] | undefined> = new Set([
  "captured",
  "edited",
  "filled-from-file",
  "filled-lazily",
  "importer",
  "names-changed",
  "read",
] as const);

/** Which values of a module go on when it runs again, as far as can be said before it does. */
export class KeepPolicy {
  readonly #rules: KeepRules;
  readonly #runsAgain: (module: ModuleRecord) => boolean;

  /** @param runsAgain whether a module has a new generation in the same transaction */
  constructor(rules: KeepRules, runsAgain: (module: ModuleRecord) => boolean) {
    this.#rules = rules;
    this.#runsAgain = runsAgain;
  }

  /** What a kept binding of a new generation begins with. */
  cellOrigin({ module }: Generation, candidate: CellCandidate): CellOrigin {
    const { preserveState, restore, unkept } = this.#rules;
    const earlier = module.live && cellsOf(module.live);
    const restored = earlier === undefined ? restore(module, candidate.name) : undefined;
    if (!preserveState) return { earlier, restored: undefined, reset: "preserveState is off" };
    if (unkept.get(module)?.has(candidate.name) === true) {
      return { earlier, restored: undefined, reset: "other modules change it while they load" };
    }
    if (isDisposed(module, candidate.name))
      return { earlier, restored, reset: "a dispose handler of the module uses it" };
    const isBuiltAnew = isFromChangedFile(module, candidate.name) || this.#isBuiltAnew(module, candidate);
    return { earlier, restored, reset: isBuiltAnew ? "what it was built from changed" : undefined };
  }

  /** The generation whose open value may go on, as far as imports and the reason to run tell. */
  carryOverSource(
    { module, source }: Generation,
    { name, imports }: ResourceInitializer,
  ): CarryOverSource | undefined {
    const { live, stale } = module;
    const { preserveState, reasonOf, isSpared, unkept } = this.#rules;
    const isChanged = (target: Importable): boolean =>
      target.kind === "project" && (this.#runsAgain(target) || isSpared(target));
    const isStale = stale !== undefined && stale.reason.kind !== "filled-from-file";
    if (!preserveState || live === undefined || isStale || isFromChangedFile(module, name)) return undefined;
    if (unkept.get(module)?.has(name) === true || !SAYS_WHAT_CHANGED.has(reasonOf(module)?.kind))
      return undefined;
    const before =
      live.source.analysis.resourceInitializers.find((initializer) => initializer.name === name)?.imports ??
      [];
    const isSame = imports.every((site, index) => {
      const target = source.imports[site];
      const isKnown = target !== undefined && target.kind !== "unresolved";
      if (!isKnown || target !== live.source.imports[before[index] ?? -1] || isChanged(target)) return false;
      // It may be part of what was put into the other module, and that is built anew with this one.
      return target.kind !== "project" || !live.contributions.has(target);
    });
    return isSame ? { generation: live, isChanged } : undefined;
  }

  /** Whether a value that is filled from other things begins anew with them. */
  #isBuiltAnew(module: ModuleRecord, { isLazy }: CellCandidate): boolean {
    if (!isLazy) return false;
    const kind = this.#rules.reasonOf(module)?.kind;
    return (kind !== "edited" && kind !== "filled-from-file") || this.#lazySourcesRun(module);
  }

  /** Whether something runs again that a module fills a value from. */
  #lazySourcesRun({ live }: ModuleRecord): boolean {
    if (live === undefined) return false;
    const { analysis, imports } = live.source;
    const targets = [
      ...analysis.lazy.map((reference) => imports[reference.import]),
      ...analysis.lazyRequests.map((specifier) => live.lateImports.get(specifier)),
    ];
    return targets.some((target) => target?.kind === "project" && this.#runsAgain(target));
  }
}

/** Whether a value holds what was read of a file that says something else now, or is made of one that does. */
function isFromChangedFile({ live }: ModuleRecord, name: string): boolean {
  const outdated = live?.outside?.outdated;
  if (live === undefined || outdated === undefined || outdated.size === 0) return false;
  const { fillSources } = live.source.analysis;
  const found = new Set(outdated);
  // The set grows while it is walked.
  for (const each of found) {
    for (const { bindings, madeOf } of fillSources)
      if (madeOf.includes(each)) for (const binding of bindings) found.add(binding);
  }
  return found.has(name);
}

/** Whether a dispose handler has had its hands on the object that a binding holds: it may be closed. */
function isDisposed({ live }: ModuleRecord, name: string): boolean {
  if (live === undefined || (live.hot?.handlersRun ?? 0) === 0) return false;
  const cell = live.source.analysis.cells.find((candidate) => candidate.name === name);
  const value = cell?.isDisposed === true ? live.topLevel[name]?.() : undefined;
  return typeof value === "object" && value !== null;
}
