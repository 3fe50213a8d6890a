import { liveWorld } from "../model/context.ts";
import type { ImportReference } from "../analysis/index.ts";
import { originOf } from "../model/exports.ts";
import type { Generation } from "../model/generation.ts";
import type { Importable, ModuleRecord } from "../model/module-record.ts";
import { linked } from "../model/module-source.ts";
import type { ModuleSource } from "../model/module-source.ts";
import { hasReadThrough, hasReadValuesOf } from "../evaluate/reads.ts";

/** Why a module runs again. Told to users, so every rule has its own word. */
export type RunReason =
  | { readonly kind: "new" | "edited" | "requested" }
  | { readonly kind: "stale"; readonly because: string }
  /** What it read while it evaluated has changed: a file or folder, keys of the environment. */
  | { readonly kind: "file"; readonly file: string }
  | { readonly kind: "environment"; readonly keys: readonly string[] }
  | {
      readonly kind: "read" | "captured" | "filled-lazily" | "importer" | "names-changed";
      readonly of: ModuleRecord;
    }
  | { readonly kind: "contribution"; readonly by: ModuleRecord }
  | { readonly kind: "contributor"; readonly to: ModuleRecord }
  | { readonly kind: "global" | "package"; readonly name: string; readonly by: ModuleRecord };

/** `live` spares importers that provably need not run; `importers` spares nobody. */
export type Propagation = "live" | "importers";

export interface PropagationInput {
  readonly propagation: Propagation;
  /** Modules that have run and are reachable. */
  readonly loaded: Iterable<ModuleRecord>;
  /** What runs again whatever the rules say. */
  readonly seeds: ReadonlyMap<ModuleRecord, RunReason>;
  /** What nothing reaches any more: it leaves the objects and globals that it has changed. */
  readonly gone: ReadonlySet<ModuleRecord>;
  /** The order in which a fresh process would evaluate everything. */
  readonly order: readonly ModuleRecord[];
  /** How many evaluations have begun so far. */
  readonly now: number;
}

export interface PropagationResult {
  readonly run: ReadonlyMap<ModuleRecord, RunReason>;
  /** How many evaluations had begun when the change happened that makes a module run. */
  readonly since: ReadonlyMap<ModuleRecord, number>;
  /** Not run, although something behind their exports changed: they see it through live bindings. */
  readonly spared: ReadonlySet<ModuleRecord>;
}

/**
 * Who runs again.
 *
 * A module that runs has new exports ("hard"); a module that is spared has exports that may behave differently
 * ("soft"), because its functions call something new. Both are walked towards their importers, and each importer
 * is judged by the rules: did it read such an export while it evaluated (A, E), hand a function that mentions one
 * to somebody (C), or fill something lazily from one (D)? Then it runs, too. Otherwise it is spared.
 */
export function whoRunsAgain(input: PropagationInput): PropagationResult {
  const { propagation, seeds, gone, now } = input;
  const modules = [...input.loaded];
  const readers = readersByModule(modules);
  const positions = new Map(input.order.map((module, position) => [module, position]));
  const run = new Map(seeds);
  const spared = new Set<ModuleRecord>();
  const queue: ModuleRecord[] = [...gone, ...seeds.keys()];
  const since = new Map([...seeds.keys()].map((seed) => [seed, sinceOf(seed, now)]));
  const runAgain = (module: ModuleRecord, reason: RunReason, cause: ModuleRecord): void => {
    if (run.has(module) || gone.has(module)) return;
    run.set(module, reason);
    since.set(module, since.get(cause) ?? now);
    spared.delete(module);
    queue.push(module);
  };

  for (let module = queue.shift(); module !== undefined; module = queue.shift()) {
    const isHard = run.has(module) || gone.has(module);
    if (isHard) {
      rerunContributions(module, modules, runAgain);
      rerunWhatRemembers(module, { modules, readers, positions, since: since.get(module) ?? now, runAgain });
    }
    for (const dependent of new Set([...module.importers, ...(readers.get(module) ?? [])])) {
      if (run.has(dependent) || gone.has(dependent) || dependent === module || dependent.live === undefined)
        continue;
      const reason = judge(dependent, module, isHard, propagation);
      if (reason !== undefined) {
        runAgain(dependent, reason, module);
      } else if (!spared.has(dependent) && mentions(dependent, module, isHard)) {
        spared.add(dependent);
        queue.push(dependent);
      }
    }
  }
  return { run, since, spared };
}

