import type { ModuleModel } from "./module-model.ts";
import { child, children, identifierName, rootOf } from "./syntax.ts";
import type { Node } from "./syntax.ts";

/** `exports.pool = pool`, `module.exports = { pool }`: what is exported is the same as before. */
export function isHandedOut(model: ModuleModel, value: Node): boolean {
  return model.assignments.some(({ target, value: assigned, unit }) => {
    const root = identifierName(rootOf(target));
    if (unit.kind !== "module" || (root !== "exports" && root !== "module")) return false;
    const handedOut = assigned.type === "ObjectExpression" ? children(assigned, "properties") : [assigned];
    return handedOut.some((part) => (child(part, "value") ?? part).start === value.start);
  });
}
