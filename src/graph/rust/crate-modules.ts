import { filesOfMod, includedFile, placeOfInner, placeOfOwner } from "./module-files.ts";
import type { ModuleFile, ModulePlace } from "./module-files.ts";
import type { RustPackage, RustTarget, RustTexts } from "./rust-package.ts";
import type { ModDeclaration, RustInclude, RustScope } from "./rust-text.ts";

/** A module of a crate. */
export interface RustModule {
  readonly crate: RustCrate;
  readonly parent: RustModule | undefined;
  /** Where its text is, or would be if it were there. */
  readonly files: ReadonlySet<string>;
  /** Its text: one part, and what that includes. */
  readonly parts: readonly ModulePart[];
  /** Under conditions there may be several of one name. */
  readonly children: ReadonlyMap<string, readonly RustModule[]>;
}

/** Text of a module that is in one file. */
export interface ModulePart {
  readonly file: string;
  readonly scope: RustScope;
}

/** A crate with its modules. */
export interface RustCrate {
  readonly package: RustPackage;
  readonly target: RustTarget;
  readonly root: RustModule;
  readonly modules: readonly RustModule[];
  /** All that has text of it. */
  readonly files: ReadonlySet<string>;
}

/** What is said while modules are found. */
export interface ModuleNotes {
  edge(from: string, to: string, kind: "mod" | "include"): void;
  /** There is no file for a module. */
  missing(file: string, declared: ModDeclaration): void;
}

/** A module that is being made. */
interface OpenModule extends RustModule {
  readonly files: Set<string>;
  readonly parts: ModulePart[];
  readonly children: Map<string, OpenModule[]>;
}

interface Task extends ModulePart {
  readonly module: OpenModule;
  readonly place: ModulePlace;
}

/** A file may be several modules of a crate; where it is more, modules hold each other. */
const MAX_USES = 16;

/** Find the modules of a crate from its root on. */
export function readCrate(
  init: { readonly package: RustPackage; readonly target: RustTarget },
  texts: RustTexts,
  notes: ModuleNotes,
): RustCrate {
  const reader = new CrateReader(init, texts, notes);
  reader.readAll();
  return reader;
}

class CrateReader implements RustCrate {
  readonly package: RustPackage;
  readonly target: RustTarget;
  readonly root: OpenModule;
  readonly modules: OpenModule[] = [];
  readonly files: Set<string> = new Set();
  readonly #texts: RustTexts;
  readonly #notes: ModuleNotes;
  readonly #uses = new Map<string, number>();
  /** No recursion: modules may nest deeper than the stack is. */
  readonly #waiting: Task[] = [];

  constructor(
    init: { readonly package: RustPackage; readonly target: RustTarget },
    texts: RustTexts,
    notes: ModuleNotes,
  ) {
    this.package = init.package;
    this.target = init.target;
    this.#texts = texts;
    this.#notes = notes;
    this.root = this.#addModule(undefined);
    this.root.files.add(init.target.file);
  }

  readAll(): void {
    const { file } = this.target;
    this.#readFile(this.root, { file, place: placeOfOwner(file) });
    for (let task = this.#waiting.pop(); task !== undefined; task = this.#waiting.pop()) this.#readPart(task);
  }

  #addModule(parent: OpenModule | undefined, name = ""): OpenModule {
    const module = { crate: this, parent, files: new Set<string>(), parts: [], children: new Map() };
    this.modules.push(module);
    if (parent === undefined) return module;
    const same = parent.children.get(name) ?? [];
    parent.children.set(name, same);
    same.push(module);
    return module;
  }

  /** Returns whether it is there. */
  #readFile(module: OpenModule, { file, place }: ModuleFile): boolean {
    const text = this.#texts(file);
    if (text === undefined) return false;
    const uses = this.#uses.get(file) ?? 0;
    this.#uses.set(file, uses + 1);
    this.files.add(file);
    module.files.add(file);
    if (uses < MAX_USES) this.#take({ module, file, scope: text.scope, place });
    return true;
  }

  #take(task: Task): void {
    task.module.parts.push({ file: task.file, scope: task.scope });
    this.#waiting.push(task);
  }

  #readPart({ module, file, scope, place }: Task): void {
    for (const declared of scope.mods) this.#readMod(module, { file, declared, place });
    for (const inner of scope.inner) {
      const child = this.#addModule(module, inner.name);
      child.files.add(file);
      this.#take({ module: child, file, scope: inner.scope, place: placeOfInner(place, inner) });
    }
    for (const include of scope.includes) this.#readInclude(module, file, include);
  }

  #readMod(
    parent: OpenModule,
    { file, declared, place }: { file: string; declared: ModDeclaration; place: ModulePlace },
  ): void {
    const choices = filesOfMod(place, declared);
    const found = choices.flatMap(
      (choice) => choice.find((each) => this.#texts(each.file) !== undefined) ?? [],
    );
    for (const each of found) {
      this.#notes.edge(file, each.file, "mod");
      this.#readFile(this.#addModule(parent, declared.name), each);
    }
    if (found.length > 0) return;
    // What uses it uses the file that is not there.
    const { files } = this.#addModule(parent, declared.name);
    for (const each of choices.flat()) files.add(each.file);
    if (!declared.isOptional) this.#notes.missing(file, declared);
  }

  #readInclude(module: OpenModule, file: string, { isCode, target }: RustInclude): void {
    const included = includedFile(target, file, this.package.folder) ?? this.#buildScript;
    if (included === undefined || included === file) return;
    this.#notes.edge(file, included, "include");
    if (!isCode || target.from === "build") return;
    // What is included sees all that is around it.
    if (this.#readFile(module, { file: included, place: placeOfOwner(included) }))
      this.#notes.edge(included, file, "include");
  }

  get #buildScript(): string | undefined {
    return this.package.targets.find(({ kind }) => kind === "build")?.file;
  }
}