/** When the change happened that makes a module run: just now, unless it has been waiting for somebody to ask. */
function sinceOf({ staleBecause, staleSince }: ModuleRecord, now: number): number {
  return staleBecause === undefined ? now : staleSince;
}

const FILLS_FROM_ENVIRONMENT: RunReason = {
  kind: "stale",
  because: "fills a value once from the environment",
};

/**
 * Who fills something once, at a request, from functions that read the environment when they are called, in its own
 * text or in a module that it imports: evaluation that happens late, of which nobody knows the keys.
 */
export function whoFillsFromEnvironment(
  modules: Iterable<ModuleRecord>,
): ReadonlyMap<ModuleRecord, RunReason> {
  const run = new Map<ModuleRecord, RunReason>();
  const readers = new Set<ModuleRecord>();
  for (const module of modules) {
    const analysis = module.live?.source.analysis;
    if (analysis?.fillsFromEnv === true) run.set(module, FILLS_FROM_ENVIRONMENT);
    if (analysis?.mentionsEnvLater === true) readers.add(module);
  }
  // Whoever calls a reader is one as well: the set grows while it is walked.
  for (const module of readers) {
    for (const dependent of module.importers) {
      const { live } = dependent;
      if (live === undefined || run.has(dependent)) continue;
      if (fillsFrom(live, module, false)) run.set(dependent, { kind: "filled-lazily", of: module });
      else if (mentions(dependent, module, false)) readers.add(dependent);
    }
  }
  return run;
}

type RunAgain = (module: ModuleRecord, reason: RunReason, cause: ModuleRecord) => void;

function judge(
  dependent: ModuleRecord,
  module: ModuleRecord,
  isHard: boolean,
  propagation: Propagation,
): RunReason | undefined {
  const { live } = dependent;
  if (live === undefined) return undefined;
  if (propagation === "importers") return isHard ? { kind: "importer", of: module } : undefined;
  const hasRead = isHard ? hasReadThrough(live, module) : hasReadValuesOf(live, module);
  if (hasRead) return { kind: "read", of: module };
  const { source } = live;
  if (source === undefined) return undefined;
  const { captured, capturedRequests, stars } = source.analysis;
  if (leads(live, captured, capturedRequests, { module, isHard })) return { kind: "captured", of: module };
  if (fillsFrom(live, module, isHard)) return { kind: "filled-lazily", of: module };
  if (isHard && stars.some((star) => source.imports[star] === module) && hasOtherNames(module)) {
    return { kind: "names-changed", of: module };
  }
  return undefined;
}

function fillsFrom(live: Generation, module: ModuleRecord, isHard: boolean): boolean {
  const { lazy, lazyRequests } = live.source.analysis;
  return leads(live, lazy, lazyRequests, { module, isHard });
}

/** Whether references or requests of a text lead to a module. */
function leads(
  live: Generation,
  references: readonly ImportReference[],
  requests: readonly string[],
  { module, isHard }: { readonly module: ModuleRecord; readonly isHard: boolean },
): boolean {
  return (
    references.some(({ import: site, name }) => leadsTo(live.source, site, name, module, isHard)) ||
    asksFor(live, requests, module)
  );
}

/** Whether functions of a module use anything that another one exports. */
function mentions(dependent: ModuleRecord, module: ModuleRecord, isHard: boolean): boolean {
  const { live } = dependent;
  if (live === undefined) return true;
  const { source } = live;
  return (
    asksFor(live, ["*"], module) ||
    source.analysis.mentions.some((names, site) =>
      [...names].some((name) => leadsTo(source, site, name, module, isHard)),
    )
  );
}

/**
 * Whether a name that a text imports is made by a module; with `isHard` also whether it is merely passed on by it,
 * for what a new text passes on may be something else.
 */
function leadsTo(
  source: ModuleSource,
  site: number,
  name: string,
  module: ModuleRecord,
  isHard: boolean,
): boolean {
  const target = source.imports[site];
  if (target === undefined || target.kind !== "project") return false;
  if (name === "*") return target === module || passesOn(target, module, new Set());
  const origin = target.live && originOf(target.live, name, liveWorld);
  if (origin === undefined) return target === module;
  return origin.module === module || (isHard && (target === module || origin.via.includes(module)));
}

/** Whether one of these requests of running code, `"*"` for any, was answered with a module or with what passes it on. */
function asksFor({ lateImports }: Generation, requests: readonly string[], module: ModuleRecord): boolean {
  if (requests.length === 0) return false;
  return [...lateImports].some(
    ([specifier, target]) =>
      (requests.includes("*") || requests.includes(specifier)) &&
      (target === module || passesOn(target, module, new Set())),
  );
}

