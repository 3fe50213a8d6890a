import type { ModuleRecord } from "./module-record.ts";
import { hasUnresolvedImport, isDirty, passesOn } from "./module-source.ts";

/** Which modules are what an update or a look asks for: it costs those, and not a walk over all modules. */
export class ModuleRoles {
  /** Modules that are not what they have to be: outdated, broken, edited, stale, or never run. */
  readonly dirty: Set<ModuleRecord> = new Set();
  /** Modules whose newest text imports something that was not found. */
  readonly unresolved: Set<ModuleRecord> = new Set();
  /** Modules that code asks for while it runs, and cannot have. */
  readonly unloadable: Set<ModuleRecord> = new Set();
  /** Live modules that export what others make. */
  readonly forwarders: Set<ModuleRecord> = new Set();
  /** Live modules with top-level bindings that are kept. */
  readonly stateful: Set<ModuleRecord> = new Set();
  /** Modules that have ever asked to be told of updates. */
  readonly listening: Set<ModuleRecord> = new Set();

  noteSource(module: ModuleRecord): void {
    setHas(this.unresolved, module, hasUnresolvedImport(module.source));
  }

  noteLive(module: ModuleRecord): void {
    const analysis = module.live?.source.analysis;
    setHas(this.forwarders, module, module.live !== undefined && passesOn(module.live.source));
    setHas(this.stateful, module, analysis !== undefined && analysis.cells.length > 0);
  }

  noteUnloadable(module: ModuleRecord): void {
    setHas(this.unloadable, module, module.unloadable !== undefined);
  }

  /** Something that decides whether it may serve as it is. */
  noteMarks(module: ModuleRecord): void {
    setHas(this.dirty, module, isDirty(module));
  }

  forget(module: ModuleRecord): void {
    for (const set of [this.dirty, this.unresolved, this.unloadable]) set.delete(module);
    for (const set of [this.forwarders, this.stateful, this.listening]) set.delete(module);
  }
}

function setHas(set: Set<ModuleRecord>, module: ModuleRecord, has: boolean): void {
  if (has) set.add(module);
  else set.delete(module);
}
