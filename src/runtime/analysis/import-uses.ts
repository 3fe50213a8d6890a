import type { ModuleAnalysis, NamespaceUse } from "./module-analysis.ts";
import type { ModuleModel } from "./module-model.ts";
import { child, text } from "./syntax.ts";
import type { Node } from "./syntax.ts";

/**
 * How the text uses what is behind its imports, re-exports aside. A name that it spells out is read through a getter of
 * that name; everything else is done to the namespace object itself.
 */
export function importUses(model: ModuleModel): Pick<ModuleAnalysis, "mentions" | "namespaceUses"> {
  const mentions = model.imports.map(() => new Set<string>());
  const namespaceUses: NamespaceUse[] = [];
  const called = new Set(model.calls.map(({ node }) => calledBy(node)));
  const deleted = new Set(model.changes.filter(isDelete).map((node) => operandOf(node, "argument")));
  for (const { node, target } of model.mentions) {
    if (target.kind !== "import") continue;
    const { import: site, name } = target.reference;
    const isMember = name !== "*";
    const namespace = isMember ? child(node, "object") : node;
    if (namespace === undefined) continue;
    const form = !isMember || deleted.has(node) ? "value" : called.has(node) ? "receiver" : undefined;
    mentions[site]?.add(form === "value" ? "*" : name);
    if (form !== undefined) {
      namespaceUses.push({ import: site, range: [namespace.start, namespace.end], form });
    }
  }
  return { mentions, namespaceUses };
}

/** What a call runs with the object before its dot as `this`; `new m.F()` runs nothing so. */
function calledBy(call: Node): Node | undefined {
  if (call.type === "NewExpression") return undefined;
  return operandOf(call, call.type === "TaggedTemplateExpression" ? "tag" : "callee");
}

function isDelete(node: Node): boolean {
  return text(node, "operator") === "delete";
}

/** What is called or deleted, without the parentheses that leave a member what it is: not `f` of `(0, m.f)()`. */
function operandOf(node: Node, key: string): Node | undefined {
  let operand = child(node, key);
  while (operand?.type === "ChainExpression" || operand?.type === "ParenthesizedExpression") {
    operand = child(operand, "expression");
  }
  return operand;
}
