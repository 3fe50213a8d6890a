import { isHandedOut } from "./handed-out.ts";
import type { CodeUnit, Mention, ModuleModel } from "./module-model.ts";
import { moduleRequest, requiredBy } from "./runtime-imports.ts";
import { rootOf, unwrapped } from "./syntax.ts";
import type { Node } from "./syntax.ts";

/**
 * What a text requires and does something with while it evaluates. To give it a name, to hand it out, or to have it run is
 * to do nothing with it.
 */
export function requiresUsedAtOnce(model: ModuleModel, evaluated: ReadonlySet<CodeUnit>): readonly string[] {
  const used = new Set<string>();
  for (const mention of model.mentions) {
    if (!evaluated.has(mention.unit)) continue;
    const specifier = usedSpecifier(model, mention);
    if (specifier !== undefined) used.add(specifier);
  }
  return [...used];
}

function usedSpecifier(model: ModuleModel, mention: Mention): string | undefined {
  const { target, node, usedBy, unit } = mention;
  if (target.kind === "binding") {
    const required = requiredBy(model, target.binding);
    if (required !== undefined) return isHandedOut(model, node) ? undefined : required;
  }
  const request = moduleRequest(model, mention);
  if (request?.kind !== "require" || usedBy === undefined) return undefined;
  return isNamed(model, usedBy) || unit.statements.includes(usedBy) || isHandedOut(model, usedBy)
    ? undefined
    : request.specifier;
}

/** `const lib = require("./lib")`, `const { a } = require("./lib").part` */
function isNamed(model: ModuleModel, call: Node): boolean {
  return model.bindings.some(
    ({ initial }) => initial !== undefined && rootOf(unwrapped(initial.node)) === call,
  );
}
