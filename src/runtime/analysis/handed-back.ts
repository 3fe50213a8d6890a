import { declarators, isTooLong } from "./declarators.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { mentionsIn } from "./mentions.ts";
import type { HandedBack } from "./module-analysis.ts";
import type { LocalBinding, ModuleModel } from "./module-model.ts";
import { globalAt, placeOf } from "./places.ts";
import { child, contains, identifierName, unwrapped } from "./syntax.ts";
import type { Node } from "./syntax.ts";

/**
 * The top-level bindings whose initializers take what is there before they make anything: `globalThis.cms ??= new Cms()`,
 * `models.Cat || model("Cat", schema)`.
 */
export function handedBack(model: ModuleModel, statements: readonly Node[]): readonly HandedBack[] {
  return [...handedBackTo(model, statements), ...handedBackIn(model, statements)];
}

/** `globalThis.cms ??= new Cms()`, `if (!globalThis.cms) globalThis.cms = new Cms()`: nobody here holds it by a name. */
function handedBackIn(model: ModuleModel, statements: readonly Node[]): readonly HandedBack[] {
  return statements.flatMap((statement) => {
    const isGuarded = statement.type === "IfStatement";
    return model.assignments.flatMap(({ node, unit, target, value }) => {
      if (unit.kind !== "module" || !contains(statement, node) || isTooLong(value)) return [];
      const isOwn = statement.type === "ExpressionStatement" && child(statement, "expression") === node;
      if (!isGuarded && !(isOwn && isChoice(node))) return [];
      const place = placeOf(model, target);
      const global = place && globalAt(place);
      if (global === undefined) return [];
      return [{ name: global.name, global: global.path, signature: signatureOf(model, value) }];
    });
  });
}

function handedBackTo(model: ModuleModel, statements: readonly Node[]): readonly HandedBack[] {
  return declarators(model.code, statements).flatMap(({ node }) => {
    const name = identifierName(child(node, "id"));
    const initializer = child(node, "init");
    if (name === undefined || initializer === undefined || isTooLong(initializer)) return [];
    return isChoice(unwrapped(initializer)) ? [{ name, signature: signatureOf(model, initializer) }] : [];
  });
}

function isChoice(node: Node): boolean {
  if (node.type === "AssignmentExpression") return node["operator"] === "??=" || node["operator"] === "||=";
  return node.type === "LogicalExpression" || node.type === "ConditionalExpression";
}

/** What the initializer says, with all of this text that it is made of. */
function signatureOf(model: ModuleModel, initializer: Node): string {
  const seen = new Set<LocalBinding>();
  const queue = [initializer];
  const texts: string[] = [];
  // The list grows while it is walked.
  for (const region of queue) {
    texts.push(fingerprintOf(region));
    for (const { target } of mentionsIn(model, region)) {
      if (target.kind !== "binding" || !target.binding.isTopLevel || seen.has(target.binding)) continue;
      seen.add(target.binding);
      queue.push(...target.binding.values);
    }
  }
  return texts.join("\n");
}
