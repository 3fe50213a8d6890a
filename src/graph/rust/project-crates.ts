import type { RustCrate } from "./crate-modules.ts";
import type { CrateNames } from "./resolve-names.ts";
import type { RustTexts } from "./rust-package.ts";

const NONE: ReadonlySet<string> = new Set();

/** The crates of a project, and what they call each other. */
export class CratesOfProject implements CrateNames {
  readonly #libraries = new Map<string, RustCrate>();
  readonly #macros = new Map<RustCrate, ReadonlyMap<string, ReadonlySet<string>>>();
  readonly #below = new Map<RustCrate, ReadonlySet<string>>();

  constructor(crates: readonly RustCrate[], texts: RustTexts) {
    for (const crate of crates) {
      if (crate.target.kind === "lib") this.#libraries.set(crate.package.folder, crate);
      this.#macros.set(crate, macrosOf(crate, texts));
    }
  }

  crateOf(crate: RustCrate, name: string): RustCrate | undefined {
    const { folder, dependencies } = crate.package;
    const own = this.#libraries.get(folder);
    if (own !== undefined && own !== crate && own.target.name === name) return own;
    const dependency = dependencies.find((each) => each.name === name);
    return dependency && this.#libraries.get(dependency.folder);
  }

  macroFiles(crate: RustCrate, name: string): ReadonlySet<string> {
    return this.#macros.get(crate)?.get(name) ?? NONE;
  }

  /** The files that define a macro which a crate calls by its name alone: its own, or one of a crate that it depends on. */
  macroFilesFor(crate: RustCrate, name: string): ReadonlySet<string> {
    const own = this.macroFiles(crate, name);
    if (own.size > 0) return own;
    return unionOf(this.#dependenciesOf(crate).map((each) => this.macroFiles(each, name)));
  }

  /** The files of a crate, and of all that it depends on. */
  filesBelow(crate: RustCrate): ReadonlySet<string> {
    const known = this.#below.get(crate);
    if (known !== undefined) return known;
    const crates = new Set([crate]);
    for (const each of crates) for (const dependency of this.#dependenciesOf(each)) crates.add(dependency);
    const files = unionOf(Array.from(crates, (each) => each.files));
    this.#below.set(crate, files);
    return files;
  }

  #dependenciesOf(crate: RustCrate): readonly RustCrate[] {
    const { folder, dependencies } = crate.package;
    const folders = [folder, ...dependencies.map((each) => each.folder)];
    return folders.flatMap((each) => this.#libraries.get(each) ?? []).filter((each) => each !== crate);
  }
}

function macrosOf({ files }: RustCrate, texts: RustTexts): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const file of files) {
    for (const name of texts(file)?.macros ?? []) found.set(name, (found.get(name) ?? new Set()).add(file));
  }
  return found;
}

function unionOf(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  const all = new Set<string>();
  for (const set of sets) for (const each of set) all.add(each);
  return all;
}
