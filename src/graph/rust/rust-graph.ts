import type { TextPosition } from "../../protocol/text-position.ts";
import type { GraphWarning } from "../answers.ts";
import { readCrate } from "./crate-modules.ts";
import type { ModulePart, RustCrate, RustModule } from "./crate-modules.ts";
import { CratesOfProject } from "./project-crates.ts";
import { NameResolver } from "./resolve-names.ts";
import type { NameTarget } from "./resolve-names.ts";
import type { RustPackage, RustTexts } from "./rust-package.ts";
import type { ImplHeader, RustPath } from "./rust-text.ts";
import { scanRust } from "./scan-rust.ts";

/**
 * How one file reaches another. `mod`: it declares the module; `use`: it names something that is written there; `include`: it
 * includes its text; `impl`: a type of it gets more there; `through`: a name that it uses comes by way of that file.
 */
export type RustEdgeKind = "mod" | "use" | "include" | "impl" | "through";

export interface RustEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: RustEdgeKind;
}

/** Who uses whom in a cargo project. Files are named as they are in the packages. */
export interface RustGraph {
  /** Sources, and what they include; sorted. */
  readonly files: readonly string[];
  /** Each once. An end may be a file that is not there, and would be a module's. */
  readonly edges: readonly RustEdge[];
  /** Places that cannot be read: they may name any file of their crate, or of those that it depends on. */
  readonly unsure: readonly GraphWarning[];
  /** Modules that are declared and have no file. */
  readonly missing: readonly GraphWarning[];
  /** By a file with such a place: all that it may mean. */
  readonly mayReach: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Read who uses whom from the texts of a cargo project. */
export function rustGraph(
  packages: readonly RustPackage[],
  files: ReadonlyMap<string, string> | ((file: string) => string | undefined),
): RustGraph {
  const textOf = typeof files === "function" ? files : (file: string) => files.get(file);
  const texts = new Map<string, ReturnType<RustTexts>>();
  return rustGraphOf(packages, (file) => {
    if (!texts.has(file)) {
      const text = textOf(file);
      texts.set(file, text === undefined ? undefined : scanRust(text));
    }
    return texts.get(file);
  });
}

/** As {@link rustGraph}, of texts that have been read already. */
export function rustGraphOf(packages: readonly RustPackage[], texts: RustTexts): RustGraph {
  const building = new GraphInMaking();
  const crates = packages.flatMap((each) =>
    each.targets.map((target) => readCrate({ package: each, target }, texts, building)),
  );
  const project = new CratesOfProject(crates, texts);
  const modules = crates.flatMap((crate) => crate.modules);
  const linker = new ModuleLinker(project, new NameResolver(project, modules), building);
  for (const module of modules) for (const part of module.parts) linker.link(module, part);
  for (const crate of crates) building.noteCrate(crate, project, texts);
  return building.graph();
}

/** Collects what is found. */
class GraphInMaking {
  readonly #edges = new Map<string, RustEdge>();
  readonly #files = new Set<string>();
  readonly #unsure = new Map<string, GraphWarning>();
  readonly #missing = new Map<string, GraphWarning>();
  readonly #mayReach = new Map<string, Set<string>>();

  edge(from: string, to: string, kind: RustEdgeKind): void {
    if (from === to) return;
    this.#edges.set(`${from}\0${to}\0${kind}`, { from, to, kind });
    if (kind === "include") this.#files.add(to);
  }

  missing(file: string, { name, place }: { readonly name: string; readonly place: TextPosition }): void {
    const warning = warningAt(
      file,
      place,
      (at) => `${at} declares the module ${name}, for which there is no file.`,
    );
    this.#missing.set(warning.message, warning);
  }

  noteCrate(crate: RustCrate, project: CratesOfProject, texts: RustTexts): void {
    for (const file of crate.files) {
      this.#files.add(file);
      const unread = texts(file)?.unread ?? [];
      if (unread.length === 0) continue;
      const reached = this.#mayReach.get(file) ?? new Set();
      this.#mayReach.set(file, reached);
      for (const each of project.filesBelow(crate)) reached.add(each);
      for (const { what, ...place } of unread) {
        const warning = warningAt(
          file,
          place,
          (at) =>
            `${at} ${what}: a change of any file of its crate, or of those that it depends on, counts as one that reaches it.`,
        );
        this.#unsure.set(warning.message, warning);
      }
    }
  }

  graph(): RustGraph {
    const edges = [...this.#edges].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, edge]) => edge);
    return {
      files: [...this.#files].toSorted(),
      edges,
      unsure: [...this.#unsure.values()],
      missing: [...this.#missing.values()],
      mayReach: this.#mayReach,
    };
  }
}

/** Finds where the names of modules lead. */
class ModuleLinker {
  readonly #project: CratesOfProject;
  readonly #names: NameResolver;
  readonly #graph: GraphInMaking;

  constructor(project: CratesOfProject, names: NameResolver, graph: GraphInMaking) {
    this.#project = project;
    this.#names = names;
    this.#graph = graph;
  }

  link(module: RustModule, { file, scope }: ModulePart): void {
    for (const { path, name } of scope.uses)
      this.#linkPath(module, file, { path, isUse: true, isAll: name === undefined });
    for (const path of scope.paths) this.#linkPath(module, file, { path, isUse: false, isAll: false });
    for (const header of scope.impls) this.#linkImpl(module, file, header);
    for (const name of scope.called) this.#linkCall(module.crate, file, name);
  }

  /** Of a module that is named without anything in it, nothing is used yet: what is used of it has a path of its own. */
  #linkPath(
    module: RustModule,
    file: string,
    { path, isUse, isAll }: { readonly path: RustPath; readonly isUse: boolean; readonly isAll: boolean },
  ): void {
    const { targets, through } = this.#names.resolve(module, path, isUse);
    for (const target of targets) {
      const kind = target.kind === "item" || isAll ? "use" : "through";
      for (const to of filesOf(target)) this.#graph.edge(file, to, kind);
    }
    for (const to of through) this.#graph.edge(file, to, "through");
  }

  /**
   * Who has a value of a type may call what is implemented for it anywhere. So the file of the type depends on that; of a type
   * from elsewhere, the file of the trait.
   */
  #linkImpl(module: RustModule, file: string, { type, trait }: ImplHeader): void {
    const owners = this.#itemFiles(module, type);
    const extended = owners.length > 0 ? owners : this.#itemFiles(module, trait);
    if (extended.includes(file)) return;
    for (const owner of extended) this.#graph.edge(owner, file, "impl");
  }

  #itemFiles(module: RustModule, path: RustPath | undefined): readonly string[] {
    if (path === undefined) return [];
    const { targets } = this.#names.resolve(module, path, false);
    return targets.flatMap((target) => (target.kind === "item" ? Array.from(target.files) : []));
  }

  #linkCall(crate: RustCrate, file: string, name: string): void {
    const defining = this.#project.macroFilesFor(crate, name);
    if (defining.has(file)) return;
    for (const to of defining) this.#graph.edge(file, to, "use");
  }
}

function filesOf(target: NameTarget): Iterable<string> {
  return target.kind === "item" ? target.files : target.module.files;
}

function warningAt(file: string, { line, column }: TextPosition, say: (at: string) => string): GraphWarning {
  return { file, line, column, message: say(`${file}:${line}:${column}`) };
}
