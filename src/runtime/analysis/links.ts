import type { ModuleExport, StaticImport } from "./module-analysis.ts";
import { argumentsOf, calleeOf, child, children, identifierName, memberName, stringValue } from "./syntax.ts";
import type { Node } from "./syntax.ts";

/** How a module hangs together with others, and the statements that are left: its own code. */
export interface ModuleLinks {
  readonly imports: readonly StaticImport[];
  readonly exports: ReadonlyMap<string, ModuleExport>;
  readonly stars: readonly number[];
  /** The top-level statements that the author wrote, without what the module transform added. */
  readonly statements: readonly Node[];
}

/**
 * Tell the links that Vite's module transform wrote out (`__vite_ssr_import__`, `__vite_ssr_exportName__`,
 * `__vite_ssr_exportAll__`, always at top level) from the author's own statements.
 */
export function readLinks(program: Node): ModuleLinks {
  const imports = new Map<string, StaticImport>();
  const exportCalls: Node[] = [];
  const starCalls: Node[] = [];
  const statements: Node[] = [];
  for (const statement of children(program, "body")) {
    const imported = toStaticImport(statement, imports.size);
    const call = statement.type === "ExpressionStatement" ? child(statement, "expression") : undefined;
    const callee = call?.type === "CallExpression" ? identifierName(calleeOf(call)) : undefined;
    if (imported) imports.set(imported.local, imported);
    else if (call && callee === "__vite_ssr_exportName__") exportCalls.push(call);
    else if (call && callee === "__vite_ssr_exportAll__") starCalls.push(call);
    else statements.push(statement);
  }
  return {
    imports: [...imports.values()],
    exports: new Map(
      exportCalls.map((call) => toExport(call, imports)).filter((entry) => entry !== undefined),
    ),
    stars: starCalls.flatMap((call) => imports.get(identifierName(argumentsOf(call)[0]) ?? "")?.index ?? []),
    statements,
  };
}

/** `const __vite_ssr_import_0__ = await __vite_ssr_import__("./x.js", {"importedNames":["a"]})` */
function toStaticImport(statement: Node, index: number): StaticImport | undefined {
  if (statement.type !== "VariableDeclaration") return undefined;
  const declarator = children(statement, "declarations")[0];
  const awaited = declarator && child(declarator, "init");
  if (!awaited || awaited.type !== "AwaitExpression") return undefined;
  const call = child(awaited, "argument");
  if (!call || call.type !== "CallExpression") return undefined;
  if (identifierName(calleeOf(call)) !== "__vite_ssr_import__") return undefined;
  const local = identifierName(child(declarator, "id"));
  const [source, metadata] = argumentsOf(call);
  const specifier = stringValue(source);
  if (local === undefined || specifier === undefined) return undefined;
  return {
    index,
    local,
    specifier,
    names: metadata && importedNames(metadata),
    awaitRange: [awaited.start, call.start],
  };
}

function importedNames(metadata: Node): readonly string[] | undefined {
  const property = children(metadata, "properties")[0];
  const names = property && child(property, "value");
  return names && children(names, "elements").flatMap((element) => stringValue(element) ?? []);
}

/** `__vite_ssr_exportName__("x", () => { try { return <value> } catch {} })` */
function toExport(
  call: Node,
  imports: ReadonlyMap<string, StaticImport>,
): readonly [name: string, target: ModuleExport] | undefined {
  const [nameNode, getter] = argumentsOf(call);
  const name = stringValue(nameNode);
  const value = getter && returnedValue(getter);
  if (name === undefined || !value) return undefined;
  const object = value.type === "MemberExpression" ? child(value, "object") : value;
  const local = identifierName(object);
  if (local === undefined) return undefined;
  const imported = imports.get(local);
  if (!imported) return [name, { kind: "local", binding: local }];
  const forwarded = value === object ? "*" : memberName(value);
  return forwarded === undefined
    ? undefined
    : [name, { kind: "forward", import: imported.index, name: forwarded }];
}

function returnedValue(getter: Node): Node | undefined {
  const body = child(getter, "body");
  const attempt = body && children(body, "body")[0];
  const block = attempt && child(attempt, "block");
  const returned = block && children(block, "body")[0];
  return returned && child(returned, "argument");
}
