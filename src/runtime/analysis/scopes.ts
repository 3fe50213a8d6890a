import type { Binding, BindingValue, CodeUnit } from "./module-model.ts";
import { child, children, identifierName, keyName } from "./syntax.ts";
import type { Node } from "./syntax.ts";

/**
 * A function with its parameters; its body, where the parameters hold code of their own, which does not see what the
 * body declares; any other block.
 */
export type ScopeKind = "function" | "body" | "block";

/** Where names are looked up. */
export class Scope {
  readonly parent: Scope | undefined;
  readonly unit: CodeUnit;
  readonly #kind: ScopeKind;
  /** Most blocks declare nothing. */
  #bindings: Map<string, Binding> | undefined;

  constructor(parent: Scope | undefined, unit: CodeUnit, kind: ScopeKind) {
    this.parent = parent;
    this.unit = unit;
    this.#kind = kind;
  }

  /** The scope that a `var` written here belongs to. */
  get varScope(): Scope {
    return this.#kind !== "block" || !this.parent ? this : this.parent.varScope;
  }

  /** Adds a name. `var`, `function` and parameters may be declared twice: it is one binding with more values then. */
  declare(name: string, kind: Binding["kind"], id: number, initial: BindingValue | undefined): Binding {
    const known = this.#declared(name);
    if (known) {
      if (initial) known.values.push(initial.node);
      return known;
    }
    const binding: Binding = {
      id,
      name,
      kind,
      owner: this.unit,
      isTopLevel: this.parent === undefined,
      initial,
      values: initial ? [initial.node] : [],
      assigned: [],
    };
    (this.#bindings ??= new Map()).set(name, binding);
    return binding;
  }

  #declared(name: string): Binding | undefined {
    // `var` in a body may stand for a parameter.
    const around = this.#kind === "body" ? this.parent : undefined;
    return this.#bindings?.get(name) ?? (around && around.#bindings?.get(name));
  }

  /** The binding a name means here; `undefined` for a global. */
  resolve(name: string): Binding | undefined {
    return this.#bindings?.get(name) ?? this.parent?.resolve(name);
  }
}

/** One name in a declaration pattern, and which part of the value it takes. */
export interface PatternName {
  readonly name: string;
  readonly path: BindingValue["path"];
}

/** The names that a pattern binds: `a`, `{ a, b: [c] }`, `[a = 1, ...rest]`. */
export function patternNames(pattern: Node, path: BindingValue["path"] = []): readonly PatternName[] {
  switch (pattern.type) {
    case "Identifier":
      return [{ name: identifierName(pattern) ?? "", path }];
    case "ObjectPattern":
      return children(pattern, "properties").flatMap((property) =>
        property.type === "RestElement"
          ? inner(property, "argument", [...path, undefined])
          : inner(property, "value", [...path, keyName(property)]),
      );
    case "ArrayPattern":
      return children(pattern, "elements").flatMap((element) => patternNames(element, [...path, undefined]));
    case "AssignmentPattern":
      return inner(pattern, "left", path);
    case "RestElement":
      return inner(pattern, "argument", path);
    default:
      return [];
  }
}

function inner(pattern: Node, key: string, path: BindingValue["path"]): readonly PatternName[] {
  const part = child(pattern, key);
  return part ? patternNames(part, path) : [];
}

/** The places that a destructuring assignment writes to: the leaves of `({ a: x.y, b } = value)`. */
export function patternTargets(pattern: Node): readonly Node[] {
  switch (pattern.type) {
    case "ObjectPattern":
      return children(pattern, "properties").flatMap((property) =>
        targetsIn(property, property.type === "RestElement" ? "argument" : "value"),
      );
    case "ArrayPattern":
      return children(pattern, "elements").flatMap(patternTargets);
    case "AssignmentPattern":
      return targetsIn(pattern, "left");
    case "RestElement":
      return targetsIn(pattern, "argument");
    default:
      return [pattern];
  }
}

function targetsIn(pattern: Node, key: string): readonly Node[] {
  const part = child(pattern, key);
  return part ? patternTargets(part) : [];
}
