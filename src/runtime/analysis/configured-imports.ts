import { methodOf, receiverOf } from "./callbacks.ts";
import { mentionAt } from "./mentions.ts";
import type { LocalBinding, CodeUnit, ModuleModel } from "./module-model.ts";
import { argumentsOf, calleeOf, child, children, identifierName, isCall, text, unwrapped } from "./syntax.ts";
import type { Node } from "./syntax.ts";

/**
 * Imports that the module's evaluation does something to without using an answer: `dayjs.extend(utc)`,
 * `axios.defaults.baseURL = url`. If such an import is a package, it remembers.
 */
export function configuredImports(model: ModuleModel, evaluated: ReadonlySet<CodeUnit>): readonly number[] {
  const configured = [...evaluated]
    .flatMap(({ statements }) => statements)
    .flatMap(changedBy)
    .flatMap((changed) => importBehind(model, changed) ?? []);
  return [...new Set(configured)].toSorted((a, b) => a - b);
}

/** The expressions whose values a statement may change. */
function changedBy(expression: Node): readonly Node[] {
  const node = unwrapped(expression);
  const inner = (...keys: readonly string[]): readonly Node[] =>
    keys.flatMap((key) => child(node, key) ?? []).flatMap(changedBy);
  if (isCall(node)) return [calleeOf(node) ?? node, ...changedArguments(node)];
  switch (node.type) {
    case "AssignmentExpression":
      return [child(node, "left") ?? node];
    case "UpdateExpression":
      return [child(node, "argument") ?? node];
    case "UnaryExpression":
      return text(node, "operator") === "delete" ? [child(node, "argument") ?? node] : inner("argument");
    case "LogicalExpression":
      return inner("left", "right");
    case "ConditionalExpression":
      return inner("consequent", "alternate");
    default:
      return expression.type === "SequenceExpression"
        ? children(expression, "expressions").flatMap(changedBy)
        : [];
  }
}

/** `Object.assign(axios.defaults, …)`, `Reflect.set(target, …)`. */
function changedArguments(call: Node): readonly Node[] {
  const receiver = identifierName(receiverOf(call));
  return (receiver === "Object" || receiver === "Reflect") && methodOf(call) !== undefined
    ? argumentsOf(call).slice(0, 1)
    : [];
}

/** The import at the root of a chain of members and calls: `dayjs` of `dayjs.tz.setDefault`. */
function importBehind(
  model: ModuleModel,
  expression: Node,
  seen: readonly LocalBinding[] = [],
): number | undefined {
  const node = unwrapped(expression);
  const mention = mentionAt(model, node);
  if (mention?.node === node) {
    if (mention.target.kind === "import") return mention.target.reference.import;
    return mention.target.kind === "binding"
      ? importBehindAlias(model, mention.target.binding, seen)
      : undefined;
  }
  const next = isCall(node) ? calleeOf(node) : child(node, "object");
  return next && importBehind(model, next, seen);
}

/** `const { defaults } = axios`: another name for a part of the import. What a call made is an object of its own. */
function importBehindAlias(
  model: ModuleModel,
  alias: LocalBinding,
  seen: readonly LocalBinding[],
): number | undefined {
  const node = alias.initial && unwrapped(alias.initial.node);
  if (seen.includes(alias) || (node?.type !== "MemberExpression" && node?.type !== "Identifier"))
    return undefined;
  return importBehind(model, node, [...seen, alias]);
}
