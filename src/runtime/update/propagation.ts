import type { ModuleGraph } from "../model/module-graph.ts";
import type { ExternalModule, ModuleRecord } from "../model/module-record.ts";
import { linked } from "../model/module-source.ts";
import type { ModuleSource } from "../model/module-source.ts";
import type { RunReason } from "../model/run-reason.ts";
import type { ChangedSource } from "./changed-source.ts";
import { isMentioned } from "./references.ts";
import { RETAINED, RULES } from "./rules.ts";
import type { RerunRule } from "./rules.ts";

/** `live` spares importers that provably need not run; `importers` spares nobody. */
export type Propagation = "live" | "importers";

interface SearchInput {
  readonly graph: ModuleGraph;
  /** What runs again whatever the rules say. */
  readonly seeds: ReadonlyMap<ModuleRecord, RunReason>;
  /** What nothing reaches any more: it leaves the objects and globals that it has changed. */
  readonly gone: ReadonlySet<ModuleRecord>;
  /** Where each module stands in the order in which a fresh process would evaluate everything. */
  readonly positions: ReadonlyMap<ModuleRecord, number>;
  /** How many evaluations have begun so far. */
  readonly now: number;
}

/** What has changed. */
export interface PropagationInput extends SearchInput {
  readonly propagation: Propagation;
}

export interface PropagationResult {
  readonly run: ReadonlyMap<ModuleRecord, RunReason>;
  /** How many evaluations had begun when the change happened that makes a module run. */
  readonly since: ReadonlyMap<ModuleRecord, number>;
  /** Not run, although something behind their exports changed: they see it through live bindings. */
  readonly spared: ReadonlySet<ModuleRecord>;
}

/**
 * Who runs again: the search over one relation, *a generation depends on sources, and a source has changed*.
 *
 * From each changed source to its dependents, which are judged by the rules: one that runs has changed sources of its
 * own, one that is spared has exports that may behave differently.
 */
export function whoRunsAgain(input: PropagationInput): PropagationResult {
  const search = new DependentsSearch(input, RULES[input.propagation]);
  for (const module of [...input.gone, ...input.seeds.keys()]) search.queue.push(module);
  search.walk();
  return search;
}

/**
 * Whose evaluation depends on functions that read keys of the environment when they are called: it has handed one to
 * somebody, or fills something once from one. Evaluation that happens late, and that nobody has recorded.
 */
export function whoKeepsEnvironment(
  graph: ModuleGraph,
  keys: readonly string[],
): ReadonlyMap<ModuleRecord, RunReason> {
  const nobody = { seeds: new Map<ModuleRecord, RunReason>(), gone: new Set<ModuleRecord>() };
  const search = new DependentsSearch({ graph, ...nobody, positions: new Map(), now: 0 }, RETAINED);
  search.visit({ kind: "environment", keys }, undefined);
  // What runs again is planned when somebody asks: until then, only what is spared leads on.
  search.walk((module) => search.spared.has(module));
  return search.run;
}

class DependentsSearch implements PropagationResult {
  readonly run: Map<ModuleRecord, RunReason>;
  readonly since: Map<ModuleRecord, number>;
  readonly spared: Set<ModuleRecord> = new Set();
  readonly queue: ModuleRecord[] = [];
  readonly #input: SearchInput;
  readonly #rules: readonly RerunRule[];

  constructor(input: SearchInput, rules: readonly RerunRule[]) {
    this.#input = input;
    this.#rules = rules;
    this.run = new Map(input.seeds);
    // What has been waiting for somebody to ask runs because of a change of then.
    this.since = new Map([...input.seeds.keys()].map((seed) => [seed, seed.stale?.since ?? input.now]));
  }

  walk(leadsOn: (module: ModuleRecord) => boolean = () => true): void {
    for (let module = this.queue.shift(); module !== undefined; module = this.queue.shift()) {
      if (!leadsOn(module)) continue;
      const isMadeAnew = this.#isReplaced(module);
      if (isMadeAnew) for (const changed of besidesExports(module)) this.visit(changed, module);
      this.visit({ kind: "exports", module, isMadeAnew }, module);
    }
  }

