import { mentionAt } from "./mentions.ts";
import type { TextRange } from "./module-analysis.ts";
import type { ModuleModel } from "./module-model.ts";
import { isTopLevelValue } from "./scopes.ts";
import { calleeOf, rootOf } from "./syntax.ts";
import { isTransparent } from "./top-level-bindings.ts";

/** What functions call of that which the module has got from others at top level: `views.render`, `page`. */
export function callsOnMade(model: ModuleModel): readonly TextRange[] {
  return model.calls.flatMap(({ node, unit }) => {
    const callee = unit.kind === "module" ? undefined : calleeOf(node);
    const target = callee && mentionAt(model, rootOf(callee))?.target;
    if (callee === undefined || target?.kind !== "binding") return [];
    const { binding } = target;
    return isTopLevelValue(binding) && !isTransparent(binding, model) ? [[callee.start, callee.end]] : [];
  });
}
