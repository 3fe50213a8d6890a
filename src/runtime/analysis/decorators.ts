import { forEachChild } from "../../syntax/walk.ts";
import type { Node } from "../../syntax/nodes.ts";

/** The first one below a node, in source order. */
export function firstDecorator(node: Node): Node | undefined {
  if (node.type === "Decorator") return node;
  let found: Node | undefined;
  forEachChild(node, (child) => (found ??= firstDecorator(child)));
  return found;
}
