import type { Generation } from "./generation.ts";
import type { Importable, ModuleRecord } from "./module-record.ts";

const NOBODY: ReadonlySet<ModuleRecord> = new Set();

/**
 * Who depends on what, of all that is live: by source, the modules that read it, put something into it, or mention it.
 * Commits keep it, and reads that come late.
 */
export class Dependents {
  readonly #readers = new Map<Importable, Set<ModuleRecord>>();
  readonly #contributors = new Map<ModuleRecord, Set<ModuleRecord>>();
  readonly #mentioners = new Map<string, Set<ModuleRecord>>();
  readonly #environment = new Set<ModuleRecord>();

  /** Who has read something of a module while it evaluated. */
  readersOf(module: Importable): ReadonlySet<ModuleRecord> {
    return this.#readers.get(module) ?? NOBODY;
  }

  /** Who has changed objects of a module while it evaluated. */
  contributorsTo(module: ModuleRecord): ReadonlySet<ModuleRecord> {
    return this.#contributors.get(module) ?? NOBODY;
  }

  /** Whether objects of any module were changed by another one. */
  get hasContributors(): boolean {
    return this.#contributors.size > 0;
  }

  /** Whose text mentions a global, be it by a name that is only known when the code runs; `"*"` for any global. */
  mentionersOf(global: string): ReadonlySet<ModuleRecord> {
    const mentioners = new Set<ModuleRecord>();
    for (const name of global === "*" ? this.#mentioners.keys() : [global, "*"])
      for (const module of this.#mentioners.get(name) ?? []) mentioners.add(module);
    return mentioners;
  }

  /** Whose functions may read the environment when they are called. */
  get environmentReaders(): ReadonlySet<ModuleRecord> {
    return this.#environment;
  }

  /** Another generation of a module is live, or none. */
  replace(module: ModuleRecord, before: Generation | undefined, now: Generation | undefined): void {
    if (before !== undefined) {
      for (const read of before.reads.modules) removeFrom(this.#readers, read, module);
      for (const target of before.contributions) removeFrom(this.#contributors, target, module);
      if (before.source !== now?.source) this.#removeMentions(module, before);
    }
    if (now === undefined) return;
    for (const read of now.reads.modules) this.addReader(read, module);
    for (const target of now.contributions) this.addContributor(target, module);
    const { globals, environmentLater } = now.source.analysis;
    for (const name of globals.mentioned) addTo(this.#mentioners, name, module);
    if (environmentLater.length > 0) this.#environment.add(module);
  }

  addReader(read: Importable, reader: ModuleRecord): void {
    addTo(this.#readers, read, reader);
  }

  addContributor(target: ModuleRecord, contributor: ModuleRecord): void {
    addTo(this.#contributors, target, contributor);
  }

  #removeMentions(module: ModuleRecord, { source }: Generation): void {
    for (const name of source.analysis.globals.mentioned) removeFrom(this.#mentioners, name, module);
    this.#environment.delete(module);
  }
}

/** Add a module to those that an index has under a source. */
export function addTo<Source>(
  index: Map<Source, Set<ModuleRecord>>,
  source: Source,
  module: ModuleRecord,
): void {
  const dependents = index.get(source);
  if (dependents === undefined) index.set(source, new Set([module]));
  else dependents.add(module);
}

/** Take it out; a source that nobody is under is forgotten. */
export function removeFrom<Source>(
  index: Map<Source, Set<ModuleRecord>>,
  source: Source,
  module: ModuleRecord,
): void {
  const dependents = index.get(source);
  dependents?.delete(module);
  if (dependents?.size === 0) index.delete(source);
}
