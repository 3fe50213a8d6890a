import { mentionAt } from "./mentions.ts";
import type { TopLevelBinding } from "./module-analysis.ts";
import type { LocalBinding, ModuleModel } from "./module-model.ts";
import { child, children, isFunction } from "./syntax.ts";
import type { Node } from "./syntax.ts";

/** The names of the module scope, in source order of their declarations. */
export function topLevelBindings(model: ModuleModel): readonly TopLevelBinding[] {
  return model.bindings.flatMap((binding) => {
    const { name, kind, isTopLevel } = binding;
    if (!isTopLevel || kind === "parameter") return [];
    return [{ name, kind, origin: isTransparent(binding, model) ? "transparent" : "opaque" }];
  });
}

/** Whether every value of a binding is made by this text alone. */
export function isTransparent(
  binding: LocalBinding,
  model: ModuleModel,
  seen: Set<LocalBinding> = new Set(),
): boolean {
  if (seen.has(binding)) return true;
  seen.add(binding);
  const { initial, assigned } = binding;
  return [...(initial ? [initial.node] : []), ...assigned].every((value) =>
    isWrittenHere(value, model, seen),
  );
}

/** Whether a value is made by this text alone, so that its functions close over the module's scope only. */
function isWrittenHere(value: Node, model: ModuleModel, seen: Set<LocalBinding>): boolean {
  if (isFunction(value)) return true;
  if (value.type === "Identifier") return isTransparentName(value, model, seen);
  const keys = PARTS_OF_VALUE[value.type];
  return (
    keys !== undefined &&
    keys.every((key) => partsAt(value, key).every((part) => isWrittenHere(part, model, seen)))
  );
}

function partsAt(value: Node, key: string): readonly Node[] {
  return Array.isArray(value[key]) ? children(value, key) : [child(value, key) ?? []].flat();
}

/** The expressions that only this text can give a value, and which of their parts must be so as well. */
const PARTS_OF_VALUE: Readonly<Record<string, readonly string[]>> = {
  ArrayExpression: ["elements"],
  AssignmentExpression: ["right"],
  BinaryExpression: ["left", "right"],
  ClassDeclaration: ["superClass"],
  ClassExpression: ["superClass"],
  ConditionalExpression: ["consequent", "alternate"],
  Literal: [],
  LogicalExpression: ["left", "right"],
  ObjectExpression: ["properties"],
  Property: ["value"],
  SpreadElement: ["argument"],
  TemplateLiteral: ["expressions"],
  UnaryExpression: ["argument"],
  UpdateExpression: [],
};

function isTransparentName(name: Node, model: ModuleModel, seen: Set<LocalBinding>): boolean {
  const target = mentionAt(model, name)?.target;
  if (target?.kind === "binding") {
    return target.binding.kind !== "parameter" && isTransparent(target.binding, model, seen);
  }
  return target?.kind === "global" && target.name === "undefined";
}
