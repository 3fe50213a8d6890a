import type { RustCrate, RustModule } from "./crate-modules.ts";
import type { RustPath } from "./rust-text.ts";

/** What a name stands for: a module, or something that is written in a file. */
export type NameTarget =
  | { readonly kind: "module"; readonly module: RustModule }
  | { readonly kind: "item"; readonly files: Iterable<string> };

/** What a path leads to: nothing where it leads out of the project. */
export interface Resolved {
  readonly targets: readonly NameTarget[];
  /** Files that hand the name on: `pub use`. */
  readonly through: ReadonlySet<string>;
}

/** A chain of names that is longer leads nowhere. */
const MAX_DEPTH = 48;
/** Globs that lead to each other by names that they bring in themselves. */
const MAX_ROUNDS = 8;
const NOTHING: Resolved = { targets: [], through: new Set() };

/** What {@link NameResolver} knows of crates beside their modules. */
export interface CrateNames {
  /** The crate that a crate calls by a name, if it is one of the project. */
  crateOf(crate: RustCrate, name: string): RustCrate | undefined;
  /** The files of a crate that define a macro. */
  macroFiles(crate: RustCrate, name: string): ReadonlySet<string>;
}

/** Finds what paths mean. What is not there at all is nowhere; what a macro makes is where its module is. */
export class NameResolver {
  readonly #names: CrateNames;
  /** Where the globs of a module lead. */
  readonly #globs = new Map<RustModule, Set<RustModule>>();
  /** Items whose parts a module brings in by a glob: `use Enum::*`. */
  readonly #openItems = new Map<RustModule, Set<string>>();
  readonly #known = new Map<RustModule, Map<string, Resolved>>();
  #depth = 0;

  constructor(names: CrateNames, modules: readonly RustModule[]) {
    this.#names = names;
    const withGlobs = modules.filter(({ parts }) =>
      parts.some(({ scope }) => scope.uses.some(({ name }) => name === undefined)),
    );
    for (let round = 0; round < MAX_ROUNDS && this.#followGlobs(withGlobs); round++) this.#known.clear();
    this.#known.clear();
  }

  /** @param isUse whether it stands in a `use`, which older editions read from the root of the crate on */
  resolve(module: RustModule, path: RustPath, isUse: boolean): Resolved {
    if (this.#depth >= MAX_DEPTH) return NOTHING;
    this.#depth++;
    try {
      return this.#resolve(module, path, isUse);
    } finally {
      this.#depth--;
    }
  }

  #resolve(module: RustModule, path: RustPath, isUse: boolean): Resolved {
    const { start, rest } = this.#startOf(module, path, isUse);
    let targets = start.targets;
    const through = new Set(start.through);
    for (const step of rest) {
      targets = targets.flatMap((target) => {
        // What an item holds is where the item is.
        if (target.kind === "item") return [target];
        const found = this.#lookUp(target.module, step);
        for (const file of found.through) through.add(file);
        return found.targets.length > 0 ? found.targets : [fallbackFor(target.module)];
      });
    }
    return { targets, through };
  }

  #startOf(
    module: RustModule,
    { steps, isAbsolute }: RustPath,
    isUse: boolean,
  ): { readonly start: Resolved; readonly rest: readonly string[] } {
    const [first = "", ...rest] = steps;
    if (first === "crate") return { start: resolvedTo(module.crate.root), rest };
    if (first === "self" || first === "super")
      return { start: resolvedTo(...aboveBy(module, steps)), rest: below(steps) };
    return { start: this.#firstName(module, first, isAbsolute, isUse), rest };
  }

  #firstName(module: RustModule, name: string, isAbsolute: boolean, isUse: boolean): Resolved {
    const { crate } = module;
    const isOld = crate.package.edition === "2015";
    const isFromRoot = isOld && (isAbsolute || isUse);
    const own = isAbsolute && !isOld ? NOTHING : this.#lookUp(isFromRoot ? crate.root : module, name);
    if (own.targets.length > 0) return own;
    const other = this.#names.crateOf(crate, name);
    return other === undefined ? NOTHING : resolvedTo(other.root);
  }

