/** An ESTree node, as far as its readers need to know its shape: parsers differ in everything else. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** Whether an unknown property of a node is a node itself. */
export function isNode(value: unknown): value is Node {
  if (typeof value !== "object" || value === null) return false;
  // Not `"type" in value`: this is asked for every node, and `in` takes most of the walk's time.
  const { type }: { readonly type?: unknown } = value;
  return typeof type === "string";
}

/** The node under `key`, if there is one. */
export function child(node: Node, key: string): Node | undefined {
  const value = node[key];
  return isNode(value) ? value : undefined;
}

/** The nodes of the list under `key`, without its holes (`[, a]`). */
export function children(node: Node, key: string): readonly Node[] {
  const value = node[key];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** The string under `key`: a name, an operator, a kind. */
export function text(node: Node, key: string): string | undefined {
  const value = node[key];
  return typeof value === "string" ? value : undefined;
}

/** The name of an identifier, or `undefined` for any other node. */
export function identifierName(node: Node | undefined): string | undefined {
  return node?.type === "Identifier" ? text(node, "name") : undefined;
}

/** The value of a string literal (or a template without holes), or `undefined`. */
export function stringValue(node: Node | undefined): string | undefined {
  if (node?.type === "Literal") return text(node, "value");
  if (node?.type !== "TemplateLiteral" || children(node, "expressions").length > 0) return undefined;
  const [quasi] = children(node, "quasis");
  return quasi && cookedText(quasi);
}

/** What a piece of a template says, with its escapes read; `undefined` where a tag allows for escapes that are none. */
export function cookedText(quasi: Node): string | undefined {
  const value = quasi["value"];
  const cooked: unknown =
    typeof value === "object" && value !== null ? Reflect.get(value, "cooked") : undefined;
  return typeof cooked === "string" ? cooked : undefined;
}
