import type { TextPosition } from "../../protocol/text-position.ts";

/** A path as it is written: `crate::a::b`, `super::c`, `name::d`. */
export interface RustPath {
  readonly steps: readonly string[];
  /** It begins with `::`. */
  readonly isAbsolute: boolean;
}

/** One name that a `use` or an `extern crate` brings into a module. */
export interface RustUse {
  readonly path: RustPath;
  /** What it is called here; `undefined` for all that is there: `use a::*`. */
  readonly name: string | undefined;
}

/** A module whose text is in another file: `mod x;`. */
export interface ModDeclaration {
  readonly name: string;
  /** Names of files in `#[path]`. */
  readonly paths: readonly string[];
  /** It may be there or not, and so may its file: `#[cfg]`, and what is written in macros. */
  readonly isOptional: boolean;
  /** It may be where a module without `#[path]` is: there is none, or only under a condition as in `#[cfg_attr(unix, path = "…")]`. */
  readonly hasDefault: boolean;
  readonly place: TextPosition;
}

/** A module whose text stands here: `mod x { … }`. */
export interface InnerModule {
  readonly name: string;
  /** The folder of `#[path]`. */
  readonly path: string | undefined;
  readonly scope: RustScope;
}

/** `impl Trait for Type`, or `impl Type`. */
export interface ImplHeader {
  readonly type: RustPath | undefined;
  readonly trait: RustPath | undefined;
}

/** Where a file is that is included: named from the file that includes it, from the folder of the package, or made by its build script. */
export type IncludedName =
  | { readonly from: "file" | "package"; readonly name: string }
  | { readonly from: "build" };

/** `include!` is code, all else is text. */
export interface RustInclude {
  readonly isCode: boolean;
  readonly target: IncludedName;
}

/** What a text says in one module. Blocks belong to the module around them. */
export interface RustScope {
  readonly mods: readonly ModDeclaration[];
  readonly inner: readonly InnerModule[];
  readonly uses: readonly RustUse[];
  /** Paths in code, of two steps or more, each once. */
  readonly paths: readonly RustPath[];
  readonly impls: readonly ImplHeader[];
  readonly includes: readonly RustInclude[];
  /** What it defines: types and traits, by which a path may begin. */
  readonly types: ReadonlySet<string>;
  /** What it defines else: functions, constants. */
  readonly values: ReadonlySet<string>;
  /** Macros that are called by a name alone. */
  readonly called: ReadonlySet<string>;
}

/** A place that cannot be read, as the rest of a sentence that begins with the file. */
export interface UnreadPlace extends TextPosition {
  readonly what: string;
}

/** All that a Rust text says about other files. */
export interface RustText {
  readonly scope: RustScope;
  /** The macros that it defines, wherever that is. */
  readonly macros: ReadonlySet<string>;
  readonly unread: readonly UnreadPlace[];
}

/** A {@link RustScope} that is being read. */
export interface OpenScope extends RustScope {
  readonly mods: ModDeclaration[];
  readonly inner: InnerModule[];
  readonly uses: RustUse[];
  readonly paths: RustPath[];
  readonly impls: ImplHeader[];
  readonly includes: RustInclude[];
  readonly types: Set<string>;
  readonly values: Set<string>;
  readonly called: Set<string>;
  readonly known: Set<string>;
}

export function emptyScope(): OpenScope {
  return {
    mods: [],
    inner: [],
    uses: [],
    paths: [],
    impls: [],
    includes: [],
    types: new Set(),
    values: new Set(),
    called: new Set(),
    known: new Set(),
  };
}

/** Note a path of a scope, once. */
export function notePath(scope: OpenScope, path: RustPath): void {
  const key = `${path.isAbsolute ? "::" : ""}${path.steps.join("::")}`;
  if (scope.known.has(key)) return;
  scope.known.add(key);
  scope.paths.push(path);
}
