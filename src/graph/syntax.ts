/** An ESTree node, as far as this folder needs to know its shape. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

/** Whether an unknown property of a node is a node itself. */
export function isNode(value: unknown): value is Node {
  if (typeof value !== "object" || value === null) return false;
  const { type }: { readonly type?: unknown } = value;
  return typeof type === "string";
}

/** The node under `key`, if there is one. */
export function child(node: Node, key: string): Node | undefined {
  const value = node[key];
  return isNode(value) ? value : undefined;
}

/** The nodes of the list under `key`, without its holes. */
export function children(node: Node, key: string): readonly Node[] {
  const value = node[key];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** Calls `visit` for the direct children of a node. */
export function forEachChild(node: Node, visit: (child: Node) => void): void {
  for (const key in node) {
    const value = node[key];
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) visit(item);
    } else if (isNode(value)) {
      visit(value);
    }
  }
}

/** The name of an identifier, or `undefined` for any other node. */
export function identifierName(node: Node | undefined): string | undefined {
  if (node?.type !== "Identifier") return undefined;
  const name = node["name"];
  return typeof name === "string" ? name : undefined;
}

/** The name behind the dot of `a.x` and `a["x"]`. */
export function memberName(node: Node | undefined): string | undefined {
  if (node?.type !== "MemberExpression") return undefined;
  const property = child(node, "property");
  return node["computed"] === true ? stringValue(property) : identifierName(property);
}

/** The value of a string literal (or a template without holes), or `undefined`. */
export function stringValue(node: Node | undefined): string | undefined {
  if (node?.type === "Literal") {
    const value = node["value"];
    return typeof value === "string" ? value : undefined;
  }
  if (node?.type !== "TemplateLiteral" || children(node, "expressions").length > 0) return undefined;
  const [quasi] = children(node, "quasis");
  return quasi && cookedText(quasi);
}

/** What a piece of a template says, with its escapes read. */
export function cookedText(quasi: Node): string {
  const value = quasi["value"];
  const cooked: unknown =
    typeof value === "object" && value !== null ? Reflect.get(value, "cooked") : undefined;
  return typeof cooked === "string" ? cooked : "";
}

/** The expression inside wrappers that do not change which value is meant: `(x)`, `(0, x)`, `x as T`, `x!`. */
export function unwrapped(node: Node): Node {
  const inner =
    node.type === "SequenceExpression"
      ? children(node, "expressions").at(-1)
      : WRAPPERS.has(node.type)
        ? child(node, "expression")
        : undefined;
  return inner ? unwrapped(inner) : node;
}

const WRAPPERS: ReadonlySet<string> = new Set([
  "ParenthesizedExpression",
  "ChainExpression",
  "TSAsExpression",
  "TSSatisfiesExpression",
  "TSNonNullExpression",
  "TSTypeAssertion",
]);

/** Whether a node is `import.meta.url`. */
export function isImportMetaUrl(node: Node | undefined): boolean {
  return memberName(node) === "url" && node !== undefined && child(node, "object")?.type === "MetaProperty";
}
