import { globOfModule, globOfUrl } from "./glob-requests.ts";
import type { GlobRequest, ImportCollector } from "./module-imports.ts";
import { NameScopes, opensScope } from "./name-scopes.ts";
import { urlArgument, valuesOf } from "./specifier-values.ts";
import { memberName, unwrapped } from "../syntax/expressions.ts";
import { child, children, identifierName, stringValue } from "../syntax/nodes.ts";
import type { Node } from "../syntax/nodes.ts";
import { forEachChild } from "../syntax/walk.ts";

/** A request that cannot be read, as a place in the text that was parsed. */
export interface OpaqueCall {
  readonly call: "import" | "require";
  readonly start: number;
}

/**
 * Reads from the syntax of a module what a lexer cannot: `import()` of computed names, `require`, `import.meta.glob`,
 * `new URL(…, import.meta.url)`. Returns the requests that nobody can read.
 */
export function readSyntaxImports(program: Node, into: ImportCollector): readonly OpaqueCall[] {
  const scopes = new NameScopes();
  const opaque: OpaqueCall[] = [];

  const load = (call: Node, specifier: Node | undefined, kind: "dynamic" | "require"): void => {
    const values = specifier ? valuesOf(specifier) : { names: [], templates: [], isOpen: true };
    for (const name of values.names) into.request(kind, name);
    for (const texts of values.templates) into.glob(globOfModule(texts));
    if (values.isOpen) opaque.push({ call: kind === "dynamic" ? "import" : "require", start: call.start });
  };
  const point = (target: Node): void => {
    const { names, templates } = valuesOf(target);
    for (const name of names) if (!/^[a-z][a-z\d+.-]*:/i.test(name)) into.request("url", name);
    for (const texts of templates) into.glob(globOfUrl(texts));
  };
  const call = (node: Node): void => {
    const callee = unwrapped(child(node, "callee") ?? node);
    const [argument] = children(node, "arguments");
    const object = callee.type === "MemberExpression" ? child(callee, "object") : undefined;
    const member = memberName(callee);
    if (object?.type === "MetaProperty" && member === "glob") {
      for (const glob of globsOf(children(node, "arguments"))) into.glob(glob);
    } else if (argument && object && member === "resolve" && scopes.meaningOfValue(object) === "require") {
      for (const name of valuesOf(argument).names) into.request("url", name);
    } else if (argument && scopes.meaningOfValue(callee) === "require") {
      load(node, argument, "require");
    }
  };
  const visit = (node: Node): void => {
    if (node.type === "ImportExpression") load(node, child(node, "source"), "dynamic");
    if (node.type === "CallExpression") call(node);
    const target = scopes.meaningOf("URL") === "URL" ? urlArgument(node) : undefined;
    if (target) point(target);
    const visitInside = (): void => forEachChild(node, visit);
    if (opensScope(node)) scopes.within(node, visitInside);
    else visitInside();
  };

  visit(program);
  return opaque;
}

/** What `import.meta.glob(patterns, options)` asks for; most options say what is done with the files. */
function globsOf([patterns, options]: readonly Node[]): readonly GlobRequest[] {
  if (patterns === undefined) return [];
  const list = patterns.type === "ArrayExpression" ? children(patterns, "elements") : [patterns];
  const texts = list.flatMap((pattern) => stringValue(unwrapped(pattern)) ?? []);
  if (texts.length === 0) return [];
  const optionOf = (name: string): Node | undefined => {
    const isNamed = (key: Node | undefined): boolean =>
      identifierName(key) === name || stringValue(key) === name;
    const option = children(options ?? patterns, "properties").find((each) => isNamed(child(each, "key")));
    return option && child(option, "value");
  };
  const base = stringValue(optionOf("base"));
  return [
    {
      patterns: texts,
      ...(base === undefined ? {} : { base }),
      ...(optionOf("exhaustive")?.["value"] === true ? { isExhaustive: true } : {}),
      ...(optionOf("caseSensitive")?.["value"] === false ? { ignoresCase: true } : {}),
    },
  ];
}