  /** What a module calls by a name. */
  #lookUp(module: RustModule, name: string): Resolved {
    const known = this.#known.get(module) ?? new Map<string, Resolved>();
    this.#known.set(module, known);
    const before = known.get(name);
    if (before !== undefined) return before;
    // Names that lead to each other only lead nowhere.
    known.set(name, NOTHING);
    const found = this.#lookUpNow(module, name);
    known.set(name, found);
    return found;
  }

  #lookUpNow(module: RustModule, name: string): Resolved {
    const targets: NameTarget[] = [];
    const through = new Set<string>();
    const seen = new Set([module]);
    for (const each of seen) {
      const own = this.#ownName(each, name);
      targets.push(...own.targets);
      for (const file of own.through) through.add(file);
      if (own.targets.length > 0 && each !== module) for (const file of each.files) through.add(file);
      // What has a name itself does not take it from a glob.
      if (own.targets.length === 0) for (const glob of this.#globs.get(each) ?? []) seen.add(glob);
    }
    if (targets.length > 0) return { targets, through };
    const items = Array.from(seen, (each) => this.#openItems.get(each) ?? NOTHING.through);
    const open = items.filter(({ size }) => size > 0);
    return { targets: open.map((files) => ({ kind: "item", files })), through };
  }

  #ownName(module: RustModule, name: string): Resolved {
    const targets: NameTarget[] = (module.children.get(name) ?? []).map((child) => ({
      kind: "module",
      module: child,
    }));
    const through = new Set<string>();
    for (const { file, scope } of module.parts) {
      if (scope.types.has(name) || scope.values.has(name)) targets.push({ kind: "item", files: [file] });
      for (const use of scope.uses) {
        if (use.name !== name) continue;
        const found = this.resolve(module, use.path, true);
        targets.push(...found.targets);
        if (found.targets.length > 0) for (const each of [file, ...found.through]) through.add(each);
      }
    }
    const macros = module.parent === undefined ? this.#names.macroFiles(module.crate, name) : undefined;
    if (macros !== undefined && macros.size > 0) targets.push({ kind: "item", files: macros });
    return { targets, through };
  }

  /** Returns whether any leads to where none has led before. */
  #followGlobs(modules: readonly RustModule[]): boolean {
    let isMore = false;
    for (const module of modules) {
      const globs = this.#globs.get(module) ?? new Set<RustModule>();
      const items = this.#openItems.get(module) ?? new Set<string>();
      const before = globs.size + items.size;
      this.#globs.set(module, globs);
      this.#openItems.set(module, items);
      for (const { scope } of module.parts) {
        for (const { path, name } of scope.uses) {
          if (name !== undefined) continue;
          for (const target of this.resolve(module, path, true).targets) {
            if (target.kind === "module") globs.add(target.module);
            else for (const file of target.files) items.add(file);
          }
        }
      }
      isMore ||= globs.size + items.size > before;
    }
    return isMore;
  }
}

function resolvedTo(...modules: readonly RustModule[]): Resolved {
  return { targets: modules.map((module) => ({ kind: "module", module })), through: NOTHING.through };
}

function fallbackFor(module: RustModule): NameTarget {
  return { kind: "item", files: module.files };
}

/** `self`, and one module up for each `super`. */
function aboveBy(module: RustModule, steps: readonly string[]): readonly RustModule[] {
  let at: RustModule | undefined = module;
  for (const step of steps) {
    if (step !== "super" && step !== "self") break;
    if (step === "super") at = at?.parent;
  }
  return at === undefined ? [] : [at];
}

function below(steps: readonly string[]): readonly string[] {
  const end = steps.findIndex((step) => step !== "super" && step !== "self");
  return end < 0 ? [] : steps.slice(end);
}
