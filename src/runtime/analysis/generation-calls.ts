import { methodOf, receiverOf } from "./callbacks.ts";
import { mentionAt } from "./mentions.ts";
import { IMPORT_META } from "./module-model.ts";
import type { ModuleModel } from "./module-model.ts";
import { isStateSubscription, stateFunctionOf } from "./state-api.ts";
import { calleeOf, rootOf } from "./syntax.ts";
import type { Node } from "./syntax.ts";

/** Calls whose callbacks end with the module's generation, or keep nothing of what a callback answered. */
export function endsWithGeneration(model: ModuleModel, call: Node): boolean {
  return (
    stateFunctionOf(call, model) === "createStatefulHandler" ||
    isStateSubscription(call, model) ||
    isRepeatingTimer(model, call) ||
    isHotContext(model, call)
  );
}

/** Each tick of `setInterval` reads what is live then. */
function isRepeatingTimer(model: ModuleModel, call: Node): boolean {
  const callee = calleeOf(call);
  const target = callee && mentionAt(model, callee)?.target;
  if (target?.kind === "import" && target.reference.name === "setInterval") {
    const specifier = model.imports[target.reference.import]?.specifier;
    return specifier === "node:timers" || specifier === "timers";
  }
  return target?.kind === "global" && (methodOf(call) ?? target.name) === "setInterval";
}

/** `import.meta.hot.dispose(…)`, also through `const hot = import.meta.hot`. */
export function isHotContext(model: ModuleModel, call: Node): boolean {
  const receiver = receiverOf(call);
  if (!receiver) return false;
  const root = rootOf(receiver);
  const target = mentionAt(model, root)?.target;
  if (target?.kind === "global") return target.name === IMPORT_META;
  const initial = target?.kind === "binding" ? target.binding.initial : undefined;
  return initial !== undefined && rootOf(initial.node).type === "MetaProperty";
}
