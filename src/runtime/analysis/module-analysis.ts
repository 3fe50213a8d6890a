/** Offsets into the analysed text: `[start, end)`. */
export type TextRange = readonly [start: number, end: number];

/** One static import, in source order. `export … from` is one too. */
export interface StaticImport {
  readonly index: number;
  /** The name under which running code has it, `__vite_ssr_import_0__`. */
  readonly local: string;
  readonly specifier: string;
  /** What is asked for by name; `undefined` for a namespace, `export *` or a side effect. */
  readonly names: readonly string[] | undefined;
  /** Where the specifier stands. */
  readonly specifierAt: number;
  /** Where the names stand. */
  readonly nameAt: ReadonlyMap<string, number>;
}

/**
 * A piece of module syntax, which the text of a function cannot hold: an import or a list of exports (`link`), `export`
 * before a declaration, `export default` before an expression (`default`).
 */
export interface ModuleSyntax {
  readonly kind: "link" | "declaration" | "default";
  readonly range: TextRange;
  /** Where the statement ends. */
  readonly end: number;
}

/** What stands behind one exported name. */
export type ModuleExport =
  | { readonly kind: "local"; readonly binding: string }
  | { readonly kind: "forward"; readonly import: number; readonly name: string };

/** Stands for the environment where the index of an import is expected: its keys are names like those of a module. */
export const ENVIRONMENT = -1;

/**
 * A name of another module, mentioned in this text. `name` is `"*"` when the whole namespace is meant. A key of the
 * environment is one as well, of the import {@link ENVIRONMENT}.
 */
export interface ImportReference {
  readonly import: number;
  readonly name: string;
}

/** How a name is used: `x`, `x()` (whose `this` must be none), or `{ x }`. */
export type NameForm = "value" | "called" | "shorthand";

/** A place in the text where an imported name stands. */
export interface ImportUse extends ImportReference {
  /** Of the name itself: of `all` in `all.price`. */
  readonly range: TextRange;
  /**
   * A namespace of which one export is taken is a `member`, or the `receiver` of a call by name: `this` in what it
   * calls. Any other use of one means all of it.
   */
  readonly form: NameForm | "member" | "receiver";
  /** It begins an expression statement in a list of statements, so that a line without a semicolon may be before it. */
  readonly beginsStatement: boolean;
}

/** `import.meta`, or the word `import` of `import(…)`. */
export interface ImportKeyword {
  readonly kind: "meta" | "call";
  readonly range: TextRange;
}

/** How a top-level name was declared. */
export type BindingKind = "const" | "let" | "var" | "using" | "function" | "class";

/** A name bound at the top level of the module. */
export interface TopLevelBinding {
  readonly name: string;
  readonly kind: BindingKind;
  /**
   * `transparent`: every value it is given is written in this text (functions, classes, literals), so closures in it
   * see the module's scope and nothing else. `opaque`: the result of a call, `new`, `await` or an import.
   */
  readonly origin: "transparent" | "opaque";
}

/** Which globals the text touches. */
export interface GlobalUse {
  /**
   * Globals that are assigned, defined or deleted, or whose members are; `"Array.prototype"` for a patched prototype,
   * `"process.env"` for the environment, `"*"` when the name is computed.
   */
  readonly written: readonly string[];
  /** Free identifiers and members of the global object; `"*"` when the name is computed or the object escapes. */
  readonly mentioned: readonly string[];
}

/** A `createStatefulHandler(…)` of `orbit-hmr/state`. */
export interface StatefulHandlerCall {
  /** Where `, <argument>` can be inserted as the last argument: before the closing parenthesis or a trailing comma. */
  readonly insertAt: number;
  readonly arguments: number;
  /** Unique in the module and stable when other lines move: `handler`, `routes.users`, `default`, `handler#2`. */
  readonly name: string;
}

/** A place in the text where the name of a cell stands. */
export interface CellReference {
  readonly range: TextRange;
  readonly form: NameForm;
}

/** A top-level binding whose value can outlive its text. */
export interface CellCandidate {
  readonly name: string;
  /** The same for two texts whose initializers make the same value. */
  readonly signature: string;
  /** It is filled once from something else, and has to start anew when that changes. */
  readonly isLazy: boolean;
  /** A dispose handler uses it: an object that it holds may have been closed. */
  readonly isDisposed: boolean;
  /** The name in its declaration. */
  readonly declared: TextRange;
  readonly initializer: TextRange | undefined;
  readonly references: readonly CellReference[];
}

/**
 * A top-level binding whose initializer opens something, perhaps, that can go on when the rest of the text is edited:
 * `const pool = new Pool(config.db)`. It holds no code of its own, so what it makes has none of this text.
 */
export interface ResourceInitializer {
  readonly name: string;
  /** The same for two texts whose initializers say the same. */
  readonly signature: string;
  readonly initializer: TextRange;
  /** Whether the module waits for it. */
  readonly isAwaited: boolean;
  /** Indices of the imports it mentions. */
  readonly imports: readonly number[];
  /** The top-level bindings of this module that it mentions. */
  readonly locals: readonly string[];
  /** The top-level bindings whose initializers mention it. */
  readonly users: readonly string[];
  /** It stands alone: its value has no name, and `name` says what it calls. */
  readonly isStatement: boolean;
}