/** Whether a namespace contains names of another module, through any number of re-exports. */
function passesOn(barrel: ModuleRecord, module: ModuleRecord, seen: Set<ModuleRecord>): boolean {
  const source = barrel.live?.source;
  if (source === undefined || seen.has(barrel)) return false;
  seen.add(barrel);
  const sites = new Set(source.analysis.stars);
  for (const exported of source.analysis.exports.values()) {
    if (exported.kind === "forward") sites.add(exported.import);
  }
  return [...sites].some((site) => {
    const target = source.imports[site];
    return target?.kind === "project" && (target === module || passesOn(target, module, seen));
  });
}

/** Whether the newest text of a module exports other names than the one that runs. */
function hasOtherNames(module: ModuleRecord): boolean {
  const now = linked(module.source)?.analysis;
  const before = module.live?.source.analysis;
  if (now === undefined || before === undefined) return true;
  if (before === now) return false;
  if (before.stars.length > 0 || now.stars.length > 0) return true;
  return [...before.exports.keys()].toSorted().join("\0") !== [...now.exports.keys()].toSorted().join("\0");
}

/** Rule B: what a module put into another one's objects is there once per evaluation of that other one. */
function rerunContributions(
  module: ModuleRecord,
  modules: readonly ModuleRecord[],
  runAgain: RunAgain,
): void {
  for (const target of module.live?.contributions ?? []) {
    if (target.live !== undefined) runAgain(target, { kind: "contribution", by: module }, module);
  }
  for (const contributor of modules) {
    if (contributor.live?.contributions.has(module))
      runAgain(contributor, { kind: "contributor", to: module }, module);
  }
}

interface Memory {
  readonly modules: readonly ModuleRecord[];
  readonly readers: ReadonlyMap<Importable, readonly ModuleRecord[]>;
  readonly positions: ReadonlyMap<ModuleRecord, number>;
  readonly since: number;
  readonly runAgain: RunAgain;
}

/**
 * Rule F: globals and packages keep what a module told them, and others have read it there after it. What a first
 * evaluation tells them is news to nobody: who has run before it would have run before it in a fresh process. And who
 * has run since the change has seen it, be it in the form that others have given it meanwhile.
 */
function rerunWhatRemembers(
  module: ModuleRecord,
  { modules, readers, positions, since, runAgain }: Memory,
): void {
  if (module.live === undefined) return;
  const position = positions.get(module) ?? -1;
  const hasReadAfter = (reader: ModuleRecord): boolean =>
    reader !== module &&
    (positions.get(reader) ?? Infinity) > position &&
    (reader.live?.evaluatedAs ?? Infinity) <= since;
  for (const name of globalsWrittenBy(module)) {
    for (const reader of modules) {
      if (mentionsGlobal(reader, name) && hasReadAfter(reader))
        runAgain(reader, { kind: "global", name, by: module }, module);
    }
  }
  for (const configured of packagesConfiguredBy(module)) {
    for (const reader of readers.get(configured) ?? []) {
      if (hasReadAfter(reader))
        runAgain(reader, { kind: "package", name: configured.id, by: module }, module);
    }
  }
}

function globalsWrittenBy(module: ModuleRecord): ReadonlySet<string> {
  const names = new Set(module.live?.globals.names);
  for (const source of sourcesOf(module)) for (const name of source.analysis.globals.written) names.add(name);
  return names;
}

function mentionsGlobal(module: ModuleRecord, name: string): boolean {
  const source = module.live?.source;
  if (source === undefined) return false;
  const { mentioned } = source.analysis.globals;
  const method = /\.prototype\.(.+)/.exec(name)?.[1];
  // Nobody names the prototype whose method is called.
  if (method !== undefined) return source.code.includes(method);
  return name === "*" ? mentioned.length > 0 : mentioned.includes(name) || mentioned.includes("*");
}

function packagesConfiguredBy(module: ModuleRecord): ReadonlySet<Importable> {
  const packages = new Set<Importable>();
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

function readersByModule(modules: readonly ModuleRecord[]): Map<Importable, ModuleRecord[]> {
  const readers = new Map<Importable, ModuleRecord[]>();
  for (const module of modules) {
    for (const read of module.live?.reads.keys() ?? []) {
      const list = readers.get(read);
      if (list === undefined) readers.set(read, [module]);
      else list.push(module);
    }
  }
  return readers;
}
