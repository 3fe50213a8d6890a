/** Reads what a name stands for now. */
export type Getter = () => unknown;

/** What a name reads that nobody exports. */
export const absent: Getter = () => undefined;

/** Assigns a top-level binding. */
export type Setter = (value: unknown) => void;

/** What the text of any module can use. */
export interface ScriptScope {
  readonly dynamicImport: (specifier: string) => Promise<object>;
  readonly topLevel: (
    getters: Readonly<Record<string, Getter>>,
    setters: Readonly<Record<string, Setter>>,
  ) => void;
  /** Called where a kept binding is declared; the text goes on with what it returns in the binding's place. */
  readonly cell: (name: string, initialize: Getter) => object;
  /** Called before one of the expressions whose values are kept, with its index; {@link endFill} gets what this returns. */
  readonly beginFill: (index: number) => unknown;
  /** Called with the value of the expression, which it returns. */
  readonly endFill: (begun: unknown, value: unknown) => unknown;
  /** Called in place of an initializer that may open something; returns its value, or a promise where it is awaited. */
  readonly open: (name: string, initialize: Getter) => unknown;
}

/** What the text of an ES module can use; the names are those of Vite's module runner. */
export interface ModuleScope extends ScriptScope {
  /** By static import, in source order: everything is linked before anything runs. */
  readonly imports: readonly ImportSite[];
  readonly exportName: (name: string, getter: Getter) => void;
  readonly importMeta: object;
}

/** The objects by which a text reaches what it imports at one site. */
export interface ImportSite {
  /** Has a getter for each name that the text spells out. */
  readonly names: object;
  /** Stands for the namespace where the text means it as a value. */
  readonly value: object | undefined;
  /** Stands for the namespace where a name of it is called: what `names` has, and `this` is the namespace. */
  readonly receiver: object | undefined;
}

/**
 * A module's top level, in two steps as the language has them: the first `next()` instantiates it (function
 * declarations exist, imports and exports are known: that is what lets cycles work), the second one evaluates it.
 */
export type Execution =
  | { readonly kind: "sync"; readonly steps: Iterator<void, void> }
  | { readonly kind: "async"; readonly steps: AsyncIterator<void, void> };

/** A module that can run. */
export interface CompiledModule {
  readonly format: "module";
  /** The script name in stack traces: unlike the file, it tells one text of it from the next. */
  readonly scriptName: string;
  /** Where a position of the running text was before it was edited; line and column count from 1. */
  readonly columnBefore: (line: number, column: number) => number;
  start(scope: ModuleScope): Execution;
}

/** A CommonJS file, or a JSON file that CommonJS requires. */
export interface CompiledCommonJs {
  readonly format: "commonjs";
  readonly scriptName: string;
  /** As for a module. */
  readonly columnBefore: (line: number, column: number) => number;
  /** Run it and return `module.exports`; what is in there so far is what cycles see. */
  run(given: GivenByNode, scope: ScriptScope): unknown;
}

/** What the text of a CommonJS file has of its own. */
export interface GivenByNode {
  readonly module: NodeJS.Module;
  readonly require: NodeJS.Require;
}
