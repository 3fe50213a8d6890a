import { mentionAt } from "./mentions.ts";
import type { LocalBinding, ModuleModel } from "./module-model.ts";
import { child, memberName, unwrapped } from "./syntax.ts";
import type { Node } from "./syntax.ts";

/** The names that lead from the global object to a value: `["Array", "prototype"]`, `[]` for the global object. */
export type GlobalPath = readonly string[];

/** A step of a path whose name is only known when the code runs. */
export const COMPUTED = "*";

const GLOBAL_OBJECTS: ReadonlySet<string> = new Set(["global", "globalThis", "self", "window"]);

/** Tells which expressions of a module lead to globals, also through names like `const g = globalThis`. */
export class GlobalNames {
  readonly #model: ModuleModel;
  readonly #pathByBinding: Map<LocalBinding, GlobalPath | undefined> = new Map();

  constructor(model: ModuleModel) {
    this.#model = model;
  }

  /** The path of an expression; `undefined` when it does not begin at a global. */
  pathOf(expression: Node): GlobalPath | undefined {
    const node = unwrapped(expression);
    switch (node.type) {
      case "Identifier": {
        const target = mentionAt(this.#model, node)?.target;
        if (target?.kind === "binding") return this.pathOfBinding(target.binding);
        return target?.kind === "global" ? pathOfGlobal(target.name) : undefined;
      }
      case "MemberExpression": {
        const object = child(node, "object");
        const path = object && this.pathOf(object);
        return path && [...path, memberName(node) ?? COMPUTED];
      }
      case "AssignmentExpression": {
        // `(globalThis.registry ??= []).push(…)`
        const target = child(node, "left");
        return target && this.pathOf(target);
      }
      default:
        return undefined;
    }
  }

  /** The path of what a local name stands for. */
  pathOfBinding(binding: LocalBinding): GlobalPath | undefined {
    const { initial, assigned } = binding;
    if (!initial || assigned.length > 0) return undefined;
    if (this.#pathByBinding.has(binding)) return this.#pathByBinding.get(binding);
    // `var a = b, b = a` leads nowhere.
    this.#pathByBinding.set(binding, undefined);
    const path = this.pathOf(initial.node);
    const whole = path && [...path, ...initial.path.map((name) => name ?? COMPUTED)];
    this.#pathByBinding.set(binding, whole);
    return whole;
  }
}

/** The path of a free identifier. */
export function pathOfGlobal(name: string): GlobalPath {
  return GLOBAL_OBJECTS.has(name) ? [] : [name];
}

/** How a path is called when it is compared with others. */
export function globalName(path: GlobalPath): string {
  const [name = COMPUTED, member] = path;
  if (member === "prototype") return `${name}.prototype`;
  if (name === "process" && member === "env") return "process.env";
  return name;
}
