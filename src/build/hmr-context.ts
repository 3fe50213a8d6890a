import type { ChangedModule } from "../protocol/build.ts";

/** Modules that were saved are pending until a build has succeeded with them and pages have been told. */
export class HmrContext {
  readonly #nameOf: (file: string) => string;
  readonly #modules = new Map<string, ChangedModule>();

  constructor(nameOf: (file: string) => string) {
    this.#nameOf = nameOf;
  }

  /** All that were saved, in the order in which that happened last. */
  get modules(): readonly ChangedModule[] {
    return [...this.#modules.values()];
  }

  /** A file was saved. Returns the name of its module. */
  recordFileChange(file: string, changedAt: number = Date.now()): string {
    const module = this.#nameOf(file);
    // What was saved last stands last.
    this.#modules.delete(module);
    this.#modules.set(module, { module, changedAt, updated: false });
    return module;
  }

  /** Whether something was saved that no build has succeeded with: time has no say in it, or the last save would be lost. */
  shouldRebuild(): boolean {
    return this.getPendingUpdates().length > 0;
  }

  /** The modules that pages have not been told of. */
  getPendingUpdates(): readonly string[] {
    return this.modules.filter(({ updated }) => !updated).map(({ module }) => module);
  }

  /** Pages have been told of modules, as they were at some time: what was saved since is pending still. */
  markUpdated(modules: readonly string[], toldAt: number = Date.now()): void {
    for (const name of modules) {
      const module = this.#modules.get(name);
      if (module !== undefined && module.changedAt <= toldAt)
        this.#modules.set(name, { ...module, updated: true });
    }
  }
}
