import type { StatefulHandlerCall } from "./module-analysis.ts";
import type { ModuleModel } from "./module-model.ts";
import { modelRequests } from "./runtime-imports.ts";
import { STATE_MODULE, stateFunctionOf } from "./state-api.ts";
import { argumentsOf, child, contains, forEachChild, identifierName, keyName, memberName } from "./syntax.ts";
import type { Node } from "./syntax.ts";

/** The calls whose state has to be found again after an edit, each with a name that survives when lines move. */
export function statefulHandlers(model: ModuleModel): readonly StatefulHandlerCall[] {
  const isAskedFor = [...model.imports, ...modelRequests(model)].some(
    ({ specifier }) => specifier === STATE_MODULE,
  );
  if (!isAskedFor) return [];
  const timesUsed = new Map<string, number>();
  return model.calls
    .map(({ node }) => node)
    .filter((call) => stateFunctionOf(call, model) === "createStatefulHandler")
    .toSorted((a, b) => a.start - b.start)
    .flatMap((call) => {
      const path = namePath(model.root.node, call);
      const times = (timesUsed.get(path) ?? 0) + 1;
      timesUsed.set(path, times);
      const given = argumentsOf(call);
      // How many arguments a spread stands for is not in the text.
      if (given.some(({ type }) => type === "SpreadElement")) return [];
      const name = times === 1 ? path : `${path}#${times}`;
      return [{ insertAt: endOfArguments(model.code, call, given.at(-1)), arguments: given.length, name }];
    });
}

/** The names on the way to a call: `routes.users` in `const routes = { users: createStatefulHandler(…) }`. */
function namePath(program: Node, call: Node): string {
  const names: string[] = [];
  let node: Node | undefined = program;
  while (node && node !== call) {
    const name = ownName(node);
    if (name !== undefined) names.push(name);
    let next: Node | undefined;
    forEachChild(node, (inner) => {
      if (contains(inner, call)) next = inner;
    });
    node = next;
  }
  return names.join(".") || "handler";
}

function ownName(node: Node): string | undefined {
  switch (node.type) {
    case "VariableDeclarator":
      // What a pattern takes out may change without a change of the handler: `const { GET } = …`.
      return identifierName(child(node, "id")) ?? "handler";
    case "ExportDefaultDeclaration":
      // What is declared has a name of its own.
      return isDeclaration(child(node, "declaration")) ? undefined : "default";
    case "FunctionDeclaration":
    case "ClassDeclaration":
      return identifierName(child(node, "id"));
    case "AssignmentExpression":
      // `exports.GET = …`
      return identifierName(child(node, "left")) ?? memberName(child(node, "left"));
    case "Property":
    case "MethodDefinition":
    case "PropertyDefinition":
      return keyName(node);
    default:
      return undefined;
  }
}

function isDeclaration(value: Node | undefined): boolean {
  const isNamed = value?.type === "FunctionDeclaration" || value?.type === "ClassDeclaration";
  return isNamed && child(value, "id") !== undefined;
}

/** Before the closing parenthesis, or before a trailing comma if there is one. */
function endOfArguments(code: string, call: Node, last: Node | undefined): number {
  const closing = call.end - 1;
  if (!last) return closing;
  const rest = code.slice(last.end, closing);
  const comma = withoutComments(rest).indexOf(",");
  return comma === -1 ? closing : last.end + comma;
}

/** Comments become spaces, so that offsets stay. */
function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (comment) => " ".repeat(comment.length));
}
