import { endsWithGeneration } from "./generation-calls.ts";
import { mentionAt } from "./mentions.ts";
import type { Assignment, CodeUnit, LocalBinding, ModuleModel } from "./module-model.ts";
import { reachFrom } from "./reach.ts";
import type { ReachedCode } from "./reach.ts";
import { argumentsOf, rootOf, unwrapped } from "./syntax.ts";
import type { Node } from "./syntax.ts";
import { isTransparent } from "./top-level-bindings.ts";

/**
 * References in functions that were handed to code elsewhere while the module evaluated. That code may call them at
 * once, keep what they answer, and never ask again: `z.lazy(() => Address)`, `memoize(() => items)`.
 */
export function captures(model: ModuleModel, evaluated: ReadonlySet<CodeUnit>): ReachedCode {
  const handedOver = [
    ...[...evaluated].flatMap((unit) => unit.calls).flatMap((call) => handedOverBy(model, call)),
    ...model.assignments
      .filter(({ unit }) => evaluated.has(unit))
      .flatMap((each) => storedElsewhere(model, each)),
    ...model.classMembers.filter(({ unit }) => evaluated.has(unit)).map(({ node }) => node),
    ...[...evaluated].flatMap(startedGenerator),
  ];
  return reachFrom(model, handedOver);
}

function handedOverBy(model: ModuleModel, call: Node): readonly Node[] {
  return endsWithGeneration(model, call) ? [] : argumentsOf(call);
}

/** `config.handler = () => x`: the object belongs to other code when this text did not make it. */
function storedElsewhere(model: ModuleModel, { target, value }: Assignment): readonly Node[] {
  const member = unwrapped(target);
  if (member.type !== "MemberExpression") return [];
  const root = rootOf(member);
  if (root.type === "ThisExpression" || root.type === "Super") return [];
  const mention = root.type === "Identifier" ? mentionAt(model, root)?.target : undefined;
  const isOwn = mention?.kind === "binding" && isOfModule(mention.binding, model);
  return isOwn ? [] : [value];
}

/** Whether a binding holds what this text has made, or the `exports` that Node has made for it. */
function isOfModule(binding: LocalBinding, model: ModuleModel): boolean {
  return binding.kind === "parameter" ? binding.isTopLevel : isTransparent(binding, model);
}

/** A generator that was started at top level goes on with the code it began with. */
function startedGenerator({ kind, node }: CodeUnit): readonly Node[] {
  return kind === "function" && node["generator"] === true ? [node] : [];
}