  visit(changed: ChangedSource, cause: ModuleRecord | undefined): void {
    for (const dependent of dependentsOf(this.#input.graph, changed)) {
      const { live } = dependent;
      if (live === undefined || dependent === cause || this.#isReplaced(dependent)) continue;
      if (isMemory(changed) && !this.#hasReadAfter(dependent, cause)) continue;
      const rule = this.#rules.find(({ apply }) => apply(live, changed) !== undefined);
      const reason = rule?.apply(live, changed);
      if (reason !== undefined) this.#runAgain(dependent, reason, cause);
      else if (!this.spared.has(dependent) && isMentioned(live, changed)) {
        this.spared.add(dependent);
        this.queue.push(dependent);
      }
    }
  }

  #runAgain(module: ModuleRecord, reason: RunReason, cause: ModuleRecord | undefined): void {
    this.run.set(module, reason);
    this.since.set(module, (cause && this.since.get(cause)) ?? this.#input.now);
    this.spared.delete(module);
    this.queue.push(module);
  }

  #isReplaced(module: ModuleRecord): boolean {
    return this.run.has(module) || this.#input.gone.has(module);
  }

  /**
   * Rule F: who has run before a module would have run before it in a fresh process, and has read nothing of it. Who has
   * run since the change has seen it, be it in the form that others have given it meanwhile.
   */
  #hasReadAfter(reader: ModuleRecord, cause: ModuleRecord | undefined): boolean {
    const { positions, now } = this.#input;
    const position = (cause && positions.get(cause)) ?? -1;
    const since = (cause && this.since.get(cause)) ?? now;
    const isAfter = (positions.get(reader) ?? Infinity) > position;
    return isAfter && (reader.live?.evaluatedAs ?? Infinity) <= since;
  }
}

function isMemory({ kind }: ChangedSource): boolean {
  return kind === "global" || kind === "package";
}

/** Who depends on a source, for one reason or another. */
function dependentsOf({ dependents, modules }: ModuleGraph, changed: ChangedSource): Iterable<ModuleRecord> {
  switch (changed.kind) {
    case "exports":
      return new Set([...changed.module.importers, ...dependents.readersOf(changed.module)]);
    case "objects":
      return new Set([
        ...(changed.module.live?.contributions ?? []),
        ...dependents.contributorsTo(changed.module),
      ]);
    case "global": {
      const method = /\.prototype\.(.+)/.exec(changed.name)?.[1];
      // Callers name the method only, never the prototype.
      if (method !== undefined) return [...modules].filter(({ live }) => live?.source.code.includes(method));
      return dependents.mentionersOf(changed.name);
    }
    case "package":
      return dependents.readersOf(changed.package);
    case "environment":
  }
  return dependents.environmentReaders;
}

/**
 * What a module that runs again has changed, beside its exports. What a first evaluation says to globals and packages is
 * news to nobody.
 */
function besidesExports(module: ModuleRecord): readonly ChangedSource[] {
  if (module.live === undefined) return [];
  return [
    { kind: "objects", module },
    ...[...globalsWrittenBy(module)].map((name) => ({ kind: "global", name, by: module }) as const),
    ...[...packagesConfiguredBy(module)].map(
      (configured) => ({ kind: "package", package: configured, by: module }) as const,
    ),
  ];
}

function globalsWrittenBy(module: ModuleRecord): ReadonlySet<string> {
  const names = new Set(module.live?.globals.names);
  for (const source of sourcesOf(module)) for (const name of source.analysis.globals.written) names.add(name);
  return names;
}

function packagesConfiguredBy(module: ModuleRecord): ReadonlySet<ExternalModule> {
  const packages = new Set<ExternalModule>();
  for (const source of sourcesOf(module)) {
    for (const site of source.analysis.configuredImports) {
      const target = source.imports[site];
      if (target?.kind === "external" && target.remembers) packages.add(target);
    }
  }
  return packages;
}

function sourcesOf(module: ModuleRecord): readonly ModuleSource[] {
  return [module.live?.source, linked(module.source)].filter((candidate) => candidate !== undefined);
}
