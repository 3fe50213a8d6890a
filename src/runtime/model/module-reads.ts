/** The names of one module that somebody has read. */
interface ReadNames {
  /** Of values that the module itself made; `"*"` stands for all of them. */
  readonly made: Set<string>;
  /** Of values that it only passes on: they matter when its own text changes, not when what it imports does. */
  readonly passedOn: Set<string>;
}

/** How a value has to do with the module that it was read of. */
export type ReadAs = keyof ReadNames;

/** What was read of other modules. */
export class ModuleReads<Module> {
  readonly #namesByModule = new Map<Module, ReadNames>();

  get modules(): Iterable<Module> {
    return this.#namesByModule.keys();
  }

  has(module: Module): boolean {
    return this.#namesByModule.has(module);
  }

  /** Whether values were read that the module itself made. */
  hasValuesOf(module: Module): boolean {
    return (this.#namesByModule.get(module)?.made.size ?? 0) > 0;
  }

  /** Returns whether that is new. */
  add(module: Module, name: string, as: ReadAs): boolean {
    let names = this.#namesByModule.get(module);
    if (names === undefined) {
      names = { made: new Set(), passedOn: new Set() };
      this.#namesByModule.set(module, names);
    }
    if (names[as].has(name)) return false;
    names[as].add(name);
    return true;
  }

  isSameAs(other: ModuleReads<Module>): boolean {
    if (this.#namesByModule.size !== other.#namesByModule.size) return false;
    for (const [module, { made, passedOn }] of this.#namesByModule) {
      const names = other.#namesByModule.get(module);
      if (names === undefined || !isSameSet(made, names.made) || !isSameSet(passedOn, names.passedOn))
        return false;
    }
    return true;
  }

  /** Call `visit` for everything that was read. */
  forEach(visit: (module: Module, name: string, as: ReadAs) => void): void {
    for (const [module, { made, passedOn }] of this.#namesByModule) {
      for (const name of passedOn) visit(module, name, "passedOn");
      for (const name of made) visit(module, name, "made");
    }
  }
}

/** Whether two sets hold the same. */
export function isSameSet<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean {
  if (a.size !== b.size) return false;
  for (const item of a) if (!b.has(item)) return false;
  return true;
}
