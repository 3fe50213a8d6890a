import type { ImportKeyword, ImportUse, ModuleAnalysis, NameForm } from "./module-analysis.ts";
import { IMPORT_CALL, IMPORT_META } from "./module-model.ts";
import type { Mention, ModuleModel } from "./module-model.ts";
import { child, text } from "./syntax.ts";
import type { Node } from "./syntax.ts";

/**
 * How the text uses what is behind its imports, re-exports aside. A name that it spells out is read through a getter of
 * that name; everything else is done to the namespace object itself.
 */
export function importUses(model: ModuleModel): Pick<ModuleAnalysis, "mentions" | "importUses"> {
  const mentions = model.imports.map(() => new Set<string>());
  const uses: ImportUse[] = [];
  const called = new Set(model.calls.map(({ node }) => calledBy(node)));
  const deleted = new Set(model.changes.filter(isDelete).map((node) => operandOf(node, "argument")));
  for (const mention of model.mentions) {
    const { node, target, usedBy } = mention;
    if (target.kind !== "import") continue;
    const { import: site, name } = target.reference;
    const namespace =
      usedBy === undefined && node.type === "MemberExpression" ? child(node, "object") : undefined;
    const { start, end } = namespace ?? node;
    const isWhole = namespace !== undefined && deleted.has(node);
    const memberForm = called.has(node) ? "receiver" : "member";
    uses.push({
      import: site,
      name: isWhole ? "*" : name,
      range: [start, end],
      form: namespace === undefined ? nameForm(mention) : isWhole ? "value" : memberForm,
      beginsStatement: model.statementStarts.has(start),
    });
    mentions[site]?.add(isWhole ? "*" : name);
  }
  return { mentions, importUses: uses };
}

/** How a name is used where it stands. */
export function nameForm({ usedBy }: Mention): NameForm {
  if (usedBy?.type === "Property") return "shorthand";
  return usedBy?.type === "CallExpression" || usedBy?.type === "TaggedTemplateExpression"
    ? "called"
    : "value";
}

/** The places of `import.meta` and `import(…)`. */
export function importKeywords(model: ModuleModel): readonly ImportKeyword[] {
  return model.mentions.flatMap(({ node, target }): readonly ImportKeyword[] => {
    if (target.kind !== "global") return [];
    if (target.name === IMPORT_META) return [{ kind: "meta", range: [node.start, node.end] }];
    return target.name === IMPORT_CALL
      ? [{ kind: "call", range: [node.start, node.start + "import".length] }]
      : [];
  });
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
