import { keyName } from "./expressions.ts";
import { child, children, identifierName } from "./nodes.ts";
import type { Node } from "./nodes.ts";

/** Which part of a value a name takes: keys from the outside in, `undefined` for one that is not known. */
export type PatternPath = readonly (string | undefined)[];

/** One name in a declaration pattern, and which part of the value it takes. */
export interface PatternName {
  readonly name: string;
  readonly path: PatternPath;
}

/** The names that a pattern binds: `a`, `{ a, b: [c] }`, `[a = 1, ...rest]`. */
export function patternNames(pattern: Node, path: PatternPath = []): readonly PatternName[] {
  switch (pattern.type) {
    case "Identifier":
      return [{ name: identifierName(pattern) ?? "", path }];
    case "ObjectPattern":
      return children(pattern, "properties").flatMap((property) =>
        property.type === "RestElement"
          ? inner(property, "argument", [...path, undefined])
          : inner(property, "value", [...path, keyName(property)]),
      );
    case "ArrayPattern":
      return children(pattern, "elements").flatMap((element) => patternNames(element, [...path, undefined]));
    case "AssignmentPattern":
      return inner(pattern, "left", path);
    case "RestElement":
      return inner(pattern, "argument", path);
    default:
      return [];
  }
}

function inner(pattern: Node, key: string, path: PatternPath): readonly PatternName[] {
  const part = child(pattern, key);
  return part ? patternNames(part, path) : [];
}

/** The places that a destructuring assignment writes to: the leaves of `({ a: x.y, b } = value)`. */
export function patternTargets(pattern: Node): readonly Node[] {
  switch (pattern.type) {
    case "ObjectPattern":
      return children(pattern, "properties").flatMap((property) =>
        targetsIn(property, property.type === "RestElement" ? "argument" : "value"),
      );
    case "ArrayPattern":
      return children(pattern, "elements").flatMap(patternTargets);
    case "AssignmentPattern":
      return targetsIn(pattern, "left");
    case "RestElement":
      return targetsIn(pattern, "argument");
    default:
      return [pattern];
  }
}

function targetsIn(pattern: Node, key: string): readonly Node[] {
  const part = child(pattern, key);
  return part ? patternTargets(part) : [];
}
