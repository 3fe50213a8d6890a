import type { LocalBinding, BindingValue, CodeUnit } from "./module-model.ts";

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
  #bindings: Map<string, LocalBinding> | undefined;

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
  declare(
    name: string,
    kind: LocalBinding["kind"],
    id: number,
    initial: BindingValue | undefined,
  ): LocalBinding {
    const known = this.#declared(name);
    if (known) {
      if (initial) known.values.push(initial.node);
      return known;
    }
    const binding: LocalBinding = {
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

  #declared(name: string): LocalBinding | undefined {
    // `var` in a body may stand for a parameter.
    const around = this.#kind === "body" ? this.parent : undefined;
    return this.#bindings?.get(name) ?? (around && around.#bindings?.get(name));
  }

  /** The binding a name means here; `undefined` for a global. */
  resolve(name: string): LocalBinding | undefined {
    return this.#bindings?.get(name) ?? this.parent?.resolve(name);
  }
}

/** Whether a name of the module's top level holds a value. Functions and classes of this text are others in the next. */
export function isTopLevelValue({ isTopLevel, kind }: LocalBinding): boolean {
  return isTopLevel && kind !== "function" && kind !== "class";
}
