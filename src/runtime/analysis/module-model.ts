import type { PatternPath } from "../../syntax/patterns.ts";
import type { BindingKind, ImportReference, StaticImport } from "./module-analysis.ts";
import type { Node } from "./syntax.ts";

/** How a text is read: as a module, or as the body of a function that Node hands `module` and the like. */
export type ModuleFormat = "module" | "commonjs";

/** Code that runs as one: the module itself, a function, or the initialiser of an instance field. */
export interface CodeUnit {
  readonly kind: "module" | "function" | "field";
  readonly node: Node;
  readonly parent: CodeUnit | undefined;
  /** The name of the property or method that a function is the value of. */
  readonly key: string | undefined;
  /** The call that a function literal is an argument of. */
  readonly callbackOf: Node | undefined;
  /** Calls, `new` and tagged templates in this unit, without those of nested ones. */
  readonly calls: Node[];
  /** Expressions whose value nobody uses. */
  readonly statements: Node[];
  /** What `return` and `yield` give out. */
  readonly results: Node[];
}

/** A local name. */
export interface LocalBinding {
  readonly id: number;
  readonly name: string;
  readonly kind: BindingKind | "parameter";
  /** The unit whose run creates the binding. */
  readonly owner: CodeUnit;
  /** Whether it is a name of the module scope. */
  readonly isTopLevel: boolean;
  /** What it is declared with: initialiser, function, class, the iterated value of a loop. */
  readonly initial: BindingValue | undefined;
  /** Every piece of text whose value may be found in it: the initial one and all that is assigned to it or its members. */
  readonly values: Node[];
  /** What is assigned to the name itself after its declaration. */
  readonly assigned: Node[];
}

/** The value of a declaration. `path` says which part of it: `["a"]` in `const { a } = x`, empty for all of it. */
export interface BindingValue {
  readonly node: Node;
  readonly path: PatternPath;
}

/** What a name in the text stands for. */
export type MentionTarget =
  | { readonly kind: "import"; readonly reference: ImportReference }
  | { readonly kind: "binding"; readonly binding: LocalBinding }
  /** `this.name`: any method of this text that is called so. */
  | { readonly kind: "method"; readonly name: string }
  | { readonly kind: "global"; readonly name: string };

/** Keywords that are mentioned like globals; no identifier can be called so. */
export const IMPORT_META = "import.meta";
export const IMPORT_CALL = "import()";

/** One use of a name. */
export interface Mention {
  readonly node: Node;
  /** What is around it: `x.y` around `x`, `f()` and `` f`…` `` around `f`, the property of `{ x }` around `x`. */
  readonly usedBy: Node | undefined;
  readonly unit: CodeUnit;
  readonly target: MentionTarget;
}

/** A call, `new` or tagged template. */
export interface Call {
  readonly node: Node;
  readonly unit: CodeUnit;
}

/** `target = value`, `target ??= value`, one leaf of a destructuring assignment. */
export interface Assignment {
  readonly node: Node;
  readonly unit: CodeUnit;
  readonly operator: string;
  readonly target: Node;
  readonly value: Node;
}

/** Code that only runs when a test says so. */
export interface Guard {
  readonly unit: CodeUnit;
  readonly node: Node;
  readonly test: Node;
  readonly bodies: readonly Node[];
  /** Whether the unit is left when the test holds: `if (x) return x`. What follows is guarded then. */
  readonly isExit: boolean;
}

/** A field or static block of a class. */
export interface ClassMember {
  readonly unit: CodeUnit;
  readonly node: Node;
}

/** The text of a module as a web of names. Lists are in source order. */
export interface ModuleModel {
  readonly code: string;
  readonly imports: readonly StaticImport[];
  readonly root: CodeUnit;
  readonly units: readonly CodeUnit[];
  readonly unitByNode: ReadonlyMap<Node, CodeUnit>;
  readonly unitsByKey: ReadonlyMap<string, readonly CodeUnit[]>;
  readonly bindings: readonly LocalBinding[];
  readonly mentions: readonly Mention[];
  readonly calls: readonly Call[];
  /** What the calls run. */
  readonly callees: ReadonlySet<Node>;
  readonly assignments: readonly Assignment[];
  readonly guards: readonly Guard[];
  readonly classMembers: readonly ClassMember[];
  /** `delete x.y` and `x.y++` as expressions: changes without a value. */
  readonly changes: readonly Node[];
  /** By the inner one of two member expressions, the outer: `a.b.c` for `a.b`. */
  readonly outerMembers: ReadonlyMap<Node, Node>;
  /** Which mentions may read the environment, with the key that they ask for; `"*"` where that is not known. */
  readonly environment: Map<Mention, string>;
  /** Where expression statements begin that stand in a list of statements: what is written there may need a `;` before. */
  readonly statementStarts: ReadonlySet<number>;
  readonly hasTopLevelAwait: boolean;
}