/**
 * An expression in a function whose value goes into something that is kept and filled only where it is empty. What the
 * expression reads of files is in what is kept.
 */
export interface FillSource {
  readonly range: TextRange;
  /** The top-level bindings that hold what is filled; none where an object or a closure does. */
  readonly bindings: readonly string[];
  /** What other modules export and hold it in. */
  readonly imports: readonly ImportReference[];
  /** The globals that hold it. */
  readonly globals: readonly FilledGlobal[];
  /** The top-level bindings that it may be made of. */
  readonly madeOf: readonly string[];
}

/** A global that a module fills, or a part of one. */
export interface FilledGlobal {
  /** As people read it, and as no top-level binding is called: `globalThis.app.views`. */
  readonly name: string;
  /** The keys that lead there: `["app", "views"]`. */
  readonly path: readonly string[];
}

/** A container that functions fill by a key where it has none, and what they may make the entries of. */
export interface Memo {
  readonly name: string;
  readonly references: readonly ImportReference[];
}

/**
 * A top-level binding whose initializer may hand back what was made before: `models.Cat || model("Cat", schema)`, or a
 * global that a statement fills where it is empty.
 */
export interface HandedBack {
  readonly name: string;
  /** The keys that lead to a global. */
  readonly global?: readonly string[];
  /** The same for two texts that make the same of it. */
  readonly signature: string;
}

/** A class of the module scope, as far as its instances depend on it. */
export interface ClassShape {
  readonly name: string;
  /** The same for two texts with the same fields, constructor and base class. */
  readonly shape: string;
  readonly hasPrivates: boolean;
}

/** Modules asked for while the code runs. */
export interface RuntimeImports {
  /** Literal specifiers of `import("…")`. */
  readonly dynamic: readonly string[];
  readonly hasComputedDynamicImport: boolean;
  /** Literal specifiers of `require("…")`. */
  readonly requires: readonly string[];
  /** Those of them that the evaluation does something with. */
  readonly requiresUsedAtOnce: readonly string[];
  /** Whether `require` is used in a way that does not say what it asks for. */
  readonly hasComputedRequire: boolean;
  /** Whether `module` or `exports` are used as CommonJS gives them. */
  readonly mentionsCommonJs: boolean;
}

/** All that the text of one server module tells before it runs. */
export interface ModuleAnalysis {
  readonly imports: readonly StaticImport[];
  readonly exports: ReadonlyMap<string, ModuleExport>;
  /** Indices of the imports behind `export *`. */
  readonly stars: readonly number[];
  /** By import site: the names that the text mentions, re-exports aside; `"*"` where it uses the namespace as a value. */
  readonly mentions: readonly ReadonlySet<string>[];
  readonly moduleSyntax: readonly ModuleSyntax[];
  /** Whether all of the text is strict code. */
  readonly isStrict: boolean;
  readonly importUses: readonly ImportUse[];
  readonly importKeywords: readonly ImportKeyword[];
  /** Whether the module waits for more than its static imports. */
  readonly topLevelAwait: boolean;
  readonly topLevelBindings: readonly TopLevelBinding[];
  /** References in functions that were handed over while the module evaluated. */
  readonly captured: readonly ImportReference[];
  /** What other modules have made that was handed over so, as it is: a function, perhaps. */
  readonly handedOn: readonly ImportReference[];
  /** References in functions that fill something only when it is empty. */
  readonly lazy: readonly ImportReference[];
  /** What such functions, captured or lazy, ask for with `import("…")` or `require("…")`; `"*"` when computed. */
  readonly capturedRequests: readonly string[];
  readonly lazyRequests: readonly string[];
  /** The top-level bindings so filled, or holding what is so filled. */
  readonly lazyBindings: readonly string[];
  readonly fillSources: readonly FillSource[];
  /** What functions call, where it is something that the module has made by calling others: `views.render` of `views.render(name)`. */
  readonly callsOnMade: readonly TextRange[];
  /** Functions that were handed over while the module evaluated, and those that they call. */
  readonly capturedCode: readonly TextRange[];
  /** Indices of imports that statements run at evaluation seem to configure. */
  readonly configuredImports: readonly number[];
  readonly globals: GlobalUse;
  /** Whether evaluating the module only declares: it cannot change anything of others. */
  readonly isInert: boolean;
  /** Whether environment variables may be read. */
  readonly mentionsEnv: boolean;
  /** The environment variables that functions of the text may read when they are called; `"*"` for any. */
  readonly environmentLater: readonly string[];
  readonly statefulHandlers: readonly StatefulHandlerCall[];
  readonly cells: readonly CellCandidate[];
  readonly resourceInitializers: readonly ResourceInitializer[];
  readonly memos: readonly Memo[];
  readonly handedBack: readonly HandedBack[];
  readonly classes: readonly ClassShape[];
  readonly runtimeImports: RuntimeImports;
}
